// A model may answer without end, whole or as a stream: what it says must neither fill the state nor be paid for.
import { AIMessage } from "@langchain/core/messages";
import { tool } from "@langchain/core/tools";
import { MemorySaver } from "@langchain/langgraph";
import { describe, expect, it, test } from "vitest";
import { z } from "zod";
import { createPlanExecuteAgent } from "../../src/agent/index.js";
import { byId, echo, plannedAgent } from "../support/agent-run.js";
import { createDeferred } from "../support/deferred.js";
import { planCall, ScriptedModel, scriptedByRole } from "../support/scripted-model.js";
import { EndlessModel } from "../support/streaming-model.js";

const LIMIT = 256_000;
/** One word of about this many characters that never repeats itself. */
const numbersTo = (characters: number) =>
  Array.from({ length: characters / 8 }, (_, at) => 1_000_000 + at).join("-");
const huge = numbersTo(2_000_000);
const cutMark = /… \[cut: stopped after \d+ characters; 250000 bytes are kept\]$/;
/** A model that does not stream. */
class WholeModel extends ScriptedModel {
  override readonly disableStreaming = true;

  override bindTools(): this {
    return this;
  }
}
/** The end of a text: a whole one would fill the report of a failure. */
const endOf = (text: unknown) => String(text).slice(-100);
const thread = { configurable: { thread_id: "1" } };
const sizeOf = (value: unknown) => Buffer.byteLength(JSON.stringify(value));

describe("an answer that comes whole", () => {
  it("is cut where it stands for the plan, and says so", async () => {
    const model = new WholeModel(() => huge);
    const agent = createPlanExecuteAgent({ model, tools: [echo], checkpointer: new MemorySaver() });
    const { response, status } = await agent.invoke({ input: "go" }, thread);
    expect(status).toBe("done");
    expect(endOf(response)).toMatch(/\d… \[cut: 249961 of 1999999 bytes kept\]$/);
    expect(Buffer.byteLength(response)).toBeLessThanOrEqual(LIMIT);
    expect(sizeOf((await agent.getState(thread)).values)).toBeLessThan(3 * LIMIT);
  });

  it("is cut as the closing answer, as an agent's output, and in what a replanner answers by a call", async () => {
    const steps = [
      { id: "1", description: "write much" },
      { id: "2", tool: "echo", args: { value: 1 } },
    ];
    const { agent } = plannedAgent(steps, { tools: [echo] }, { agent: huge, replanner: huge });
    const { response, pastSteps } = await agent.invoke({ input: "go" });
    const { output, truncated } = byId(pastSteps)["1"] ?? {};
    expect(truncated).toBe(true);
    for (const text of [response, output]) {
      expect(endOf(text)).toMatch(cutMark);
    }
    expect(sizeOf([response, pastSteps])).toBeLessThan(3 * LIMIT);
  });

  it("is refused where a call is nested without end, of whatever name, and the next one counts", async () => {
    const deep = Array.from({ length: 5_000 }).reduce<unknown>((inner) => [inner], 1);
    for (const name of ["plan", "echo", "respond"]) {
      const args = name === "respond" ? { answer: deep } : { deep };
      const call = new AIMessage({ content: "", tool_calls: [{ id: "1", name, args }] });
      const answers = [call, "It is done."];
      const model = new WholeModel(() => answers.shift() ?? "");
      const agent = createPlanExecuteAgent({ model, tools: [echo], checkpointer: new MemorySaver() });
      const { response, status } = await agent.invoke({ input: "go" }, thread);
      expect({ name, response, status }).toEqual({ name, response: "It is done.", status: "done" });
    }
  });

  it("loses what it has beside its words where that is too much", async () => {
    const answer = new AIMessage({
      content: [
        { type: "reasoning", reasoning: huge },
        { type: "text", text: "the answer" },
      ],
      additional_kwargs: { reasoning_content: huge },
    });
    const suspending = plannedAgent(
      [{ id: "1", description: "think" }],
      { tools: [echo], approval: { tools: { echo: true } }, checkpointer: new MemorySaver() },
      {
        agent: new AIMessage({
          content: [{ type: "reasoning", reasoning: huge }],
          tool_calls: [{ name: "echo", args: { value: 1 }, id: "1" }],
        }),
        replanner: answer,
      },
    );
    await suspending.agent.invoke({ input: "go" }, thread);
    const { values } = await suspending.agent.getState(thread);
    expect(values.suspended).toHaveLength(1);
    expect(sizeOf(values)).toBeLessThan(LIMIT);
  });

  it("is no plan, and no call, where the call is too much: the next model is asked, or the run says why it ends", async () => {
    const plan = planCall([{ tool: "echo", args: { value: huge } }]);
    const calls = plan.map((call) => ({ ...call, id: "1", type: "tool_call" as const }));
    for (const model of [
      new WholeModel(() => new AIMessage({ content: "", tool_calls: calls })),
      scriptedByRole({ planner: plan }),
    ]) {
      const failed = await createPlanExecuteAgent({ model, tools: [echo] }).invoke({ input: "go" });
      expect([failed.status, failed.outcome?.reason]).toEqual([
        "failed",
        expect.stringMatching(/longer than 250000/),
      ]);
    }
    const fallbacks = [scriptedByRole({ planner: "small" })];
    const { agent } = plannedAgent([], { tools: [echo], planner: { fallbacks } }, { planner: plan });
    expect((await agent.invoke({ input: "go" })).response).toBe("small");
  });

  it("calls no tool with half of its arguments", async () => {
    let calls = 0;
    const note = tool(() => String(++calls), {
      name: "note",
      description: "n",
      schema: z.object({ text: z.string() }),
    });
    let deep: unknown = 1;
    for (let depth = 0; depth < 200; depth += 1) {
      deep = [deep];
    }
    const long = numbersTo(100_000).replaceAll(/\d/g, (digit) => "零一二三四五六七八九"[Number(digit)] ?? "");
    for (const [code, args] of [
      ["MODEL_TOO_LONG", { text: huge }],
      ["MODEL_TOO_LONG", { text: long }],
      ["MODEL_UNREADABLE", { text: "x", deep }],
    ] as const) {
      const { agent } = plannedAgent(
        [
          { id: "1", description: "note it", tool: "note" },
          { id: "2", description: "note it too", dependsOn: [] },
        ],
        { tools: [note], replanner: { maxReplans: 0 } },
        { call: [{ name: "note", args }], agent: [{ name: "note", args }] },
      );
      const { pastSteps } = await agent.invoke({ input: "go" });
      expect(pastSteps.map(({ error }) => error?.code)).toEqual([code, code]);
      expect(sizeOf(pastSteps)).toBeLessThan(10_000);
    }
    expect(calls).toBe(0);
  });
});

