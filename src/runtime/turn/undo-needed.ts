import { type AgentState, leftSteps, type UndoneEnding, unresolvedTrouble } from "../../state/index.js";
import { recoveryOf } from "../../tools/index.js";
import type { NodeContext } from "../run/index.js";

/**
 * Why a run ends: `code` decided it (a failure, a limit, no plan that works), a model `judged` that there is nothing
 * more to do, or a person gave up, or `accepted` what was achieved.
 */
export type EndedBy = "code" | "judged" | "given-up" | "accepted" | "cancelled";

/**
 * Whether what the turn did is undone before the run ends. No model has a say in this. Where a model ended the run, the
 * steps' results alone decide: something that acts went wrong and nobody put it right, or steps are left because
 * something went wrong. So a model that says that the goal is reached skips no undo, and one that says that it is not
 * causes none.
 */
export function needsUndo(
  state: AgentState,
  { status, endedBy }: Pick<UndoneEnding, "status"> & { readonly endedBy: EndedBy },
  { settings, services }: Pick<NodeContext, "settings" | "services">,
): boolean {
  const canUndo = state.effects.some(({ tool: name, state: known }) => {
    const tool = services.registry.get(name);
    return known !== "not-done" && tool !== undefined && recoveryOf(tool).compensate !== undefined;
  });
  if (settings.undo === "never" || !canUndo || endedBy === "accepted") {
    return false;
  }
  if (endedBy === "cancelled") {
    return settings.undo === "onFailureOrCancel";
  }
  if (endedBy !== "judged") {
    return true;
  }
  const trouble = unresolvedTrouble(state);
  // A person who rejects a call and takes the answer has decided that the goal is reached without it.
  const wrong = trouble.filter((result) => status !== "done" || result.status !== "rejected");
  const acted = wrong.some(({ tool }) => tool === undefined || !services.registry.isReadOnly(tool));
  return acted || (wrong.length > 0 && leftSteps(state).length > 0);
}
