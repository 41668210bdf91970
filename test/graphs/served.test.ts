// The graphs as a server runs them: what one user's run writes is out of the others' reach, and for its owner alone.
import { createHash } from "node:crypto";
import { lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { MemorySaver } from "@langchain/langgraph";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createGraph as createPipeline } from "../../graphs/data-pipeline.js";
import { createGraph as createFinance } from "../../graphs/finance.js";
import { createGraph as createSecurity } from "../../graphs/security.js";
import { servedFolder, servedWorkspace } from "../../graphs/shared/folders.js";
import type { PlanExecuteAgent, PlanExecuteOptions } from "../../src/index.js";
import { approve, decide, isWaiting, requestOf } from "../support/approval.js";
import { scriptedByRole } from "../support/scripted-model.js";

let base: string;
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), "plan-execute-served-"));
  vi.stubEnv("PLAN_EXECUTE_ROOT", base);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(base, { recursive: true, force: true });
});

/** Saved plans call no model: this one fails if it is asked. */
const options: PlanExecuteOptions = { model: scriptedByRole({}), checkpointer: new MemorySaver() };

/** What a server puts into the run of a user, and what it does where it knows nobody. */
const configOf = (thread: string, userId: string | undefined) => {
  const user = { identity: userId ?? "anybody", is_authenticated: userId !== undefined };
  return { configurable: { thread_id: thread, langgraph_auth_user_id: userId, langgraph_auth_user: user } };
};

interface ChosenPlan {
  readonly name: string;
  readonly with: Record<string, string>;
}

/** Runs a saved plan for a user, approving all that waits. Returns the answer without the paths in it. */
async function approveAll(agent: PlanExecuteAgent, plan: ChosenPlan, userId: string | undefined) {
  const config = configOf(`${userId}: ${plan.name}`, userId);
  let run = await agent.invoke({ plan }, config);
  while (isWaiting(run)) {
    run = await agent.invoke(decide(...requestOf(run).actionRequests.map(() => approve)), config);
  }
  expect(run.status).toBe("done");
  return run.response.replaceAll(/\S*plan-execute-served\S*/g, "<path>");
}

/** The files in a folder by their paths, each with the digest of what is in it. */
function contentsOf(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((path) =>
    lstatSync(join(folder, path)).isFile(),
  );
  return Object.fromEntries(
    files.map((path) => {
      const digest = createHash("sha256").update(readFileSync(join(folder, path)));
      return [path, digest.digest("hex")];
    }),
  );
}

const graphs = {
  "data-pipeline": {
    create: () => createPipeline({ ...options, workspace: servedWorkspace("data-pipeline") }),
    plan: { name: "revenue", with: { database: "sales.db", by: "customer" } },
  },
  finance: {
    create: () => createFinance({ ...options, workspace: servedWorkspace("finance") }),
    plan: { name: "trade", with: { strategy: "rsi" } },
  },
  security: {
    create: () => createSecurity({ ...options, workspace: servedWorkspace("security") }),
    plan: { name: "patch", with: { project: "web-shop" } },
  },
};

describe.each(Object.entries(graphs))("the graph %s as a server runs it", (name, { create, plan }) => {
  it("begins anew for each user, and touches nothing of another's", async () => {
    const umask = process.umask(0);
    try {
      const agent = create();
      const answer = await approveAll(agent, plan, "ann");
      const folder = servedWorkspace(name)({ userId: "ann" });
      const anns = contentsOf(folder);
      expect(Object.keys(anns).length).toBeGreaterThan(1);
      expect(await approveAll(agent, plan, "bob")).toBe(answer);
      expect(await approveAll(agent, plan, undefined)).toBe(answer);
      expect(contentsOf(folder)).toEqual(anns);
    } finally {
      process.umask(umask);
    }
    for (const path of readdirSync(base, { recursive: true, encoding: "utf8" })) {
      const stats = lstatSync(join(base, path));
      const mode = stats.isDirectory() ? 0o700 : stats.mode & 0o700;
      expect([path, stats.mode & 0o777]).toEqual([path, mode]);
    }
  }, 60_000);
});

it("another user's copy of a project is not there by its name", async () => {
  await approveAll(graphs.security.create(), graphs.security.plan, "ann");
  const [copy = ""] = readdirSync(servedWorkspace("security")({ userId: "ann" }));
  const report = [{ id: "report", tool: "write_report", args: { copy } }];
  const agent = createSecurity({
    ...options,
    workspace: servedWorkspace("security"),
    plans: [{ name: "report", description: "Reports.", steps: report, answer: "report" }],
    replanner: { maxReplans: 0 },
  });
  const ask = (userId: string) => agent.invoke({ plan: { name: "report" } }, configOf("t", userId));
  expect((await ask("bob")).response).toContain(`There is no copy "${copy}"`);
  expect((await ask("ann")).status).toBe("done");
});

describe("the folders of users", () => {
  it("are one for each identity, whatever it is, on any file system", () => {
    const workspace = servedWorkspace("general");
    const identities = [
      ...["ann", "Ann", "ANN", "ann.", "ann ", " ann", "a/nn", "../ann", "..", ".", "/", "\\", "~", "a:nn"],
      ...[
        "\u0000",
        "\ud800",
        "\ud801",
        "é",
        "e\u0301",
        "anybody",
        "anybody!",
        "x".repeat(5_000),
        "CON",
        "nul",
      ],
    ];
    const users = [...identities, undefined];
    const folders = users.map((userId) => workspace({ userId }));
    expect(new Set(folders.map((folder) => folder.toLowerCase())).size).toBe(users.length);
    for (const folder of folders) {
      expect(folder.slice(base.length)).toMatch(/^\/\.plan-execute\/users\/[A-Za-z0-9-]{1,80}\/general$/);
    }
  });

  it("are in PLAN_EXECUTE_ROOT, else where a user's data is, and never beside the code", () => {
    expect(servedFolder()).toBe(join(base, ".plan-execute"));
    vi.stubEnv("PLAN_EXECUTE_ROOT", "");
    vi.stubEnv("XDG_DATA_HOME", "/var/data");
    expect(servedFolder()).toBe("/var/data/plan-execute");
    for (const relative of ["", ".", "data"]) {
      vi.stubEnv("XDG_DATA_HOME", relative);
      expect(servedFolder()).toBe(join(homedir(), ".local/share/plan-execute"));
    }
  });
});
