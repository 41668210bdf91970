// The protocol's own tools against our server: the conformance suite over HTTP, the inspector over standard input.
import { execFile } from "node:child_process";
import { cpSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer, request } from "node:http";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, it, onTestFinished } from "vitest";
import { commandWords } from "../command-process.js";
import { type HttpServer, makeFolder, startHttp, stopProcess } from "./served-agent.js";

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

/** The scenarios for any server. The others call tools, prompts and resources of an example server (docs/mcp.md). */
const SCENARIOS = ["server-initialize", "ping", "tools-list", "dns-rebinding-protection"];

/** Adds the token, which the suite cannot send. A host that is not the proxy's own is passed on as it is. */
async function proxyTo({ url, token }: HttpServer): Promise<string> {
  const proxy = createServer((incoming, response) => {
    const host = incoming.headers.host?.replace(/^(localhost|127\.0\.0\.1):\d+$/, `$1:${url.port}`);
    const origin = incoming.headers.origin?.replace(
      /^(http:\/\/(?:localhost|127\.0\.0\.1)):\d+$/,
      `$1:${url.port}`,
    );
    const headers = {
      ...incoming.headers,
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
    incoming.pipe(passed);
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    proxy.closeAllConnections();
    proxy.close();
  });
  const address = proxy.address();
  return `http://localhost:${typeof address === "object" ? address?.port : ""}/mcp`;
}

it("passes the conformance suite's scenarios for any server", async () => {
  const folder = makeFolder();
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const server = await startHttp(folder, []);
  onTestFinished(() => stopProcess(server.child));
  const url = await proxyTo(server);
  for (const scenario of SCENARIOS) {
    const { stdout } = await run(
      process.execPath,
      [CONFORMANCE, "server", "--url", url, "--scenario", scenario],
      {
        cwd: folder,
      },
    );
    expect(stdout, scenario).toMatch(/Passed: (\d+)\/\1, 0 failed/);
  }
}, 120_000);

it("answers the inspector", async () => {
  const folder = makeFolder();
  onTestFinished(() => rmSync(folder, { recursive: true }));
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
