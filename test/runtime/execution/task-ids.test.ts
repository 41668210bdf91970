import { type BaseCheckpointSaver, MemorySaver } from "@langchain/langgraph";
import { uuid5 } from "@langchain/langgraph-checkpoint";
import { expect, test } from "vitest";
import { echo, plannedAgent } from "../../support/agent-run.js";

/** What a database shows of a write, however its values are encrypted. */
interface ShownWrite {
  readonly checkpointId: string;
  readonly taskId: string;
  readonly channel: string;
}

/** A saver in memory that logs what a database would show. */
class ShowingSaver extends MemorySaver {
  readonly shown: ShownWrite[] = [];

  override async putWrites(...given: Parameters<BaseCheckpointSaver["putWrites"]>) {
    const [{ configurable }, writes, taskId] = given;
    for (const [channel] of writes) {
      this.shown.push({ checkpointId: configurable?.checkpoint_id, taskId, channel });
    }
    return super.putWrites(...given);
  }
}

test("a guess at a step's id cannot be checked with the ids of tasks", async () => {
  const saver = new ShowingSaver();
  const ids = ["pin-4711", "b", "c"];
  const steps = ids.map((id) => ({ id, tool: "echo", args: { value: id } }));
  const { agent } = plannedAgent(steps, { tools: [echo], checkpointer: saver });
  await agent.invoke({ input: "go" }, { configurable: { thread_id: "1" } });
  const results = saver.shown.filter(({ channel }) => channel === "__return__");
  expect(results).toHaveLength(ids.length);
  const nodes = saver.shown.filter(({ channel }) => channel === "pastSteps").map(({ taskId }) => taskId);
  const guesses = ids.flatMap((id) =>
    nodes.flatMap((node) =>
      Array.from({ length: 1_000 }, (_, index) => {
        const name = `step:${id}`;
        const path = ["__pregel_pull", "executor"];
        const [superstep, place] = [Math.floor(index / 100), index % 100];
        const made = [`executor:${node}|${name}`, `${superstep}`, name, "__pregel_push", path, place];
        return JSON.stringify(made);
      }),
    ),
  );
  for (const { checkpointId, taskId } of results) {
    expect(guesses.filter((guess) => uuid5(guess, checkpointId) === taskId)).toEqual([]);
  }
});
