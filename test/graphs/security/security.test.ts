import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { sha256 } from "../../../graphs/security/trail.js";
import { steer } from "../../../src/index.js";
import { approve, decide, edit, reject, requestOf } from "../../support/approval.js";
import { AuditFolder, GOAL, runAudit, shortly } from "./audit.js";

let folder: AuditFolder;
beforeEach(() => {
  folder = new AuditFolder().useExample();
});
afterEach(() => folder.remove());

// Worked out by hand from the example's advisories, lock file and registry: see the comments.
const FIRST = [
  "query-parse 6.5.1 6.7.3", // critical 9.1; refused: body-reader 1.18.2 wants ~6.5.1
  "page-template 4.2.1 4.3.0", // high 8.4; brings in html-escape 2.0.1, which has an advisory
  "deep-merge 1.4.0 1.4.2", // high 7.3, two versions: one patch each
  "deep-merge 2.0.1 2.0.3",
  "tiny-address 3.0.0-beta.2 3.0.0", // moderate; a prerelease of the patched version
];
const SECOND = [
  "query-parse 6.5.1 6.7.3", // together with body-reader 1.20.1, which wants ~6.7.2
  "page-template 4.2.1 4.4.0", // needs html-escape ^2.1.0, which is patched
];

describe("the goal of README", () => {
  it("patches the copy, goes another way where the verification refuses, and says what cannot be patched", async () => {
    const run = await runAudit(folder.agent(), GOAL);
    expect(run.asked.map((actions) => actions.map(shortly))).toEqual([FIRST, SECOND]);
    expect(run.asked[1]?.[0]?.args.together).toEqual([
      { package: "body-reader", from: "1.18.2", to: "1.20.1" },
    ]);
    expect(run.status).toBe("done");
    expect(run.response).toContain("Of 6 vulnerabilities in web-shop, 5 are mended in the copy; left: 1.");
    expect(run.response).toContain("EX-2026-0006 (low) in left-align@1.0.3: Cannot be patched");
    expect(folder.patched()).toMatchObject({
      manifest: {
        dependencies: {
          "body-reader": "^1.18.0",
          "page-template": "~4.4.0",
          "tiny-address": "^3.0.0-beta.1",
        },
      },
      versions: {
        "node_modules/body-reader": "1.20.1",
        "node_modules/body-reader/node_modules/bytes-count": "3.1.2",
        "node_modules/bytes-count": "3.0.0",
        "node_modules/deep-merge": "1.4.2",
        "node_modules/html-escape": "2.1.0",
        "node_modules/page-template": "4.4.0",
        "node_modules/query-parse": "6.7.3",
        "node_modules/tiny-address": "3.0.0",
        "node_modules/token-sign/node_modules/deep-merge": "2.0.3",
      },
    });
  });

  it("leaves in the trail who decided what, what was changed, and the hashes of the files", async () => {
    await runAudit(folder.agent(), GOAL);
    const facts = folder.facts();
    const decided = facts.filter(({ kind }) => kind === "decided");
    expect(decided).toHaveLength(FIRST.length + SECOND.length);
    expect(decided[0]).toMatchObject({
      decision: "approve",
      by: "olga",
      step: "patches[0]",
      tool: "apply_patch",
    });
    const refused = facts.flatMap((fact) => (fact.kind === "refused" ? [fact.problems] : []));
    expect(refused).toEqual([
      ["body-reader@1.18.2 wants query-parse ~6.5.1, and gets 6.7.3"],
      [
        "it brings in EX-2026-0005 (high: Quotes in attributes are not escaped) with web-shop > page-template@4.3.0 > html-escape@2.0.1",
      ],
    ]);
    const verified = facts.flatMap((fact) => (fact.kind === "verified" ? [fact] : []));
    expect(verified).toHaveLength(5);
    for (const [at, { before }] of verified.entries()) {
      if (at > 0) {
        expect(before).toEqual(verified[at - 1]?.after);
      }
    }
    const final = readFileSync(join(folder.patched().folder, "package-lock.json"), "utf8");
    expect(verified.at(-1)?.after["package-lock.json"]).toBe(sha256(final));
    expect(facts.at(-1)).toMatchObject({ kind: "reported", sha256: sha256(folder.report()) });
  });

  it("never touches the project", async () => {
    const files = ["package.json", "package-lock.json", "src/shop.js"];
    const read = () =>
      files.map((file) => readFileSync(join(folder.data, "projects/web-shop", file), "utf8"));
    const before = read();
    await runAudit(folder.agent(), GOAL);
    expect(read()).toEqual(before);
    expect(readFileSync(join(folder.patched().folder, "src/shop.js"), "utf8")).toBe(before[2]);
  });

  it("begins with a new copy in the next turn of the thread", async () => {
    const agent = folder.agent();
    const first = await runAudit(agent, GOAL);
    const second = await runAudit(agent, GOAL);
    expect(second.asked.map((actions) => actions.map(shortly))).toEqual([FIRST, SECOND]);
    expect(second.response.split("\n\n").slice(0, 3)).toEqual(first.response.split("\n\n").slice(0, 3));
    expect(folder.copies()).toHaveLength(2);
  });
});

