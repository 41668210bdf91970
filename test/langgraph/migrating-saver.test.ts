import { Annotation, type BaseCheckpointSaver, MemorySaver, START, StateGraph } from "@langchain/langgraph";
import { describe, expect, it } from "vitest";
import { type CheckpointMigration, lendMigrating, withMigration } from "../../src/langgraph/index.js";
import { checkTouch } from "./touch.js";

const thread = { configurable: { thread_id: "1" } };

/** Version 1 had `first` and `last` of a name; version 2 has `name`. */
const migration: CheckpointMigration = {
  made: ["name", "version"],
  gone: ["first", "last"],
  isOutdated: ({ version }) => version === 1,
  migrateState: ({ first, last, version: _, ...others }) => ({ ...others, name: [first, last], version: 2 }),
  migrateWrites: (written, before) => ({
    name: [written.first ?? before.first, written.last ?? before.last],
  }),
};

type Put = Parameters<BaseCheckpointSaver["put"]>;

/** A saver whose process can die before it writes a checkpoint. */
class WholeSaver extends MemorySaver {
  isDead = (_values: Record<string, unknown>) => false;

  override async put(config: Put[0], checkpoint: Put[1], metadata: Put[2], _newVersions?: Put[3]) {
    if (this.isDead(checkpoint.channel_values)) {
      throw new Error("the process has died");
    }
    return super.put(config, checkpoint, metadata);
  }
}

/** As PostgreSQL's saver: a channel is stored only where it is named as new, and read by its version. */
class ChannelSaver extends WholeSaver {
  readonly #blobs = new Map<string, unknown>();

  override async put(config: Put[0], checkpoint: Put[1], metadata: Put[2], newVersions?: Put[3]) {
    const next = await super.put(config, checkpoint, metadata);
    for (const [channel, version] of Object.entries(newVersions ?? {})) {
      const key = `${channel} ${version}`;
      if (!this.#blobs.has(key)) {
        this.#blobs.set(key, checkpoint.channel_values[channel]);
      }
    }
    return next;
  }

