import { tool } from "@langchain/core/tools";
import { MemorySaver } from "@langchain/langgraph";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import {
  type AgentEvent,
  createPlanExecuteAgent,
  ModelError,
  type PlanExecuteOptions,
  type PlanReply,
  type PlanRequest,
  type ReplanRequest,
  type StepReply,
  type StepRequest,
} from "../../src/index.js";
import { echo, noWait } from "../support/agent-run.js";
import { answer, approve, decide, isWaiting } from "../support/approval.js";
import { createDeferred } from "../support/deferred.js";
import { planCall, scriptedByRole } from "../support/scripted-model.js";

const breaks = tool(
  () => {
    throw new Error("no network");
  },
  { name: "breaks", description: "fails", schema: z.object({}) },
);
const ECHO = { steps: [{ tool: "echo", args: { value: 5 } }], answer: "It is {{1}}." };

/** An agent without any model: a call of one fails the test. */
function setUp(options: PlanExecuteOptions) {
  const events: AgentEvent[] = [];
  const agent = createPlanExecuteAgent({
    model: scriptedByRole({}),
    tools: [echo, breaks],
    checkpointer: new MemorySaver(),
    onEvent: (event) => events.push(event),
    ...options,
    executor: { retry: noWait, ...options.executor },
  });
  const config = { configurable: { thread_id: "1" } };
  const go = (input = "go") => agent.invoke({ input }, config);
  return { agent, config, events, go };
}

/** A planner that gives these replies, one after the other, and keeps what it was asked. */
function plannerOf(...replies: readonly unknown[]) {
  const requests: PlanRequest[] = [];
  const plan = (request: PlanRequest): PlanReply => {
    requests.push(request);
    return replies[Math.min(requests.length, replies.length) - 1] as PlanReply;
  };
  return { planner: { plan }, requests };
}

