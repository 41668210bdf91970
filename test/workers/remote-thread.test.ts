// A worker on a server, which is played here: what is counted of it, and that it is waited for and cancelled.
import { MemorySaver } from "@langchain/langgraph";
import { expect, test, vi } from "vitest";
import type { PlanExecuteOptions } from "../../src/agent/index.js";
import { steer } from "../../src/index.js";
import { plannedAgent } from "../support/agent-run.js";
import { createDeferred, createJournal } from "../support/deferred.js";
import { workerStep } from "../support/worker-agents.js";

const thread = { configurable: { thread_id: "1" } };
const said = (id: string, tokens: number) => ({
  id,
  type: "ai",
  content: id,
  usage_metadata: { input_tokens: tokens, output_tokens: 1, total_tokens: tokens + 1 },
  response_metadata: { model_name: "far" },
});

/** A remote graph that gives these states, one after the other. */
function playedRemote(states: readonly object[], before: Promise<void> = Promise.resolve()) {
  const journal = createJournal();
  const configs: { configurable: Record<string, unknown> }[] = [];
  let values: object | undefined;
  let status = "running";
  const runs = {
    list: async () => (journal.count("run") === 0 ? [] : [{ run_id: "r", status }]),
    join: vi.fn(async () => {
      status = "success";
    }),
    cancel: vi.fn(async () => {
      status = "interrupted";
      journal.add("cancelled");
    }),
  };
  const agent = {
    graphId: "far",
    client: { runs },
    async *stream(_input: unknown, config: { configurable: Record<string, unknown> }) {
      configs.push(config);
      journal.add("run");
      await before;
      for (const state of states) {
        values = state;
        yield ["values", state];
      }
      status = "success";
    },
    async getState() {
      if (values === undefined) {
        throw Object.assign(new Error("no such thread"), { status: 404 });
      }
      return { values, tasks: [], next: [], config: {}, createdAt: "2026-01-01" };
    },
  };
  return { agent, journal, runs, configs };
}

function agentWith(agent: NonNullable<PlanExecuteOptions["workers"]>[string]["agent"], options: object = {}) {
  return plannedAgent([workerStep("1", "far")], {
    replanner: { maxReplans: 0 },
    checkpointer: new MemorySaver(),
    workers: { far: { description: "far away", agent } },
    ...options,
  });
}

test("what its messages tell of model calls is counted once, under the step", async () => {
  const { agent: far, configs } = playedRemote([
    { messages: [said("one", 10)] },
    { messages: [said("one", 10), said("two", 20)] },
  ]);
  const { agent } = agentWith(far, { prices: { far: { inputPerMillion: 1_000_000, outputPerMillion: 0 } } });
  const secret = { configurable: { ...thread.configurable, token: "a user's" } };
  const { usage, pastSteps } = await agent.invoke({ input: "go" }, secret);
  expect(pastSteps).toMatchObject([{ status: "done", output: "two" }]);
  expect(usage.byStep["1"]).toMatchObject({ calls: 2, inputTokens: 30, outputTokens: 2, costUsd: 30 });
  expect(configs[0]?.configurable).toEqual({
    thread_id: expect.stringMatching(/^[\da-f]{8}-[\da-f]{4}-5[\da-f]{3}-a[\da-f]{3}-[\da-f]{12}$/),
    plan_execute_depth: 1,
  });
});

test("what an agent of ours tells of its usage is counted as it grows, and a limit ends the step", async () => {
  const usage = (calls: number) => ({
    usage: { byModel: { far: { calls, inputTokens: calls * 10, outputTokens: calls } } },
    messages: [{ type: "ai", content: "done" }],
  });
  const counted = agentWith(playedRemote([usage(1), usage(3)]).agent);
  expect((await counted.agent.invoke({ input: "go" }, thread)).usage.byStep["1"]).toMatchObject({
    calls: 3,
    inputTokens: 30,
    outputTokens: 3,
  });
  const limited = agentWith(playedRemote([usage(1), usage(3)]).agent, { limits: { maxModelCalls: 3 } });
  const { outcome } = await limited.agent.invoke({ input: "go" }, thread);
  expect(outcome?.reason).toContain("maxModelCalls");
});

test("a cancelled step cancels its run on the server", async () => {
  const gate = createDeferred();
  const { agent: far, journal, runs } = playedRemote([], gate.promise);
  const { agent } = agentWith(far);
  const run = agent.invoke({ input: "go" }, thread);
  await journal.seen("run");
  await steer(agent, "1", { type: "cancel", stepId: "1" });
  expect((await run).pastSteps).toMatchObject([{ status: "rejected" }]);
  await journal.seen("cancelled");
  expect(runs.cancel).toHaveBeenCalledWith(expect.any(String), "r");
  gate.resolve();
});

test("a run on the server that outlived ours is waited for, and not begun again", async () => {
  const controller = new AbortController();
  const gate = createDeferred();
  const played = playedRemote([{ messages: [said("late", 1)] }], gate.promise);
  played.runs.cancel.mockImplementation(async () => {});
  const { agent } = agentWith(played.agent);
  const run = agent.invoke({ input: "go" }, { ...thread, signal: controller.signal });
  await played.journal.seen("run");
  controller.abort(new Error("killed"));
  await expect(run).rejects.toThrow("killed");
  played.runs.join.mockImplementation(async () => {
    gate.resolve();
    await vi.waitFor(async () => expect(await played.agent.getState()).toBeDefined());
  });
  const { pastSteps } = await agent.invoke(null, thread);
  expect(pastSteps).toMatchObject([{ status: "done", output: "late" }]);
  expect(played.journal.count("run")).toBe(1);
});
