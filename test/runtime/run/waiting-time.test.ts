import { MemorySaver } from "@langchain/langgraph";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { journalTool, plannedAgent } from "../../support/agent-run.js";
import { approve, decide, isWaiting } from "../../support/approval.js";
import { createJournal } from "../../support/deferred.js";

const config = { configurable: { thread_id: "1" } };
const HOUR_MS = 3_600_000;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"] });
});
afterEach(() => {
  vi.useRealTimers();
});

test("the time in which a person decides does not count against the turn's limit", async () => {
  const journal = createJournal();
  const { agent } = plannedAgent([{ id: "1", tool: "charge", args: { who: "ann" }, dependsOn: [] }], {
    tools: [journalTool(journal)],
    approval: { tools: { charge: true } },
    limits: { maxDurationMs: HOUR_MS },
    checkpointer: new MemorySaver(),
  });
  const asked = await agent.invoke({ input: "go" }, config);
  expect(isWaiting(asked)).toBe(true);
  vi.setSystemTime(Date.now() + 24 * HOUR_MS);
  const output = await agent.invoke(decide(approve), config);
  expect(output.status).toBe("done");
  const { values } = await agent.getState(config);
  expect(values.waitedMs).toBeGreaterThanOrEqual(24 * HOUR_MS);
});
