// LangGraph keeps a task's result only for the checkpoint before the task. So it forgets the tasks of an uncommitted
// superstep after an `updateState`, and a fork from an earlier checkpoint forgets everything that ran since. It also
// never knew the items of a for-each step that was cut off, because the step is one task.
//
// Therefore, if there is a store, each part that succeeded is also written there, before its task returns. It is found
// again by its turn and everything that determined its result. A part that did not succeed is not kept, because whoever
// goes back to an earlier point wants to give it another chance.
//
// A call in flight runs again after a crash, under the same key. A tool that heeds no key and may not be called twice must
// not be called then. So it is noted that such a call begins, and forgotten when its part has ended, however it did. A
// note that is found was left by a run that was cut off.
//
// A store may encrypt its values, but it shows their names. A name is made from ids and outputs that are easy to guess,
// so we hash it with a secret of the turn. The secret is an entry like the others: if it becomes unreadable, so do
// they, and nothing is found.
import { createHmac, randomBytes } from "node:crypto";
import { z } from "zod";
import { describeError, type JsonValue, stableStringify } from "../../base/index.js";
import { threadNamespace } from "../../checkpoint/index.js";
import { type PlanStep, type StepResult, stepResultSchema } from "../../plan/index.js";
import { type Decision, type Effect, effectSchema } from "../../state/index.js";
import { type Usage, usageByModelSchema, usageSchema } from "../../usage/index.js";
import { type NodeContext, type Tried, tryStorage } from "../run/index.js";

/** A part that succeeded, as the journal keeps it. */
interface JournalEntry {
  readonly result: StepResult;
  readonly usage: Usage;
  /** What was noted of its calls. */
  readonly effects: readonly Effect[];
}

/** The parts of a turn that succeeded. */
export interface StepJournal {
  find(part: MadePart): Promise<JournalEntry | undefined>;
  /** Keeps an entry. If the store fails, the run goes on without it, because the checkpoint has the result too. */
  keep(part: MadePart, entry: JournalEntry): Promise<void>;
  /**
   * Says whether a run that was cut off had begun a call that must not be made twice: nobody knows then whether it was
   * carried out. Returns how many answers about its outcome were known when it began. If the store fails, the call
   * counts as new.
   */
  begun(partId: string, key: string): Promise<number | undefined>;
  /** Notes that such a call begins. */
  begin(key: string, answered: number): Promise<void>;
  /** Forgets the calls that a part began, because it has ended. */
  settle(partId: string): Promise<void>;
}

/** A part with everything that determined its result. */
export interface MadePart {
  readonly id: string;
  readonly step: PlanStep;
  /** The outputs of the steps that it depends on, with their ids. */
  readonly inputs: readonly (readonly [id: string, output: JsonValue])[];
  /** What people decided about its calls. */
  readonly decisions: readonly Decision[];
}

/** Names a part. If anything that determined its result differs, the name differs and the part runs again. */
function nameOf({ id, step, inputs, decisions }: MadePart, secret: string): string {
  const made: JsonValue = [
    id,
    stableStringify(step),
    inputs.map(([inputId, output]) => [inputId, output]),
    decisions.map(({ type, tool, args, message }) => [type, tool ?? null, args ?? null, message ?? null]),
  ];
  return createHmac("sha256", secret).update(stableStringify(made)).digest("base64url");
}

/** Names the note that a call has begun. */
function nameOfCall(key: string, secret: string): string {
  return createHmac("sha256", secret)
    .update(stableStringify(["begun", key]))
    .digest("base64url");
}

/** The name of the entry that holds the secret. No part has this name. */
const SECRET = "secret";
// Entries of older versions have no counts by model.
const entrySchema = z.object({
  result: stepResultSchema,
  usage: usageSchema.extend({ byModel: usageByModelSchema.default({}) }),
  effects: z.array(effectSchema).default([]),
});
/** Notes of older versions say only that a call has begun. */
const noteSchema = z.object({ answered: z.number().default(0) });

