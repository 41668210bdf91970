import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Annotation, MemorySaver, START, StateGraph } from "@langchain/langgraph";
import { afterAll, describe, expect, it, test } from "vitest";
import {
  createCheckpointer,
  createPlanExecuteAgent,
  createStore,
  OptionsError,
  withThreadLock,
} from "../../src/index.js";
import { journalTool, plannedAgent } from "../support/agent-run.js";
import { createJournal } from "../support/deferred.js";

const folder = mkdtempSync(join(tmpdir(), "plan-execute-passed-"));
afterAll(() => rmSync(folder, { recursive: true }));

const config = { configurable: { thread_id: "1" } };

describe.each(["memory:", `sqlite:${join(folder, "threads.db")}`])("what opens from %s", (url) => {
  it("is itself the agent's checkpointer and store, and can still be taken apart", async () => {
    const [checkpointer, store] = [await createCheckpointer(url), await createStore(url)];
    const { agent } = plannedAgent([{ id: "a", tool: "charge", args: { who: "Ann" } }], {
      tools: [journalTool(createJournal())],
      checkpointer,
      store,
    });
    expect((await agent.invoke({ input: "go" }, config)).status).toBe("done");
    expect((await agent.getState(config)).values.status).toBe("done");
    expect(await store.search([])).not.toEqual([]);
    expect(checkpointer.checkpointer).toBe(checkpointer);
    expect(store.store).toBe(store);
    await store.close();
    await checkpointer.close();
  });

  it("is a checkpointer for any graph", async () => {
    const checkpointer = await createCheckpointer(url);
    const graph = new StateGraph(Annotation.Root({ count: Annotation<number> }))
      .addNode("add", ({ count }) => ({ count: count + 1 }))
      .addEdge(START, "add")
      .compile({ checkpointer });
    await graph.invoke({ count: 1 }, { configurable: { thread_id: "2" } });
    expect((await graph.getState({ configurable: { thread_id: "2" } })).values).toEqual({ count: 2 });
    await checkpointer.close();
  });
});

const url = "postgres://olga:secret@localhost/threads";

test.each([
  [
    "a URL for a checkpointer",
    { checkpointer: url },
    "checkpointer: is a text; open a URL first: await createCheckpointer(url)",
  ],
  ["a URL for a store", { store: url }, "store: is a text; open a URL first: await createStore(url)"],
  [
    "an open that nobody waited for",
    { checkpointer: createCheckpointer("memory:") },
    "wait for it: await createCheckpointer(url)",
  ],
  ["a store for a checkpointer", { checkpointer: {} }, "checkpointer: must be a checkpointer"],
  ["a checkpointer for a store", { store: new MemorySaver() }, "store: must be a store"],
])("%s is refused with what to write, and no password is shown", (_what, options, words) => {
  const build = () => Reflect.apply(createPlanExecuteAgent, undefined, [options]);
  expect(build).toThrow(OptionsError);
  expect(build).toThrow(words);
  expect(build).not.toThrow("secret");
});

test("a checkpointer that cannot lock threads is refused in words", async () => {
  const locked = Reflect.apply(withThreadLock, undefined, [new MemorySaver(), "1", async () => 1]);
  await expect(locked).rejects.toMatchObject({ code: "INVALID_OPTIONS" });
  await expect(locked).rejects.toThrow("await createCheckpointer(url)");
});
