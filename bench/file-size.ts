/**
 * How many bytes a run adds to SQLite's file, compared with the outputs of its steps: `npx tsx bench/file-size.ts`.
 * The direct steps have outputs that are all different, and the last is the answer. The file is measured after it was
 * closed. Goal: at most 3 bytes for a byte of output, and a constant for each step.
 */
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { tool } from "@langchain/core/tools";
import { z } from "zod";
import { createCheckpointer, createEncryptedSerializer, createPlanExecuteAgent } from "../src/index.js";
import { planCall, scriptedByRole } from "../test/support/scripted-model.js";

const ROUNDS = 5;

const text = (bytes: number) => randomBytes(bytes / 2).toString("hex");
const records = (bytes: number) =>
  Array.from({ length: bytes / 100 }, (_, id) => ({ id, name: text(40), tags: ["a", "b"], price: id / 8 }));

interface Case {
  readonly name: string;
  readonly count: number;
  readonly toOutput: () => unknown;
}
const cases: readonly Case[] = [
  { name: "1 text of 100 kB", count: 1, toOutput: () => text(100_000) },
  { name: "10 texts of 100 kB", count: 10, toOutput: () => text(100_000) },
  { name: "200 texts of 1 kB", count: 200, toOutput: () => text(1_000) },
  { name: "50 lists of 20 kB", count: 50, toOutput: () => records(20_000) },
];

interface Measured {
  readonly cpuMs: number;
  readonly fileBytes: number;
  readonly outputBytes: number;
}

/** One run in a file of its own. */
async function measure({ count, toOutput }: Case, encrypted: boolean): Promise<Measured> {
  const outputs = Array.from({ length: count }, toOutput);
  const give = tool(({ number }) => outputs[number], {
    name: "give",
    description: "Gives what was made before.",
    schema: z.object({ number: z.number() }),
    metadata: { readOnly: true },
  });
  const folder = mkdtempSync(join(tmpdir(), "plan-execute-bench-"));
  const path = join(folder, "threads.db");
  const keys = [{ id: "bench", key: randomBytes(32) }];
  const serializer = encrypted ? createEncryptedSerializer({ keys }) : undefined;
  const { checkpointer, close } = await createCheckpointer(`sqlite:${path}`, serializer && { serializer });
  const steps = outputs.map((_, number) => ({ id: `s${number}`, tool: "give", args: { number } }));
  const agent = createPlanExecuteAgent({
    model: scriptedByRole({ planner: planCall(steps, `s${count - 1}`) }),
    tools: [give],
    planner: { maxSteps: count },
    checkpointer,
  });
  const cpu = process.cpuUsage();
  const { pastSteps } = await agent.invoke({ input: "go" }, { configurable: { thread_id: "1" } });
  const { user, system } = process.cpuUsage(cpu);
  await close();
  const fileBytes = statSync(path).size;
  rmSync(folder, { recursive: true });
  if (pastSteps.some(({ status }) => status !== "done")) {
    throw new Error("a step went wrong");
  }
  const outputBytes = outputs.reduce<number>((sum, output) => sum + JSON.stringify(output).length, 0);
  return { cpuMs: (user + system) / 1_000, fileBytes, outputBytes };
}

const row = (...cells: readonly string[]) => console.log(cells.map((cell) => cell.padStart(20)).join(""));
row("steps", "encrypted", "outputs kB", "file kB", "bytes a byte", "CPU ms/step");
for (const one of cases) {
  for (const encrypted of [false, true]) {
    const rounds: Measured[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      rounds.push(await measure(one, encrypted));
    }
    const { cpuMs, fileBytes, outputBytes } = rounds.reduce((left, right) =>
      right.cpuMs < left.cpuMs ? right : left,
    );
    row(
      one.name,
      encrypted ? "yes" : "no",
      (outputBytes / 1_000).toFixed(0),
      (fileBytes / 1_000).toFixed(0),
      (fileBytes / outputBytes).toFixed(2),
      (cpuMs / one.count).toFixed(2),
    );
  }
}
