import { MemorySaver } from "@langchain/langgraph";
import { expect, test } from "vitest";
import { readThread } from "../../src/cli/asking/pending-request.js";
import { chargingAgent, echo, plannedAgent } from "../support/agent-run.js";
import { answer } from "../support/approval.js";

test("a thread is open where its process died with a node's writes stored and not committed", async () => {
  const checkpointer = new MemorySaver();
  const put = checkpointer.put.bind(checkpointer);
  checkpointer.put = async (config, checkpoint, metadata) => {
    if (checkpoint.channel_values.turn) {
      throw new Error("the process has died");
    }
    return put(config, checkpoint, metadata);
  };
  const steps = [{ id: "a", tool: "echo", args: { value: 1 } }];
  const { agent } = plannedAgent(steps, { tools: [echo], checkpointer });
  const config = { configurable: { thread_id: "1" } };
  const { status, outcome } = await agent.invoke({ input: "go" }, config);
  expect([status, outcome?.reason]).toEqual(["failed", expect.stringContaining("the process has died")]);

  expect((await agent.getState(config)).next).toEqual([]);
  expect((await readThread(agent, "1")).isOpen).toBe(true);
});

test("a request whose answer was refused has the actions that it had, because the terminal shows the reason itself", async () => {
  const { agent } = chargingAgent([{ id: "1", tool: "charge", args: { who: "ann" } }]);
  const config = { configurable: { thread_id: "1" } };
  await agent.invoke({ input: "go" }, config);
  const { request } = await readThread(agent, "1");
  await agent.invoke(answer("perhaps"), config);
  const again = await readThread(agent, "1");
  expect(again.request?.error).toContain("cannot be read");
  expect(again.request?.actionRequests).toEqual(request?.actionRequests);
});
