import { setTimeout as delay } from "node:timers/promises";
import type { StreamMode } from "@langchain/langgraph-sdk";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { client } from "./server.js";

const GRAPH = "plan_execute";
const GOAL = "Calculate 17*23 and 19*29, then add the two results";
/** A goal whose output is another each time that its step runs. */
const TIME = "What time is it now?";

const stateSchema = z.looseObject({
  response: z.string(),
  status: z.string(),
  turn: z.object({ id: z.string(), goal: z.string() }),
  messages: z.array(z.looseObject({ id: z.string(), type: z.string(), content: z.unknown() })),
  plan: z.array(z.looseObject({ id: z.string() })),
  pastSteps: z.array(
    z.looseObject({ id: z.string(), status: z.string(), output: z.unknown(), endedAt: z.string() }),
  ),
});
const tokenSchema = z.tuple([z.looseObject({ content: z.string(), id: z.string() })]).rest(z.unknown());

async function stateOf(thread: string) {
  return stateSchema.parse((await client.threads.getState(thread)).values);
}

async function runOn(input: string, context = {}): Promise<string> {
  const { thread_id } = await client.threads.create();
  await client.runs.wait(thread_id, GRAPH, { input: { input }, context });
  return thread_id;
}

describe("streams", () => {
  const modes: readonly StreamMode[] = [
    ...(["values", "updates", "messages", "messages-tuple", "custom"] as const),
    ...(["events", "debug", "tasks", "checkpoints"] as const),
  ];

  it.each(modes)("come in the mode %s", async (streamMode) => {
    const { thread_id } = await client.threads.create();
    const seen: { event: string; data: unknown }[] = [];
    const stream = client.runs.stream(thread_id, GRAPH, { input: { input: GOAL }, streamMode });
    for await (const { event, data } of stream) {
      seen.push({ event, data });
    }
    expect(seen.filter(({ event }) => event === "error")).toEqual([]);
    expect(seen.length).toBeGreaterThan(2);
    expect(JSON.stringify(seen)).toContain("942");
  });

  it("come in all modes at once, with the answer's tokens under the answer's id, and each only once", async () => {
    const { thread_id } = await client.threads.create();
    const tokens = new Map<string, string>();
    const stream = client.runs.stream(thread_id, GRAPH, {
      input: { input: GOAL },
      streamMode: ["values", "updates", "messages-tuple", "custom", "tasks", "checkpoints"],
      streamSubgraphs: true,
    });
    for await (const { event, data } of stream) {
      if (!event.startsWith("messages")) {
        continue;
      }
      const [{ id, content }] = tokenSchema.parse(data);
      tokens.set(id, (tokens.get(id) ?? "") + content);
    }
    const { messages, response } = await stateOf(thread_id);
    const answer = messages.at(-1);
    expect(answer).toMatchObject({ type: "ai", content: response });
    expect(tokens.get(answer?.id ?? "")).toBe(response);
  });

  it("can be joined while the run is under way", async () => {
    const { thread_id } = await client.threads.create();
    const { run_id } = await client.runs.create(thread_id, GRAPH, {
      input: { input: GOAL },
      streamMode: ["values", "custom"],
    });
    for await (const _ of client.runs.joinStream(thread_id, run_id)) {
    }
    expect((await stateOf(thread_id)).response).toContain("942");
  });
});

describe("threads", () => {
  it("keep every state, and what was done is not done again where one goes on from an earlier one", async () => {
    const thread = await runOn(TIME);
    const before = await stateOf(thread);
    const history = await client.threads.getHistory(thread, { limit: 20 });
    const done = history.find(({ values, next }) => {
      const state = stateSchema.partial().parse(values);
      return next.includes("replanner") && state.pastSteps?.length === before.pastSteps.length;
    });
    expect(done?.checkpoint.checkpoint_id).toEqual(expect.any(String));

    // A replay: the same, from there.
    await client.runs.wait(thread, GRAPH, {
      input: null,
      checkpointId: done?.checkpoint.checkpoint_id ?? "",
    });
    const replayed = await stateOf(thread);
    expect(replayed.pastSteps).toEqual(before.pastSteps);
    expect(replayed.status).toBe("done");

    // A fork: another state, from there.
    const { pastSteps } = before;
    const [first] = pastSteps;
    await client.threads.updateState(thread, {
      values: { steering: [{ type: "message", text: "and say it shortly" }] },
      checkpointId: done?.checkpoint.checkpoint_id ?? "",
    });
    await client.runs.wait(thread, GRAPH, { input: null });
    const forked = await stateOf(thread);
    expect(forked.pastSteps.find(({ id }) => id === first?.id)).toEqual(first);
    expect(forked.status).not.toBe("executing");
    const after = await client.threads.getHistory(thread, { limit: 50 });
    expect(after.length).toBeGreaterThan(history.length);
  });

  it("go back before the work, where its results are found again in the server's store", async () => {
    const thread = await runOn(TIME);
    const before = await stateOf(thread);
    const history = await client.threads.getHistory(thread, { limit: 20 });
    const planned = history.find(({ next }) => next.includes("executor"));
    await client.runs.wait(thread, GRAPH, {
      input: null,
      checkpointId: planned?.checkpoint.checkpoint_id ?? "",
    });
    const replayed = await stateOf(thread);
    expect(replayed.pastSteps.map(({ output }) => output)).toEqual(
      before.pastSteps.map(({ output }) => output),
    );
  });

  it("are copied with all that they hold", async () => {
    const thread = await runOn(GOAL);
    const copy = await client.threads.copy(thread);
    await client.runs.wait(copy.thread_id, GRAPH, { input: { input: "and twice that?" } });
    expect((await stateOf(copy.thread_id)).response).toContain("1884");
    expect((await stateOf(thread)).response).toContain("942");
  });
});

