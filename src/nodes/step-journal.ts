// LangGraph forgets the finished tasks of a superstep that was not committed where the agent is a subgraph, after
// an `updateState`, and in a fork. Where there is a store, each part that came out right is also written there, before
// its task returns, and found again by the turn and by all that made it what it was. What did not come out right is
// not kept: to go on from an earlier point is to give it another chance.
import { createHash } from "node:crypto";
import { z } from "zod";
import { threadNamespace } from "../checkpoint/index.js";
import { describeError } from "../errors/index.js";
import {
  type JsonValue,
  type PlanStep,
  type StepResult,
  stableStringify,
  stepResultSchema,
} from "../plan/index.js";
import type { Decision } from "../state/index.js";
import { type Usage, usageSchema } from "../usage/index.js";
import type { NodeContext } from "./node-context.js";
import { hashStep } from "./step-outcome.js";
import { tryStorage } from "./try-storage.js";

/** What the journal keeps of a part that came out right. */
export interface JournalEntry {
  readonly result: StepResult;
  readonly usage: Usage;
}

/** The parts of a turn that came out right. */
export interface StepJournal {
  find(key: string): Promise<JournalEntry | undefined>;
  /** Keeps an entry. Where the store fails the run goes on without it: the checkpoint has the result too. */
  keep(key: string, entry: JournalEntry): Promise<void>;
}

/** A part by all that made it what it was. */
export interface MadePart {
  readonly id: string;
  readonly step: PlanStep;
  /** What the steps that it depends on gave, by their ids. */
  readonly inputs: readonly (readonly [id: string, output: JsonValue])[];
  /** What people decided about its calls. */
  readonly decisions: readonly Decision[];
}

/** Names a part; one that differs in anything that made it is done anew. */
export function journalKey({ id, step, inputs, decisions }: MadePart): string {
  const made: JsonValue = [
    hashStep(step),
    inputs.map(([inputId, output]) => [inputId, output]),
    decisions.map(({ type, tool, args, message }) => [type, tool ?? null, args ?? null, message ?? null]),
  ];
  const hash = createHash("sha256").update(stableStringify(made)).digest("hex");
  return `${id}:${hash.slice(0, 32)}`;
}

const entrySchema = z.object({ result: stepResultSchema, usage: usageSchema });

/** The journal of a turn, where there is a store to keep it in and a thread that it belongs to. */
export function openStepJournal(turnId: string, context: NodeContext): StepJournal | undefined {
  const { services, settings, requester, signal, emit } = context;
  const { threadId } = requester;
  const { store } = context.config;
  if (store === undefined || threadId === undefined) return undefined;
  const namespace = [...threadNamespace(threadId), "steps", turnId];
  const { backoff } = settings.executor;
  const { random, sleep } = services;
  let isDown = false;
  async function use<Result>(work: () => Promise<Result>): Promise<Result | undefined> {
    // A store that does not come back is not waited for at each step.
    const maxAttempts = isDown ? 1 : undefined;
    const tried = await tryStorage(work, { maxAttempts, backoff, random, sleep, signal });
    isDown = !tried.ok;
    if (tried.ok) return tried.value;
    emit({ type: "journal.failed", message: `The store could not be used: ${describeError(tried.error)}` });
    return undefined;
  }
  return {
    async find(key) {
      const item = await use(() => store.get(namespace, key));
      return entrySchema.safeParse(item?.value).data;
    },
    async keep(key, entry) {
      await use(() => store.put(namespace, key, { ...entry }, false));
    },
  };
}