describe("a stream without end", () => {
  const run = async (model: EndlessModel) => {
    const agent = createPlanExecuteAgent({ model, tools: [echo], checkpointer: new MemorySaver() });
    const tokens: unknown[] = [];
    for await (const part of await agent.stream({ input: "go" }, { ...thread, streamMode: "messages" })) {
      tokens.push(part);
    }
    return { tokens, values: (await agent.getState(thread)).values };
  };

  it("of words is left, and the answer is what came of it, under the id under which it was streamed", async () => {
    const model = new EndlessModel((number) => ({ content: `${`word${number} `.repeat(200)}\n` }));
    const { values, tokens } = await run(model);
    expect([values.status, endOf(values.response)]).toEqual(["done", expect.stringMatching(cutMark)]);
    expect(values.messages.at(-1)).toMatchObject({ id: "streamed", content: values.response });
    expect(sizeOf(values)).toBeLessThan(3 * LIMIT);
    expect(model.pieces).toBeLessThan(300);
    expect(tokens.length).toBeLessThan(310);
    expect(values.usage.outputTokens).toBeGreaterThan(60_000);
  });

  it.each([
    [
      "a call's arguments",
      { tool_call_chunks: [{ name: "plan", id: "1", index: 0, args: numbersTo(1_000) }] },
      300,
    ],
    ["reasoning", { additional_kwargs: { reasoning_content: numbersTo(10_000) } }, 900],
    [
      "blocks of reasoning",
      { content: [{ type: "reasoning", reasoning: numbersTo(10_000), index: 0 }] },
      900,
    ],
  ])("of %s is left, and the run says so", async (_kind, piece, most) => {
    const model = new EndlessModel(() => ({ content: "", ...piece }));
    const { values } = await run(model);
    expect(values).toMatchObject({
      status: "failed",
      outcome: { reason: expect.stringMatching(/longer than/) },
    });
    expect(sizeOf(values)).toBeLessThan(LIMIT);
    expect(model.pieces).toBeLessThan(most);
  });

  it("of words in an agent step ends the step with what came, and its tokens with it", async () => {
    const model = new EndlessModel((number) => ({ content: `word${number} `.repeat(200) }));
    const { agent, eventsOf } = plannedAgent([{ id: "1", description: "write" }], {
      tools: [echo],
      executor: { model, retry: { baseMs: 0, maxMs: 0 } },
    });
    const { pastSteps } = await agent.invoke({ input: "go" });
    expect(pastSteps).toMatchObject([{ status: "done", truncated: true }]);
    expect(sizeOf(pastSteps)).toBeLessThan(LIMIT + 1_000);
    expect(eventsOf("step.token").length).toBeLessThan(300);
  });
});

