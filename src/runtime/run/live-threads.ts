// The threads that run in this process, and the changes that wait for their next superstep. A change written to a
// thread while it runs would be lost, because the run writes what it holds in memory over it. So a run is registered
// from before it reads its thread until after its last write, and a change to a thread that does not run is written
// while nothing else touches it.
import type { RunnableConfig } from "@langchain/core/runnables";
import type { LangGraphRunnableConfig } from "@langchain/langgraph";
import { namespaceOfGraph } from "../../langgraph/index.js";
import type { AgentState, SteerInput } from "../../state/index.js";
import { StateUpdateError } from "./errors.js";

/** Changes to a thread, which depend on its state. */
export interface SteeringLetter {
  /** The ids of running steps that are to stop at once. */
  readonly cancels: readonly string[];
  changesTo(state: AgentState): readonly SteerInput[];
}

/** Changes whose sender waits for an answer. */
export interface SteeringMail extends SteeringLetter {
  /** The changes were made. The sender is told once they are stored. */
  taken(): void;
  /** The changes cannot be made. */
  refused(error: unknown): void;
}

/** A run that is under way. */
export interface LiveRun {
  /**
   * A node begins, so what the node before it did is stored. The node's key is the run's, whatever key the run began
   * with.
   */
  enter(key: string): void;
  /** The run has made its last write, or it was cut off for this reason. */
  end(reason?: unknown): void;
}

/** The threads that run in this process. */
export interface LiveThreads {
  /** Begins a run as soon as nobody writes to its thread. */
  begin(key: string): Promise<LiveRun>;
  /** Whether the thread is running in this process. */
  isLive(key: string): boolean;
  /** Does the work while nobody else writes to the thread and no run of it begins. */
  alone<Result>(key: string, work: () => Promise<Result>): Promise<Result>;
  /**
   * Hands changes to a thread that runs here. Resolves to true once they are stored, and to false if nothing runs here
   * or the run ended before it took them. Rejects if they cannot be made.
   */
  post(key: string, letter: SteeringLetter): Promise<boolean>;
  /** Whether changes are waiting. */
  hasMail(key: string): boolean;
  /** A step runs. Its signal aborts when somebody cancels the step. */
  watchStep(key: string, stepId: string): WatchedStep;
  /** Takes all changes that are waiting. Each must be answered. */
  take(key: string): readonly SteeringMail[];
}

/** A step that runs. */
interface WatchedStep {
  /** Aborts when somebody cancels the step. */
  readonly cancelled: AbortSignal;
  /** The step runs no more. */
  end(): void;
}

interface LiveThread {
  runs: number;
  /** How many are writing, or waiting to write. */
  writers: number;
  /** Settles when the last writer in line is done. */
  last: Promise<unknown>;
  mail: (SteeringMail & { withdraw(): void })[];
  /** Changes that were made, but are not yet known to be stored. */
  made: { stored(): void; lost(reason: unknown): void }[];
  /** What ends each step that runs, by its id. */
  readonly steps: Map<string, AbortController>;
}

/**
 * The key under which a run travels to its nodes, because only the nodes know the namespace that LangGraph gave a
 * nested run.
 */
const LIVE_RUN = Symbol("planExecuteRun");

/** Names the thread that a config is for, or the subgraph in it. */
export function threadKey(
  { configurable }: Pick<LangGraphRunnableConfig, "configurable">,
  isNode: boolean,
): string {
  const namespace = configurable?.checkpoint_ns;
  return JSON.stringify([configurable?.thread_id, isNode ? namespaceOfGraph(namespace) : (namespace ?? "")]);
}

const CUT_OFF =
  "The run was cut off when it had made the change and not stored it yet. Look at the thread's `steering`: where the " +
  "change is not there, make it again.";

/** Why a step ended that a person cancelled. */
export const CANCELLED = "A person cancelled it.";

