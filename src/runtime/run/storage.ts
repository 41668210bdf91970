import { setImmediate as nextTurn } from "node:timers/promises";
import type { BaseCheckpointSaver, LangGraphRunnableConfig } from "@langchain/langgraph";
import {
  describeError,
  inTime,
  PlanExecuteError,
  Retry,
  type RetryPace,
  raceSignal,
} from "../../base/index.js";
import { ANSWERED, checkpointerIn, RETURNED } from "../../langgraph/index.js";
import { MAX_STORAGE_ATTEMPTS, MAX_STORAGE_WAIT_MS, STORAGE_TIMEOUT_MS } from "./settings.js";

/** The checkpointer could not write a run's result, or could not read the thread. */
export class StorageError extends PlanExecuteError {
  readonly code = "STORAGE_FAILED";

  constructor(what: string, attempts: number, whatNext: string, cause: unknown) {
    const tried = attempts === 1 ? "" : ` (tried ${attempts} times)`;
    super(`${what}: ${describeError(cause)}${tried}. ${whatNext}`, { cause });
  }
}

/** How often and how fast a database operation is retried. */
interface StorageRetry extends RetryPace {
  /** @default MAX_STORAGE_ATTEMPTS */
  readonly maxAttempts?: number;
  /** Once it aborts, nothing is retried. */
  readonly signal: AbortSignal | undefined;
}

export type Tried<Result> =
  | { readonly ok: true; readonly value: Result }
  | { readonly ok: false; readonly error: unknown; readonly attempts: number };

/** Does a read or a write, and retries it within limits if it fails. */
export async function tryStorage<Result>(
  work: () => Promise<Result>,
  { maxAttempts = MAX_STORAGE_ATTEMPTS, backoff, random, sleep, signal }: StorageRetry,
): Promise<Tried<Result>> {
  const retry = new Retry({
    attempts: maxAttempts,
    pace: { backoff: { ...backoff, maxMs: Math.min(backoff.maxMs, MAX_STORAGE_WAIT_MS) }, random, sleep },
    signal,
    // Our own errors say what to do first, so a retry would not help.
    isWorth: (error: unknown) => !(error instanceof PlanExecuteError),
  });
  for (;;) {
    try {
      const value = await inTime(
        work(),
        STORAGE_TIMEOUT_MS,
        `it gave no answer for ${STORAGE_TIMEOUT_MS} ms`,
      );
      return { ok: true, value };
    } catch (error) {
      // If the signal aborts during the wait, we stop and report the last failure.
      if (!(await retry.again(error).catch(() => false))) {
        return { ok: false, error, attempts: retry.attempt };
      }
    }
  }
}

// The checkpointer that a run gets. LangGraph looks at the result of a write only when the superstep ends. A write that
// fails earlier is an unhandled rejection, which ends the process. So:
//
//   (1) A write that fails is retried, within limits. It never rejects. Instead we keep the reason of the final
//       failure, and steps and nodes look at it before they begin.
//   (2) After a final failure we write only what tasks return, so that a step that ends later need not run again. The
//       database holds what the run can continue from.
//   (3) A checkpoint is written after everything before it, so it never hides something that is missing.
//   (4) A read that fails is retried in the same way, and then rejects.

/** The key that leads from a run's checkpointer to its storage. */
const STORAGE = Symbol("planExecuteStorage");
const READS: ReadonlySet<string | symbol> = new Set(["getTuple", "getDeltaChannelHistory"]);

/** What is lost if a write fails, and what to do when the database works again. */
interface Loss {
  readonly what: string;
  readonly whatNext: string;
}

const INPUT: Loss = {
  what: "The input could not be stored, and no step was done for it",
  whatNext: "When the database works again, give the same input again.",
};
const ANSWER: Loss = {
  what: "The answer could not be stored, and was not carried out",
  whatNext: "When the database works again, answer once more.",
};
const RESULT: Loss = {
  what: "What the run came to could not be stored",
  whatNext: "When the database works again, invoke(null, config) goes on from what is stored.",
};

/** The checkpointer of one run, and the state of the run's writes. */
export class RunStorage {
  /** The checkpointer that LangGraph is given. */
  readonly checkpointer: BaseCheckpointSaver;
  /** Whether the run's own outcome reports the failed write. If not, the caller is told when the run is over. */
  isTold = false;
  readonly #saver: BaseCheckpointSaver;
  readonly #retry: StorageRetry;
  readonly #writing = new Set<Promise<void>>();
  #turn: Promise<void> | undefined;
  #failure: StorageError | undefined;

