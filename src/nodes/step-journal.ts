// LangGraph forgets the finished tasks of a superstep that was not committed where the agent is a subgraph, after
// an `updateState`, and in a fork. Where there is a store, each part that came out right is also written there, before
// its task returns, and found again by the turn and by all that made it what it was. What did not come out right is
// not kept: to go on from an earlier point is to give it another chance.
import type { BaseStore } from "@langchain/langgraph";
import { z } from "zod";
import { threadNamespace } from "../checkpoint/index.js";
import { describeError } from "../errors/index.js";
import type { Emit } from "../events/index.js";
import { type StepResult, stepResultSchema } from "../plan/index.js";
import { type Usage, usageSchema } from "../usage/index.js";

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

const entrySchema = z.object({ result: stepResultSchema, usage: usageSchema });

/** The journal of a turn in a store. */
export function createStepJournal(
  store: BaseStore,
  { threadId, turnId }: { readonly threadId: string; readonly turnId: string },
  emit: Emit,
): StepJournal {
  const namespace = [...threadNamespace(threadId), "steps", turnId];
  const tell = (error: unknown) =>
    emit({ type: "journal.failed", message: `The store could not be used: ${describeError(error)}` });
  return {
    async find(key) {
      try {
        const item = await store.get(namespace, key);
        return item === null ? undefined : entrySchema.safeParse(item.value).data;
      } catch (error) {
        tell(error);
        return undefined;
      }
    },
    async keep(key, entry) {
      try {
        await store.put(namespace, key, { ...entry }, false);
      } catch (error) {
        tell(error);
      }
    },
  };
}
