import type { PlanExecuteAgent } from "../agent/index.js";
import type { CheckpointerOptions } from "../checkpoint/index.js";
import type { ApprovalRequest } from "../runtime/index.js";
import type { SteerChange } from "../state/index.js";
import type { KeptEvent, ReadEventsOptions } from "../streams/index.js";
import type { QueueDatabase } from "./pg-boss.js";
import type { RetentionOptions } from "./retention.js";
import type { QueueWorker, WorkerOptions } from "./start-worker.js";
import type { TenantLimits } from "./tenants/index.js";
import type { QueueProblem } from "./worker.js";

/** The options of `createQueue`. */
export interface QueueOptions extends CheckpointerOptions {
  /** The PostgreSQL database with the queue and the threads: `postgres://…`. */
  readonly url: string;
  /**
   * The agents by their names, as `createPlanExecuteAgent` gives them. Their threads are kept in the queue's database,
   * whichever checkpointer they have. A program that only adds work needs none. @default none
   */
  readonly agents?: Readonly<Record<string, PlanExecuteAgent>>;
  /** The queue's name: a database may have several. @default "plan-execute" */
  readonly name?: string;
  /** What each tenant may use, over all workers. Each worker needs the same. @default no limits */
  readonly limits?: TenantLimits;
  /** What single tenants may use instead, by their names. @default nothing */
  readonly tenants?: Readonly<Record<string, TenantLimits>>;
  /** What is kept, and how long. @default one checkpoint of a thread after a turn, and events for 7 days */
  readonly retention?: RetentionOptions;
  /** Gets what goes wrong and is done again or left out. @default nothing */
  readonly onProblem?: (problem: QueueProblem) => void;
}

/** What a turn begins with, as JSON: a goal in words, or what `agent.invoke` takes. Null: go on with what was cut off. */
export type QueueInput = string | Readonly<Record<string, unknown>> | null;

/** How a call is stored. */
export interface StoreOptions {
  /**
   * Your own transaction, in the form that pg-boss takes (`fromKnex`, `fromDrizzle`, …, or `{ executeSql }`). What is
   * added is there when it is committed. @default a transaction of its own
   */
  readonly db?: QueueDatabase;
}

/** The options of `queue.start`. */
export interface StartOptions extends StoreOptions {
  /** Whose turn it is. Tenants are served in turn. @default "default" */
  readonly tenant?: string;
  /** How many of the tenant's own waiting turns it may pass by. @default 0 */
  readonly priority?: number;
  /** When to begin, at the earliest. @default now */
  readonly at?: Date;
  /** When to begin, again and again: `"0 9 * * 1-5"`. Each time is a turn of the thread; `cancel` ends it. @default once */
  readonly cron?: string;
  /** The time zone of `cron`. @default "UTC" */
  readonly timeZone?: string;
  /** The context of the thread's runs, from now on. @default what the thread has */
  readonly context?: Readonly<Record<string, unknown>>;
}

/** Decisions of a person: those of one request, in its order, or the whole answer with its `requestId`. */
export type QueueAnswer =
  | readonly object[]
  | { readonly requestId?: string; readonly decisions: readonly object[]; readonly decidedBy?: string };

/** How a thread stands. */
export interface QueueStatus {
  readonly threadId: string;
  readonly agent: string;
  readonly tenant: string;
  /** What its last job came to ("done", "waiting", "failed", …); "queued" and "running" while there is one. */
  readonly status: string;
  /** Why, if it did not come out right. */
  readonly reason?: string;
  /** What waits for a person. */
  readonly request?: ApprovalRequest;
  /** The answer of its last turn. Only in a program with the thread's agent. */
  readonly response?: string;
  /** The jobs that wait or run. */
  readonly jobs: readonly {
    readonly id: string;
    readonly kind: string;
    readonly state: string;
    readonly startAfter: Date;
  }[];
}

/** A queue of turns, and the threads that they belong to. */
export interface Queue {
  /** Adds a turn. Returns the id of its job; with `cron` null. */
  start(agent: string, threadId: string, input: QueueInput, options?: StartOptions): Promise<string | null>;
  /** Answers the request that waits in a thread. The answer is stored and goes on with the run, in one transaction. */
  resume(
    threadId: string,
    decisions: QueueAnswer,
    options?: StoreOptions & { readonly by?: string },
  ): Promise<void>;
  /** Changes a turn: one that runs, between its steps, wherever it runs; else the thread, and goes on with it. */
  steer(
    threadId: string,
    change: SteerChange | readonly SteerChange[],
    options?: StoreOptions & { readonly by?: string },
  ): Promise<void>;
  /** Takes a thread out of the queue, ends its schedule, and stops what runs of it. */
  cancel(threadId: string, options?: StoreOptions): Promise<void>;
  /** Says how a thread stands. Undefined if nothing was ever queued for it. */
  status(threadId: string): Promise<QueueStatus | undefined>;
  /** Reads the events of a thread, from any process: those that are kept, and then those that come. */
  events(threadId: string, options?: ReadEventsOptions): AsyncIterable<KeptEvent>;
  /** Removes what is old, as `retention` says, and returns how many threads. Workers do so by themselves. */
  sweep(): Promise<number>;
  /** Works on the queue in this process. */
  work(options?: WorkerOptions): Promise<QueueWorker>;
  /** Stops the workers of this process, and closes the connections. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}