  constructor(saver: BaseCheckpointSaver, retry: StorageRetry) {
    this.#saver = saver;
    this.#retry = retry;
    this.checkpointer = new Proxy(saver, { get: (_saver, key) => this.#get(key) });
  }

  /** Why something is not stored; undefined as long as no write has failed for good. */
  get failure(): StorageError | undefined {
    return this.#failure;
  }

  /** Resolves when no write is in progress, or when the signal aborts. */
  async settled(signal?: AbortSignal): Promise<void> {
    if (this.#writing.size > 0) {
      await untilAborted(this.#settle(), signal);
    }
  }

  /**
   * Like `settled`, for use right after a task or a node ended: LangGraph writes what it returned later in the same
   * turn of the event loop.
   */
  async settledAfterTurn(signal?: AbortSignal): Promise<void> {
    await untilAborted(this.#settleAfterTurn(), signal);
  }

  /** Throws a `StorageError` if something is not stored, or the signal's reason if the signal aborts. */
  async assertStored(signal?: AbortSignal): Promise<void> {
    await this.settled(signal);
    signal?.throwIfAborted();
    if (this.#failure !== undefined) {
      throw this.#failure;
    }
  }

  /** Makes a write that the run can do without: it is tried once, and the run does not fail with it. */
  async writeIfPossible(...given: Parameters<BaseCheckpointSaver["putWrites"]>): Promise<void> {
    await tryStorage(async () => this.#saver.putWrites(...given), { ...this.#retry, maxAttempts: 1 });
  }

  async #settle(): Promise<void> {
    while (this.#writing.size > 0) {
      await Promise.all(this.#writing);
    }
  }

  async #settleAfterTurn(): Promise<void> {
    // Steps that end in the same turn of the event loop share one wait.
    this.#turn ??= nextTurn().then(() => {
      this.#turn = undefined;
    });
    await this.#turn;
    await this.#settle();
  }

  #get(key: string | symbol): unknown {
    if (key === STORAGE) {
      return this;
    }
    if (key === "put") {
      return this.#put;
    }
    if (key === "putWrites") {
      return this.#putWrites;
    }
    const member: unknown = Reflect.get(this.#saver, key, this.#saver);
    if (typeof member !== "function") {
      return member;
    }
    // A saver's private fields exist on the saver only, not on its proxy.
    const method = member.bind(this.#saver);
    return READS.has(key) ? (...given: unknown[]) => this.#read(async () => method(...given)) : method;
  }

  readonly #put: BaseCheckpointSaver["put"] = async (config, checkpoint, metadata, newVersions) => {
    const put = async () => {
      await this.#saver.put(config, checkpoint, metadata, newVersions);
    };
    await this.#track(this.#writeAfter(this.#writing, metadata.source === "input" ? INPUT : RESULT, put));
    const { thread_id, checkpoint_ns } = config.configurable ?? {};
    return { configurable: { thread_id, checkpoint_ns, checkpoint_id: checkpoint.id } };
  };

  readonly #putWrites: BaseCheckpointSaver["putWrites"] = async (config, writes, taskId) => {
    if (this.#failure !== undefined && !writes.every(([channel]) => channel === RETURNED)) {
      return;
    }
    const isAnswer = writes.every(([channel]) => channel === ANSWERED);
    const putWrites = async () => this.#saver.putWrites(config, writes, taskId);
    await this.#track(this.#write(isAnswer ? ANSWER : RESULT, putWrites));
  };

  async #track(writing: Promise<void>): Promise<void> {
    this.#writing.add(writing);
    await writing;
    this.#writing.delete(writing);
  }

  async #writeAfter(
    others: ReadonlySet<Promise<void>>,
    loss: Loss,
    work: () => Promise<void>,
  ): Promise<void> {
    if (others.size > 0) {
      await Promise.all(others);
    }
    if (this.#failure === undefined) {
      await this.#write(loss, work);
    }
  }

  async #write({ what, whatNext }: Loss, work: () => Promise<void>): Promise<void> {
    const tried = await tryStorage(work, this.#retry);
    if (!tried.ok) {
      this.#failure ??= new StorageError(what, tried.attempts, whatNext, tried.error);
    }
  }

  async #read(work: () => Promise<unknown>): Promise<unknown> {
    const tried = await tryStorage(work, this.#retry);
    if (tried.ok) {
      return tried.value;
    }
    if (tried.error instanceof PlanExecuteError) {
      throw tried.error;
    }
    throw new StorageError("The thread could not be read", tried.attempts, "Nothing was done.", tried.error);
  }
}

async function untilAborted(settled: Promise<void>, signal: AbortSignal | undefined): Promise<void> {
  await raceSignal(settled, signal).catch(() => {});
}

/** Finds the storage of the run that a config belongs to; undefined if nothing is stored. */
export function storageOf({ configurable }: LangGraphRunnableConfig): RunStorage | undefined {
  const storage: unknown = Reflect.get(Object(checkpointerIn(configurable)), STORAGE);
  return storage instanceof RunStorage ? storage : undefined;
}
