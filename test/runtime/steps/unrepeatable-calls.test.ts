// Calls of tools that must not be called twice, over a run that is cut off in the middle of one.
import { tool } from "@langchain/core/tools";
import { InMemoryStore, MemorySaver } from "@langchain/langgraph";
import { expect, test } from "vitest";
import { z } from "zod";
import { plannedAgent } from "../../support/agent-run.js";
import { createDeferred } from "../../support/deferred.js";

const thread = { configurable: { thread_id: "1" } };

/** A tool as MCP adapters make it. Its first call never ends. */
function createTool(annotations: Record<string, unknown>) {
  const begun = createDeferred();
  let calls = 0;
  const charge = tool(
    async () => {
      calls += 1;
      if (calls === 1) {
        begun.resolve();
        await new Promise(() => {});
      }
      return ["charged", []];
    },
    {
      name: "charge",
      description: "charges",
      schema: z.object({}),
      responseFormat: "content_and_artifact",
      metadata: { annotations },
    },
  );
  return { charge, begun, calls: () => calls };
}

/** Cuts a run off in the middle of its call, and goes on with it. */
async function goOnAfterCut(annotations: Record<string, unknown>, store?: InMemoryStore) {
  const { charge, begun, calls } = createTool(annotations);
  const options = { tools: [charge], store, checkpointer: new MemorySaver(), replanner: { maxReplans: 0 } };
  const start = () => plannedAgent([{ id: "1", tool: "charge", args: {} }], options).agent;
  const controller = new AbortController();
  const running = start().invoke("go", { ...thread, signal: controller.signal });
  await begun.promise;
  controller.abort(new Error("cut off"));
  await running.catch(() => {});
  const run = await start().invoke(null, thread);
  return { run, calls: calls(), again: () => start().invoke("go", thread), kept: () => calls() };
}

test("a call that must not be made twice fails with what is not known, and its tool is not called", async () => {
  const store = new InMemoryStore();
  const { run, calls, again, kept } = await goOnAfterCut({}, store);
  expect(calls).toBe(1);
  expect(run.pastSteps[0]).toMatchObject({
    status: "failed",
    error: { code: "OUTCOME_UNKNOWN", message: expect.stringMatching(/cut off/) },
  });
  expect((await again()).pastSteps[0]?.status).toBe("done");
  expect(kept()).toBe(2);
  const entries = await store.search([], { limit: 100 });
  expect(entries.filter(({ value }) => value.begun === true)).toEqual([]);
});

test.each([
  ["is idempotent", { idempotentHint: true }, new InMemoryStore()],
  ["only reads", { readOnlyHint: true }, new InMemoryStore()],
  ["says nothing, and there is no store to note its calls in", {}, undefined],
])("the call of a tool that %s is made again", async (_what, annotations, store) => {
  const { run, calls } = await goOnAfterCut(annotations, store);
  expect(calls).toBe(2);
  expect(run.pastSteps[0]?.status).toBe("done");
});