describe("people", () => {
  it("may reject a patch: it is not asked for in another way, and trail and report say who and why", async () => {
    const run = await runAudit(folder.agent(), GOAL, (action) =>
      action.args.package === "query-parse" ? reject("we replace it next week") : { type: "approve" },
    );
    expect(run.asked.map((actions) => actions.map(shortly))).toEqual([FIRST, ["page-template 4.2.1 4.4.0"]]);
    expect(run.status).toBe("done");
    expect(run.response).toContain(
      "EX-2026-0001 (critical) in query-parse@6.5.1: Rejected by olga: we replace it next week",
    );
    expect(folder.patched().versions["node_modules/query-parse"]).toBe("6.5.1");
    expect(folder.facts()).toContainEqual(
      expect.objectContaining({
        kind: "decided",
        decision: "reject",
        by: "olga",
        words: "we replace it next week",
      }),
    );
    expect(folder.report()).toContain("olga rejected");
  });

  it("may reject every patch: nothing is changed, and the trail is complete all the same", async () => {
    const run = await runAudit(folder.agent(), GOAL, () => reject());
    expect(run.asked).toHaveLength(1);
    expect(run.status).toBe("done");
    expect(run.response).toContain("0 are mended");
    const kinds = folder.facts().map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === "decided")).toHaveLength(5);
    expect(kinds).not.toContain("patched");
    const { folder: head } = folder.patched();
    expect(readFileSync(join(head, "package-lock.json"), "utf8")).toBe(
      readFileSync(join(folder.data, "projects/web-shop/package-lock.json"), "utf8"),
    );
  });

  it("may choose another version, which is verified like any other", async () => {
    const run = await runAudit(folder.agent(), GOAL, (action) => {
      if (shortly(action) === "page-template 4.2.1 4.3.0") {
        return edit("apply_patch", { ...action.args, to: "5.0.0" });
      }
      return { type: "approve" };
    });
    expect(run.asked.map((actions) => actions.map(shortly))).toEqual([FIRST, ["query-parse 6.5.1 6.7.3"]]);
    expect(folder.patched().versions["node_modules/page-template"]).toBe("5.0.0");
    expect(folder.patched().manifest).toMatchObject({ dependencies: { "page-template": "~5.0.0" } });
    expect(folder.facts()).toContainEqual(
      expect.objectContaining({
        kind: "decided",
        decision: "edit",
        shown: expect.objectContaining({ args: expect.objectContaining({ to: "4.3.0" }) }),
        instead: expect.objectContaining({ args: expect.objectContaining({ to: "5.0.0" }) }),
      }),
    );
  });

  it("who choose a version that there is not are told so, and are asked again with one that there is", async () => {
    let edited = false;
    const run = await runAudit(folder.agent(), GOAL, (action) => {
      if (edited || action.args.package !== "tiny-address") {
        return { type: "approve" };
      }
      edited = true;
      return edit("apply_patch", { ...action.args, to: "3.0.7" });
    });
    expect(run.asked[1]?.map(shortly)).toContain("tiny-address 3.0.0-beta.2 3.0.0");
    expect(run.pastSteps.find(({ id }) => id === "patches")?.error?.message).toContain(
      "The registry has no tiny-address@3.0.7: it has 3.0.0-beta.2, 3.0.0-beta.4, 3.0.0.",
    );
    expect(folder.patched().versions["node_modules/tiny-address"]).toBe("3.0.0");
  });

  it("see what a patch changes and mends in words", async () => {
    const run = await runAudit(folder.agent(), GOAL);
    expect(run.asked[0]?.[0]?.description).toBe(
      "Patch the copy: query-parse 6.5.1 → 6.7.3. It mends EX-2026-0001 (critical: A query with deep brackets stops the process).",
    );
  });
});

