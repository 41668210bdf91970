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

/** A checkpointer could not write what a run came to, or not read where it stood. */
export class StorageError extends PlanExecuteError {
  readonly code = "STORAGE_FAILED";

  constructor(what: string, attempts: number, whatNext: string, cause: unknown) {
    const tried = attempts === 1 ? "" : ` (tried ${attempts} times)`;
    super(`${what}: ${describeError(cause)}${tried}. ${whatNext}`, { cause });
  }
}

/** How a database is tried again. */
interface StorageRetry extends RetryPace {
  /** @default MAX_STORAGE_ATTEMPTS */
  readonly maxAttempts?: number;
  /** When it aborts, nothing is tried again. */
  readonly signal: AbortSignal | undefined;
}

/** What came of trying. */
export type Tried<Result> =
  | { readonly ok: true; readonly value: Result }
  | { readonly ok: false; readonly error: unknown; readonly attempts: number };

/** Reads or writes, again where it fails, within a bound. */
export async function tryStorage<Result>(
  work: () => Promise<Result>,
  { maxAttempts = MAX_STORAGE_ATTEMPTS, backoff, random, sleep, signal }: StorageRetry,
): Promise<Tried<Result>> {
  const retry = new Retry({
    attempts: maxAttempts,
    pace: { backoff: { ...backoff, maxMs: Math.min(backoff.maxMs, MAX_STORAGE_WAIT_MS) }, random, sleep },
    signal,
    // Our own errors say what is to be done first.
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
      // An abort during the wait ends the attempts: what failed last is why.
      if (!(await retry.again(error).catch(() => false))) {
        return { ok: false, error, attempts: retry.attempt };
      }
    }
  }
}

// What a run has as its checkpointer. LangGraph looks at what came of a write when the superstep ends; one that fails
// before is a rejection that nobody handles, and ends the process. So:
//
//   (1) A write that fails is tried again, within a bound. It never rejects: why it failed in the end is kept, and
//       steps and nodes look at that before they begin.
//   (2) After that nothing more is written but what tasks return: a step that ends later is not done again for it. The
//       database has what the run can go on from.
//   (3) A checkpoint is written when all before it is, and so never covers up what is missing.
//   (4) A read that fails is tried again in the same way, and then rejects.

/** Under this key a run's storage is found on its checkpointer. */
const STORAGE = Symbol("planExecuteStorage");
const READS: ReadonlySet<string | symbol> = new Set(["getTuple", "getDeltaChannelHistory"]);

/** What is lost where something cannot be stored, and what to do when the database works again. */
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

/** The checkpointer of one run, and what has become of the run's writes. */
export class RunStorage {
  /** The checkpointer as LangGraph is given it. */
  readonly checkpointer: BaseCheckpointSaver;
  /** Whether the run has ended for what could not be stored; else its caller is told when it is over. */
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

  /** Why something is not stored; undefined as long as nothing has failed for good. */
  get failure(): StorageError | undefined {
    return this.#failure;
  }

  /** Resolves when nothing is being written, or the signal aborts. */
  async settled(signal?: AbortSignal): Promise<void> {
    if (this.#writing.size > 0) {
      await untilAborted(this.#settle(), signal);
    }
  }

  /** The same, right after a task or a node: LangGraph writes what it returned in the turn in which it ends. */
  async settledAfterTurn(signal?: AbortSignal): Promise<void> {
    await untilAborted(this.#settleAfterTurn(), signal);
  }

  /** Throws a `StorageError` where something is not stored, and the signal's reason where that aborts. */
  async assertStored(signal?: AbortSignal): Promise<void> {
    await this.settled(signal);
    signal?.throwIfAborted();
    if (this.#failure !== undefined) {
      throw this.#failure;
    }
  }

  async #settle(): Promise<void> {
    while (this.#writing.size > 0) {
      await Promise.all(this.#writing);
    }
  }

  async #settleAfterTurn(): Promise<void> {
    // Steps that end in one turn wait for the same one.
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
    // A saver's private fields are there on the saver alone.
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

/** The storage of the run whose config this is; undefined where nothing is stored. */
export function storageOf({ configurable }: LangGraphRunnableConfig): RunStorage | undefined {
  const storage: unknown = Reflect.get(Object(checkpointerIn(configurable)), STORAGE);
  return storage instanceof RunStorage ? storage : undefined;
}
