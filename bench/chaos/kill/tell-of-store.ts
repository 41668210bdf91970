import { setTimeout as delay } from "node:timers/promises";
import type { BaseCheckpointSaver } from "@langchain/langgraph";
import { z } from "zod";
import type { Moment } from "./phases.js";

const endedStepSchema = z.object({
  kind: z.literal("ended"),
  stepId: z.string(),
  result: z.object({ status: z.literal("done") }),
});

/**
 * Makes a store report each checkpoint that it has written and each step result that it has stored. It also makes the
 * store as slow as one behind a network: a write takes time on its way, and its acknowledgement takes time on the way
 * back. Finally, it reports the namespace of the agent's own checkpoints.
 */
export function tellOfStore(
  store: BaseCheckpointSaver,
  { storeMs, forgets = false }: { readonly storeMs: number; readonly forgets?: boolean },
  say: (line: { readonly moment: Moment } | { readonly namespace: string }) => void,
): void {
  const tell = (moment: Moment) => say({ moment });
  const put = store.put.bind(store);
  const putWrites = store.putWrites.bind(store);
  const onTheWay = () => (storeMs === 0 ? undefined : delay(storeMs));
  let checkpoints = 0;
  const stored: string[] = [];
  store.put = async (...checkpoint) => {
    checkpoints += 1;
    const id = `${checkpoints}`;
    tell({ phase: "checkpoint written", id, at: "begin", ms: 2 + 2 * storeMs });
    await onTheWay();
    for (const stepId of stored.splice(0)) {
      tell({ phase: "result stored", id: stepId, at: "end" });
    }
    const result = await put(...checkpoint);
    const [{ configurable }, { channel_values: values }] = checkpoint;
    if (values.turn) {
      say({ namespace: String(configurable?.checkpoint_ns ?? "") });
    }
    await onTheWay();
    tell({ phase: "checkpoint written", id, at: "end" });
    return result;
  };
  store.putWrites = async (config, writes, taskId) => {
    const steps = writes.flatMap(([, value]) => endedStepSchema.safeParse(value).data?.stepId ?? []);
    await onTheWay();
    if (!forgets || steps.length === 0) {
      await putWrites(config, writes, taskId);
    }
    for (const stepId of steps) {
      stored.push(stepId);
      tell({ phase: "result stored", id: stepId, at: "begin", ms: 5 + storeMs });
    }
    await onTheWay();
  };
}
