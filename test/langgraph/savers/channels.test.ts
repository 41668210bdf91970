import { Command, interrupt, MemorySaver, task } from "@langchain/langgraph";
import { SCHEDULED, TASKS, WRITES_IDX_MAP } from "@langchain/langgraph-checkpoint";
import { describe, expect } from "vitest";
import { ANSWERED, OWN_INDEXES, RETURNED, SENT_TASKS } from "../../../src/langgraph/index.js";
import { oneNode, thread } from "../graphs.js";
import { checkTouch } from "../touch.js";

/** A saver that knows the channels of each write. */
class Listening extends MemorySaver {
  readonly channels: string[][] = [];

  override async putWrites(...given: Parameters<MemorySaver["putWrites"]>): Promise<void> {
    this.channels.push(given[1].map(([channel]) => String(channel)));
    await super.putWrites(...given);
  }
}

describe("the channels that LangGraph writes for itself", () => {
  const places = {
    of: "@langchain/langgraph",
    breaks: "In SQLite files an answer or an error is kept twice, or replaces what a step returned.",
  } as const;

  checkTouch(places, "have the places that the SQLite saver keeps them at", () => {
    expect(Object.fromEntries(OWN_INDEXES)).toEqual(WRITES_IDX_MAP);
    expect(OWN_INDEXES.has(SCHEDULED)).toBe(true);
    expect(SENT_TASKS).toBe(TASKS);
  });

  const writes = {
    of: "@langchain/langgraph",
    breaks:
      "When a database fails, the results of steps that ended later are lost and done again, and whoever answered is told " +
      "that a result is missing.",
  } as const;

  checkTouch(writes, "are written alone: what a task returned, and what a person answered", async () => {
    const saver = new Listening();
    const work = task("work", async () => "result");
    const graph = oneNode(async () => ({ input: `${await work()} ${interrupt("sure?")}` }), saver);
    await graph.invoke({ input: "go" }, thread);
    await graph.invoke(new Command({ resume: "yes" }), thread);
    expect(saver.channels).toContainEqual([RETURNED]);
    expect(saver.channels).toContainEqual([ANSWERED]);
  });
});
