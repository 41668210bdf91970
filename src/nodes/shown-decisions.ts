import type { ShownDecision } from "../prompts/index.js";
import { type AgentState, decidedPart, planActionId } from "../state/index.js";

/** What people changed or rejected in this turn and what still holds, for the replanner. */
export function shownDecisions({ decisions, planVersions, turnId }: AgentState): ShownDecision[] {
  return decisions.flatMap((decision): ShownDecision[] => {
    const { type, actionId, shown, tool, args, message } = decision;
    if (decision.isVoid || type === "approve") return [];
    const words = message === undefined ? {} : { message };
    const version = planVersions.findIndex((planned) => planActionId(planned.version) === actionId);
    const plan = planVersions[version];
    if (plan !== undefined) {
      const instead = type === "edit" ? { instead: planVersions[version + 1]?.steps } : {};
      return [{ decision: type, shown: plan.steps, ...instead, ...words }];
    }
    // A word of guidance is a plan of its own, or the reason why the replanner is asked.
    if (shown === undefined) return [];
    const step = decidedPart(decision, turnId);
    return [
      { step, decision: type, shown, ...(type === "edit" ? { instead: { tool, args } } : {}), ...words },
    ];
  });
}
