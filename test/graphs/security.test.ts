import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { MemorySaver } from "@langchain/langgraph";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { createGraph, type SecurityOptions } from "../../graphs/security.js";
import type { PlanExecuteAgent } from "../../src/index.js";
import { approve, decide, edit, isWaiting, reject, requestOf } from "../support/approval.js";
import { planCall, type ScriptByRole, scriptedByRole } from "../support/scripted-model.js";

const example = fileURLToPath(new URL("../../graphs/security/data", import.meta.url));
const config = { configurable: { thread_id: "1" } };
const PATCH = { plan: { name: "patch", with: { project: "web-shop" } } };
const FIRST = [
  "Patch the copy: query-parse 6.5.1 → 6.7.3, together with body-reader 1.18.2 → 1.20.1. (3 of 5)",
  "Patch the copy: page-template 4.2.1 → 4.4.0. (3 of 5)",
  "Patch the copy: deep-merge 1.4.0 → 1.4.2. (3 of 5)",
  "Patch the copy: deep-merge 2.0.1 → 2.0.3. (3 of 5)",
  "Patch the copy: tiny-address 3.0.0-beta.2 → 3.0.0. (3 of 5)",
];

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "plan-execute-security-"));
  cpSync(example, join(root, "data"), { recursive: true });
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function setUp(answers: ScriptByRole = {}, options: SecurityOptions = {}) {
  const model = scriptedByRole(answers);
  const folders = { data: join(root, "data"), workspace: join(root, "copies") };
  const agent = createGraph({ model, checkpointer: new MemorySaver(), ...folders, ...options });
  return { agent, model };
}

type Run = Awaited<ReturnType<PlanExecuteAgent["invoke"]>>;
const asked = (run: Run) => requestOf(run).actionRequests.map(({ description }) => description);
const outputOf = (run: Run, id: string) => run.pastSteps.find((step) => step.id === id)?.output;
const approveAll = (agent: PlanExecuteAgent, run: Run) =>
  agent.invoke(decide(...requestOf(run).actionRequests.map(() => approve)), config);

/** The steps that a model writes after the first round, on the same copy. */
const again = (except: readonly string[] = []) => {
  const copy = "{{copy.copy}}";
  const item = {
    package: "{{item.package}}",
    from: "{{item.from}}",
    to: "{{item.to}}",
    together: "{{item.together}}",
  };
  return planCall(
    [
      { id: "more", tool: "propose_patches", args: { copy, except } },
      { id: "patches2", tool: "apply_patch", forEach: "{{more.patches}}", args: { copy, ...item } },
      { id: "verified2", tool: "verify_copy", args: { copy, applied: "{{patches2}}" } },
      { id: "report", tool: "write_report", args: { copy } },
    ],
    "report",
  );
};

/** The only copy. */
function copied() {
  const folder = join(root, "copies", readdirSync(join(root, "copies"))[0] ?? "");
  const text = (name: string) => readFileSync(join(folder, name), "utf8");
  const lock = z
    .object({ packages: z.record(z.string(), z.looseObject({ version: z.string().optional() })) })
    .parse(JSON.parse(text("package-lock.json")));
  const versions = Object.entries(lock.packages).map(([path, { version }]) => [path, version]);
  return { folder, text, versions: Object.fromEntries(versions) };
}

function changeData(name: string, from: string | RegExp, to: string) {
  const path = join(root, "data", name);
  const before = readFileSync(path, "utf8");
  const after = before.replace(from, to);
  expect(after).not.toBe(before);
  writeFileSync(path, after);
}

