// A turn may end without its end: its run is cut off, or waits for a person, and the person says something new. The next
// planner must know what was done, or it charges a card twice.
import type { LangGraphRunnableConfig } from "@langchain/langgraph";
import { z } from "zod";
import { cutText, toVisible } from "../../base/index.js";
import { returnedBefore } from "../../langgraph/index.js";
import { type StepResult, stepResultSchema } from "../../plan/index.js";
import { toPastSteps } from "../../prompts/index.js";
import { type AgentState, mergeResults, openSteps, type UnfinishedTurn } from "../../state/index.js";
import { toApprovalRequest } from "../run/index.js";
import { hashStep } from "../steps/index.js";
import { keptSteps } from "../turn/index.js";

/** How many bytes of values the lines of one turn hold, about. */
const MAX_VALUES_BYTES = 16_000;
const LEAST_VALUE_BYTES = 200;
/** How many lines are kept where turn after turn does not end. */
const MAX_LINES = 200;

/** Says what became of the last turn, if it has not ended; undefined if it has, or if it had not begun to act. */
export async function readUnfinished(
  state: AgentState,
  { configurable = {} }: LangGraphRunnableConfig,
): Promise<UnfinishedTurn | undefined> {
  const { plan, turn, outcome, request } = state;
  if (turn === null || outcome !== null || plan.length === 0) {
    return outcome === null ? turn?.unfinished : undefined;
  }
  const lost = endedIn(await returnedBefore(configurable), state);
  const pastSteps = mergeResults(lost, keptSteps(state));
  const share = Math.max(LEAST_VALUE_BYTES, Math.floor(MAX_VALUES_BYTES / plan.length));
  const cut = (text: string) => cutText(text, share);
  const lines = toPastSteps({ plan, pastSteps, decisions: [], cut }).split("\n");
  return {
    steps: [...(turn.unfinished?.steps ?? []), ...(pastSteps.length === 0 ? [] : lines)].slice(-MAX_LINES),
    left: openSteps(plan, pastSteps).map((step) => cut(JSON.stringify(step))),
    waiting:
      request === null
        ? []
        : toApprovalRequest(request, plan).actionRequests.map(({ name, args }, index) => {
            const item = request.waiting[index];
            const reason = item?.kind === "guidance" ? { reason: toVisible(item.reason) } : {};
            return cut(JSON.stringify({ [name]: { ...reason, ...args } }));
          }),
  };
}

const outcomeSchema = z.object({
  kind: z.literal("ended"),
  stepId: z.string(),
  stepHash: z.string(),
  result: stepResultSchema,
});

/** The results of steps of the plan that had ended in a superstep that was cut off. */
function endedIn(returned: readonly unknown[], { plan }: AgentState): StepResult[] {
  const hashes = new Map(plan.map((step) => [step.id, hashStep(step)]));
  return returned.flatMap((value) => {
    const { data } = outcomeSchema.safeParse(value);
    return data !== undefined && hashes.get(data.stepId) === data.stepHash ? [data.result] : [];
  });
}
