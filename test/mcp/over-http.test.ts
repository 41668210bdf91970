import { once } from "node:events";
import { MemorySaver } from "@langchain/langgraph";
import { expect, test } from "vitest";
import { byId } from "../support/agent-run.js";
import { createServerJournal, servedAgent, startSmallServer } from "./small-server.js";

const say = (id: string, words: string) => ({ id, tool: "small__say", args: { words } });

test("a server over streamable HTTP gets our headers, and its outputs are the same", async () => {
  const journal = createServerJournal();
  const { url } = await startSmallServer(journal);
  const { agent } = servedAgent(
    [
      { id: "1", tool: "small__weather", args: { city: "Oslo" } },
      say("2", "{{1.degrees}} degrees"),
      { id: "3", tool: "small__picture", args: {} },
    ],
    { mcp: { small: { url, headers: { Authorization: "Bearer 1" } } } },
  );
  const { pastSteps } = await agent.invoke("go");
  expect(byId(pastSteps)).toMatchObject({
    2: { output: "said 21 degrees" },
    3: { output: ["a dot", { type: "image", bytes: 70 }, { type: "file" }, { type: "file" }] },
  });
  const requests = journal.lines().filter((line) => line.startsWith("http POST"));
  expect(new Set(requests)).toEqual(new Set(["http POST Bearer 1"]));
});

test("a server that has forgotten our session gets the request again in a new one", async () => {
  const journal = createServerJournal();
  const { url, child } = await startSmallServer(journal);
  const { agent } = servedAgent([say("1", "x")], { mcp: { small: { url } } });
  await agent.invoke("go");
  child.send("forget");
  await journal.until("forgot");
  expect((await agent.invoke("go")).pastSteps[0]?.output).toBe("said x");
});

test("a server that is killed in the middle of a call is a failed step, not one that waits for ever", async () => {
  const journal = createServerJournal();
  const { url, child } = await startSmallServer(journal);
  const { agent } = servedAgent([{ id: "1", tool: "small__slow", args: {} }], {
    mcp: { small: { url } },
    executor: { retry: { maxAttempts: 1 } },
  });
  const running = agent.invoke("go");
  await journal.until("slow begins");
  child.kill("SIGKILL");
  await once(child, "exit");
  const { pastSteps } = await running;
  expect(pastSteps[0]?.error?.message).toMatch(/"small" broke the connection while it was at work/);
  await expect(agent.invoke("go")).resolves.toMatchObject({ pastSteps: [{ status: "failed" }] });
});

test("progress, cancelling and questions work over HTTP", async () => {
  const journal = createServerJournal();
  const { url } = await startSmallServer(journal);
  const { agent, eventsOf } = servedAgent(
    [
      { id: "1", tool: "small__slow", args: {} },
      { id: "2", tool: "small__ask_name", args: { why: "it" }, dependsOn: [] },
    ],
    {
      mcp: { small: { url } },
      executor: { stepTimeoutMs: 1_000, retry: { maxAttempts: 1 } },
      checkpointer: new MemorySaver(),
    },
  );
  const run = await agent.invoke("go", { configurable: { thread_id: "1" } });
  await journal.until("slow cancelled");
  expect(eventsOf("tool.progress").map(({ progress }) => progress)).toEqual([1, 2]);
  expect(run.status).toBe("waiting");
});

test("an address where nobody is says so at once, without the address", async () => {
  const { agent } = servedAgent([], { mcp: { small: { url: "http://127.0.0.1:9/mcp?token=secret" } } });
  const error = await agent.invoke("go").catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({
    code: "CONNECT_FAILED",
    message: expect.stringContaining("could not be reached"),
  });
  expect(String(error)).not.toContain("secret");
});