/** The error for who cancels a step that does not run. */
export function stepNotRunning(stepId: string): StateUpdateError {
  return new StateUpdateError(
    "STEP_NOT_STEERABLE",
    `Step "${stepId}" is not running, so it cannot be cancelled. Skip it if it is still to be done.`,
  );
}

/** Adds the run to a config, so that the run's nodes can find it. */
export function withLiveRun<Options extends RunnableConfig>(options: Options, run: LiveRun): Options {
  return { ...options, configurable: { ...options.configurable, [LIVE_RUN]: run } };
}

/** Wraps a node so that its run learns when it begins. */
export function inLiveRun<State, Update extends object>(
  node: (state: State, config: LangGraphRunnableConfig) => Promise<Update>,
): typeof node {
  return (state, config) => {
    const run: LiveRun | undefined = Reflect.get(config.configurable ?? {}, LIVE_RUN);
    run?.enter(threadKey(config, true));
    return node(state, config);
  };
}

/** Creates the register of live threads, empty. */
export function createLiveThreads(): LiveThreads {
  const threads = new Map<string, LiveThread>();

  function open(key: string): LiveThread {
    const thread = threads.get(key) ?? {
      runs: 0,
      writers: 0,
      last: Promise.resolve(),
      mail: [],
      made: [],
      steps: new Map(),
    };
    threads.set(key, thread);
    return thread;
  }

  function close(key: string, thread: LiveThread): void {
    if (thread.runs > 0) {
      return;
    }
    for (const mail of thread.mail.splice(0)) {
      mail.withdraw();
    }
    if (thread.writers === 0) {
      threads.delete(key);
    }
  }

  function alone<Result>(key: string, work: () => Promise<Result>): Promise<Result> {
    const thread = open(key);
    thread.writers += 1;
    const done = thread.last.then(work).finally(() => {
      thread.writers -= 1;
      close(key, thread);
    });
    thread.last = done.catch(() => undefined);
    return done;
  }

  function enter(key: string, entered: Set<string>): void {
    const thread = open(key);
    if (!entered.has(key)) {
      thread.runs += 1;
    }
    entered.add(key);
    for (const change of thread.made.splice(0)) {
      change.stored();
    }
  }

  return {
    alone,
    async begin(key) {
      const entered = new Set<string>();
      await alone(key, async () => enter(key, entered));
      return {
        enter: (other) => enter(other, entered),
        end(reason) {
          for (const one of entered) {
            const thread = open(one);
            thread.runs -= 1;
            for (const change of thread.made.splice(0)) {
              if (reason === undefined) {
                change.stored();
              } else {
                change.lost(reason);
              }
            }
            close(one, thread);
          }
          entered.clear();
        },
      };
    },
    isLive: (key) => (threads.get(key)?.runs ?? 0) > 0,
    async post(key, letter) {
      const thread = threads.get(key);
      if (thread === undefined || thread.runs === 0) {
        return false;
      }
      for (const stepId of letter.cancels) {
        if (!thread.steps.has(stepId)) {
          throw stepNotRunning(stepId);
        }
      }
      for (const stepId of letter.cancels) {
        thread.steps.get(stepId)?.abort(new DOMException(CANCELLED, "AbortError"));
      }
      return new Promise<boolean>((resolve, reject) => {
        const lost = (reason: unknown) => reject(new StateUpdateError("RUN_CUT_OFF", CUT_OFF, [], reason));
        thread.mail.push({
          ...letter,
          taken: () => thread.made.push({ stored: () => resolve(true), lost }),
          refused: reject,
          withdraw: () => resolve(false),
        });
      });
    },
    hasMail: (key) => (threads.get(key)?.mail.length ?? 0) > 0,
    watchStep(key, stepId) {
      const controller = new AbortController();
      const { steps } = open(key);
      steps.set(stepId, controller);
      return { cancelled: controller.signal, end: () => void steps.delete(stepId) };
    },
    take: (key) => threads.get(key)?.mail.splice(0) ?? [],
  };
}
