import { once } from "node:events";
import { linkSignal, toMilliseconds } from "../../base/index.js";
import { createQueue } from "../../queue/index.js";
import { prepareAgent } from "../create-agent.js";
import { openNamedFile } from "../load-graph.js";
import type { CommandOptions } from "../options/index.js";
import { EXIT_CODES } from "../report.js";
import { type Surroundings, UsageError } from "../surroundings.js";
import { openThreads, serializerFrom } from "../threads.js";
import { writeText } from "../write.js";
import { queueUrl, toAgentName } from "./queue-url.js";

const CONCURRENCY = 10;

/** Works on the queue until the person or the system wants it to end. Returns the exit code. */
export async function runWorker(
  named: readonly string[],
  options: CommandOptions,
  surroundings: Surroundings,
): Promise<number> {
  const { stderr, signal, onTerminate, environment, loadPackage: load } = surroundings;
  const { concurrency = CONCURRENCY, tenantRuns: runs, drain = "30s" } = options;
  const files = await Promise.all(named.map((one) => openNamedFile(one, surroundings)));
  const url = queueUrl(options.checkpointer, ...files.map((file) => file?.checkpointer));
  const names = named.map(toAgentName);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) {
    throw new UsageError(`Two agents have the name "${twice}": rename one's file.`);
  }
  const closers: (() => Promise<void>)[] = [];
  try {
    const threads = await openThreads(url, surroundings);
    closers.unshift(() => threads.close());
    const agents = await Promise.all(
      named.map(async (graph) => {
        // --concurrency says here how many runs the worker has, not how many steps a run has.
        const { create } = await prepareAgent({ ...options, graph, concurrency: undefined }, surroundings);
        const agent = create(threads);
        closers.unshift(() => agent.close());
        return [toAgentName(graph), agent] as const;
      }),
    );
    const queue = await createQueue({
      url,
      load,
      serializer: serializerFrom(environment),
      agents: Object.fromEntries(agents),
      limits: { runs },
      onProblem: ({ threadId, message }) =>
        writeText(stderr, threadId === undefined ? `${message}\n` : `Thread ${threadId}: ${message}\n`),
    });
    closers.unshift(() => queue.close());
    const { signal: ended, abort: end } = linkSignal(signal);
    onTerminate?.(() => end(new Error("the process is to end")));
    const worker = await queue.work({ concurrency });
    writeText(stderr, `Working on the queue: ${names.join(", ")}; ${concurrency} runs at once.\n`);
    if (!ended.aborted) {
      await once(ended, "abort");
    }
    writeText(stderr, `Stopping: ${worker.running} runs come to a quiet moment, and go on elsewhere.\n`);
    await worker.stop({ drainMs: toMilliseconds(drain) });
    return signal.aborted ? EXIT_CODES.interrupted : EXIT_CODES.done;
  } finally {
    for (const close of closers) {
      await close();
    }
  }
}