  override async getTuple(config: Parameters<MemorySaver["getTuple"]>[0]) {
    const tuple = await super.getTuple(config);
    if (tuple === undefined) {
      return undefined;
    }
    const values = Object.entries(tuple.checkpoint.channel_versions)
      .map(([channel, version]) => [channel, this.#blobs.get(`${channel} ${version}`)] as const)
      .filter(([, value]) => value !== undefined);
    const checkpoint = { ...tuple.checkpoint, channel_values: Object.fromEntries(values) };
    return { ...tuple, checkpoint };
  }
}

function oldGraph(saver: MemorySaver) {
  const state = Annotation.Root({
    first: Annotation<string>,
    last: Annotation<string>,
    count: Annotation<number>,
    version: Annotation<number>,
  });
  return new StateGraph(state)
    .addNode("greet", () => ({ last: "Doe" }))
    .addEdge(START, "greet")
    .compile({ checkpointer: saver });
}

function newGraph(saver: MemorySaver) {
  const state = Annotation.Root({
    name: Annotation<string[]>,
    count: Annotation<number>,
    version: Annotation<number>,
  });
  return new StateGraph(state)
    .addNode("greet", ({ count }) => ({ count: count + 1 }))
    .addEdge(START, "greet")
    .compile({ checkpointer: withMigration(saver, migration) });
}

describe.each([
  ["whole checkpoints", () => new WholeSaver()],
  ["each channel by itself", () => new ChannelSaver()],
])("with a saver that keeps %s", (_, createSaver) => {
  it("an old state has the shape of today, again and again, and runs that go on from it keep all of it", async () => {
    const saver = createSaver();
    await oldGraph(saver).invoke({ first: "Ann", count: 1, version: 1 }, thread);
    const today = { name: ["Ann", "Doe"], count: 1, version: 2 };
    expect((await newGraph(saver).getState(thread)).values).toEqual(today);
    expect((await newGraph(saver).getState(thread)).values).toEqual(today);
    // What is updated here is none of what the migration makes.
    expect(await newGraph(saver).invoke({ count: 5 }, thread)).toEqual({ ...today, count: 6 });
    expect((await newGraph(saver).getState(thread)).values).toEqual({ ...today, count: 6 });
    await newGraph(saver).updateState(thread, { count: 9 });
    expect((await newGraph(saver).getState(thread)).values).toEqual({ ...today, count: 9 });
    await newGraph(saver).updateState(thread, { name: ["Bob"] });
    expect((await newGraph(saver).getState(thread)).values).toEqual({ ...today, count: 9, name: ["Bob"] });
  });

  it("an update from outside of an old state keeps all of it", async () => {
    const saver = createSaver();
    await oldGraph(saver).invoke({ first: "Ann", count: 1, version: 1 }, thread);
    await newGraph(saver).updateState(thread, { count: 2 });
    const { values } = await newGraph(saver).getState(thread);
    expect(values).toEqual({ name: ["Ann", "Doe"], count: 2, version: 2 });
  });

  it("what a task wrote to an old state and was not committed has the shape of today", async () => {
    const saver = createSaver();
    saver.isDead = ({ last }) => last !== undefined;
    const old = oldGraph(saver);
    await expect(old.invoke({ first: "Ann", count: 1, version: 1 }, thread)).rejects.toThrow("has died");
    saver.isDead = () => false;
    const { values, next } = await newGraph(saver).getState(thread);
    expect([values, next]).toEqual([{ name: ["Ann", "Doe"], count: 1, version: 2 }, []]);
    // The task is not done again: it would count.
    expect(await newGraph(saver).invoke(null, thread)).toEqual({
      name: ["Ann", "Doe"],
      count: 1,
      version: 2,
    });
    expect((await newGraph(saver).getState(thread)).values).toEqual(values);
  });
});

it("the history shows old states in the shape of today, too", async () => {
  const saver = new MemorySaver();
  await oldGraph(saver).invoke({ first: "Ann", count: 1, version: 1 }, thread);
  const names = [];
  for await (const { values } of newGraph(saver).getStateHistory(thread)) {
    names.push(values.name);
  }
  expect(names).toEqual([["Ann", "Doe"], ["Ann", undefined], undefined]);
});

it("what is of today is left as it is, and a saver that migrates is not wrapped again", async () => {
  const saver = withMigration(new MemorySaver(), migration);
  expect(withMigration(saver, migration)).toBe(saver);
  const graph = newGraph(new MemorySaver());
  await graph.invoke({ name: ["Ann"], count: 1, version: 3 }, thread);
  expect((await graph.getState(thread)).values).toEqual({ name: ["Ann"], count: 2, version: 3 });
});

const touch = {
  of: "@langchain/langgraph",
  breaks: "Whoever looks at a thread of an older version, or updates it, finds most of its state gone.",
} as const;

checkTouch(touch, "getState reads through the checkpointer that its config lends", async () => {
  const saver = new MemorySaver();
  const Old = Annotation.Root({
    first: Annotation<string>,
    last: Annotation<string>,
    version: Annotation<number>,
  });
  const old = new StateGraph(Old)
    .addNode("node", async () => ({ version: 1 }))
    .addEdge(START, "node")
    .compile({ checkpointer: saver });
  await old.invoke({ first: "Ada", last: "Lovelace", version: 1 }, thread);
  const New = Annotation.Root({ name: Annotation<string[]>, version: Annotation<number> });
  const graph = new StateGraph(New)
    .addNode("node", async () => ({}))
    .addEdge(START, "node")
    .compile({ checkpointer: saver });
  expect((await graph.getState(lendMigrating(thread, saver, migration))).values).toEqual({
    name: ["Ada", "Lovelace"],
    version: 2,
  });
});
