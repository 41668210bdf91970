import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deserialize, serialize } from "node:v8";
import { AIMessage, HumanMessage, ToolMessage } from "@langchain/core/messages";
import { MemorySaver } from "@langchain/langgraph";
import fc from "fast-check";
import { afterAll, afterEach, beforeEach, describe, expect, it } from "vitest";
import { createCheckpointer, type OpenCheckpointer } from "../../src/checkpoint/index.js";
import { largeValues, query, raw, ThreadFixture, toText } from "./large-values.js";

const folder = mkdtempSync(join(tmpdir(), "plan-execute-large-"));
const records = Array.from({ length: 200 }, (_, id) => ({ id, name: `record ${id}`, tags: ["a", "b"] }));
let files = 0;
let opened: OpenCheckpointer;
let thread: ThreadFixture;

beforeEach(async () => {
  files += 1;
  opened = await createCheckpointer(`sqlite:${join(folder, `${files}.db`)}`);
  thread = new ThreadFixture(opened);
});
afterEach(() => opened.close());
afterAll(() => rmSync(folder, { recursive: true }));

/** What LangGraph's serializer makes of a value and gives back. */
async function throughSerializer(value: unknown): Promise<unknown> {
  const { serde } = new MemorySaver();
  return serde.loadsTyped(...(await serde.dumpsTyped(value)));
}

/** One that keeps what JSON does not. */
const structuredSerializer = {
  async dumpsTyped(value: unknown): Promise<[string, Uint8Array]> {
    return ["v8", Buffer.from(serialize(value).toString("base64"))];
  },
  async loadsTyped(_type: string, data: Uint8Array | string): Promise<unknown> {
    return deserialize(Buffer.from(Buffer.from(data).toString(), "base64"));
  },
};

