import { describeError, withoutUndefined } from "../../base/index.js";
import { type ActionVerdict, judgeAction } from "../../policy/index.js";
import type { AgentState, Effect, WaitingAction } from "../../state/index.js";
import { type NodeContext, UNDO } from "../run/index.js";

/** Whether a call may be undone: it may, it may not, or a person has to decide. */
export type UndoVerdict =
  | { readonly kind: "undo" }
  | { readonly kind: "refused"; readonly reason: string }
  | { readonly kind: "ask"; readonly action: WaitingAction };

/** Judges the undo of a call by the rule of its tool, as any call of that tool, unless a person has decided on it. */
export async function judgeUndo(
  effect: Effect,
  state: AgentState,
  context: NodeContext,
  signal: AbortSignal,
): Promise<UndoVerdict> {
  const { settings, requester } = context;
  const { key, stepId, tool, args } = effect;
  const actionId = `${UNDO}${key}`;
  const decision = state.decisions.findLast((one) => one.actionId === actionId && !one.isVoid);
  if (decision !== undefined) {
    const { type, message = "no reason was given" } = decision;
    return type === "approve" ? { kind: "undo" } : refused(`A person rejected it: ${message}`);
  }
  const verdict = await judgeAction(settings.approval, { tool, args }, requester);
  const refusal = await refusalOf(verdict, effect, { requester, state, signal });
  if (refusal !== undefined) {
    return refused(refusal);
  }
  if (verdict.verdict === "run") {
    return { kind: "undo" };
  }
  const { description } = verdict;
  const action = { kind: "action" as const, actionId, stepId, tool, args, description, undoes: key };
  return { kind: "ask", action: { ...withoutUndefined(action), allowedDecisions: ["approve", "reject"] } };
}

async function refusalOf(
  { refuse }: ActionVerdict,
  { args }: Effect,
  situation: Parameters<NonNullable<typeof refuse>>[1],
): Promise<string | undefined> {
  try {
    const message = await refuse?.(args, situation);
    return message === undefined ? undefined : `The tool's rule refused it: ${message}`;
  } catch (error) {
    situation.signal.throwIfAborted();
    return `Whether it may be undone could not be judged: ${describeError(error)}`;
  }
}

function refused(reason: string): UndoVerdict {
  return { kind: "refused", reason };
}