describe("a planner that is a function", () => {
  test("plans, and counts as no call", async () => {
    const { planner, requests } = plannerOf(ECHO);
    const { go, events } = setUp({ planner: { ...planner, instructions: "Be brief." } });
    const run = await go("what is it?");
    expect(run).toMatchObject({ status: "done", response: "It is 5.", usage: { calls: 0 } });
    expect(requests).toMatchObject([
      {
        goal: "what is it?",
        instructions: "Be brief.",
        conversation: [],
        issues: [],
        maxSteps: 12,
        plans: [],
      },
    ]);
    expect(requests[0]?.tools.map(({ name }) => name)).toEqual(["echo", "breaks"]);
    expect(requests[0]?.signal.aborted).toBe(false);
    expect(events.map(({ type }) => type)).toContain("plan.generated");
  });

  test("answers in words, and sees the conversation of earlier turns", async () => {
    const { planner, requests } = plannerOf("Hello.", "Again.");
    const { go } = setUp({ planner });
    expect(await go("hi")).toMatchObject({ status: "done", response: "Hello.", plan: [] });
    expect((await go("hi again")).response).toBe("Again.");
    expect(requests[1]?.conversation.map(({ text }) => text)).toEqual(["hi", "Hello."]);
  });

  test("may give a plan as text, as models do", async () => {
    const { go } = setUp({ planner: plannerOf(JSON.stringify(ECHO)).planner });
    expect((await go()).response).toBe("It is 5.");
  });

  test("uses a saved plan by its name", async () => {
    const saved = {
      name: "say",
      description: "Says it",
      parameters: z.object({ what: z.int() }),
      steps: [{ tool: "echo", args: { value: "{{with.what}}" } }],
      answer: "1",
    };
    const { planner, requests } = plannerOf({ use: "say", with: { what: "7" } });
    const { agent, go, config } = setUp({ planner, plans: [saved] });
    expect((await go()).response).toBe("7");
    expect(requests[0]?.plans).toMatchObject([{ name: "say", description: "Says it" }]);
    expect((await agent.getState(config)).values.planVersions).toMatchObject([
      { by: "planner", reason: 'the saved plan "say"' },
    ]);
  });

  test("refuses, and the answer offers the part that was understood", async () => {
    const refusal = { refused: "I cannot send mail.", understood: "add 2 and 3" };
    const { go, events } = setUp({ planner: plannerOf(refusal).planner });
    const run = await go();
    expect(run.status).toBe("refused");
    expect(run.response).toBe("I cannot send mail.\n\nI understood this much: add 2 and 3");
    expect(run.outcome).toMatchObject({ reason: "I cannot send mail.", understood: "add 2 and 3" });
    expect(events.at(-1)).toMatchObject({ type: "agent.completed", status: "refused" });
  });

  test("gets its plan's issues, and repairs it", async () => {
    const { planner, requests } = plannerOf({ steps: [{ tool: "ecko", args: {} }] }, ECHO);
    const { go, events } = setUp({ planner });
    expect((await go()).response).toBe("It is 5.");
    expect(requests[1]?.issues.join()).toContain('there is no tool "ecko"');
    expect(events.filter(({ type }) => type === "plan.invalid")).toHaveLength(1);
  });

  test("hears what a person said of the plan that they rejected", async () => {
    const { planner, requests } = plannerOf(ECHO);
    const { agent, go, config } = setUp({ planner, approval: { plan: true } });
    expect(isWaiting(await go())).toBe(true);
    await agent.invoke(decide({ type: "reject", message: "too dear" }), config);
    expect(requests[1]?.rejected).toMatchObject({ plan: [{ tool: "echo" }], feedback: "too dear" });
    expect((await agent.invoke(decide(approve), config)).response).toBe("It is 5.");
  });

  const cyclic: { steps?: unknown } = {};
  cyclic.steps = [cyclic];
  const throwing = Object.defineProperty({}, "steps", {
    enumerable: true,
    get: () => {
      throw new Error("never");
    },
  });
  test.each([
    ["undefined", undefined, "The function gave nothing."],
    ["a number", 5, "The function gave a number."],
    ["a list of numbers", [1, 2], "The function gave a list."],
    ["blank text", "  ", "a text without words"],
    ["an object without a plan", { plans: 1 }, "There is no plan in what the function gave"],
    ["a plan that holds itself", cyclic, "cannot be read: it is nested deeper"],
    ["a plan that cannot be read", throwing, "cannot be read"],
    ["ten thousand steps", { steps: Array(10_000).fill({ tool: "echo", args: {} }) }, "10000 steps"],
    ["a saved plan that is not there", { use: "x" }, 'There is no saved plan "x"'],
  ])(
    "that gives %s is asked again twice, and then one agent step does the goal",
    async (_what, reply, issue) => {
      const { planner, requests } = plannerOf(reply);
      const { go } = setUp({
        planner,
        executor: { run: () => ({ output: "did it" }) },
        answer: { write: () => "ok" },
      });
      const run = await go();
      expect(requests.map(({ issues }) => issues.join())).toEqual([
        "",
        ...Array(2).fill(expect.stringContaining(issue)),
      ]);
      expect(run).toMatchObject({ status: "done", response: "ok", plan: [{ description: "go" }] });
    },
  );

  test("that throws fails the run, and a null input asks it again", async () => {
    let isDown = true;
    const plan = () => {
      if (isDown) {
        throw new Error("disk full");
      }
      return ECHO;
    };
    const { agent, go, config } = setUp({ planner: { plan } });
    const run = await go();
    expect(run).toMatchObject({
      status: "failed",
      outcome: { reason: "The planner's function failed: disk full" },
    });
    isDown = false;
    expect((await agent.invoke(null, config)).response).toBe("It is 5.");
  });

  test("that throws a refusal of a model refuses", async () => {
    const plan = () => Promise.reject(new ModelError("MODEL_REFUSED", "Not this."));
    expect((await setUp({ planner: { plan } }).go()).status).toBe("refused");
  });

  test("that never answers fails at the time limit of a model call, and its signal aborts", async () => {
    let signal: AbortSignal | undefined;
    const plan = (request: PlanRequest) => {
      signal = request.signal;
      return new Promise<PlanReply>(() => {});
    };
    const run = await setUp({ planner: { plan }, modelTimeoutMs: 5 }).go();
    expect(run.status).toBe("failed");
    expect(run.outcome?.reason).toContain("No answer came within 5 ms (modelTimeoutMs)");
    expect(signal?.aborted).toBe(true);
  });

  test("that never answers ends with the turn's time as a limit", async () => {
    const plan = () => new Promise<PlanReply>(() => {});
    const run = await setUp({ planner: { plan }, limits: { maxDurationMs: 5 } }).go();
    expect(run.status).toBe("incomplete");
  });

  test("ends at once when the caller aborts, and the thread goes on with its turn", async () => {
    const asked = createDeferred();
    let isFirst = true;
    const plan = () => {
      if (!isFirst) {
        return ECHO;
      }
      isFirst = false;
      asked.resolve();
      return new Promise<PlanReply>(() => {});
    };
    const { agent, config } = setUp({ planner: { plan } });
    const controller = new AbortController();
    const run = agent.invoke({ input: "go" }, { ...config, signal: controller.signal });
    await asked.promise;
    controller.abort();
    await expect(run).rejects.toThrow();
    expect((await agent.invoke(null, config)).response).toBe("It is 5.");
  });
});

