import { z } from "zod";
import type { PlanExecuteAgent } from "../../agent/index.js";
import { returnedSoFar } from "../../langgraph/index.js";
import { stepResultSchema } from "../../plan/index.js";
import type { RunSnapshot } from "../../report/index.js";
import { mergeResults } from "../../state/index.js";
import { addUsage, usageSchema } from "../../usage/index.js";
import { UsageError } from "../surroundings.js";
import type { Threads } from "../threads.js";

const settledSchema = z.object({
  kind: z.literal("ended"),
  result: stepResultSchema,
  usage: usageSchema.optional(),
});

const valuesSchema = z.looseObject({ pastSteps: z.array(stepResultSchema), usage: usageSchema });

/**
 * Reads where a thread stands, with the steps that have settled since the run last committed: while it runs, LangGraph's
 * own snapshot shows none of them.
 */
export async function readSnapshot(
  agent: PlanExecuteAgent,
  { checkpointer }: Pick<Threads, "checkpointer">,
  threadId: string,
): Promise<RunSnapshot> {
  const snapshot = await agent.getState({ configurable: { thread_id: threadId } });
  if (snapshot.config.configurable?.checkpoint_id === undefined) {
    throw new UsageError(`There is no thread ${threadId}. threads lists those that there are.`);
  }
  const values = valuesSchema.safeParse(snapshot.values);
  if (snapshot.tasks.length === 0 || !values.success) {
    return snapshot;
  }
  const returned = await returnedSoFar(checkpointer, threadId);
  const settled = returned.flatMap((value) => settledSchema.safeParse(value).data ?? []);
  const { pastSteps, usage } = values.data;
  return {
    ...snapshot,
    values: {
      ...values.data,
      pastSteps: mergeResults(
        pastSteps,
        settled.map(({ result }) => result),
      ),
      usage: settled.reduce((sum, one) => (one.usage === undefined ? sum : addUsage(sum, one.usage)), usage),
    },
  };
}
