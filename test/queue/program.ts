/**
 * A worker of the queue in a process of its own. Its one argument is a `Task` as JSON. It says its name on standard
 * output when it takes work, ends in order at SIGTERM, and at once when its standard input ends.
 */
import { z } from "zod";
import { createQueue } from "../../src/queue/index.js";
import { createAgent } from "./agent.js";

const taskSchema = z.object({
  url: z.string(),
  journal: z.string(),
  concurrency: z.number().default(5),
  runs: z.number().optional(),
  drainMs: z.number().default(10_000),
});

/** What a process is to do. */
export type Task = z.input<typeof taskSchema>;

process.stdin.on("end", () => process.exit(1)).resume();
process.stdin.unref();

const { url, journal, concurrency, runs, drainMs } = taskSchema.parse(JSON.parse(process.argv[2] ?? ""));
const queue = await createQueue({
  url,
  agents: { steps: createAgent(journal) },
  limits: { runs },
  onProblem: ({ message }) => process.stderr.write(`${message}\n`),
});
const worker = await queue.work({ concurrency });
process.once("SIGTERM", async () => {
  await worker.stop({ drainMs });
  await queue.close();
  process.exit(0);
});
process.stdout.write(`${worker.name}\n`);
