import { ReducedValue, StateSchema } from "@langchain/langgraph";
import { createMiddleware, humanInTheLoopMiddleware, summarizationMiddleware } from "langchain";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { chargingAgent, echo, plannedAgent } from "../../support/agent-run.js";
import { approve, decide } from "../../support/approval.js";
import { planCall, type Script, scriptedByRole } from "../../support/scripted-model.js";

const config = { configurable: { thread_id: "1" } };
const charging: Script = (messages) =>
  messages.at(-1)?.getType() === "tool" ? "done" : [{ name: "charge", args: { who: "ann" } }];

function setUp(middleware: readonly unknown[]) {
  const made = middleware.map((one) => createMiddleware(one as Parameters<typeof createMiddleware>[0]));
  return chargingAgent(
    [{ id: "1", description: "charge ann" }],
    { executor: { middleware: made } },
    { agent: charging },
  );
}

describe("what a middleware keeps in its state", () => {
  test("is there again after a wait, and hooks of the agent's beginning and end run once", async () => {
    const seen: string[] = [];
    const stateSchema = z.object({ asked: z.number().default(0) });
    const note = (where: string) => (state: object) => {
      seen.push(`${where} ${Reflect.get(state, "asked")}`);
      return where === "afterModel" ? { asked: Number(Reflect.get(state, "asked")) + 1 } : undefined;
    };
    const { agent } = setUp([
      {
        name: "Counting",
        stateSchema,
        beforeAgent: note("beforeAgent"),
        beforeModel: note("beforeModel"),
        afterModel: note("afterModel"),
        afterAgent: note("afterAgent"),
      },
    ]);
    await agent.invoke({ input: "go" }, config);
    expect(seen).toEqual(["beforeAgent 0", "beforeModel 0", "afterModel 0"]);
    await agent.invoke(decide(approve), config);
    expect(seen.slice(3)).toEqual(["beforeModel 1", "afterModel 1", "afterAgent 2"]);
  });

  test("must be plain JSON where the step waits", async () => {
    const stateSchema = z.object({ seen: z.any().optional() });
    const { agent } = setUp([
      { name: "Dated", stateSchema, afterModel: () => ({ seen: new Map([["a", 1]]) }) },
    ]);
    const { pastSteps } = await agent.invoke({ input: "go" }, config);
    expect(pastSteps[0]?.error?.message).toContain(
      'The middleware "Dated" keeps a value as "seen" that is no plain JSON',
    );
  });
});

describe("middleware that cannot be used is refused at construction", () => {
  const hook = { afterModel: () => undefined };
  test.each([
    ["no middleware", [3], "must be what createMiddleware of langchain makes"],
    ["no name", [{ ...hook }], "must have a name"],
    [
      "a name twice",
      [
        { name: "A", ...hook },
        { name: "A", ...hook },
      ],
      "another middleware has this name",
    ],
    ["a name of ours", [{ name: "PlanExecuteStep", ...hook }], "another middleware has this name"],
    ["neither hook nor tool", [{ name: "A" }], "neither a hook nor a tool"],
    ["a hook that is none", [{ name: "A", wrapToolCall: "x" }], "wrapToolCall must be a function"],
    [
      "a jump to nowhere",
      [{ name: "A", afterModel: { hook: () => undefined, canJumpTo: ["start"] } }],
      "to jump to",
    ],
    [
      "private state",
      [{ name: "A", ...hook, stateSchema: z.object({ _a: z.number().default(1) }) }],
      "is private",
    ],
    [
      "state without a value",
      [{ name: "A", ...hook, stateSchema: z.object({ a: z.number() }) }],
      "no value to begin",
    ],
    [
      "state with a reducer",
      [
        {
          name: "A",
          ...hook,
          stateSchema: new StateSchema({
            a: new ReducedValue(z.number().default(0), { reducer: (one: number, two: number) => one + two }),
          }),
        },
      ],
      "it is no plain zod type",
    ],
    ["one that interrupts", [humanInTheLoopMiddleware({ interruptOn: {} })], "use approval.tools"],
    ["a tool of the agent's", [{ name: "A", tools: [echo] }], "is the name of one of the agent's own tools"],
  ])("%s", (_name, middleware, message) => {
    const options = { tools: [echo], executor: { middleware: middleware as never } };
    expect(() => plannedAgent([], options)).toThrow(message);
  });
});

test("a summary that the role's own model writes is counted once", async () => {
  const agentScript: Script = (messages) =>
    messages.filter((one) => one.getType() === "tool").length < 2
      ? [{ name: "echo", args: { value: 1 } }]
      : "done";
  const own = scriptedByRole({ agent: agentScript, answer: "a summary" });
  const { agent } = plannedAgent(
    [{ id: "1", description: "look" }],
    {
      tools: [echo],
      executor: {
        model: own,
        middleware: [
          summarizationMiddleware({ model: own, trigger: { messages: 5 }, keep: { messages: 4 } }),
        ],
      },
    },
    { planner: planCall([{ id: "1", description: "look" }]) },
  );
  const { usage } = await agent.invoke({ input: "go" });
  expect(own.count()).toBe(4);
  expect(usage.byStep).toMatchObject({ 1: { calls: 4, inputTokens: 40 } });
});
