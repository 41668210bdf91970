import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { PlanExecuteAgent } from "../../src/index.js";
import { callSchema, rightTotal, type StepOutput } from "./world.js";

const valuesSchema = z.object({
  response: z.string(),
  status: z.string(),
  pastSteps: z.array(
    z.object({
      id: z.string(),
      status: z.string(),
      output: z.object({ total: z.number(), nonce: z.string(), saw: z.array(z.string()) }),
    }),
  ),
});

/** What is wrong with a thread; undefined if nothing is. The nonces of its calls that count are added to `finals`. */
export async function findFault(
  read: () => ReturnType<PlanExecuteAgent["getState"]>,
  number: number,
  finals: Set<string>,
): Promise<{ readonly kind: "lost" | "wrong"; readonly message: string } | undefined> {
  const { values, tasks } = await read();
  const parsed = valuesSchema.safeParse(values);
  if (tasks.length > 0 || !parsed.success) {
    return { kind: "lost", message: `thread ${number} is not done` };
  }
  const { status, response, pastSteps } = parsed.data;
  const outputs = new Map<string, StepOutput>(pastSteps.map(({ id, output }) => [id, output]));
  const nonces = new Set([...outputs.values()].map(({ nonce }) => nonce));
  for (const nonce of nonces) {
    finals.add(nonce);
  }
  // A step that ran again after others had used its output would have another nonce than the one that they saw.
  const isTorn = [...outputs.values()].some(({ saw }) => saw.some((nonce) => !nonces.has(nonce)));
  if (status !== "done" || pastSteps.length !== 8 || response !== String(rightTotal(number)) || isTorn) {
    return {
      kind: "wrong",
      message: `thread ${number} is ${status}, with ${pastSteps.length} steps and "${response}"${isTorn ? ", and a finished step ran again" : ""}`,
    };
  }
  return undefined;
}

/** What became of the tool calls that were made. */
export interface CallCounts {
  readonly calls: number;
  /** Calls under a key that there had been a call under: the first was in flight when its worker died. */
  readonly repeated: number;
  /** Calls under a key whose call that counts had begun before. There must be none. */
  readonly repeatedFinished: number;
}

/** Counts the tool calls. `finals` are the nonces of those that count. */
export function countCalls(journals: string, finals: ReadonlySet<string>): CallCounts {
  const calls = readdirSync(journals).flatMap((file) =>
    readFileSync(join(journals, file), "utf8")
      .split("\n")
      // A process that was killed may have written half a line.
      .flatMap((line) => (line.endsWith("}") ? [callSchema.parse(JSON.parse(line))] : [])),
  );
  const finalAt = new Map(calls.flatMap(({ key, nonce, at }) => (finals.has(nonce) ? [[key, at]] : [])));
  return {
    calls: calls.length,
    repeated: calls.length - new Set(calls.map(({ key }) => key)).size,
    repeatedFinished: calls.filter(({ key, at }) => at > (finalAt.get(key) ?? at)).length,
  };
}
