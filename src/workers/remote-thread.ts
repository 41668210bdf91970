// A worker that runs on a server. Its thread is one of that server, which goes on when our process dies. So whoever comes
// back waits for what is under way before reading, and whoever leaves cancels it.
import type { RunnableConfig } from "@langchain/core/runnables";
import { isGraphInterrupt } from "@langchain/langgraph";
import { isRecord } from "../base/index.js";
import { toUuid } from "./to-uuid.js";
import type { WorkerAgent } from "./worker.js";
import {
  readState,
  streamGraph,
  toState,
  type WorkerThread,
  type WorkerThreadOptions,
} from "./worker-thread.js";

/** The client of a remote graph, as far as runs that are under way need it. */
interface RemoteRuns {
  list(threadId: string): Promise<readonly { readonly run_id: string; readonly status: string }[]>;
  join(threadId: string, runId: string, options: { readonly signal?: AbortSignal }): Promise<unknown>;
  cancel(threadId: string, runId: string): Promise<unknown>;
}

/** Whether a worker runs on a server: it is a `RemoteGraph`, of whichever copy of LangGraph. */
export function isRemote(agent: WorkerAgent): boolean {
  return runsOf(agent) !== undefined;
}

/** Opens the thread of a graph that runs on a server. */
export function openRemoteThread({
  agent,
  threadId: name,
  config,
  onChunk,
}: WorkerThreadOptions): WorkerThread {
  const threadId = toUuid(name);
  const { signal, runName, metadata } = config;
  const configurable = { ...ownKeys(config.configurable), thread_id: threadId };
  const runs = runsOf(agent);
  const underWay = async () => {
    const all = (await unlessMissing(async () => runs?.list(threadId))) ?? [];
    return all.filter(({ status }) => status === "pending" || status === "running");
  };
  return {
    async read() {
      for (const { run_id } of await underWay()) {
        await runs?.join(threadId, run_id, { signal });
      }
      const snapshot = await unlessMissing(() => readState(agent, { configurable }));
      return snapshot?.createdAt === undefined ? undefined : toState(snapshot);
    },
    async run(input) {
      const cancel = () => {
        const cancelAll = async () => {
          for (const { run_id } of await underWay()) {
            await runs?.cancel(threadId, run_id);
          }
        };
        // The step has ended. If the server cannot be reached, nobody is left to be told.
        cancelAll().catch(() => {});
      };
      signal?.addEventListener("abort", cancel, { once: true });
      try {
        await streamGraph(agent, input, { signal, runName, metadata, configurable }, onChunk);
      } catch (error) {
        // A remote graph throws its question, which is in its state too.
        if (!isGraphInterrupt(error)) {
          throw error;
        }
      } finally {
        signal?.removeEventListener("abort", cancel);
      }
    },
  };
}

/** The keys that are ours to pass on. Whatever else a caller's config holds is nothing for another server. */
function ownKeys(configurable: RunnableConfig["configurable"]): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(configurable ?? {}).filter(([name]) => name.startsWith("plan_execute_")),
  );
}

function runsOf(agent: WorkerAgent): RemoteRuns | undefined {
  const client: unknown = Reflect.get(agent, "client");
  const runs: unknown =
    typeof client === "object" && client !== null ? Reflect.get(client, "runs") : undefined;
  return "graphId" in agent && isRuns(runs) ? runs : undefined;
}

function isRuns(runs: unknown): runs is RemoteRuns {
  return (
    typeof runs === "object" &&
    runs !== null &&
    (["list", "join", "cancel"] as const).every((name) => typeof Reflect.get(runs, name) === "function")
  );
}

/** What is read; undefined if the server has no such thread yet. */
async function unlessMissing<Value>(read: () => Promise<Value>): Promise<Value | undefined> {
  try {
    return await read();
  } catch (error) {
    if (isRecord(error) && error.status === 404) {
      return undefined;
    }
    throw error;
  }
}
