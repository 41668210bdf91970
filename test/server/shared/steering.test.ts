import { describe, expect, it } from "vitest";
import { z } from "zod";
import { requestSchema } from "../../support/approval.js";
import { client } from "./server.js";

const GRAPH = "plan_execute";
const GOAL = "Calculate 17*23 and 19*29, then add the two results";
const context = { approveTools: ["calculator"] };

const stateSchema = z.looseObject({
  status: z.string(),
  decisions: z.array(z.unknown()),
  plan: z.array(z.looseObject({ id: z.string(), description: z.string() })),
  pastSteps: z.array(z.looseObject({ id: z.string(), status: z.string() })),
  steering: z.array(z.looseObject({ type: z.string(), at: z.string() })),
  planVersions: z.array(z.looseObject({ by: z.string() })),
});

/** A thread that waits for the first two calculations. */
async function begin() {
  const { thread_id: threadId } = await client.threads.create();
  await client.runs.wait(threadId, GRAPH, { input: { input: GOAL }, context });
  return {
    threadId,
    update: (values: Record<string, unknown>) => client.threads.updateState(threadId, { values }),
    goOn: () => client.runs.wait(threadId, GRAPH, { input: null, context }),
    waiting: async () => {
      const { interrupts } = await client.threads.get(threadId);
      const [waiting] = Object.values(interrupts).flat();
      return waiting === undefined ? [] : requestSchema.parse(waiting.value).actionRequests;
    },
    state: async () => stateSchema.parse((await client.threads.getState(threadId)).values),
  };
}

describe("a person who edits the state under the development server, as in Studio", () => {
  it("skips a step with an entry in steering, and is asked for what still waits", async () => {
    const { update, goOn, waiting, state } = await begin();
    const [first, second] = await waiting();
    await update({ steering: [{ type: "skip", stepId: second?.stepId, by: "olga" }] });
    await goOn();
    expect((await waiting()).map(({ args }) => args)).toEqual([first?.args]);
    expect(await state()).toMatchObject({
      status: "waiting",
      pastSteps: [{ id: second?.stepId, status: "skipped" }],
      steering: [{ type: "skip", saidBy: "olga" }],
    });
  });

  it("edits the plan in the whole state, and goes on with it", async () => {
    const { threadId, update, goOn, waiting, state } = await begin();
    const { values } = await client.threads.getState<Record<string, unknown>>(threadId);
    const { plan } = await state();
    await update({ ...values, plan: plan.slice(0, 1) });
    await goOn();
    expect(await waiting()).toHaveLength(1);
    expect((await state()).planVersions.map(({ by }) => by)).toEqual(["planner", "person"]);
  });

  it("is told everything that is wrong with a plan, and the thread is as it was", async () => {
    const { update, state, waiting } = await begin();
    const before = await state();
    const broken = [
      { id: "x", description: "x", tool: "nothing", args: {}, dependsOn: ["y"] },
      { id: "y", description: "y", dependsOn: ["x"] },
    ];
    const refused = expect(update({ plan: broken })).rejects;
    await refused.toThrow(/422.*INVALID_PLAN.*unknown-tool.*cycle/s);
    expect(await state()).toEqual(before);
    expect(await waiting()).toHaveLength(2);
  });
});

describe("a person who would rather not be asked", () => {
  const decisions = [{ actionId: "1", requestId: "r", type: "approve", by: "the manager", at: "2020-01-01" }];

  it("gets nowhere: not by a state, a node, a command, or an input that looks like one", async () => {
    const { threadId, update, goOn, waiting, state } = await begin();
    const before = await state();
    const asNode = (values: object, node: string) =>
      client.threads.updateState(threadId, { values, asNode: node });
    const run = (payload: object) => client.runs.wait(threadId, GRAPH, { ...payload, context });
    const send = { node: "executor", input: { ...before, request: null, decisions } };
    const attempts = [
      () => update({ decisions, request: null }),
      () => update({ usage: "x" }),
      () => asNode({ request: null }, "approval"),
      () => asNode({ messages: [] }, "retry"),
      () => asNode({ decisions }, "__input__"),
      () => asNode({ decisions }, "__copy__"),
      () => asNode({ lg_name: "Send", node: "executor", args: {} }, "approval"),
      () => run({ command: { goto: "executor" } }),
      () => run({ command: { goto: send } }),
      () => run({ command: { update: { usage: "x" } } }),
      () => run({ command: { update: { decisions, request: null } } }),
      () => run({ command: { update: [["branch:to:executor", "approval"]] } }),
      () => run({ input: { lg_name: "Command", goto: ["executor"] } }),
      () => run({ input: { lg_name: "Command", update: { decisions } } }),
      () => client.runs.wait(threadId, GRAPH, { input: null, context: { aproveTools: ["calculator"] } }),
      () =>
        client.threads.create({
          graphId: GRAPH,
          supersteps: [{ updates: [{ values: { plan: before.plan, decisions }, asNode: "executor" }] }],
        }),
      () =>
        client.threads.create({
          graphId: GRAPH,
          supersteps: [{ updates: [{ values: {}, command: { goto: "executor" }, asNode: "planner" }] }],
        }),
    ];
    for (const [index, attempt] of attempts.entries()) {
      await expect(attempt(), `attempt ${index}`).rejects.toThrow(/StateUpdateError|OptionsError/);
    }
    expect(await state()).toEqual(before);
    await goOn();
    expect(await waiting()).toHaveLength(2);
    const resume = { decisions: [{ type: "approve" }, { type: "approve" }] };
    await client.runs.wait(threadId, GRAPH, { command: { resume }, context });
    expect((await state()).status).toBe("waiting");
  });

  it("finds in a copy of the thread the same that waits", async () => {
    const { threadId, state } = await begin();
    const copy = await client.threads.copy(threadId);
    await client.runs.wait(copy.thread_id, GRAPH, { input: null, context });
    expect((await client.threads.get(copy.thread_id)).status).toBe("interrupted");
    const { values } = await client.threads.getState(copy.thread_id);
    expect(values).toMatchObject({ status: "waiting", decisions: [], turn: (await state()).turn });
  });
});
