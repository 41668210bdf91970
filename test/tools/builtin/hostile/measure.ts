// Makes the hostile calls one after another, and tells of each what came of it, how long it held up the process in
// processor time (another process at work beside it adds nothing to that), and how much memory it took.
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { createBuiltinTools } from "../../../../src/tools/index.js";
import { invokeTool } from "../../../../src/tools/invoke-tool.js";
import { type HostileCall, hostileCalls } from "./calls.js";

const [origin = ""] = process.argv.slice(2);
const root = await mkdtemp(join(tmpdir(), "hostile-"));
const http = { allow: ["*"], allowPrivate: true, timeoutMs: 1_000 };
const tools = new Map(createBuiltinTools({ root, http }).map((tool) => [tool.name, tool]));

/** Watches the process: how much it works between two turns of its loop, and how much memory it has. */
function watch() {
  let blockedMs = 0;
  let mostBytes = 0;
  let cpu = process.cpuUsage();
  const used = () => {
    const { heapUsed, external } = process.memoryUsage();
    return heapUsed + external;
  };
  const before = used();
  const look = () => {
    const { user, system } = process.cpuUsage(cpu);
    cpu = process.cpuUsage();
    blockedMs = Math.max(blockedMs, (user + system) / 1_000);
    mostBytes = Math.max(mostBytes, used() - before);
  };
  const timer = setInterval(look, 1);
  return () => {
    look();
    clearInterval(timer);
    return { blockedMs: Math.round(blockedMs), megabytes: Math.round(mostBytes / 1e6) };
  };
}

async function measure(name: string, { tool, args, file }: HostileCall) {
  if (file !== undefined) {
    await writeFile(join(root, file.path), file.text);
  }
  const called = tools.get(tool);
  if (called === undefined) {
    throw new Error(`There is no tool ${tool}.`);
  }
  const url = typeof args.url === "string" ? { url: origin + args.url } : {};
  globalThis.gc?.();
  await wait(5);
  const stop = watch();
  const made = {
    tool: called,
    id: name,
    args: { ...args, ...url },
    repeat: "always" as const,
    maxOutputBytes: 256_000,
  };
  const outcome = await invokeTool(made);
  const measured = stop();
  const gave = outcome.ok ? JSON.stringify(outcome.output) : outcome.error.message;
  const ends = gave.length > 400 ? `${gave.slice(0, 200)} … ${gave.slice(-200)}` : gave;
  console.log(JSON.stringify({ name, ...measured, gave: ends }));
}

await mkdir(join(root, "many"));
for (let start = 0; start < 6_000; start += 500) {
  const names = Array.from({ length: 500 }, (_, index) => join(root, "many", `${start + index}`));
  await Promise.all(names.map((name) => writeFile(name, "")));
}
// The first call of each tool is compiled and loaded; that is no work of the call.
await measure("warm-up", {
  tool: "csv_query",
  args: { path: "a.csv" },
  file: { path: "a.csv", text: "a\n1" },
  gives: /./,
});
for (const [name, call] of Object.entries(hostileCalls)) {
  await measure(name, call);
}
await rm(root, { recursive: true, force: true });
