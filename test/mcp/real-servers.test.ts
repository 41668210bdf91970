// The servers of the protocol's own project, as a user starts them.
import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { MemorySaver } from "@langchain/langgraph";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { byId } from "../support/agent-run.js";
import { freePort } from "../support/free-port.js";
import { servedAgent } from "./small-server.js";

const program = (name: string) =>
  fileURLToPath(
    new URL(`../../node_modules/@modelcontextprotocol/server-${name}/dist/index.js`, import.meta.url),
  );
const started = (name: string, ...args: string[]) => ({
  command: process.execPath,
  args: [program(name), ...args],
});

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "files-"));
  await writeFile(join(folder, "a.txt"), "alpha");
});
afterAll(() => rm(folder, { recursive: true }));

test("the servers for files and memory work together in one plan", async () => {
  const { agent, model } = servedAgent(
    [
      { id: "1", tool: "files__read_text_file", args: { path: join(folder, "a.txt") } },
      {
        id: "2",
        tool: "memory__create_entities",
        args: { entities: [{ name: "a", entityType: "file", observations: ["{{1.content}}"] }] },
      },
      { id: "3", tool: "memory__search_nodes", args: { query: "alpha" }, dependsOn: ["2"] },
      {
        id: "4",
        tool: "files__write_file",
        args: { path: join(folder, "b.txt"), content: "{{3.entities.0.name}}" },
      },
      { id: "5", tool: "files__read_text_file", args: { path: "/etc/passwd" }, dependsOn: [] },
    ],
    {
      mcp: {
        files: started("filesystem", folder),
        memory: { ...started("memory"), env: { MEMORY_FILE_PATH: join(folder, "memory.jsonl") } },
      },
    },
  );
  const { pastSteps } = await agent.invoke("go");
  expect(byId(pastSteps)).toMatchObject({
    1: { output: { content: "alpha" } },
    3: { output: { entities: [{ name: "a", entityType: "file", observations: ["alpha"] }] } },
    4: { status: "done" },
    5: { status: "failed", error: { message: expect.stringContaining("Access denied") } },
  });
  expect(await readFile(join(folder, "b.txt"), "utf8")).toBe("a");
  const catalogue = model.calls[0]?.prompt ?? "";
  expect(catalogue).toMatch(/files__read_text_file\(.*\) -> \{content\}/);
  expect(catalogue).toMatch(/files__write_file\(.*\) \[acts\]/);
});

test("what would overwrite a file waits, what only reads does not", async () => {
  const { agent } = servedAgent(
    [
      { id: "1", tool: "files__list_directory", args: { path: folder } },
      { id: "2", tool: "files__write_file", args: { path: join(folder, "c.txt"), content: "c" } },
    ],
    {
      mcp: { files: started("filesystem", folder) },
      approval: { tools: "destructive" },
      checkpointer: new MemorySaver(),
    },
  );
  const run = await agent.invoke("go", { configurable: { thread_id: "1" } });
  expect(run.__interrupt__?.[0]?.value.actionRequests.map(({ name }) => name)).toEqual(["files__write_file"]);
  expect(byId(run.pastSteps)[1]?.status).toBe("done");
});

const STEPS = [
  { id: "1", tool: "all__get-sum", args: { a: 2, b: 3 } },
  { id: "2", tool: "all__get-structured-content", args: { location: "New York" } },
  { id: "3", tool: "all__echo", args: { message: "{{2.temperature}} degrees" } },
  { id: "4", tool: "all__get-tiny-image", args: {} },
  { id: "5", tool: "all__trigger-long-running-operation", args: { duration: 1, steps: 2 } },
];
const EXPECTED = {
  1: { output: "The sum of 2 and 3 is 5." },
  2: { output: { temperature: 33, conditions: "Cloudy", humidity: 82 } },
  3: { output: "Echo: 33 degrees" },
  4: {
    output: [
      expect.any(String),
      { type: "image", mimeType: "image/png", media: expect.any(String) },
      expect.any(String),
    ],
  },
  5: { status: "done" },
};

test("the server that has everything gives structured content, a picture and progress, as a process", async () => {
  const { agent, eventsOf } = servedAgent(STEPS, { mcp: { all: started("everything") } });
  const { pastSteps } = await agent.invoke("go");
  expect(byId(pastSteps)).toMatchObject(EXPECTED);
  // The SDK may drop the last report, which comes together with the result.
  expect(eventsOf("tool.progress")[0]).toMatchObject({ stepId: "5", progress: 1, total: 2 });
});

test("the same over streamable HTTP", async () => {
  const url = await startEverything();
  const { agent, eventsOf } = servedAgent(STEPS, { mcp: { all: { url } } });
  const { pastSteps } = await agent.invoke("go");
  expect(byId(pastSteps)).toMatchObject(EXPECTED);
  // The SDK may drop the last report, which comes together with the result.
  expect(eventsOf("tool.progress")[0]).toMatchObject({ stepId: "5", progress: 1, total: 2 });
});

/** Starts the server over HTTP. It takes its port from the environment and says on standard error that it listens. */
async function startEverything(): Promise<string> {
  const port = await freePort();
  const child = spawn(process.execPath, [program("everything"), "streamableHttp"], {
    env: { ...process.env, PORT: String(port) },
    stdio: ["ignore", "ignore", "pipe"],
  });
  onTestFinished(() => {
    child.kill("SIGKILL");
  });
  await new Promise<void>((resolve) => {
    child.stderr.on("data", (chunk: Buffer) => chunk.toString().includes(String(port)) && resolve());
  });
  return `http://127.0.0.1:${port}/mcp`;
}

test("a picture reaches a model that can see, and no other", async () => {
  for (const imageInputs of [true, false]) {
    const { agent, model } = servedAgent(
      [
        { id: "1", tool: "all__get-tiny-image", args: {} },
        { id: "2", description: "Say what is in {{1}}", tools: [] },
      ],
      { mcp: { all: started("everything") } },
      { agent: "a logo" },
    );
    Object.defineProperty(model, "profile", { value: { imageInputs } });
    await agent.invoke("go");
    const seen = model.calls
      .find(({ prompt }) => prompt.includes("Say what is in"))
      ?.messages.at(-1)?.content;
    expect(JSON.stringify(seen).includes("data:image/png;base64,")).toBe(imageInputs);
  }
});