describe("a stream that only repeats itself", () => {
  it.each([
    ["line ends, after words", { content: "\n" }, 60],
    ["a short piece", { content: "| --- | --- " }, 400],
    [
      "blanks in a call",
      { content: "", tool_call_chunks: [{ name: "plan", id: "1", index: 0, args: "  \n" }] },
      400,
    ],
    ["a thought", { content: "", additional_kwargs: { reasoning_content: "Wait, but " } }, 400],
  ])("of %s is ended, and is no answer", async (_, piece, most) => {
    const model = new EndlessModel((number) => (number === 1 ? { content: "The answer is this:" } : piece));
    const agent = createPlanExecuteAgent({
      model,
      tools: [echo],
      executor: { retry: { baseMs: 0, maxMs: 0 } },
    });
    const { status, outcome, usage } = await agent.invoke({ input: "go" });
    expect(status).toBe("failed");
    expect(outcome?.reason).toMatch(/only repeated itself/);
    expect(model.pieces).toBeLessThan(most * 4);
    expect(usage.outputTokens).toBeGreaterThan(100);
  });

  it("after a call that was written as text is ended soon, and the call is made", async () => {
    const call = '```json\n{"name": "echo", "arguments": {"value": "out"}}\n```';
    const model = new EndlessModel((number) => ({ content: number === 1 ? call : "\n" }));
    const steps = [{ id: "1", description: "say out", tool: "echo" }];
    const { agent } = plannedAgent(steps, { tools: [echo], executor: { model } });
    expect(await agent.invoke({ input: "go" })).toMatchObject({
      pastSteps: [{ status: "done", output: "out" }],
      usage: { byRole: { executor: { calls: 1, failedCalls: 0 } } },
    });
    expect(model.pieces).toBeLessThan(60);
  });

  it("is told from a table with many equal rows", async () => {
    const rows = "| gadget | 12.50 | in stock |\n".repeat(60);
    const { agent } = plannedAgent([], { tools: [echo] }, { planner: `Here they are:\n${rows}` });
    expect((await agent.invoke({ input: "go" })).status).toBe("done");
  });
});

describe("many calls in one answer of an agent", () => {
  const many = (count: number) =>
    Array.from({ length: count }, (_, index) => ({ name: "wait", args: {}, id: `${index}` }));

  it("are refused beyond 64", async () => {
    const wait = tool(() => "done", { name: "wait", description: "w", schema: z.object({}) });
    const { agent } = plannedAgent(
      [{ id: "1", description: "wait" }],
      { tools: [wait], replanner: { maxReplans: 0 } },
      { agent: many(500) },
    );
    const [result] = (await agent.invoke({ input: "go" })).pastSteps;
    expect(result?.error).toMatchObject({
      code: "MODEL_TOO_LONG",
      message: expect.stringMatching(/500 times; 64/),
    });
  });

  it("run no more at once than the executor may", async () => {
    const letGo = createDeferred();
    const full = createDeferred();
    let atOnce = 0;
    let most = 0;
    const wait = tool(
      async () => {
        atOnce += 1;
        most = Math.max(most, atOnce);
        if (atOnce === 3) {
          full.resolve();
        }
        await letGo.promise;
        atOnce -= 1;
        return "done";
      },
      { name: "wait", description: "w", schema: z.object({}) },
    );
    const { agent } = plannedAgent(
      [{ id: "1", description: "wait" }],
      { tools: [wait], executor: { concurrency: 3 } },
      { agent: (messages) => (messages.at(-1)?.getType() === "tool" ? "waited" : many(20)) },
    );
    const run = agent.invoke({ input: "go" });
    await full.promise;
    letGo.resolve();
    expect((await run).pastSteps).toMatchObject([{ status: "done", output: "waited" }]);
    expect(most).toBe(3);
  });
});

test("an answer that the plan names is cut where writing it out makes it larger than the state keeps", async () => {
  let deep: unknown = Array.from({ length: 50_000 }, (_, index) => Math.floor(index / 7) % 10);
  for (let depth = 0; depth < 90; depth += 1) {
    deep = [deep];
  }
  const { agent } = plannedAgent(
    [],
    { tools: [echo] },
    { planner: planCall([{ id: "1", tool: "echo", args: { value: deep } }], "1") },
  );
  const { response } = await agent.invoke({ input: "go" });
  expect(endOf(response)).toMatch(/\[cut: \d+ of \d+ bytes kept\]$/);
  expect(Buffer.byteLength(response)).toBeLessThanOrEqual(LIMIT);
});

test("a provider's error is told to an end", async () => {
  const error = Object.assign(new Error(`500 ${huge}`), { status: 400 });
  const { agent } = plannedAgent([], {}, { planner: error });
  const run = await agent.invoke({ input: "go" });
  expect(run.outcome?.reason).toMatch(/\[cut: \d+ of \d+ bytes kept\]/);
  expect(sizeOf(run)).toBeLessThan(30_000);
});
