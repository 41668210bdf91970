/**
 * A worker of the queue, in a process of its own. Its one argument is an `Assignment` as JSON. Its first line on standard
 * output is its name. It ends orderly at SIGTERM, and at once when its standard input ends: then its parent is gone.
 */
import { z } from "zod";
import { createQueue } from "../../src/queue/index.js";
import { createAgent } from "./world.js";

const assignmentSchema = z.object({
  url: z.string(),
  journal: z.string(),
  concurrency: z.number(),
  stepMs: z.number(),
  /** How many runs of a tenant at once, over all workers. */
  runs: z.number().optional(),
});

/** What a process is to do. */
export type Assignment = z.infer<typeof assignmentSchema>;

process.stdin.on("end", () => process.exit(1)).resume();
process.stdin.unref();

const { url, journal, concurrency, stepMs, runs } = assignmentSchema.parse(JSON.parse(process.argv[2] ?? ""));
const queue = await createQueue({
  url,
  agents: { sums: createAgent(journal, stepMs) },
  limits: { runs },
  onProblem: ({ threadId = "", message }) => process.stderr.write(`${threadId} ${message}\n`),
});
const worker = await queue.work({ concurrency });
process.stdout.write(`${worker.name}\n`);
process.once("SIGTERM", async () => {
  await worker.stop({ drainMs: 10_000 });
  await queue.close();
  process.exit(0);
});