describe("a replanner that is a function", () => {
  const BROKEN = { steps: [{ tool: "breaks", args: {} }] };

  function replannerOf(...replies: readonly PlanReply[]) {
    const requests: ReplanRequest[] = [];
    const replan = (request: ReplanRequest) => {
      requests.push(request);
      return replies[requests.length - 1] ?? "no more";
    };
    return { requests, options: { planner: plannerOf(BROKEN).planner, replanner: { replan } } };
  }

  test("gets the trouble as typed causes, and gives a new remainder", async () => {
    const { requests, options } = replannerOf({
      steps: [{ id: "b", tool: "echo", args: { value: 1 } }],
      answer: "b",
    });
    const { go } = setUp(options);
    expect(await go()).toMatchObject({ status: "done", response: "1", usage: { calls: 0 } });
    expect(requests).toMatchObject([
      {
        causes: [{ kind: "trouble", steps: [{ id: "1", status: "failed", error: { code: "TOOL_FAILED" } }] }],
        remaining: [],
        firstId: 2,
      },
    ]);
  });

  test("answers in words", async () => {
    const { options } = replannerOf("It broke.");
    const run = await setUp(options).go();
    expect(run).toMatchObject({ status: "incomplete", response: "It broke." });
  });

  test.each([
    [true, "done"],
    [false, "incomplete"],
  ])("says of its answer that the goal is reached: %s", async (reached, status) => {
    const { options } = replannerOf({ answer: "It broke.", reached });
    expect(await setUp(options).go()).toMatchObject({ status, response: "It broke." });
    const planner = plannerOf({ answer: "Which one?", reached }).planner;
    expect(await setUp({ planner }).go()).toMatchObject({ status, response: "Which one?" });
    const write = () => ({ answer: "So far.", reached });
    const two = plannerOf({ steps: [{ tool: "echo", args: { value: 5 } }] }).planner;
    expect(await setUp({ planner: two, answer: { write } }).go()).toMatchObject({
      status,
      response: "So far.",
    });
  });

  test("refuses", async () => {
    const { options } = replannerOf({ refused: "I do not know another way." });
    const run = await setUp(options).go();
    expect(run).toMatchObject({ status: "refused", outcome: { failed: [{ id: "1" }] } });
  });

  test("hears what the answer misses", async () => {
    const { requests, options } = replannerOf(
      { steps: [{ id: "b", tool: "echo", args: { value: 1 } }] },
      "Done now.",
    );
    let isFirst = true;
    const write = () => {
      const missing = isFirst ? { missing: "a second look" } : "Complete.";
      isFirst = false;
      return missing;
    };
    const { go } = setUp({
      planner: plannerOf({ steps: [{ tool: "echo", args: { value: 5 } }] }).planner,
      replanner: options.replanner,
      answer: { write },
    });
    expect((await go()).response).toBe("Complete.");
    expect(requests[0]?.causes).toEqual([{ kind: "missing", what: "a second look" }]);
  });
});

describe("an answer that is written by a function", () => {
  const two = plannerOf({ steps: [{ tool: "echo", args: { value: 5 } }] }).planner;

  test("gets goal, plan and outputs", async () => {
    const { go } = setUp({
      planner: two,
      answer: {
        write: ({ goal, pastSteps }) => `${goal}: ${JSON.stringify(pastSteps.map(({ output }) => output))}`,
      },
    });
    expect(await go()).toMatchObject({ status: "done", response: "go: [5]" });
  });

  test.each([
    ["a number", 5, "gave 5"],
    ["nothing", undefined, "gave null"],
    ["blank text", " ", 'gave " "'],
  ])("that is %s fails the run", async (_what, reply, words) => {
    const { go } = setUp({ planner: two, answer: { write: () => reply as string } });
    const run = await go();
    expect(run.status).toBe("failed");
    expect(run.outcome?.reason).toContain(
      `The answer's function ${words}. Give a text, { answer, reached } or { missing }.`,
    );
  });
});

