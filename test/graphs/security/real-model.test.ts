import { MemorySaver } from "@langchain/langgraph";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createGraph } from "../../../graphs/security.js";
import type { AgentEvent } from "../../../src/events/index.js";
import { planCall, scriptedByRole } from "../../support/scripted-model.js";
import { AuditFolder, runAudit, shortly } from "./audit.js";

let folder: AuditFolder;
beforeEach(() => {
  folder = new AuditFolder().useExample();
});
afterEach(() => folder.remove());

const patch = (id: string, name: string, from: string, to: string, resolves: readonly string[]) => ({
  id,
  tool: "apply_patch",
  args: { copy: "{{copy.copy}}", package: name, from, to, resolves },
});
const start = [{ id: "copy", tool: "copy_project", args: { project: "web-shop" } }];
const end = [
  { id: "check", tool: "verify_patches", args: { copy: "{{copy.copy}}", round: 1 } },
  { id: "report", tool: "write_report", args: { copy: "{{copy.copy}}" } },
];

describe("with a model that plans in its own way", () => {
  it("each patch of its own still waits for a person, is verified, and is in the trail", async () => {
    const model = scriptedByRole({
      planner: planCall(
        [...start, patch("one", "deep-merge", "1.4.0", "1.4.2", ["EX-2026-0003"]), ...end],
        "report",
      ),
    });
    const run = await runAudit(folder.agent({ model }), "go");
    expect(run.asked.map((actions) => actions.map(shortly))).toEqual([["deep-merge 1.4.0 1.4.2"]]);
    expect(run.response).toContain("EX-2026-0003 (high) in deep-merge@1.4.0: deep-merge 1.4.0 to 1.4.2");
    expect(run.response).toContain("in query-parse@6.5.1: Nothing was decided about it.");
    expect(folder.facts().map(({ kind }) => kind)).toEqual([
      "copied",
      "decided",
      "patched",
      "verified",
      "reported",
    ]);
  });

  it("what it says of a patch must be true, and what is not installed cannot be patched", async () => {
    const model = scriptedByRole({
      planner: planCall([
        ...start,
        { ...patch("wrong", "deep-merge", "1.4.0", "1.4.2", ["EX-2026-0001"]), dependsOn: ["copy"] },
        { ...patch("gone", "deep-merge", "1.3.0", "1.4.2", ["EX-2026-0003"]), dependsOn: ["copy"] },
        { ...patch("empty", "deep-merge", "1.4.0", "1.4.2", []), dependsOn: ["copy"] },
        { id: "other", tool: "verify_patches", args: { copy: "../web-shop", round: 1 }, dependsOn: ["copy"] },
      ]),
      replanner: "no more",
    });
    const run = await runAudit(folder.agent({ model }), "go");
    const errors = Object.fromEntries(run.pastSteps.map(({ id, error }) => [id, error?.message ?? ""]));
    expect(errors.wrong).toContain(
      "EX-2026-0001 is not about deep-merge@1.4.0: those about it are EX-2026-0003.",
    );
    expect(errors.gone).toContain("deep-merge@1.3.0 is not installed in web-shop");
    expect(errors.empty).toContain("The patch names no advisory");
    expect(errors.other).toContain('"../web-shop" is no name of a copy');
    expect(
      folder
        .facts()
        .map(({ kind }) => kind)
        .filter((kind) => kind === "patched"),
    ).toEqual([]);
  });

  it("a rejection is in the trail although the run ends there", async () => {
    const model = scriptedByRole({
      planner: planCall([...start, patch("one", "deep-merge", "1.4.0", "1.4.2", ["EX-2026-0003"])]),
      replanner: "as you wish",
    });
    const run = await runAudit(folder.agent({ model }), "go", () => ({ type: "reject", message: "not now" }));
    expect(run.response).toBe("as you wish");
    expect(folder.facts()).toMatchObject([
      { kind: "copied" },
      { kind: "decided", decision: "reject", by: "olga", words: "not now", step: "one" },
    ]);
  });

  it("is told how the work is done, beside what the caller says", async () => {
    const model = scriptedByRole({ planner: "nothing to do" });
    const planner = { instructions: "Speak like a sailor." };
    await runAudit(folder.agent({ model, planner }), "go");
    expect(model.calls[0]?.prompt).toContain("propose_patches with round 1");
    expect(model.calls[0]?.prompt).toContain("Speak like a sailor.");
  });
});

describe("what a caller sets", () => {
  it("does not take the approval of patches away, nor the trail's ear", async () => {
    const events: AgentEvent[] = [];
    const agent = createGraph({
      model: "offline",
      checkpointer: new MemorySaver(),
      data: folder.data,
      workspace: folder.workspace,
      approval: { tools: { copy_project: true } },
      executor: { checkOutput: { verify_patches: () => undefined } },
      onEvent: (event) => events.push(event),
    });
    const run = await runAudit(
      agent,
      "Fix the critical vulnerabilities of web-shop, only critical",
      ({ name }) => (name === "copy_project" ? { type: "approve" } : { type: "reject" }),
    );
    expect(run.asked.map((actions) => actions.map(({ name }) => name))).toEqual([
      ["copy_project"],
      ["apply_patch"],
    ]);
    expect(events.map(({ type }) => type)).toContain("approval.decided");
    const decided = folder
      .facts()
      .flatMap((fact) => (fact.kind === "decided" ? [[fact.tool, fact.decision]] : []));
    expect(decided).toEqual([
      ["copy_project", "approve"],
      ["apply_patch", "reject"],
    ]);
  });

  it("makes the graph without touching the disk, the network or the environment's folders", () => {
    const options = { data: "/nowhere/at/all", workspace: "/nowhere/else" };
    expect(() => createGraph(options)).not.toThrow();
  });
});
