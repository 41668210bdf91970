// The child process behind the MCP SDK's transport over standard input and output.
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { expect, onTestFinished } from "vitest";
import { holdServerProcess, watchServerProcess } from "../../../src/langgraph/index.js";
import { checkTouch } from "../touch.js";

const touch = {
  of: "@modelcontextprotocol/sdk",
  breaks: "A program with an MCP server does not come to its end, and nobody learns how a server ended.",
} as const;

/** Answers the first request, and ends at the next. */
const PROGRAM = `process.stdin.once("data", (data) => {
  const { id, params } = JSON.parse(data);
  const { protocolVersion } = params;
  const result = { protocolVersion, capabilities: {}, serverInfo: { name: "x", version: "1" } };
  console.log(JSON.stringify({ jsonrpc: "2.0", id, result }));
  process.stdin.on("data", (more) => String(more).includes("ping") && process.exit(3));
})`;

/** How many child processes and pipes keep this process alive. */
function held(): number {
  return process.getActiveResourcesInfo().filter((name) => /process|pipe/i.test(name)).length;
}

checkTouch(
  touch,
  "the process behind a transport is let go and held, and its exit code is known",
  async () => {
    const before = held();
    const transport = new StdioClientTransport({
      command: process.execPath,
      args: ["-e", PROGRAM],
      stderr: "pipe",
    });
    const client = new Client({ name: "test", version: "1" });
    onTestFinished(() => client.close());
    await client.connect(transport);
    const ending = watchServerProcess(transport);
    expect(held()).toBeGreaterThan(before);
    holdServerProcess(transport, false);
    expect(held()).toBe(before);
    holdServerProcess(transport, true);
    expect(held()).toBeGreaterThan(before);
    expect(ending()).toBeUndefined();
    await client.ping().catch(() => {});
    expect(ending()).toBe("exit code 3");
  },
);
