// What a thread was started with is kept in the store, below the thread's own namespace: there it is encrypted and
// deleted with the thread. The metadata of checkpoints would not do: a change from outside makes a checkpoint without it.
import { isDeepStrictEqual } from "node:util";
import { BaseStore, type Operation, type OperationResults } from "@langchain/langgraph";
import { z } from "zod";
import { threadNamespace } from "../checkpoint/index.js";
import { type TypedOptions, typedOptionsSchema } from "./option-values.js";
import type { Threads } from "./threads.js";
import { UsageError } from "./usage-error.js";

/** The options that are kept with a thread. */
export interface KeptOptions {
  /** Whether the thread is there at all. */
  readonly hasThread: boolean;
  /** What holds for the turn that is there; undefined where nothing was kept. */
  readonly options?: TypedOptions;
  /** Keeps options; those of a new turn hold as soon as that turn has begun. */
  keep(options: TypedOptions, isNewTurn: boolean): Promise<void>;
}

const entrySchema = z.strictObject({
  options: typedOptionsSchema,
  /** What holds as long as this is the thread's newest checkpoint: a process may die before its turn begins. */
  before: z.strictObject({ checkpointId: z.string(), options: typedOptionsSchema }).optional(),
});

const LABEL = "command-line";
const KEY = "options";

/** Reads what is kept with a thread, which must be held by `withThreadLock`. */
export async function openKeptOptions(
  { store, retention }: Pick<Threads, "store" | "retention">,
  threadId: string,
): Promise<KeptOptions> {
  const checkpointId = (await retention.checkpointIds(threadId)).get("")?.[0];
  const namespace = [...threadNamespace(threadId), LABEL];
  // They may be there before the thread is: a process may die before its first turn begins.
  const item = await store.get(namespace, KEY);
  let entry = item === null ? undefined : readEntry(item.value, threadId);
  const isBefore = entry?.before !== undefined && entry.before.checkpointId === checkpointId;
  const options = isBefore ? entry?.before?.options : entry?.options;
  return {
    hasThread: checkpointId !== undefined,
    options,
    async keep(next, isNewTurn) {
      const isOther = options !== undefined && !isDeepStrictEqual(next, options);
      const before =
        isNewTurn && isOther && checkpointId !== undefined ? { checkpointId, options } : undefined;
      const kept = { options: next, ...(before === undefined ? {} : { before }) };
      if (isDeepStrictEqual(kept, entry)) return;
      await store.put(namespace, KEY, kept, false);
      entry = kept;
    },
  };
}

function readEntry(value: unknown, threadId: string): z.infer<typeof entrySchema> {
  const { success, data, error: cause } = entrySchema.safeParse(value);
  if (success) return data;
  const advice = "Go on with the version of this package that kept them, or begin another thread.";
  throw new UsageError(`The options that are kept with the thread ${threadId} cannot be read. ${advice}`, {
    cause,
  });
}

/** The store as an agent and its tools get it: what is kept here is not theirs to change. */
export class AgentStore extends BaseStore {
  readonly #store: BaseStore;

  constructor(store: BaseStore) {
    super();
    this.#store = store;
  }

  override async batch<Op extends Operation[]>(operations: Op): Promise<OperationResults<Op>> {
    if (operations.some(isWriteHere)) {
      throw new Error("The options of a thread are the command line's: nothing else can write them.");
    }
    return this.#store.batch(operations);
  }
}

function isWriteHere(operation: Operation): boolean {
  if (!("value" in operation)) return false;
  const [root, , label, ...more] = operation.namespace;
  return root === threadNamespace("")[0] && label === LABEL && more.length === 0;
}