describe("an audit", () => {
  it("lists what is vulnerable with the chain that leads to it, changes nothing and asks nobody", async () => {
    const { agent, model } = setUp();
    const run = await agent.invoke({ plan: { name: "audit", with: { project: "web-shop" } } }, config);
    expect(run.status).toBe("done");
    expect(model.count()).toBe(0);
    const [first, ...found] = run.response.split("\n");
    expect(first).toBe("In web-shop, 6 vulnerabilities:");
    expect(found[0]).toBe(
      "- EX-2026-0001 (critical) in query-parse@6.5.1: A query with deep brackets stops the process, by web-shop > body-reader@1.18.2 > query-parse@6.5.1",
    );
    // A prerelease is in the range of its release; what is withdrawn, or not in the range, is no finding.
    expect(run.response).toContain("tiny-address@3.0.0-beta.2");
    expect(run.response).not.toMatch(/EX-2026-0008|date-tables/);
    expect(() => readdirSync(join(root, "copies"))).toThrow(/ENOENT/);
  });

  it("counts only what is grave enough, for its goal or for the run's context", async () => {
    const { agent } = setUp();
    const audit = { name: "audit", with: { project: "web-shop", severity: "high" } };
    const run = await agent.invoke({ plan: audit }, config);
    expect(run.response).toContain("4 vulnerabilities");
    const critical = { ...config, context: { minSeverity: "critical" } };
    expect((await agent.invoke({ plan: audit }, critical)).response).toContain("1 vulnerabilities");
  });

  it.each([
    ["advisories.json", '"<6.7.3"', '"<six"', "is no range of versions"],
    [
      "projects/web-shop/package-lock.json",
      '"lockfileVersion": 3',
      '"lockfileVersion": 1',
      "lockfileVersion",
    ],
  ])("fails if %s cannot be understood", async (file, from, to, why) => {
    changeData(file, from, to);
    const { agent } = setUp({}, { replanner: { maxReplans: 0 } });
    const run = await agent.invoke({ plan: { name: "audit", with: { project: "web-shop" } } }, config);
    expect(run.status).toBe("incomplete");
    expect(run.outcome?.failed[0]?.error?.message).toContain(why);
  });
});

