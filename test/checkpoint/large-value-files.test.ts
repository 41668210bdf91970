import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MemorySaver } from "@langchain/langgraph";
import { SqliteSaver } from "@langchain/langgraph-checkpoint-sqlite";
import { afterAll, afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  createCheckpointer,
  createEncryptedSerializer,
  type OpenCheckpointer,
} from "../../src/checkpoint/index.js";
import { bundleProgram } from "../support/program-file.js";
import {
  largeValues,
  query,
  raw,
  sizeOf,
  ThreadFixture,
  toText,
  unneededLargeValues,
} from "./large-values.js";

const folder = mkdtempSync(join(tmpdir(), "plan-execute-large-files-"));
const threadAt = { configurable: { thread_id: "1", checkpoint_ns: "" } };
const key = () => ({ id: "2026", key: randomBytes(32) });
let files = 0;
let path: string;
let opened: OpenCheckpointer[];

beforeEach(() => {
  files += 1;
  path = join(folder, `${files}.db`);
  opened = [];
});
afterEach(() => Promise.all(opened.map(({ close }) => close())));
afterAll(() => rmSync(folder, { recursive: true }));

/** Opens the file, beside whoever has it open already. */
async function open(serializer?: OpenCheckpointer["checkpointer"]["serde"]): Promise<OpenCheckpointer> {
  const one = await createCheckpointer(`sqlite:${path}`, serializer && { serializer });
  opened.push(one);
  return one;
}

/** Something that happens the next time that a value is written or read, and only then. */
function interruptedSerializer() {
  const { serde } = new MemorySaver();
  const next: { write?: () => Promise<unknown>; read?: () => Promise<unknown> } = {};
  const happen = async (when: "write" | "read") => {
    const event = next[when];
    delete next[when];
    await event?.();
  };
  const serializer: typeof serde = {
    async dumpsTyped(value) {
      const dumped = await serde.dumpsTyped(value);
      await happen("write");
      return dumped;
    },
    async loadsTyped(type, data) {
      await happen("read");
      return serde.loadsTyped(type, data);
    },
  };
  return { serializer, next };
}

const processes: ChildProcess[] = [];
afterEach(() => {
  for (const child of processes.splice(0)) {
    child.kill("SIGKILL");
  }
});

const writer = bundleProgram(new URL("./fixtures/large-value-writer.ts", import.meta.url));

/** A process that has opened the file and begins when it is told. */
async function startWriter(what: "die" | "trim") {
  const args = [writer, `sqlite:${path}`, what];
  const child = spawn(process.execPath, args, { stdio: ["pipe", "pipe", "inherit"] });
  processes.push(child);
  await once(child.stdout, "data");
  const ended = once(child, "exit");
  return { begin: () => child.stdin.write("go\n"), ended };
}

