// The protocol's own tools against our server: the conformance suite over HTTP, the inspector over standard input.
import { execFile } from "node:child_process";
import { cpSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer, request } from "node:http";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, it, onTestFinished } from "vitest";
import { commandWords } from "../command-process.js";
import {
  connectHttp,
  GRAPH,
  goalOf,
  type HttpServer,
  startHttp,
  stopProcess,
  testFolder,
} from "./served-agent.js";

const run = promisify(execFile);
const programOf = (path: string) =>
  fileURLToPath(new URL(`../../../node_modules/@modelcontextprotocol/${path}`, import.meta.url));
const CONFORMANCE = programOf("conformance/dist/index.js");

/** The inspector's package lacks a file that it reads, one folder above its own. So it is run from a copy. */
function copyInspector(folder: string): string {
  const { pathname } = new URL("../../../node_modules", import.meta.url);
  symlinkSync(pathname, join(folder, "node_modules"));
  writeFileSync(join(folder, "package.json"), '{"name":"inspector","version":"1.0.3","type":"module"}');
  cpSync(programOf("inspector-cli/build"), join(folder, "cli", "build"), { recursive: true });
  return join(folder, "cli", "build", "cli.js");
}

/** The scenarios of the suite that can apply. */
const SCENARIOS = [
  "server-initialize",
  "ping",
  "tools-list",
  "server-sse-multiple-streams",
  "dns-rebinding-protection",
  "tools-call-simple-text",
  "tools-call-error",
  "tools-call-with-progress",
  "tools-call-elicitation",
];

/** The others, by what they need. This server declares tools alone, and its tools give text and data. */
const OTHERS = {
  resources: [
    "resources-list",
    "resources-read-text",
    "resources-read-binary",
    "resources-templates-read",
    "resources-subscribe",
    "resources-unsubscribe",
  ],
  prompts: [
    "prompts-list",
    "prompts-get-simple",
    "prompts-get-with-args",
    "prompts-get-embedded-resource",
    "prompts-get-with-image",
  ],
  logging: ["logging-set-level", "tools-call-with-logging"],
  completion: ["completion-complete"],
  sampling: ["tools-call-sampling"],
  "streams that can be resumed": ["server-sse-polling"],
  "results that are no text": [
    "tools-call-image",
    "tools-call-audio",
    "tools-call-embedded-resource",
    "tools-call-mixed-content",
  ],
  "a tool or a form with fixed fields": [
    "json-schema-2020-12",
    "elicitation-sep1034-defaults",
    "elicitation-sep1330-enums",
  ],
};

/** The suite calls tools by names of its own. Each is a call of ours. */
const CALLS: Readonly<Record<string, object>> = {
  test_simple_text: { goal: goalOf({ tool: "say", args: { words: "a simple text" } }) },
  test_error_handling: { goal: "go on", threadId: "none" },
  test_tool_with_progress: {
    goal: goalOf({ tool: "say", args: { words: "1" } }, { tool: "say", args: { words: "2" } }),
  },
  test_elicitation: { goal: goalOf({ tool: "ask", args: { about: "colour" } }) },
};

/** The message with a call of `run` in place of a tool of the suite. */
function toOurs(body: string): string {
  const message = body === "" ? undefined : JSON.parse(body);
  const called = CALLS[message?.params?.name];
  if (called === undefined) {
    return body;
  }
  const params = { ...message.params, name: "run", arguments: called };
  return JSON.stringify({ ...message, params });
}

/** Adds the token, which the suite cannot send, and translates its calls. A host that is not the proxy's own is passed on as it is. */
async function proxyTo({ url, token }: HttpServer): Promise<string> {
  const proxy = createServer((incoming, response) => {
    const host = incoming.headers.host?.replace(/^(localhost|127\.0\.0\.1):\d+$/, `$1:${url.port}`);
    const origin = incoming.headers.origin?.replace(
      /^(http:\/\/(?:localhost|127\.0\.0\.1)):\d+$/,
      `$1:${url.port}`,
    );
    const { "content-length": _, ...others } = incoming.headers;
    const headers = {
      ...others,
      host,
      ...(origin === undefined ? {} : { origin }),
      authorization: `Bearer ${token}`,
    };
    const { method, url: path } = incoming;
    const passed = request({ host: "127.0.0.1", port: url.port, path, method, headers }, (answered) => {
      response.writeHead(answered.statusCode ?? 500, answered.headers);
      answered.pipe(response);
    });
    passed.on("error", () => response.destroy());
    text(incoming).then(
      (body) => passed.end(toOurs(body)),
      () => passed.destroy(),
    );
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    proxy.closeAllConnections();
    proxy.close();
  });
  const address = proxy.address();
  return `http://localhost:${typeof address === "object" ? address?.port : ""}/mcp`;
}

it("passes all scenarios of the conformance suite that can apply", async () => {
  const folder = testFolder();
  const server = await startHttp(folder, [GRAPH]);
  onTestFinished(() => stopProcess(server.child));
  const client = await connectHttp(server);
  expect(client.getServerCapabilities()).toEqual({ tools: { listChanged: true } });
  const url = await proxyTo(server);
  const suite = async (...words: string[]) =>
    (await run(process.execPath, [CONFORMANCE, ...words], { cwd: folder })).stdout;
  const listed = [...(await suite("list", "--server")).matchAll(/^ +- (\S+)$/gm)].map(([, name]) => name);
  expect(listed.sort()).toEqual([...SCENARIOS, ...Object.values(OTHERS).flat()].sort());
  await Promise.all(
    SCENARIOS.map(async (scenario) => {
      const said = await suite("server", "--url", url, "--scenario", scenario);
      expect(said, scenario).toMatch(/Passed: ([1-9]\d*)\/\1, 0 failed, 0 warnings/);
    }),
  );
}, 240_000);

it("answers the inspector", async () => {
  const folder = testFolder();
  const copy = copyInspector(folder);
  // It would take our own flags for its own.
  const config = join(folder, "mcp.json");
  const ours = { command: process.execPath, args: [...commandWords, "serve", "--mcp"] };
  writeFileSync(config, JSON.stringify({ mcpServers: { ours } }));
  const ask = async (...words: string[]) => {
    const called = [copy, "--cli", "--config", config, "--server", "ours", ...words];
    const { stdout } = await run(process.execPath, called, { cwd: folder });
    return JSON.parse(stdout);
  };
  const goal = "goal=Calculate 17*23 and 19*29, then add the two results";
  const words = ["--method", "tools/call", "--tool-name", "run", "--tool-arg", goal];
  expect(await ask(...words)).toMatchObject({
    content: [{ text: expect.stringMatching(/^942/) }, {}],
    structuredContent: { status: "done" },
  });
}, 120_000);
