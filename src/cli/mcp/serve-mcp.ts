import { type PlanExecuteAgent, registryOf } from "../../agent/index.js";
import { describeError } from "../../base/index.js";
import type { CommandOptions } from "../options/index.js";
import { whenAborted } from "../pages/index.js";
import { EXIT_CODES } from "../report.js";
import type { Surroundings } from "../surroundings.js";
import { takeOutput, writeText } from "../write.js";
import { createAgentTools, type ToolSource } from "./agent-tools.js";
import { createServer } from "./create-server.js";
import { loadSdk } from "./load-sdk.js";
import { serveHttp } from "./serve-http.js";

/** The most tools that are named to a client. */
const MAX_TOOLS = 50;

/** Serves the agent to MCP clients until the person stops it, or its client leaves. Returns the exit code. */
export async function serveMcp(
  options: CommandOptions,
  source: ToolSource & { readonly notice?: string },
  surroundings: Surroundings,
): Promise<number> {
  const { stdin, stdout, stderr, signal } = surroundings;
  const sdk = await loadSdk(surroundings.loadPackage);
  const tools = createAgentTools(options, source, surroundings);
  for (const notice of [source.threads.notice, source.notice]) {
    if (notice !== undefined) {
      writeText(stderr, `${notice}\n`);
    }
  }
  const open = () => {
    const server = createServer({ sdk, tools, toolNames: namesOf(source.agent), options, surroundings });
    server.server.onerror = (error) => writeText(stderr, `MCP: ${describeError(error)}\n`);
    return server;
  };
  if (options.http) {
    await serveHttp(options, { sdk, open }, surroundings);
  } else {
    const server = open();
    const { protocol, release } = takeOutput(stdout, stderr);
    const left = new Promise<void>((resolve) => {
      stdin.once("end", resolve);
      stdin.once("close", resolve);
    });
    try {
      await server.connect(new sdk.StdioServerTransport(stdin, protocol));
      writeText(stderr, "An MCP server, over standard input and output. It ends when its input does.\n");
      await Promise.race([left, whenAborted(signal)]);
      await server.close();
    } finally {
      release();
    }
  }
  await tools.settled();
  return EXIT_CODES.done;
}

function namesOf(agent: PlanExecuteAgent): readonly string[] {
  return (registryOf(agent)?.names ?? []).slice(0, MAX_TOOLS);
}