describe("other goals", () => {
  it("are held to: a least severity, packages that are left out", async () => {
    const run = await runAudit(
      folder.agent(),
      "Fix the vulnerabilities of web-shop of high severity and above, except query-parse and page-template",
    );
    expect(run.asked.map((actions) => actions.map(shortly))).toEqual([
      ["deep-merge 1.4.0 1.4.2", "deep-merge 2.0.1 2.0.3"],
    ]);
    expect(run.response).toContain("EX-2026-0004 (moderate) in tiny-address@3.0.0-beta.2: It is moderate");
    expect(run.response).toContain("EX-2026-0001 (critical) in query-parse@6.5.1: It was to be left out.");
  });

  it("that only ask are answered without a copy", async () => {
    const run = await runAudit(folder.agent(), "Which vulnerabilities does web-shop have?");
    expect(run.status).toBe("done");
    expect(run.response).toContain("web-shop uses 11 packages: 6 directly, 5 through others.");
    expect(run.response).toContain("In several versions: deep-merge (1.4.0, 2.0.1).");
    expect(run.response).toContain("6 vulnerabilities, the gravest first:");
    expect(() => folder.copies()).toThrow(/ENOENT/);
  });

  it("that ask why a package is there get the chain", async () => {
    const run = await runAudit(folder.agent(), "Why is left-align among the dependencies of web-shop?");
    expect(run.response).toBe("- web-shop > test-runner@3.1.0 > left-align@1.0.3");
  });

  it("of another field are none of its own", async () => {
    const run = await runAudit(folder.agent(), "Sing me a song about the sea");
    expect(run.response).toContain("cannot plan");
  });
});

describe("between steps", () => {
  it("a person may say what is to be left out, before the patches are made", async () => {
    const agent = folder.agent();
    const config = { configurable: { thread_id: "1" } };
    await agent.invoke({ input: GOAL }, config);
    await steer(agent, "1", { type: "message", text: "leave out query-parse and page-template" });
    const asked = requestOf(await agent.invoke(null, config)).actionRequests;
    expect(asked.map(shortly)).toEqual(FIRST.slice(2));
  });

  it("a person may say so before anything was proposed", async () => {
    const agent = folder.agent({ approval: { tools: { copy_project: true } } });
    const config = { configurable: { thread_id: "1" } };
    await agent.invoke({ input: GOAL }, config);
    await steer(agent, "1", { type: "message", text: "leave out deep-merge" });
    expect(requestOf(await agent.invoke(null, config)).actionRequests.map(({ name }) => name)).toEqual([
      "copy_project",
    ]);
    const asked = requestOf(await agent.invoke(decide(approve), config)).actionRequests;
    expect(asked.map(shortly)).toEqual([FIRST[0], FIRST[1], FIRST[4]]);
  });
});
