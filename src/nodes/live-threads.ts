// Threads that run in this process, and changes that wait for their next superstep. A change that was written to the
// thread while it runs would be lost: the run writes what it holds in memory over it.
import type { LangGraphRunnableConfig } from "@langchain/langgraph";
import type { AgentState, SteerInput } from "../state/index.js";
import { namespaceOfGraph } from "./superstep-counter.js";

/** How long a thread may be between two nodes, in milliseconds; after that nothing runs there any more. */
const BETWEEN_NODES_MS = 1_000;

/** Changes to a thread, told by its state. */
export interface SteeringLetter {
  changesTo(state: AgentState): readonly SteerInput[];
}

/** Changes that somebody waits for. */
export interface SteeringMail extends SteeringLetter {
  /** They were made. */
  taken(): void;
  /** They cannot be made. */
  refused(error: unknown): void;
}

/** The threads that run in this process. */
export interface LiveThreads {
  /** Does a node's work; a change that comes meanwhile waits for the executor. */
  during<Update extends object>(key: string, work: () => Promise<Update>): Promise<Update>;
  /**
   * Hands changes to a thread that runs here. True: they were made; false: nothing runs here, or it ended before.
   * Rejects where they cannot be made.
   */
  post(key: string, letter: SteeringLetter): Promise<boolean>;
  /** Whether changes wait. */
  hasMail(key: string): boolean;
  /** Takes all changes that wait; each must be answered. */
  take(key: string): readonly SteeringMail[];
}

interface LiveThread {
  running: number;
  mail: (SteeringMail & { withdraw(): void })[];
  timer?: ReturnType<typeof setTimeout>;
}

/** Names a thread, or the subgraph in it, that a config is for. */
export function threadKey(
  { configurable }: Pick<LangGraphRunnableConfig, "configurable">,
  isNode: boolean,
): string {
  const namespace = configurable?.checkpoint_ns;
  return JSON.stringify([configurable?.thread_id, isNode ? namespaceOfGraph(namespace) : (namespace ?? "")]);
}

/** No thread runs yet. */
export function createLiveThreads(): LiveThreads {
  const threads = new Map<string, LiveThread>();

  function end(key: string, thread: LiveThread): void {
    if (thread.running > 0) return;
    clearTimeout(thread.timer);
    threads.delete(key);
    for (const mail of thread.mail.splice(0)) mail.withdraw();
  }

  return {
    async during(key, work) {
      const thread = threads.get(key) ?? { running: 0, mail: [] };
      threads.set(key, thread);
      clearTimeout(thread.timer);
      thread.running += 1;
      let isOver = true;
      try {
        const update = await work();
        isOver = "outcome" in update && update.outcome !== null;
        return update;
      } finally {
        thread.running -= 1;
        if (isOver) end(key, thread);
        else if (thread.running === 0) {
          thread.timer = setTimeout(() => end(key, thread), BETWEEN_NODES_MS);
          // A run that stops here must not keep its process alive, unless somebody waits to be answered.
          if (thread.mail.length === 0) thread.timer.unref();
        }
      }
    },
    async post(key, letter) {
      const thread = threads.get(key);
      if (thread === undefined) return false;
      thread.timer?.ref();
      return new Promise<boolean>((resolve, reject) => {
        thread.mail.push({
          ...letter,
          taken: () => resolve(true),
          refused: reject,
          withdraw: () => resolve(false),
        });
      });
    },
    hasMail: (key) => (threads.get(key)?.mail.length ?? 0) > 0,
    take: (key) => threads.get(key)?.mail.splice(0) ?? [],
  };
}

/** The node, while whose work its thread is known to run here. */
export function whileLive<State, Update extends object>(
  liveThreads: LiveThreads,
  node: (state: State, config: LangGraphRunnableConfig) => Promise<Update>,
): typeof node {
  return (state, config) => liveThreads.during(threadKey(config, true), () => node(state, config));
}
