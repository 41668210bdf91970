import { createHash, randomUUID } from "node:crypto";
import { z } from "zod";

/** Who calls a tool: the run, whose staged data are its own, and the call, which has its effect once. */
export interface Run {
  /** The run's name as a file's: thread and turn. */
  readonly id: string;
  /** The same whenever the same call is made again. */
  readonly key: string;
}

const configSchema = z.object({
  configurable: z.object({ thread_id: z.string().optional(), idempotency_key: z.string().optional() }),
});

/** Reads from a tool's config which run and which call it is. */
export function readRun(config: unknown): Run {
  const read = configSchema.safeParse(config);
  const { thread_id = "", idempotency_key = randomUUID() } = read.success ? read.data.configurable : {};
  // The key begins with the turn's id; see "Resuming" in the README.
  const [turn = idempotency_key] = idempotency_key.split(":");
  const id = createHash("sha256")
    .update(JSON.stringify([thread_id, turn]))
    .digest("hex")
    .slice(0, 20);
  return { id, key: idempotency_key };
}
