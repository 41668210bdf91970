import { tool } from "@langchain/core/tools";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { byId, echo, plannedAgent } from "../../support/agent-run.js";
import { createDeferred, createJournal, type Deferred, type Journal } from "../../support/deferred.js";

/** A tool whose calls end when the test says so. */
function createHeldTool(journal: Journal, names: readonly string[]) {
  const gates = new Map<string, Deferred<void>>(names.map((name) => [name, createDeferred()]));
  const held = tool(
    async ({ name }) => {
      journal.add(`start ${name}`);
      await gates.get(name)?.promise;
      journal.add(`end ${name}`);
      return name;
    },
    { name: "held", description: "holds", schema: z.object({ name: z.string() }) },
  );
  const step = (id: string, ...dependsOn: string[]) => ({ id, tool: "held", args: { name: id }, dependsOn });
  return { held, step, release: (name: string) => gates.get(name)?.resolve() };
}

const broken = tool(
  () => {
    throw new Error("broken for good");
  },
  { name: "broken", description: "fails", schema: z.object({}) },
);

describe("steps without barriers", () => {
  test("a step starts as soon as its own dependencies have settled, while others still run", async () => {
    const journal = createJournal();
    const { held, step, release } = createHeldTool(journal, ["slow", "fast", "next", "last"]);
    const steps = [step("slow"), step("fast"), step("next", "fast"), step("last", "slow", "next")];
    const { agent } = plannedAgent(steps, { tools: [held] });
    const run = agent.invoke({ input: "go" });
    await Promise.all([journal.seen("start slow"), journal.seen("start fast")]);
    release("fast");
    await journal.seen("start next");
    expect(journal.entries).not.toContain("end slow");
    release("next");
    await journal.seen("end next");
    expect(journal.entries).not.toContain("start last");
    release("slow");
    release("last");
    const { pastSteps } = await run;
    expect(journal.entries.slice(-3)).toEqual(["end slow", "start last", "end last"]);
    expect(pastSteps.map(({ status }) => status)).toEqual(["done", "done", "done", "done"]);
  });

  test("a step may depend on a later one in the list", async () => {
    const steps = [
      { id: "z", tool: "echo", args: { value: "{{a}}" } },
      { id: "a", tool: "echo", args: { value: 5 }, dependsOn: [] },
    ];
    const { agent } = plannedAgent(steps, { tools: [echo] });
    expect(byId((await agent.invoke({ input: "go" })).pastSteps).z?.output).toBe(5);
  });

  test("never more steps run than the concurrency allows", async () => {
    const journal = createJournal();
    const names = ["1", "2", "3", "4"];
    const { held, step, release } = createHeldTool(journal, names);
    const { agent } = plannedAgent(
      names.map((name) => step(name)),
      { tools: [held], executor: { concurrency: 2 } },
    );
    const run = agent.invoke({ input: "go" });
    await journal.seen("start 2");
    expect(journal.entries).toEqual(["start 1", "start 2"]);
    release("2");
    await journal.seen("start 3");
    expect(journal.entries).toEqual(["start 1", "start 2", "end 2", "start 3"]);
    for (const name of names) {
      release(name);
    }
    await run;
  });

  test("a run's context may allow fewer at once", async () => {
    const journal = createJournal();
    const names = ["1", "2"];
    const { held, step, release } = createHeldTool(journal, names);
    const { agent } = plannedAgent(
      names.map((name) => step(name)),
      { tools: [held] },
    );
    const run = agent.invoke({ input: "go" }, { context: { concurrency: 1 } });
    await journal.seen("start 1");
    for (const name of names) {
      release(name);
    }
    await run;
    expect(journal.entries).toEqual(["start 1", "end 1", "start 2", "end 2"]);
  });

  test("of those that could start, the one with the longest way ahead goes first", async () => {
    const journal = createJournal();
    const { held, step, release } = createHeldTool(journal, ["short", "long", "longer"]);
    const steps = [step("short"), step("long"), step("longer", "long")];
    for (const name of ["short", "long", "longer"]) {
      release(name);
    }
    const { agent } = plannedAgent(steps, { tools: [held], executor: { concurrency: 1 } });
    await agent.invoke({ input: "go" });
    expect(journal.entries.filter((entry) => entry.startsWith("start"))).toEqual([
      "start long",
      "start short",
      "start longer",
    ]);
  });

  test("in sequential order steps go one at a time, in plan order", async () => {
    const journal = createJournal();
    const { held, step, release } = createHeldTool(journal, ["short", "long", "longer"]);
    const steps = [step("short"), step("long"), step("longer", "long")];
    for (const name of ["short", "long", "longer"]) {
      release(name);
    }
    const { agent } = plannedAgent(steps, { tools: [held], executor: { order: "sequential" } });
    await agent.invoke({ input: "go" });
    expect(journal.entries).toEqual([
      "start short",
      "end short",
      "start long",
      "end long",
      "start longer",
      "end longer",
    ]);
  });
});

describe("a step that fails", () => {
  test("skips what depends on it and nothing else, and the outcome says what is left", async () => {
    const journal = createJournal();
    const { held, step, release } = createHeldTool(journal, ["other", "after"]);
    const steps = [
      { id: "bad", tool: "broken", args: {}, dependsOn: [] },
      { ...step("behind"), dependsOn: ["bad"] },
      { ...step("far behind"), dependsOn: ["behind"] },
      step("other"),
      step("after", "other"),
    ];
    const { agent } = plannedAgent(steps, { tools: [held, broken], replanner: { maxReplans: 0 } });
    const run = agent.invoke({ input: "go" });
    await journal.seen("start other");
    release("other");
    release("after");
    const { pastSteps, status, outcome, response } = await run;
    expect(journal.entries).toEqual(["start other", "end other", "start after", "end after"]);
    expect(byId(pastSteps)).toMatchObject({
      bad: { status: "failed", error: { code: "TOOL_FAILED" }, attempts: 1 },
      behind: { status: "skipped", error: { code: "DEPENDENCY_FAILED" }, attempts: 0 },
      "far behind": { status: "skipped", error: { code: "DEPENDENCY_FAILED" } },
      other: { status: "done" },
      after: { status: "done" },
    });
    expect(status).toBe("incomplete");
    expect(outcome?.failed.map(({ id }) => id)).toEqual(["bad"]);
    expect(outcome?.left.map(({ id }) => id)).toEqual(["behind", "far behind"]);
    expect(response).toContain("broken for good");
  });

  test("is given to the replanner with what it would have led to, once for all", async () => {
    const steps = [
      { id: "bad", tool: "broken", args: {}, dependsOn: [] },
      { id: "worse", tool: "broken", args: {}, dependsOn: [] },
      { id: "good", tool: "echo", args: { value: "kept" }, dependsOn: [] },
    ];
    const { agent, model } = plannedAgent(
      steps,
      { tools: [broken, echo] },
      { replanner: "It cannot be done." },
    );
    const { status, response } = await agent.invoke({ input: "go" });
    expect({ status, response }).toEqual({ status: "incomplete", response: "It cannot be done." });
    expect(model.count("replanner")).toBe(1);
    const prompt = model.calls.at(-1)?.prompt ?? "";
    for (const text of ["bad", "worse", "broken for good", "kept"]) {
      expect(prompt).toContain(text);
    }
  });
});
