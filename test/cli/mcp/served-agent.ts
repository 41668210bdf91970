// Real processes of `serve --mcp`, and clients of the SDK.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import {
  type ElicitRequest,
  ElicitRequestSchema,
  type ElicitResult,
} from "@modelcontextprotocol/sdk/types.js";
import { onTestFinished } from "vitest";
import { z } from "zod";
import { runResultSchema } from "../../../src/cli/mcp/tool-schemas.js";
import { bundleProgram } from "../../support/program-file.js";
import { commandWords } from "../command-process.js";
import { GATE, JOURNAL } from "./noted.js";

export const GRAPH = bundleProgram(new URL("served-graph.ts", import.meta.url));

/** A folder that goes with the test. */
export function testFolder(): string {
  const folder = makeFolder();
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

/** A folder that its maker removes. */
export function makeFolder(): string {
  return mkdtempSync(join(tmpdir(), "plan-execute-mcp-"));
}

/** What the tools of the graph noted in a folder. */
export function journalOf(folder: string) {
  const read = () => {
    const path = join(folder, JOURNAL);
    return existsSync(path) ? readFileSync(path, "utf8").split("\n").slice(0, -1) : [];
  };
  return {
    lines: read,
    async until(line: string, count = 1) {
      while (read().filter((one) => one === line).length < count) {
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    },
    openGate: () => writeFileSync(join(folder, GATE), ""),
    closeGate: () => rmSync(join(folder, GATE), { force: true }),
  };
}

/** A server over HTTP that runs. */
export interface HttpServer {
  readonly url: URL;
  readonly token: string;
  readonly child: ChildProcess;
}

/** Starts the server over HTTP. Whoever starts it ends it. */
export async function startHttp(
  folder: string,
  words: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<HttpServer> {
  const child = spawn(process.execPath, [...commandWords, "serve", "--mcp", "--http", ...words], {
    cwd: folder,
    env: { PATH: process.env.PATH, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = once(child, "exit");
  let said = "";
  let complained = "";
  child.stderr.on("data", (chunk) => {
    complained += String(chunk);
  });
  return new Promise((resolve, reject) => {
    child.stdout.on("data", (chunk) => {
      said += String(chunk);
      const [, url, token] = /^(http\S+)\nAuthorization: Bearer (\S+)\n/.exec(said) ?? [];
      if (url !== undefined && token !== undefined) {
        resolve({ url: new URL(url), token, child });
      }
    });
    ended.then(() => reject(new Error(`The server ended: ${complained}`)), reject);
  });
}

export async function stopProcess(child: ChildProcess, signal: NodeJS.Signals = "SIGTERM"): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    child.kill(signal);
    await once(child, "exit");
  }
}

/** Answers a form. */
export type Person = (form: ElicitRequest["params"]) => ElicitResult | Promise<ElicitResult>;

function createClient(person: Person | undefined, name: string): Client {
  const client = new Client(
    { name, version: "1" },
    { capabilities: person === undefined ? {} : { elicitation: {} } },
  );
  if (person !== undefined) {
    client.setRequestHandler(ElicitRequestSchema, ({ params }) => person(params));
  }
  return client;
}

/** A client over HTTP, for one test. With a person it has forms. */
export async function connectHttp(
  { url, token }: HttpServer,
  person?: Person,
  name = "tester",
): Promise<Client> {
  const client = createClient(person, name);
  const headers = { Authorization: `Bearer ${token}` };
  await client.connect(new StreamableHTTPClientTransport(url, { requestInit: { headers } }));
  onTestFinished(() => client.close());
  return client;
}

/** A client that starts its server, over standard input and output. */
export async function connectStdio(
  folder: string,
  words: readonly string[],
  person?: Person,
  {
    name = "tester",
    environment = {},
  }: { name?: string; environment?: Readonly<Record<string, string>> } = {},
) {
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [...commandWords, "serve", "--mcp", ...words],
    cwd: folder,
    env: { PATH: process.env.PATH ?? "", ...environment },
    stderr: "ignore",
  });
  const client = createClient(person, name);
  await client.connect(transport);
  onTestFinished(() => client.close());
  return { client, pid: transport.pid ?? 0 };
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

const callResultSchema = z.object({
  content: z.array(z.object({ type: z.literal("text"), text: z.string() })),
  isError: z.boolean().optional(),
  structuredContent: z.unknown().optional(),
});

/** Calls a tool. The SDK's client holds the result to the tool's schema. */
export async function call(
  client: Client,
  name: string,
  args: Record<string, unknown>,
  options?: Parameters<Client["callTool"]>[2],
) {
  const result = callResultSchema.parse(await client.callTool({ name, arguments: args }, undefined, options));
  return { ...result, text: result.content.map(({ text }) => text).join("\n") };
}

/** Calls a tool that tells of a thread. */
export async function callRun(...given: Parameters<typeof call>) {
  const { structuredContent, text } = await call(...given);
  return { ...runResultSchema.parse(structuredContent), text };
}

/** A goal of the graph: a plan of these steps. */
export function goalOf(...steps: readonly { tool: string; args?: object }[]): string {
  return JSON.stringify({
    steps: steps.map(({ tool, args = {} }, index) => ({
      id: String(index + 1),
      description: `Do ${tool}`,
      tool,
      args,
    })),
  });
}