describe("large values in SQLite", () => {
  it("are kept once, whatever states and writes they are in", async () => {
    const output = { text: toText("quetzal"), records };
    await thread.put({ input: "go" });
    await thread.putWrites("task", [["__return__", { stepId: "a", result: { output } }]]);
    await thread.putWrites("executor", [["pastSteps", [{ status: "done", output, id: "a" }]]]);
    await thread.put({ pastSteps: [{ id: "a", status: "done", output: structuredClone(output) }] });
    await thread.put({ pastSteps: [{ id: "a", status: "done", output }], response: output.text });
    expect((await thread.channels()).response).toBe(output.text);
    for (const part of ["record 77", "quetzal 77"]) {
      expect(raw(opened).split(part)).toHaveLength(2);
    }
  });

  it("are shared within a thread and not between two", async () => {
    const other = new ThreadFixture(opened, "2");
    for (const one of [thread, other]) {
      await one.put({ text: toText("a") });
    }
    await thread.put({ list: [toText("a")] });
    expect(largeValues(opened)).toHaveLength(2);
    expect(new Set(largeValues(opened).map(({ id }) => id)).size).toBe(2);
  });

  it("come back as they were, and so does what looks like their ids or their form", async () => {
    const text = toText("a");
    await thread.put({ text });
    const [row] = query(opened, "select json(cast(checkpoint as text)) as state from checkpoints");
    const stored = JSON.parse(String(Reflect.get(Object(row), "state"))).channel_values.text;
    const id: unknown = stored.value;
    expect(stored).not.toBe(text);
    const alike = {
      form: stored,
      id,
      formInList: [stored, { deep: stored, text }],
      broken: { ...stored, "langgraph-plan-execute/large-values": "none" },
      largeForm: { ...stored, value: text },
    };
    await thread.put(alike);
    expect(await thread.channels()).toEqual(alike);
    await thread.putWrites("task", Object.entries(alike));
    const { pendingWrites } = await thread.read();
    expect(pendingWrites?.map(([, channel, value]) => [channel, value])).toEqual(Object.entries(alike));
  });

  it("come back as the serializer alone would give them back, whatever is in them", async () => {
    const long = toText("b");
    class Money {
      constructor(readonly amount: string) {}
      toJSON() {
        return { amount: this.amount };
      }
    }
    class LikeMessage {
      constructor(readonly content: string) {}
      _getType() {
        return "human";
      }
    }
    const odd = {
      surrogates: `${long}\ud800`,
      otherSurrogate: `${long}\ud801`,
      undefinedInside: [
        { a: undefined, long },
        { long },
        { list: [undefined, ...records] },
        [null, ...records],
      ],
      numbers: [Number.NaN, Number.POSITIVE_INFINITY, -0, 0, ...records],
      zeros: [
        [0, ...records],
        [-0, ...records],
      ],
      classes: [
        new Money(long),
        new LikeMessage(long),
        new Date(0),
        new Set([long]),
        new Map([["a", { long }]]),
        /x/g,
        long,
      ],
      bytes: { data: new Uint8Array([1, 2, 3]), long },
      error: [new Error(long)],
      withToJson: { toJSON: () => "short", long },
      keys: { "": long, "a.b": [long], constructor: long, length: [{ "0": long }] },
      serialized: { lc: 1, type: "not one of theirs", long },
      empty: [[], {}, "", null],
      nullPrototype: Object.assign(Object.create(null), { long }),
      messages: [
        new HumanMessage({ content: long, id: "1" }),
        new AIMessage({ content: "", tool_calls: [{ id: "c", name: "t", args: { long } }] }),
        new ToolMessage({ content: [{ type: "text", text: long }], tool_call_id: "c", artifact: { long } }),
        new HumanMessage("short"),
      ],
    };
    await thread.put(odd);
    const channels = await thread.channels();
    expect(channels).toStrictEqual(await throughSerializer(odd));
    expect(channels.messages).toMatchObject([
      expect.any(HumanMessage),
      expect.any(AIMessage),
      expect.any(ToolMessage),
      expect.any(HumanMessage),
    ]);
  });

  it("are told apart by all that a serializer of one's own gives back", async () => {
    await opened.close();
    opened = await createCheckpointer("sqlite::memory:", { serializer: structuredSerializer });
    const channels = {
      zero: [0, ...records],
      negativeZero: [-0, ...records],
      nothing: [null, ...records],
      noNumber: [Number.NaN, ...records],
      undefined: [undefined, ...records],
      text: [new Date(0).toJSON(), ...records],
      date: [new Date(0), ...records],
      set: [new Set(records), ...records],
    };
    const kept = new ThreadFixture(opened);
    await kept.put(channels);
    expect(await kept.channels()).toStrictEqual(channels);
  });

  it("are left where they stand in a value that refers to itself", async () => {
    const value: Record<string, unknown> = { text: toText("a"), list: records };
    value.self = value;
    await thread.put({ value });
    expect(await thread.channels()).toStrictEqual(await throughSerializer({ value }));
  });

  it("come back out of any JSON", async () => {
    const leaf = fc.oneof(
      fc.string(),
      fc.constantFrom(toText("a"), toText("b")),
      fc.integer(),
      fc.constant(null),
    );
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof({ maxDepth: 5 }, leaf, fc.array(tie("tree")), fc.dictionary(fc.string(), tie("tree"))),
    }));
    await fc.assert(
      fc.asyncProperty(fc.array(tree, { maxLength: 5 }), async (values) => {
        const channels = Object.fromEntries(values.map((value, index) => [`channel ${index}`, value]));
        await thread.put(channels);
        expect(await thread.channels()).toStrictEqual(await throughSerializer(channels));
      }),
      { numRuns: 100 },
    );
  });

  it("are what they were when they were given, though somebody changes them since", async () => {
    const list = structuredClone(records);
    const kept = thread.put({ list });
    list.pop();
    await kept;
    expect((await thread.channels()).list).toHaveLength(200);
    await thread.put({ list });
    expect((await thread.channels()).list).toHaveLength(199);
  });

  it("are two where they stand in two places, so that changing one changes no other", async () => {
    await thread.put({ a: records, b: [records] });
    const { a, b } = await thread.channels();
    if (!Array.isArray(a) || !Array.isArray(b)) {
      throw new Error("no lists");
    }
    a.pop();
    expect(b[0]).toHaveLength(200);
  });
});
