import { createQueue } from "../../queue/index.js";
import type { CommandOptions } from "../options/index.js";
import { EXIT_CODES } from "../report.js";
import type { Surroundings } from "../surroundings.js";
import { toShellWord, writeJson, writeText } from "../write.js";
import { queueUrl, toAgentName } from "./queue-url.js";

/** Adds a turn to the queue. Returns the exit code. */
export async function enqueue(
  named: string,
  options: CommandOptions,
  { stdout, createId, loadPackage: load }: Pick<Surroundings, "stdout" | "createId" | "loadPackage">,
): Promise<number> {
  const { thread: threadId = createId(), goal = "", tenant, priority, at, cron, json } = options;
  await using queue = await createQueue({ url: queueUrl(options.checkpointer), load });
  const job = await queue.start(toAgentName(named), threadId, goal, { tenant, priority, at, cron });
  if (json) {
    writeJson(stdout, { threadId, job }, 2);
  } else {
    writeText(stdout, `Queued: thread ${toShellWord(threadId)}\n`);
  }
  return EXIT_CODES.done;
}