describe("assistants", () => {
  it("set models, limits, tools and approval by a context, in versions that can be gone back to", async () => {
    const { assistant_id, version } = await client.assistants.create({
      graphId: GRAPH,
      name: "careful",
      context: { model: "offline", approveTools: ["calculator"], tools: ["calculator"], maxModelCalls: 5 },
    });
    const { thread_id } = await client.threads.create();
    await client.runs.wait(thread_id, assistant_id, { input: { input: "Calculate 6*7" } });
    expect((await client.threads.get(thread_id)).status).toBe("interrupted");

    const updated = await client.assistants.update(assistant_id, { context: { tools: ["text_stats"] } });
    expect(updated.version).toBe(version + 1);
    const other = await client.threads.create();
    await client.runs.wait(other.thread_id, assistant_id, { input: { input: "Calculate 6*7" } });
    expect((await stateOf(other.thread_id)).pastSteps).toEqual([]);

    // The development server (1.5.0) goes back to a version's config, and forgets its context.
    await client.assistants.setLatest(assistant_id, version);
    expect((await client.assistants.get(assistant_id)).version).toBe(version);
    expect((await client.assistants.getVersions(assistant_id)).map((one) => one.version)).toContain(2);
    await client.assistants.delete(assistant_id);
  });

  it("that set what cannot be end their runs with an error that names it", async () => {
    const { assistant_id } = await client.assistants.create({
      graphId: GRAPH,
      context: { maxSteps: 0, tools: ["nothing"] },
    });
    const { thread_id } = await client.threads.create();
    const run = client.runs.wait(thread_id, assistant_id, { input: { input: "Calculate 6*7" } });
    await expect(run).rejects.toThrow(/maxSteps/);
  });
});

describe("runs", () => {
  it("end where they are cancelled, and the thread takes another goal", async () => {
    const { thread_id } = await client.threads.create();
    const { run_id } = await client.runs.create(thread_id, GRAPH, { input: { input: GOAL } });
    await client.runs.cancel(thread_id, run_id, true);
    await client.runs.wait(thread_id, GRAPH, { input: { input: "Calculate 6*7" } });
    expect(await stateOf(thread_id)).toMatchObject({ turn: { goal: "Calculate 6*7" }, status: "done" });
  });

  it("wait for each other on one thread, and each is answered", async () => {
    const { thread_id } = await client.threads.create();
    const goals = ["Calculate 6*7", "and twice that?", "and twice that?"];
    const runs = await Promise.all(
      goals.map(async (input, at) => {
        await delay(at * 30);
        return client.runs.create(thread_id, GRAPH, { input: { input }, multitaskStrategy: "enqueue" });
      }),
    );
    for (const { run_id } of runs) {
      await client.runs.join(thread_id, run_id);
    }
    const { messages, response } = await stateOf(thread_id);
    expect(response).toContain("168");
    expect(messages.filter(({ type }) => type === "human").map(({ content }) => content)).toEqual(goals);
  });

  it("refuse to begin on a busy thread where that is asked for", async () => {
    const { thread_id } = await client.threads.create();
    const first = await client.runs.create(thread_id, GRAPH, { input: { input: GOAL } });
    const second = client.runs.create(thread_id, GRAPH, {
      input: { input: GOAL },
      multitaskStrategy: "reject",
    });
    await expect(second).rejects.toThrow("422");
    await client.runs.join(thread_id, first.run_id);
    expect((await stateOf(thread_id)).response).toContain("942");
  });

  it("need no thread", async () => {
    const values = await client.runs.wait(null, GRAPH, { input: { input: GOAL } });
    expect(values).toMatchObject({ status: "done", response: expect.stringContaining("942") });
  });

  it("end right, 50 at the same time", async () => {
    const factors = Array.from({ length: 50 }, (_, at) => at + 2);
    const answers = await Promise.all(
      factors.map(async (factor) => {
        const thread = await runOn(`Calculate ${factor}*1001 and 7*${factor}, then add the two results`);
        return stateOf(thread);
      }),
    );
    for (const [at, { status, response, messages }] of answers.entries()) {
      expect(status).toBe("done");
      expect(response).toContain(String((at + 2) * 1008));
      expect(messages.filter(({ type }) => type === "human")).toHaveLength(1);
    }
  }, 120_000);
});

describe("the server's store", () => {
  it("is used by the agent, and open to clients", async () => {
    const thread = await runOn(GOAL);
    const { turn } = await stateOf(thread);
    const { namespaces } = await client.store.listNamespaces({ limit: 1000 });
    const journal = namespaces.find((labels) => labels.includes(turn.id));
    const { items } = await client.store.searchItems(journal ?? []);
    // Each step, and the secret that their names are made with.
    expect(items.map(({ value }) => Object.keys(value).toSorted().join())).toEqual(
      expect.arrayContaining([
        "effects,result,usage",
        "effects,result,usage",
        "effects,result,usage",
        "secret",
      ]),
    );
    expect(items).toHaveLength(4);
    await client.store.putItem(["mine"], "a", { value: 1 });
    expect((await client.store.getItem(["mine"], "a"))?.value).toEqual({ value: 1 });
  });
});
