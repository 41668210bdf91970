import { MemorySaver } from "@langchain/langgraph";
import { expect, test } from "vitest";
import { echo, plannedAgent } from "../support/agent-run.js";
import { createDeferred, createJournal } from "../support/deferred.js";

const steps = [{ id: "a", tool: "echo", args: { value: 1 } }];

test("no step begins before the checkpoint that has its plan is stored", async () => {
  const journal = createJournal();
  const stored = createDeferred();
  const checkpointer = new MemorySaver();
  const put = checkpointer.put.bind(checkpointer);
  checkpointer.put = async (config, checkpoint, metadata) => {
    if (checkpoint.channel_values.turn) {
      journal.add("plan is being stored");
      await stored.promise;
      journal.add("plan is stored");
    }
    return put(config, checkpoint, metadata);
  };
  const { agent } = plannedAgent(steps, {
    tools: [echo],
    checkpointer,
    onEvent: ({ type }) => journal.add(type),
  });
  const run = agent.invoke({ input: "go" }, { configurable: { thread_id: "1" } });
  await journal.seen("plan is being stored");
  await new Promise((resolve) => setImmediate(resolve));
  expect(journal.count("step.started")).toBe(0);
  stored.resolve();
  await run;
  expect(journal.entries.indexOf("plan is stored")).toBeLessThan(journal.entries.indexOf("step.started"));
});
