// LangGraph keeps what a task returned for the checkpoint before it. So it forgets the tasks of a superstep that was
// not committed after an `updateState`, and in a fork from an earlier checkpoint all that ran since; and it never knew
// the items of a for-each step that was cut off, since the step is one task. Where there is a store, each part that came
// out right is also written there, before its task returns, and found again by the turn and by all that made it what it
// was. What did not come out right is not kept: to go on from an earlier point is to give it another chance.
//
// A store may encrypt its values, and shows their names. A name is made of ids and outputs that are easily guessed, so
// it is a hash keyed with a secret of the turn, which is an entry like the others. Where that cannot be read any more,
// neither can they, and nothing is found.
import { createHmac, randomBytes } from "node:crypto";
import { z } from "zod";
import { describeError, type JsonValue, stableStringify } from "../../base/index.js";
import { threadNamespace } from "../../checkpoint/index.js";
import { type PlanStep, type StepResult, stepResultSchema } from "../../plan/index.js";
import type { Decision } from "../../state/index.js";
import { type Usage, usageSchema } from "../../usage/index.js";
import { type NodeContext, type Tried, tryStorage } from "../run/index.js";

/** What the journal keeps of a part that came out right. */
interface JournalEntry {
  readonly result: StepResult;
  readonly usage: Usage;
}

/** The parts of a turn that came out right. */
export interface StepJournal {
  find(part: MadePart): Promise<JournalEntry | undefined>;
  /** Keeps an entry. Where the store fails the run goes on without it: the checkpoint has the result too. */
  keep(part: MadePart, entry: JournalEntry): Promise<void>;
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
function nameOf({ id, step, inputs, decisions }: MadePart, secret: string): string {
  const made: JsonValue = [
    id,
    stableStringify(step),
    inputs.map(([inputId, output]) => [inputId, output]),
    decisions.map(({ type, tool, args, message }) => [type, tool ?? null, args ?? null, message ?? null]),
  ];
  return createHmac("sha256", secret).update(stableStringify(made)).digest("base64url");
}

/** The name of the entry that has the secret; no part is named so. */
const SECRET = "secret";
const entrySchema = z.object({ result: stepResultSchema, usage: usageSchema });

/** The journal of a turn, where there is a store to keep it in and a thread that it belongs to. */
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
    // A store that does not come back is not waited for at each step.
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
  };
}

/** The entry of a journal that has its secret. */
interface SecretEntry {
  read(): Promise<Tried<unknown>>;
  write(value: object): Promise<Tried<unknown>>;
}

const secretSchema = z.object({ secret: z.string() });

/** The secret of a journal. It is made when something is kept first: before, there is nothing to find. */
class JournalSecret {
  readonly #entry: SecretEntry;
  #stored: Promise<string | null | undefined> | undefined;
  #made: Promise<string | undefined> | undefined;

  constructor(entry: SecretEntry) {
    this.#entry = entry;
  }

  /** The secret; null: there is none yet; undefined: the store does not say. */
  async read(): Promise<string | null | undefined> {
    this.#stored ??= this.#read();
    return this.#made ?? this.#stored;
  }

  /** The secret, made where there is none; undefined: the store takes none. */
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