describe("a patch", () => {
  it("is made on a copy after a person approved it, is verified, and is told", async () => {
    const { agent, model } = setUp();
    const waiting = await agent.invoke(PATCH, config);
    expect(asked(waiting)).toEqual(FIRST);
    expect(copied().versions["node_modules/query-parse"]).toBe("6.5.1");
    const run = await approveAll(agent, waiting);
    expect(run.status).toBe("done");
    expect(model.count()).toBe(0);
    expect(outputOf(run, "verified")).toEqual({ problems: [] });
    const { versions, text } = copied();
    expect(versions).toMatchObject({
      "node_modules/query-parse": "6.7.3",
      "node_modules/body-reader": "1.20.1",
      "node_modules/html-escape": "2.1.0",
      "node_modules/token-sign/node_modules/deep-merge": "2.0.3",
    });
    expect(text("package.json")).toContain('"page-template": "~4.4.0"');
    expect(run.response).toContain("Of 6 vulnerabilities in web-shop, 5 are mended in the copy; left: 1.");
    expect(run.response).toContain("## Left\n\n- EX-2026-0006 (low) in left-align@1.0.3");
    expect(text("report.md")).toBe(run.response);
    for (const file of ["package.json", "package-lock.json"]) {
      const path = join("projects", "web-shop", file);
      expect(readFileSync(join(root, "data", path))).toEqual(readFileSync(join(example, path)));
    }
  });

  it("that a person edits to a version with trouble leads to another one, which waits too", async () => {
    const { agent, model } = setUp({ replanner: again() });
    const waiting = await agent.invoke(PATCH, config);
    const { actionRequests } = requestOf(waiting);
    const page = actionRequests.find(({ args }) => args.package === "page-template");
    // 4.3.0 brings in a vulnerable html-escape.
    const decisions = actionRequests.map((action) =>
      action === page ? edit("apply_patch", { ...action.args, to: "4.3.0" }) : approve,
    );
    const second = await agent.invoke(decide(...decisions), config);
    const verified = second.pastSteps.find(({ id }) => id === "verified");
    expect(verified).toMatchObject({
      status: "unexpected",
      output: { problems: [{ kind: "vulnerable", package: "html-escape", version: "2.0.1" }] },
    });
    expect(model.count("replanner")).toBe(1);
    expect(asked(second)).toEqual([
      "Patch the copy: html-escape 2.0.1 → 2.1.0, together with page-template 4.3.0 → 4.4.0. (6 of 8)",
    ]);
    const run = await approveAll(agent, second);
    expect(run.status).toBe("done");
    expect(outputOf(run, "verified2")).toEqual({ problems: [] });
    expect(run.response).toContain("5 are mended in the copy");
  });

  it("that leaves a dependent behind leads to an upgrade of the dependent", async () => {
    const { agent } = setUp({ replanner: again() });
    const waiting = await agent.invoke(PATCH, config);
    const decisions = requestOf(waiting).actionRequests.map(({ args }) =>
      edit("apply_patch", { ...args, together: [] }),
    );
    const second = await agent.invoke(decide(...decisions), config);
    expect(outputOf(second, "verified")).toMatchObject({
      problems: [
        { kind: "unmet", package: "body-reader", needs: "query-parse", range: "~6.5.1", gets: "6.7.3" },
      ],
    });
    expect(asked(second)).toEqual(["Patch the copy: body-reader 1.18.2 → 1.20.1. (6 of 8)"]);
    expect((await approveAll(agent, second)).response).toContain("5 are mended in the copy");
  });

  it("that a person rejects is not made and not proposed again, and the rest is", async () => {
    const { agent } = setUp({ replanner: again(["page-template"]) });
    const waiting = await agent.invoke(PATCH, config);
    const run = await agent.invoke(
      decide(...FIRST.map((one) => (one.includes("page-template") ? reject("we rely on 4.2") : approve))),
      config,
    );
    expect(isWaiting(waiting)).toBe(true);
    expect(isWaiting(run)).toBe(false);
    expect(run.status).toBe("done");
    expect(copied().versions["node_modules/page-template"]).toBe("4.2.1");
    expect(run.response).toContain("4 are mended in the copy; left: 2.");
    expect(run.response).toContain("## Left\n\n- EX-2026-0002 (high) in page-template@4.2.1");
  });

  it("to a version that the registry does not have fails, and changes nothing", async () => {
    const { agent } = setUp({}, { replanner: { maxReplans: 0 } });
    const [{ args = {} } = {}] = requestOf(await agent.invoke(PATCH, config)).actionRequests;
    const edited = edit("apply_patch", { ...args, to: "9.9.9", together: [] });
    const run = await agent.invoke(decide(edited, ...FIRST.slice(1).map(() => reject())), config);
    expect(JSON.stringify(run.outcome?.failed)).toContain("The registry has no query-parse@9.9.9");
    expect(copied().versions["node_modules/query-parse"]).toBe("6.5.1");
    expect(copied().text("copy.json")).toContain('"patches": []');
  });

  it("is made once, however often its call is made", async () => {
    const { agent } = setUp();
    const waiting = await agent.invoke(PATCH, config);
    const before = await agent.getState(config);
    await approveAll(agent, waiting);
    const made = copied().text("copy.json");
    expect(made.match(/"key"/g)).toHaveLength(5);
    // From the same checkpoint the same calls are made again, under the same keys.
    const run = await agent.invoke(decide(...FIRST.map(() => approve)), before.config);
    expect(run.status).toBe("done");
    expect(copied().text("copy.json")).toBe(made);
  });
});

it("keeps each user's copies in a folder of their own", async () => {
  const workspace = ({ userId = "anybody" }: { userId?: string }) => join(root, userId);
  const { agent } = setUp({ replanner: "No." }, { workspace });
  const configurable = { thread_id: "1", langgraph_auth_user_id: "ann" };
  const plan = { name: "patch", with: { project: "web-shop" } };
  await agent.invoke({ plan }, { configurable });
  expect(readdirSync(join(root, "ann"))).toHaveLength(1);
  const copy = readdirSync(join(root, "ann"))[0] ?? "";
  const { agent: other } = setUp(
    { planner: planCall([{ id: "r", tool: "write_report", args: { copy } }], "r") },
    { workspace, replanner: { maxReplans: 0 } },
  );
  const run = await other.invoke(
    { input: "report" },
    { configurable: { ...configurable, langgraph_auth_user_id: "bob" } },
  );
  expect(run.outcome?.failed[0]?.error?.message).toContain(`There is no copy "${copy}"`);
});