describe("an executor that is a function", () => {
  const PLAN = {
    steps: [
      { id: "a", tool: "echo", args: { value: ["x", "y"] } },
      { id: "b", description: "look at {{a.0}}", expect: "a word" },
      { id: "c", description: "think of {{item}}", forEach: "{{a}}" },
    ],
    answer: "{{b}} and {{c.1}}",
  };

  function executorOf(run: (request: StepRequest) => StepReply | Promise<StepReply>) {
    const requests: StepRequest[] = [];
    const executor = {
      run: (request: StepRequest) => {
        requests.push(request);
        return run(request);
      },
    };
    return {
      requests,
      ...setUp({ planner: { plan: () => PLAN }, executor, replanner: { replan: () => "gave up" } }),
    };
  }

  test("carries out agent steps with their references filled in", async () => {
    const { requests, go } = executorOf(({ step }) => ({ output: step.description.toUpperCase() }));
    expect(await go()).toMatchObject({ response: "LOOK AT X and THINK OF Y", usage: { calls: 0 } });
    expect(requests).toMatchObject([
      {
        goal: "go",
        step: { id: "b", description: "look at x", expect: "a word" },
        inputs: { a: ["x", "y"] },
      },
      { step: { id: "c[0]" }, inputs: { a: ["x", "y"], item: "x", index: 0 } },
      { step: { id: "c[1]" }, inputs: { item: "y", index: 1 } },
    ]);
  });

  test.each([
    ["says that it cannot", { blocked: "no key" }, "blocked", "BLOCKED", "no key"],
    ["gives something else", 5, "failed", "STEP_FAILED", "gave 5. Give { output } or { blocked }."],
    ["gives nothing", undefined, "failed", "STEP_FAILED", "gave null."],
  ])("that %s does not do the step", async (_what, reply, status, code, message) => {
    const { go } = executorOf(() => reply as StepReply);
    const { pastSteps } = await go();
    expect(pastSteps.find(({ id }) => id === "b")).toMatchObject({
      status,
      error: { code, message: expect.stringContaining(message) },
    });
  });

  test("that throws fails the step", async () => {
    const { go } = executorOf(() => Promise.reject(new Error("out of ideas")));
    const { pastSteps } = await go();
    expect(pastSteps.find(({ id }) => id === "b")?.error).toEqual({
      code: "STEP_FAILED",
      message: "out of ideas",
    });
  });

  test("whose output is huge or holds itself gives what the state keeps", async () => {
    const loop: unknown[] = ["x".repeat(300_000)];
    loop.push(loop);
    const { go } = executorOf(() => ({ output: loop as string[] }));
    const { pastSteps } = await go();
    expect(pastSteps.find(({ id }) => id === "b")).toMatchObject({ status: "done", truncated: true });
  });

  test("leaves the arguments of a tool to the model", async () => {
    const model = scriptedByRole({ call: [{ name: "echo", args: { value: 3 } }] });
    const { go } = setUp({
      model,
      planner: { plan: () => ({ steps: [{ tool: "echo", description: "say three" }], answer: "1" }) },
      executor: { run: () => ({ output: "never" }) },
    });
    expect(await go()).toMatchObject({ response: "3", usage: { calls: 1 } });
  });
});

describe("a role", () => {
  test("has a function or models, not both", () => {
    const plan = () => "x";
    expect(() => setUp({ planner: { plan, model: "offline", fallbacks: ["offline"] } })).toThrow(
      "planner.plan: a function plays this role; leave planner.model out",
    );
    expect(() => setUp({ answer: { write: plan, model: "offline" } })).toThrow("leave answer.model out");
    expect(() => setUp({ replanner: { replan: plan, fallbacks: [] } })).toThrow(
      "leave replanner.fallbacks out",
    );
  });

  test("that a function plays takes no model of a run's context", async () => {
    const { agent, config } = setUp({ planner: { plan: () => "x" } });
    const run = agent.invoke({ input: "go" }, { ...config, context: { plannerModel: "offline" } });
    await expect(run).rejects.toThrow("plannerModel: a function plays the planner of this agent");
    expect((await agent.invoke({ input: "go" }, { ...config, context: { model: "offline" } })).response).toBe(
      "x",
    );
  });

  test("that a function plays needs no price", () => {
    const model = scriptedByRole({ planner: planCall([]) });
    const functions = {
      planner: { plan: () => "x" },
      replanner: { replan: () => "x" },
      answer: { write: () => "x" },
    };
    const build = (options: PlanExecuteOptions) => () =>
      setUp({ model, limits: { maxCostUsd: 1 }, ...options });
    expect(build({ ...functions, executor: { model: "offline" } })).not.toThrow();
    expect(build({ ...functions, answer: {}, executor: { model: "offline" } })).toThrow(
      "(replanner.model) has no price",
    );
  });
});

test("a plan of a function waits for approval, and its calls too", async () => {
  const { agent, go, config } = setUp({ planner: { plan: () => ECHO }, approval: { tools: { echo: true } } });
  expect(isWaiting(await go())).toBe(true);
  expect((await agent.invoke(answer("approve"), config)).response).toBe("It is 5.");
});
