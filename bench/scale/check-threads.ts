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

/** What is wrong with a thread; undefined if nothing is. */
export async function findFault(
  read: () => ReturnType<PlanExecuteAgent["getState"]>,
  number: number,
): Promise<{ readonly kind: "lost" | "wrong"; readonly message: string } | undefined> {
  const { values, tasks } = await read();
  const parsed = valuesSchema.safeParse(values);
  if (tasks.length > 0 || !parsed.success) {
    return { kind: "lost", message: `thread ${number} is not done` };
  }
  const { status, response, pastSteps } = parsed.data;
  const outputs = new Map<string, StepOutput>(pastSteps.map(({ id, output }) => [id, output]));
  const nonces = new Set([...outputs.values()].map(({ nonce }) => nonce));
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

/** How many tool calls were made, and how many of them more than once. */
export function countCalls(journals: string): { readonly calls: number; readonly repeated: number } {
  const keys = readdirSync(journals).flatMap((file) =>
    readFileSync(join(journals, file), "utf8")
      .split("\n")
      .flatMap((line) => {
        // A process that was killed may have written half a line.
        const call = line.endsWith("}") ? callSchema.parse(JSON.parse(line)) : undefined;
        return call === undefined ? [] : [call.key];
      }),
  );
  return { calls: keys.length, repeated: keys.length - new Set(keys).size };
}