/** Opens the journal of a turn, if the run has a store and a thread. */
export function openStepJournal(turnId: string, context: NodeContext): StepJournal | undefined {
  const { services, settings, requester, signal, emit } = context;
  const { threadId } = requester;
  const { store } = context.config;
  if (store === undefined || threadId === undefined) {
    return undefined;
  }
  const namespace = [...threadNamespace(threadId), "steps", turnId];
  const { backoff } = settings.executor;
  const { random, sleep } = services;
  let isDown = false;
  async function use<Result>(work: () => Promise<Result>): Promise<Tried<Result>> {
    // Once the store has failed, each further use is tried only once, so that steps do not keep waiting for it.
    const maxAttempts = isDown ? 1 : undefined;
    const tried = await tryStorage(work, { maxAttempts, backoff, random, sleep, signal });
    isDown = !tried.ok;
    if (!tried.ok) {
      emit({ type: "journal.failed", message: `The store could not be used: ${describeError(tried.error)}` });
    }
    return tried;
  }
  const get = (key: string) => use(async () => (await store.get(namespace, key))?.value);
  const put = (key: string, value: object) => use(() => store.put(namespace, key, { ...value }, false));
  const begunByPart = new Map<string, Set<string>>();
  const secret = new JournalSecret({ read: () => get(SECRET), write: (value) => put(SECRET, value) });
  return {
    async find(part) {
      const own = await secret.read();
      if (own === null || own === undefined) {
        return undefined;
      }
      const tried = await get(nameOf(part, own));
      return tried.ok ? entrySchema.safeParse(tried.value).data : undefined;
    },
    async keep(part, entry) {
      const own = await secret.readOrMake();
      if (own !== undefined) {
        await put(nameOf(part, own), entry);
      }
    },
    async begun(partId, key) {
      const own = await secret.readOrMake();
      const begun = begunByPart.get(partId) ?? new Set();
      const name = own === undefined ? undefined : nameOfCall(key, own);
      if (name === undefined || begun.has(name)) {
        return undefined;
      }
      begunByPart.set(partId, begun.add(name));
      const before = await get(name);
      return before.ok && before.value !== undefined
        ? noteSchema.safeParse(before.value).data?.answered
        : undefined;
    },
    async begin(key, answered) {
      const own = await secret.readOrMake();
      if (own !== undefined) {
        await put(nameOfCall(key, own), { begun: true, answered });
      }
    },
    async settle(partId) {
      const names = [...(begunByPart.get(partId) ?? [])];
      begunByPart.delete(partId);
      await Promise.all(names.map((name) => use(() => store.delete(namespace, name))));
    },
  };
}

/** The journal's entry that holds its secret. */
interface SecretEntry {
  read(): Promise<Tried<unknown>>;
  write(value: object): Promise<Tried<unknown>>;
}

const secretSchema = z.object({ secret: z.string() });

/** The secret of a journal. It is made when the first entry is kept, because before that there is nothing to find. */
class JournalSecret {
  readonly #entry: SecretEntry;
  #stored: Promise<string | null | undefined> | undefined;
  #made: Promise<string | undefined> | undefined;

  constructor(entry: SecretEntry) {
    this.#entry = entry;
  }

  /** Returns the secret, null if there is none yet, or undefined if the store cannot tell. */
  async read(): Promise<string | null | undefined> {
    this.#stored ??= this.#read();
    return this.#made ?? this.#stored;
  }

  /** Returns the secret, and makes it if there is none. Returns undefined if the store cannot keep it. */
  async readOrMake(): Promise<string | undefined> {
    const secret = await this.read();
    if (secret !== null) {
      return secret;
    }
    this.#made ??= this.#make();
    return this.#made;
  }

  async #read(): Promise<string | null | undefined> {
    const tried = await this.#entry.read();
    if (tried.ok) {
      return secretSchema.safeParse(tried.value).data?.secret ?? null;
    }
    this.#stored = undefined;
    return undefined;
  }

  async #make(): Promise<string | undefined> {
    const secret = randomBytes(32).toString("base64url");
    const tried = await this.#entry.write({ secret });
    if (tried.ok) {
      return secret;
    }
    this.#made = undefined;
    return undefined;
  }
}
