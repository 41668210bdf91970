// What runs do today, event by event. `FROZEN=record npx vitest run test/frozen/runs.test.ts` rewrites the recorded
// files. Do that only if a run is meant to change, and then review the difference.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { z } from "zod";
import { bundleProgram } from "../support/program-file.js";
import { expectWhole } from "../support/whole-events.js";
import { goldenRuns } from "./runs/golden-runs.js";
import { toGoldenText } from "./runs/golden-text.js";
import { type RecordedCall, type RecordedRun, Recording } from "./runs/recording.js";

const folder = mkdtempSync(join(tmpdir(), "plan-execute-golden-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Compares a run with its golden file, or writes the file when recording. */
function expectGolden(name: string, run: RecordedRun): void {
  const file = new URL(`./runs/recorded/${name.replaceAll(" ", "-")}.json`, import.meta.url);
  const text = toGoldenText(run);
  if (process.env.FROZEN === "record") {
    writeFileSync(file, text);
  }
  expect(text).toBe(readFileSync(file, "utf8"));
}

test.each(Object.entries(goldenRuns))("a run goes as it was recorded: %s", async (name, record) => {
  const recording = new Recording();
  await record(recording);
  expectGolden(name, recording);
  expectWhole(eventsOf(recording), recording.calls);
});

/** All events of a run, as the listener got them. */
function eventsOf({ parts }: RecordedRun): readonly unknown[] {
  return parts.flatMap(({ events, told }) => told ?? events);
}

const callSchema = z.object({ tool: z.string(), args: z.unknown(), key: z.string() });
const lineSchema = z.object({ event: z.unknown().optional(), call: callSchema.optional() });
const runSchema = z.object({
  parts: z.array(
    z.looseObject({ did: z.string(), events: z.array(z.unknown()), nodes: z.array(z.string()) }),
  ),
  calls: z.array(callSchema),
});

/** Lets a process do its part, and returns what it left in its file. */
async function inProcess(what: "begin" | "go on", ending: "SIGKILL" | null): Promise<string> {
  const file = join(folder, what);
  const url = `sqlite:${join(folder, "threads.db")}`;
  const program = bundleProgram(new URL("./runs/killed-process.ts", import.meta.url));
  const child = spawn(process.execPath, [program, url, what, file], { stdio: "inherit" });
  const [code, signal] = await once(child, "exit");
  expect([code, signal]).toEqual([ending === null ? 0 : null, ending]);
  return readFileSync(file, "utf8");
}

test("a run goes as it was recorded: killed, and gone on with in another process", async () => {
  const begun = (await inProcess("begin", "SIGKILL")).trim().split("\n");
  const lines = begun.map((line) => lineSchema.parse(JSON.parse(line)));
  const events = lines.flatMap(({ event }) => (event === undefined ? [] : [event]));
  const calls = lines.flatMap(({ call }): RecordedCall[] => (call === undefined ? [] : [call]));
  const resumed = runSchema.parse(JSON.parse(await inProcess("go on", null)));
  const run: RecordedRun = {
    parts: [{ did: "gave the goal, and was killed", events, nodes: [] }, ...resumed.parts],
    calls: [...calls, ...resumed.calls],
  };
  expectGolden("killed", run);
  expectWhole(eventsOf(run), run.calls, { killed: true });
}, 60_000);
