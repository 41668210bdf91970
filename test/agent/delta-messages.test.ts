import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createCheckpointer } from "../../src/checkpoint/index.js";
import { echo, plannedAgent } from "../support/agent-run.js";

test("with experimental.deltaMessages a thread has the same conversation, also when it is opened anew", async () => {
  const folder = await mkdtemp(join(tmpdir(), "plan-execute-delta-"));
  const config = { configurable: { thread_id: "1" } };
  const conversations: Record<string, string[]> = {};
  const bytes: Record<string, number> = {};
  for (const deltaMessages of [false, true]) {
    const url = `sqlite:${join(folder, `${deltaMessages}.db`)}`;
    for (let turn = 1; turn <= 6; turn += 1) {
      const { checkpointer, close } = await createCheckpointer(url);
      const step = { id: "1", description: "say it", tool: "echo", args: { value: turn } };
      const { agent } = plannedAgent(
        [step],
        { tools: [echo], checkpointer, experimental: { deltaMessages } },
        { replanner: `answer ${turn}` },
      );
      const { messages } = await agent.invoke({ input: `turn ${turn}` }, config);
      expect(messages.map(({ text }) => text).slice(-3)).toEqual([
        `turn ${turn}`,
        "**Plan**\n\n1. ~~say it~~",
        `answer ${turn}`,
      ]);
      conversations[String(deltaMessages)] = messages.map(({ text }) => text);
      const tuple = await checkpointer.getTuple(config);
      bytes[String(deltaMessages)] = JSON.stringify(tuple?.checkpoint).length;
      await close();
    }
  }
  expect(conversations.true).toHaveLength(18);
  expect(conversations.true).toEqual(conversations.false);
  expect(bytes.true).toBeLessThan(bytes.false ?? 0);
  await rm(folder, { recursive: true });
});
