import { z } from "zod";
import { createCheckpointer } from "../../src/index.js";

const taskResultSchema = z.object({ stepId: z.string(), kind: z.literal("ended") });
const valuesSchema = z.object({ pastSteps: z.array(z.object({ id: z.string() })).default([]) });

/** The steps that a store holds as finished: those of the state, and the writes of the superstep that was killed. */
export async function keptSteps(url: string, thread: string): Promise<string[]> {
  const { checkpointer, close } = await createCheckpointer(url);
  const kept = await checkpointer.getTuple({ configurable: { thread_id: thread } });
  await close();
  if (kept === undefined) return [];
  const { pastSteps } = valuesSchema.parse(kept.checkpoint.channel_values);
  const written = (kept.pendingWrites ?? []).flatMap(([, , value]) => {
    const result = taskResultSchema.safeParse(value);
    return result.success ? [result.data.stepId] : [];
  });
  return [...pastSteps.map(({ id }) => id), ...written];
}
