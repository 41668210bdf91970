import { tool } from "@langchain/core/tools";
import { Command, MemorySaver } from "@langchain/langgraph";
import { afterEach, describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { MAX_WINDOW } from "../../../src/runtime/run/settings.js";
import { byId, echo, journalTool, plannedAgent } from "../../support/agent-run.js";
import { createJournal } from "../../support/deferred.js";
import { planCall } from "../../support/scripted-model.js";

/** What a window's steps may take on a machine that has much else to do. */
const THOUSAND_STEPS_MS = 60_000;

const hang = tool(() => new Promise<string>(() => {}), {
  name: "hang",
  description: "never ends",
  schema: z.object({}),
});

afterEach(() => {
  vi.useRealTimers();
});

describe("maxDurationMs", () => {
  test.each([
    ["a tool", { id: "1", tool: "hang", args: {}, dependsOn: [] }],
    ["the model of an agent step", { id: "1", description: "think", dependsOn: [] }],
    ["the model of a call step", { id: "1", description: "think", tool: "echo", dependsOn: [] }],
  ])("ends a run in the middle of %s that never ends, with what was done", async (_, step) => {
    const steps = [
      step,
      { id: "2", tool: "echo", args: { value: "kept" }, dependsOn: [] },
      { id: "3", tool: "echo", args: { value: "{{1}}" } },
    ];
    const { agent, eventsOf } = plannedAgent(
      steps,
      { tools: [hang, echo], limits: { maxDurationMs: 1_500 } },
      { agent: () => new Promise(() => {}), call: () => new Promise(() => {}) },
    );
    const { pastSteps, status, outcome, response } = await agent.invoke({ input: "go" });
    expect(byId(pastSteps)).toMatchObject({
      1: { status: "failed", error: { code: "LIMIT_REACHED" } },
      2: { status: "done", output: "kept" },
    });
    expect(status).toBe("incomplete");
    expect(outcome?.reason).toContain("maxDurationMs");
    expect(outcome?.left.map(({ id }) => id)).toEqual(["3"]);
    expect(response).toContain("kept");
    expect(eventsOf("limit.reached").map(({ limit }) => limit)).toEqual(["maxDurationMs"]);
  });
});

describe("maxModelCalls", () => {
  const twoRounds = { agent: [{ name: "charge", args: { who: "ann" } }] };

  test("inside an agent step ends the run with the reason and what was done", async () => {
    const journal = createJournal();
    const steps = [
      { id: "1", tool: "echo", args: { value: "kept" }, dependsOn: [] },
      { id: "2", description: "charge for ever", dependsOn: [] },
      { id: "3", tool: "echo", args: { value: "{{2}}" } },
    ];
    const { agent, model, eventsOf } = plannedAgent(
      steps,
      { tools: [echo, journalTool(journal, "charge", { repeatable: true })], limits: { maxModelCalls: 3 } },
      twoRounds,
    );
    const { pastSteps, status, outcome, usage } = await agent.invoke({ input: "go" });
    expect(model.count()).toBe(3);
    expect(usage.calls).toBe(3);
    expect(journal.entries).toEqual(["ann", "ann"]);
    expect(byId(pastSteps)).toMatchObject({
      1: { status: "done" },
      2: { status: "failed", error: { code: "LIMIT_REACHED" } },
    });
    expect(status).toBe("incomplete");
    expect(outcome?.reason).toContain("maxModelCalls");
    expect(eventsOf("limit.reached").map(({ limit }) => limit)).toEqual(["maxModelCalls"]);
  });

  test("inside the items of a for-each step, and set by the run's context, ends the run as well", async () => {
    const steps = [
      { id: "list", tool: "echo", args: { value: [1, 2, 3, 4] } },
      { id: "each", description: "greet {{item}}", forEach: "{{list}}" },
    ];
    const { agent, model, eventsOf } = plannedAgent(steps, { tools: [echo] }, { agent: "hello" });
    const { status, outcome, pastSteps } = await agent.invoke(
      { input: "go" },
      { context: { maxModelCalls: 3 } },
    );
    expect(model.count()).toBe(3);
    expect(status).toBe("incomplete");
    expect(outcome?.reason).toContain("maxModelCalls");
    expect(byId(pastSteps).each).toMatchObject({ status: "failed", output: ["hello", "hello", null, null] });
    expect(eventsOf("limit.reached").map(({ limit }) => limit)).toEqual(["maxModelCalls"]);
  });
});

describe("maxSteps", () => {
  const chain = (count: number) =>
    Array.from({ length: count }, (_, index) => ({
      id: `s${index}`,
      tool: "charge",
      args: { who: `${index}` },
    }));

  test("ends the run with what was done, and allows exactly as many", async () => {
    for (const [maxSteps, done] of [
      [2, 2],
      [3, 3],
      [4, 4],
      [5, 4],
    ] as const) {
      const journal = createJournal();
      const { agent, eventsOf } = plannedAgent(chain(4), {
        tools: [journalTool(journal)],
        limits: { maxSteps },
      });
      const { status, outcome, response, pastSteps } = await agent.invoke({ input: "go" });
      expect(journal.entries).toHaveLength(done);
      expect(status).toBe(maxSteps < 4 ? "incomplete" : "done");
      if (maxSteps >= 4) {
        continue;
      }
      expect(outcome?.reason).toBe(
        `The turn has begun ${maxSteps} of ${maxSteps} steps, items of for-each steps included. ` +
          "Raise limits.maxSteps to allow more.",
      );
      expect(response).toContain("charged 0");
      expect(pastSteps.filter(({ status: ended }) => ended === "done")).toHaveLength(done);
      expect(eventsOf("limit.reached").map(({ limit }) => limit)).toEqual(["maxSteps"]);
    }
  });

  test("counts each item of a for-each step, over replans too", async () => {
    const journal = createJournal();
    const steps = [
      { id: "list", tool: "echo", args: { value: ["ann", "bob"] } },
      { id: "each", tool: "charge", args: { who: "{{item}}" }, forEach: "{{list}}" },
    ];
    const more = [{ id: "more", tool: "charge", args: { who: "{{item}}" }, forEach: "{{list}}" }];
    const { agent } = plannedAgent(
      steps,
      { tools: [echo, journalTool(journal)], limits: { maxSteps: 4 }, executor: { concurrency: 1 } },
      { replanner: () => planCall([...more.map((step) => ({ ...step, args: { who: "again {{item}}" } }))]) },
    );
    const { status, outcome, pastSteps } = await agent.invoke({ input: "go" });
    expect(journal.entries).toEqual(["ann", "bob", "again ann"]);
    expect(byId(pastSteps)).toMatchObject({
      each: { status: "done", items: 2 },
      more: { status: "failed", items: 1, error: { code: "LIMIT_REACHED" } },
    });
    expect(status).toBe("incomplete");
    expect(outcome?.reason).toContain("limits.maxSteps");
  });

  test("counts a step that waits for a person once, and what was begun before it waited", async () => {
    const journal = createJournal();
    const { agent } = plannedAgent(
      [
        { id: "a", tool: "echo", args: { value: ["ann", "bob"] }, dependsOn: [] },
        { id: "b", tool: "charge", args: { who: "{{item}}" }, forEach: "{{a}}" },
        { id: "c", tool: "echo", args: { value: "{{b}}" } },
      ],
      {
        tools: [echo, journalTool(journal)],
        checkpointer: new MemorySaver(),
        approval: { tools: { charge: { when: ({ who }) => who === "bob" } } },
      },
    );
    const thread = { configurable: { thread_id: "1" }, context: { maxTurnSteps: 3 } };
    await agent.invoke({ input: "go" }, thread);
    const run = await agent.invoke(new Command({ resume: { decisions: [{ type: "approve" }] } }), thread);
    expect(journal.entries).toEqual(["ann", "bob"]);
    expect(run.status).toBe("incomplete");
    expect(byId(run.pastSteps).c).toMatchObject({ status: "failed", error: { code: "LIMIT_REACHED" } });
  });

  test("counts only what was done: a step that its condition skips is none", async () => {
    const steps = [
      { id: "no", tool: "echo", args: { value: false } },
      { id: "skipped", tool: "echo", args: { value: 1 }, if: "{{no}}" },
      { id: "last", tool: "echo", args: { value: 2 } },
    ];
    const { agent } = plannedAgent(steps, { tools: [echo], limits: { maxSteps: 2 } });
    expect((await agent.invoke({ input: "go" })).status).toBe("done");
  });
});

describe("many steps", () => {
  const many = (count: number) =>
    Array.from({ length: count }, (_, index) => ({
      id: `s${index}`,
      tool: "echo",
      args: { value: index },
      dependsOn: [],
    }));

  test("at once print no warning", async () => {
    const warnings: string[] = [];
    const listen = (warning: Error) => warnings.push(warning.message);
    process.on("warning", listen);
    const agents = Array.from({ length: 15 }, (_, index) => ({
      id: `a${index}`,
      description: "think",
      dependsOn: [],
    }));
    const { agent } = plannedAgent(
      [...many(30), ...agents],
      { tools: [echo], executor: { concurrency: 45 }, limits: { maxDurationMs: 60_000 } },
      { agent: "done" },
    );
    const { signal } = new AbortController();
    const { status } = await agent.invoke({ input: "go" }, { signal });
    await new Promise((resolve) => setImmediate(resolve));
    process.off("warning", listen);
    expect(status).toBe("done");
    expect(warnings).toEqual([]);
  });

  test(
    "run in windows, each once, also where a chain crosses them",
    async () => {
      const journal = createJournal();
      const count = MAX_WINDOW + 10;
      const chained = Array.from({ length: count }, (_, index) => ({
        id: `s${index}`,
        tool: "charge",
        args: { who: `${index}` },
        dependsOn: index % 50 === 0 && index > 0 ? [`s${index - 50}`] : [],
      }));
      const { agent } = plannedAgent(chained, { tools: [journalTool(journal)] });
      const updates: string[] = [];
      for await (const chunk of await agent.stream({ input: "go" }, { streamMode: "updates" })) {
        updates.push(...Object.keys(chunk).filter((name) => !name.startsWith("step:")));
      }
      expect(updates).toEqual(["planner", "executor", "executor", "replanner"]);
      expect(journal.entries).toHaveLength(count);
      expect(new Set(journal.entries).size).toBe(count);
    },
    THOUSAND_STEPS_MS,
  );

  test("are committed after commitAfterMs at the next moment at which nothing runs", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const tick = tool(
      ({ ms }) => {
        vi.advanceTimersByTime(ms);
        return ms;
      },
      { name: "tick", description: "lets time pass", schema: z.object({ ms: z.number() }) },
    );
    const steps = [400, 700, 100, 100].map((ms, index) => ({ id: `${index}`, tool: "tick", args: { ms } }));
    const { agent } = plannedAgent(steps, { tools: [tick], executor: { commitAfterMs: 1000 } });
    const visits: string[] = [];
    for await (const chunk of await agent.stream({ input: "go" }, { streamMode: "updates" })) {
      visits.push(...Object.keys(chunk));
    }
    const visitsOfTwo = (one: string, other: string) => [one, other, "executor"];
    const all = [...visitsOfTwo("step:0", "step:1"), ...visitsOfTwo("step:2", "step:3")];
    expect(visits).toEqual(["planner", ...all, "replanner"]);
  });
});