describe("a file with large values", () => {
  it("holds neither a value nor a row of a write in whose middle the process was killed", async () => {
    const before = new ThreadFixture(await open());
    await before.put({ text: toText("old") });
    const writer = await startWriter("die");
    writer.begin();
    expect(await writer.ended).toEqual([null, "SIGKILL"]);
    const after = await open();
    expect(largeValues(after)).toHaveLength(1);
    expect(query(after, "select 1 from checkpoints")).toHaveLength(1);
    expect((await new ThreadFixture(after).channels()).text).toBe(toText("old"));
  });

  it("stays whole while two processes write to one thread and trim it", async () => {
    const writers = [await startWriter("trim"), await startWriter("trim")];
    for (const { begin } of writers) {
      begin();
    }
    expect(await Promise.all(writers.map(({ ended }) => ended))).toEqual([
      [0, null],
      [0, null],
    ]);
    const after = await open();
    expect(unneededLargeValues(after)).toEqual([]);
    expect((await new ThreadFixture(after).channels()).round).toBe(149);
  });

  it("gets a value anew that another process removed after it was found there", async () => {
    const { serializer, next } = interruptedSerializer();
    const [writer, other] = [await open(serializer), await open()];
    const thread = new ThreadFixture(writer);
    const deep = { list: [toText("a"), { records: Array.from({ length: 300 }, (_, id) => ({ id })) }] };
    await thread.put(deep);
    next.write = () => other.checkpointer.deleteThread("1");
    await thread.put(deep);
    expect(next.write).toBeUndefined();
    expect(await new ThreadFixture(other).channels()).toEqual(deep);

    const kept = await thread.read();
    next.write = () => other.checkpointer.deleteThread("1");
    await writer.checkpointer.putWrites(kept.config, [["a", deep]], "task");
    expect(next.write).toBeUndefined();
    expect(unneededLargeValues(other)).toEqual([]);
  });

  it("is read once more where a state was removed while it was read", async () => {
    const { serializer, next } = interruptedSerializer();
    const [reader, other] = [await open(serializer), await open()];
    const thread = new ThreadFixture(other);
    const replace = (text: string) => async () => {
      const { configurable } = await thread.put({ text });
      await other.retention.removeBefore("1", "", String(configurable?.checkpoint_id));
    };
    await thread.put({ text: toText("a") });
    next.read = replace(toText("b"));
    expect((await new ThreadFixture(reader).channels()).text).toBe(toText("b"));

    next.read = replace(toText("c"));
    const listed = [];
    for await (const { checkpoint } of reader.checkpointer.list(threadAt)) {
      listed.push(checkpoint);
    }
    expect(listed).toEqual([]);
    next.read = () => other.checkpointer.deleteThread("1");
    expect(await reader.checkpointer.getTuple(threadAt)).toBeUndefined();
  });

  it("says so where a value is missing", async () => {
    const one = await open();
    const thread = new ThreadFixture(one);
    await thread.put({ list: [toText("a"), toText("b")] });
    const [first] = largeValues(one).filter(({ ids }) => ids.length === 0);
    const { db: database } = SqliteSaver.fromConnString(path);
    database.prepare("delete from plan_execute_large_values where id = ?").run(first?.id);
    database.close();
    const missing = { code: "VALUE_MISSING", message: expect.stringContaining('thread "1"') };
    await expect(thread.read()).rejects.toMatchObject(missing);
    await expect(one.checkpointer.list(threadAt).next()).rejects.toMatchObject(missing);
  });

  it("is gone on with where LangGraph's own saver wrote it, which sees ids in what came later", async () => {
    const plain = SqliteSaver.fromConnString(path);
    const old = { text: toText("old"), list: [1] };
    const kept = await new ThreadFixture({ checkpointer: plain }).put(old);
    await plain.putWrites(kept, [["text", toText("written")]], "task");
    const ours = await open();
    const thread = new ThreadFixture(ours);
    const { checkpoint, pendingWrites } = await thread.read();
    expect(checkpoint.channel_values).toEqual(old);
    expect(pendingWrites).toEqual([["task", "text", toText("written")]]);
    await thread.put({ text: toText("old"), list: [2] });
    expect(largeValues(ours)).toHaveLength(1);

    const seen = await new ThreadFixture({ checkpointer: plain }).channels();
    expect(seen.list).toEqual([2]);
    expect(JSON.stringify(seen.text)).toContain("langgraph-plan-execute/large-values");
    const { channel_values } = (await new ThreadFixture({ checkpointer: plain }).read()).checkpoint;
    await new ThreadFixture({ checkpointer: plain }).put({ ...channel_values, text: toText("plain") });
    expect(await thread.channels()).toEqual({ list: [2], text: toText("plain") });

    await plain.deleteThread("1");
    expect(unneededLargeValues(ours)).toHaveLength(1);
    await ours.checkpointer.deleteThread("1");
    expect(largeValues(ours)).toEqual([]);
    plain.db.close();
  });

  it("names a value alike in all processes that can read its secret", async () => {
    const both = await Promise.all([open(), open()]);
    for (const one of [...both, await open()]) {
      await new ThreadFixture(one).put({ text: toText("a") });
    }
    expect(largeValues(both[0])).toHaveLength(1);
  });

  it("gets another secret where the one that is there cannot be read, or stands there for everybody to read", async () => {
    const [first, second] = [key(), { ...key(), id: "2027" }];
    const serializers = [
      undefined,
      createEncryptedSerializer({ keys: [first], acceptPlaintext: true }),
      createEncryptedSerializer({ keys: [second, first], acceptPlaintext: true }),
      createEncryptedSerializer({ keys: [second] }),
    ];
    const counts: number[] = [];
    for (const serializer of serializers) {
      const one = await open(serializer);
      await new ThreadFixture(one).put({ text: toText("zebra") });
      expect((await new ThreadFixture(one).channels()).text).toBe(toText("zebra"));
      counts.push(largeValues(one).length);
    }
    expect(counts).toEqual([1, 2, 2, 3]);
  });

  it("shows nothing of the values, nor of the secret, where they are encrypted", async () => {
    const one = await open(createEncryptedSerializer({ keys: [key()] }));
    const records = Array.from({ length: 300 }, (_, id) => ({ id, animal: `zebra ${id}` }));
    await new ThreadFixture(one).put({ text: toText("zebra"), list: [records] });
    expect(raw(one)).not.toContain("zebra");
    expect(query(one, "select type from plan_execute_secret")).toEqual([{ type: "encrypted" }]);
    expect(await new ThreadFixture(one).channels()).toEqual({ text: toText("zebra"), list: [records] });
  });

  it("takes up little more than the values, once for all states of them", async () => {
    const one = await open();
    const outputs = Array.from({ length: 10 }, (_, step) => ({
      id: step,
      output: toText(`output ${step}`, 100_000),
    }));
    const thread = new ThreadFixture(one);
    await thread.put({});
    for (const each of outputs) {
      await thread.putWrites(`task ${each.id}`, [["__return__", { result: each }]]);
    }
    for (let state = 0; state < 10; state += 1) {
      await thread.put({ pastSteps: outputs.slice(0, state + 1) });
    }
    await one.close();
    expect(sizeOf(path)).toBeLessThan(1.2 * JSON.stringify(outputs).length);
  });
});
