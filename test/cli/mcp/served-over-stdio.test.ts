import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { expect, it, onTestFinished } from "vitest";
import { commandWords } from "../command-process.js";
import {
  call,
  callRun,
  connectStdio,
  GRAPH,
  goalOf,
  isAlive,
  journalOf,
  testFolder,
} from "./served-agent.js";

const hello = {
  protocolVersion: "2025-06-18",
  capabilities: {},
  clientInfo: { name: "raw", version: "1" },
};
const message = (id: number | undefined, method: string, params: object = {}) =>
  `${JSON.stringify({ jsonrpc: "2.0", id, method, params })}\n`;

it("goes on after a kill -9 in the middle, in a new server on the same database", async () => {
  const folder = testFolder();
  const journal = journalOf(folder);
  const goal = goalOf({ tool: "say", args: { words: "first" } }, { tool: "slow" });
  const first = await connectStdio(folder, [GRAPH]);
  const cut = callRun(first.client, "run", { goal }).catch(() => "cut");
  await journal.until("slow begins");
  process.kill(first.pid, "SIGKILL");
  expect(await cut).toBe("cut");
  journal.openGate();
  const { client } = await connectStdio(folder, [GRAPH]);
  const { structuredContent } = await call(client, "threads", {});
  const [{ threadId, status }] = Object(structuredContent).threads;
  expect(status).toBe("unfinished");
  expect(await callRun(client, "status", { threadId })).toMatchObject({
    status: "unfinished",
    goal,
    next: expect.stringContaining("resume"),
  });
  // The lock of a dead process goes after some seconds.
  let resumed = await call(client, "resume", { threadId });
  while (resumed.isError) {
    await new Promise((resolve) => setTimeout(resolve, 200));
    resumed = await call(client, "resume", { threadId });
  }
  expect(resumed.structuredContent).toMatchObject({ status: "done", answer: "first; slow is done" });
}, 120_000);

it.each(["the closed input", "SIGTERM", "SIGINT"])(
  "cuts its runs off and ends at %s, with nothing but the protocol on standard output",
  async (how) => {
    const folder = testFolder();
    const journal = journalOf(folder);
    const child = spawn(process.execPath, [...commandWords, "serve", "--mcp", GRAPH], {
      cwd: folder,
      env: { PATH: process.env.PATH },
      stdio: ["pipe", "pipe", "pipe"],
    });
    const output = text(child.stdout);
    const complaints = text(child.stderr);
    const ended = once(child, "exit");
    onTestFinished(() => {
      child.kill("SIGKILL");
    });
    child.stdin.write(message(1, "initialize", hello) + message(undefined, "notifications/initialized"));
    child.stdin.write("no JSON\n");
    const goal = goalOf({ tool: "noisy" }, { tool: "slow" });
    child.stdin.write(message(2, "tools/call", { name: "run", arguments: { goal } }));
    await journal.until("slow begins");
    if (how === "the closed input") {
      child.stdin.end();
    } else {
      child.kill(how === "SIGINT" ? "SIGINT" : "SIGTERM");
    }
    expect(await ended).toEqual([0, null]);
    expect(isAlive(child.pid ?? 0)).toBe(false);
    const lines = (await output).trim().split("\n");
    expect(lines.map((line) => JSON.parse(line).jsonrpc)).toEqual(lines.map(() => "2.0"));
    expect(await complaints).toMatch(/words on standard output\nand more of them/);
  },
);
