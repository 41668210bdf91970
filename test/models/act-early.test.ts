import { AIMessageChunk } from "@langchain/core/messages";
import { ChatGenerationChunk } from "@langchain/core/outputs";
import { describe, expect, it } from "vitest";
import type { PlanExecuteOptions } from "../../src/agent/index.js";
import { PlanStream } from "../../src/runtime/planning/asking/plan-stream.js";
import { planReply } from "../support/openai-server.js";
import { finish, look, setUp, thread } from "./early-agent.js";

const chain = planReply(
  [
    look("1", "a"),
    look("2", "b after {{1}}"),
    { id: "3", tool: "post", args: { name: "c after {{2}}" } },
    look("4", "late"),
  ],
  "3",
);

describe("while the plan is still being written", () => {
  it("read-only steps run whose references are done; the executor takes their results as its own", async () => {
    const { agent, journal, pieces, written, events } = await setUp(chain);
    const run = agent.invoke({ input: "go" }, thread);
    await pieces.seen("held");
    await journal.seen("b after saw a");
    expect(journal.entries).toEqual(["a", "b after saw a"]);
    expect(events.filter(({ type }) => type.startsWith("step."))).toEqual([]);
    const { status, response } = await finish(run, written);
    expect([status, response]).toEqual(["done", "saw c after saw b after saw a"]);
    expect([...journal.entries].sort()).toEqual(["a", "b after saw a", "c after saw b after saw a", "late"]);
    const { values } = await agent.getState(thread);
    expect(values.pastSteps).toMatchObject([
      { id: "1", status: "done", output: "saw a", attempts: 1, args: { name: "a" } },
      { id: "2", status: "done", output: "saw b after saw a", attempts: 1 },
      { id: "3", status: "done" },
      { id: "4", status: "done" },
    ]);
  });

  it("steps in the shortest form run as well, their ids being their places", async () => {
    const short = planReply(
      [{ look: { name: "a" } }, { look: { name: "b after {{1}}" } }, { look: { name: "late" } }],
      "2",
    );
    const { agent, journal, pieces, written } = await setUp(short);
    const run = agent.invoke({ input: "go" }, thread);
    await pieces.seen("held");
    await journal.seen("b after saw a");
    expect(journal.entries).toEqual(["a", "b after saw a"]);
    expect((await finish(run, written)).response).toBe("saw b after saw a");
    expect(journal.entries).toEqual(["a", "b after saw a", "late"]);
  });

  it.each<[string, PlanExecuteOptions]>([
    ["where the switch is off", { planner: { actEarly: false } }],
    ["where plans wait for a person", { approval: { plan: () => false } }],
    ["where the tool waits for a person", { approval: { tools: { look: true } } }],
    ["where steps run one at a time", { executor: { order: "sequential" } }],
  ])("nothing runs %s", async (_where, options) => {
    const { agent, journal, pieces, written } = await setUp(chain, options);
    const run = agent.invoke({ input: "go" }, thread);
    await pieces.seen("held");
    for (let turns = 0; turns < 20; turns += 1) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(journal.entries).toEqual([]);
    await finish(run, written);
  });

  it("nothing runs of a step that changes something, has a condition, is for each item, or refers to what is not known", async () => {
    const steps = [
      { id: "1", tool: "post", args: { name: "posted" } },
      { id: "2", tool: "look", args: { name: "conditional" }, if: "{{1}}" },
      { id: "3", tool: "look", args: { name: "{{item}}" }, forEach: "{{1}}" },
      { id: "4", tool: "look", args: { name: "needs {{5}}" } },
      { id: "5", tool: "look", args: { name: "free" } },
    ];
    const { agent, journal, pieces, written } = await setUp(planReply(steps), { holdAt: 0.99 });
    const run = agent.invoke({ input: "go" }, thread);
    await pieces.seen("held");
    await journal.seen("needs saw free");
    expect(journal.entries).toEqual(["free", "needs saw free"]);
    await finish(run, written);
  });

  it("what was started for a plan that turns out invalid is ended, and the mended plan runs anew", async () => {
    const broken = planReply([
      look("1", "slow"),
      look("2", "x"),
      { id: "3", tool: "nothing", args: {} },
      look("4", "never"),
    ]);
    const { agent, journal, pieces, written } = await setUp(broken, { hangs: "slow", holdAt: 0.4 }, [
      planReply([look("1", "other")], "1"),
    ]);
    const run = agent.invoke({ input: "go" }, thread);
    await pieces.seen("held");
    await journal.seen("slow");
    const { response } = await finish(run, written);
    expect(response).toBe("saw other");
    expect(journal.entries).toContain("slow aborted");
    expect(journal.entries).not.toContain("never");
    expect(journal.count("other")).toBe(1);
  });

  it("a call that is still under way is waited for, not made again, and counts against the concurrency", async () => {
    const { agent, journal, pieces, written, hanging } = await setUp(
      planReply([look("1", "slow"), { id: "2", tool: "post", args: { name: "posted" }, dependsOn: [] }], "1"),
      { hangs: "slow", holdAt: 0.9, executor: { concurrency: 1 } },
    );
    const run = agent.invoke({ input: "go" }, thread);
    await pieces.seen("held");
    await journal.seen("slow");
    written.resolve();
    for (let turns = 0; turns < 50; turns += 1) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(journal.entries).toEqual(["slow"]);
    hanging.resolve("at last");
    expect((await run).response).toBe("at last");
    expect(journal.entries).toEqual(["slow", "posted"]);
  });

  it.each(["while the plan is written", "while the executor waits for it"])(
    "the caller's abort ends it at once, %s, and the step runs again when the thread goes on",
    async (when) => {
      const { agent, journal, keys, pieces, written, hanging } = await setUp(
        planReply([look("1", "slow"), look("2", "quick")], "1"),
        { hangs: "slow", holdAt: 0.9 },
        [planReply([look("1", "slow"), look("2", "quick")], "1")],
      );
      const abort = new AbortController();
      const run = agent.invoke({ input: "go" }, { ...thread, signal: abort.signal });
      await pieces.seen("held");
      await journal.seen("slow");
      if (when !== "while the plan is written") {
        written.resolve();
        await expect
          .poll(async () => (await agent.getState(thread)).next, { interval: 5 })
          .toEqual(["executor"]);
      }
      abort.abort();
      await expect(run).rejects.toThrow();
      await journal.seen("slow aborted");
      written.resolve();
      hanging.resolve("at last");
      expect((await agent.invoke(null, thread)).response).toBe("at last");
      expect(journal.count("slow")).toBe(2);
      // The turn has the id that it had, though its first planning was lost: so have the calls their keys.
      expect(new Set(keys).size).toBe(2);
    },
  );

  it("an answer in words ends nothing and starts nothing", async () => {
    const { agent, journal, pieces, written } = await setUp({ text: "just an answer in many words" });
    const run = agent.invoke({ input: "go" }, thread);
    await pieces.seen("held");
    expect((await finish(run, written)).response).toBe("just an answer in many words");
    expect(journal.entries).toEqual([]);
  });
});

it("a piece of a plan that is no text is left alone, without a word", () => {
  const pieces: string[] = [];
  const stream = new PlanStream([{ read: (piece) => pieces.push(piece) }]);
  const chunk = (args: unknown) => {
    const message = new AIMessageChunk({ content: "", tool_call_chunks: [{ name: "plan", index: 0 }] });
    Reflect.set(message.tool_call_chunks?.[0] ?? {}, "args", args);
    return new ChatGenerationChunk({ text: "", message });
  };
  for (const args of ['{"steps"', { toString: null }, 5, undefined, ":[]}"]) {
    stream.handleLLMNewToken("", { prompt: 0, completion: 0 }, "", undefined, undefined, {
      chunk: chunk(args),
    });
  }
  expect(pieces).toEqual(['{"steps"', ":[]}"]);
});