describe("the recursion limit", () => {
  test("ends a run that comes near it as incomplete, and never with LangGraph's error", async () => {
    const steps = Array.from({ length: 8 }, (_, index) => ({
      id: `${index}`,
      tool: "echo",
      args: { value: index },
      dependsOn: index === 0 ? [] : [`${index - 1}`],
    }));
    for (const recursionLimit of [4, 5, 6, 7, 8]) {
      const planned = plannedAgent(
        steps,
        { tools: [echo], replanner: { when: "every-step", maxReplans: 20 } },
        {
          replanner: () => {
            const ended = planned.eventsOf("step.ended").map(({ stepId }) => stepId);
            return planCall(steps.filter(({ id }) => !ended.includes(id)));
          },
        },
      );
      const { status, outcome, pastSteps } = await planned.agent.invoke({ input: "go" }, { recursionLimit });
      expect(status).toBe("incomplete");
      expect(outcome?.reason).toContain("recursion limit");
      expect(pastSteps.length).toBeGreaterThan(0);
      expect(outcome?.left.length).toBe(8 - pastSteps.length);
    }
  });

  test(
    "ends a run whose windows alone would meet it",
    async () => {
      const steps = Array.from({ length: MAX_WINDOW + 10 }, (_, index) => ({
        id: `${index}`,
        tool: "echo",
        args: { value: index },
        dependsOn: [],
      }));
      const { agent } = plannedAgent(steps, { tools: [echo] });
      const { status, outcome, pastSteps } = await agent.invoke({ input: "go" }, { recursionLimit: 4 });
      expect(status).toBe("incomplete");
      expect(outcome?.reason).toContain("recursion limit");
      expect(pastSteps.length).toBe(MAX_WINDOW);
    },
    THOUSAND_STEPS_MS,
  );
});
