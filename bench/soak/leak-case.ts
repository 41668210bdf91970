import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { z } from "zod";
import type { Chaos, ChaosCase, ChaosRow } from "../chaos/case.js";
import type { LeakOptions } from "./leaks.js";

const MAX_BYTES_PER_RUN = 1_000;
/**
 * What compilers keep about frequent code grows for thousands of runs. That is not a leak, so they are switched off.
 */
const WITHOUT_COMPILERS = ["--no-opt", "--no-sparkplug", "--no-maglev"];
const program = fileURLToPath(new URL("leaks-process.ts", import.meta.url));
const execute = promisify(execFile);

const leaksSchema = z.object({
  runs: z.number(),
  cancelled: z.number(),
  listeners: z.number(),
  warnings: z.number(),
  unhandled: z.array(z.string()),
  resources: z.array(z.string()),
  bytesPerRun: z.number(),
  heapKb: z.array(z.number()),
  msPerRun: z.number(),
});
type Leaks = z.infer<typeof leaksSchema>;

/** Many runs in one process, half of them cancelled by their caller at every moment. Nothing of them may stay. */
export const leakCase: ChaosCase = {
  name: "leaks",
  async run({ scale }: Chaos) {
    const isLong = scale === "long";
    const cancelled: LeakOptions = isLong
      ? { warmUpRuns: 200, runs: 1_000, roundRuns: 100, cancelled: 0.5 }
      : { warmUpRuns: 48, runs: 128, roundRuns: 32, cancelled: 0.5 };
    const plain: LeakOptions = { warmUpRuns: 1_000, runs: 9_000, roundRuns: 1_000, cancelled: 0 };
    const rows = [toRow("half cancelled", await measure("ours", cancelled, WITHOUT_COMPILERS))];
    const bareOptions = isLong ? cancelled : { ...cancelled, warmUpRuns: 32, runs: 32, roundRuns: 32 };
    await measure("bare LangGraph", bareOptions, WITHOUT_COMPILERS);
    if (isLong) {
      rows.push(toRow("plain, with compilers", await measure("ours", plain, [])));
    }
    return rows;
  },
};

async function measure(who: string, options: LeakOptions, flags: readonly string[]): Promise<Leaks> {
  const asked = JSON.stringify({ who, ...options });
  const { stdout } = await execute(process.execPath, [
    "--expose-gc",
    ...flags,
    "--import",
    "tsx",
    program,
    asked,
  ]);
  const found = leaksSchema.parse(JSON.parse(stdout));
  const { runs, listeners, warnings, bytesPerRun, heapKb, msPerRun } = found;
  console.log(
    `leaks, ${who}: ${runs} runs, ${found.cancelled} cancelled: ${listeners} listeners, ${warnings} warnings, ` +
      `${bytesPerRun} bytes a run (heap in kB: ${heapKb.join(" ")}), ${msPerRun.toFixed(1)} ms a run`,
  );
  return found;
}

function toRow(phase: string, found: Leaks): ChaosRow {
  const { runs, listeners, warnings, unhandled, resources, bytesPerRun } = found;
  const wrong = [
    ...(listeners > 0 ? [`${listeners} listeners stayed on signals of the caller`] : []),
    ...(warnings > 0 ? [`Node warned ${warnings} times`] : []),
    ...(resources.length > 0 ? [`these stayed open: ${resources.join(", ")}`] : []),
    ...(bytesPerRun > MAX_BYTES_PER_RUN ? [`the heap grows by ${bytesPerRun} bytes a run`] : []),
    ...unhandled.map((reason) => `a rejection was not handled: ${reason}`),
  ];
  return { phase, tries: runs, lost: [], repeated: [], wrong };
}
