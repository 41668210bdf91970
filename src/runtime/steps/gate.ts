import {
  describeError,
  hashArgs,
  type JsonValue,
  raceSignal,
  stableStringify,
  withoutUndefined,
} from "../../base/index.js";
import { type ApprovalRule, judgeAction } from "../../policy/index.js";
import { type Decision, turnOf, type WaitingAction } from "../../state/index.js";
import type { Approval } from "../run/index.js";
import type { PartEnvironment } from "./part.js";

/** What is to become of a tool call: it waits, or it is settled how it is made, or that it is not made. */
export type Gate =
  | {
      readonly gate: "open";
      readonly tool: string;
      readonly args: Record<string, JsonValue>;
      /** The approval that lets it pass; undefined where nobody has to be asked. */
      readonly approval?: Approval;
    }
  | { readonly gate: "wait"; readonly action: WaitingAction; readonly refuse?: ApprovalRule["refuse"] }
  | { readonly gate: "refused"; readonly message: string }
  | { readonly gate: "rejected"; readonly message: string };

/**
 * Judges one tool call, by what the tool is called with: that is judged, shown, hashed and called. What a person decided
 * on it comes before any rule of today's. A decision holds for the very action that was shown: its id names turn, step,
 * tool and arguments (and the call, where a model made it inside an agent step), so a changed call asks anew; and it
 * holds for one call, so another asks anew too.
 */
export async function passGate(
  partId: string,
  tool: string,
  given: Record<string, JsonValue>,
  environment: PartEnvironment,
  callId = "",
): Promise<Gate> {
  const { state, past, context } = environment;
  const { settings, services, requester } = context;
  const read = await raceSignal(services.registry.readArgs(tool, given), environment.signal);
  const { args, made } = read;
  const actionId = [turnOf(state).id, partId, tool, hashArgs(args), callId].filter(Boolean).join(":");
  const decision = past.decisionFor(actionId);
  if (decision !== undefined && isOn(decision, partId, tool, args)) {
    const times = past.timesReleased(partId);
    const key = [callId, times === 0 ? "" : String(times + 1)].filter(Boolean).join(":");
    return settle(decision, tool, args, { actionId, key });
  }
  const judged = judgeAction(settings.approval, { tool, ...read }, requester);
  const verdict = await raceSignal(judged, environment.signal);
  if (verdict.verdict === "run") {
    return { gate: "open", tool, args };
  }
  const { description, allowedDecisions, refuse } = verdict;
  const shown = { actionId, stepId: partId, tool, args, made, description };
  const action = { kind: "action" as const, ...shown, allowedDecisions: [...allowedDecisions] };
  return withoutUndefined({ gate: "wait", action: withoutUndefined(action), refuse });
}

/** The gate of a call that would wait, once its rule was asked whether it may be made at all. */
export async function refuseAtGate(gate: Gate, environment: PartEnvironment): Promise<Gate> {
  if (gate.gate !== "wait" || gate.refuse === undefined) {
    return gate;
  }
  const { action, refuse } = gate;
  const { state, signal, context } = environment;
  try {
    const situation = { requester: context.requester, state, signal };
    const message =
      (await refuse(action.args, situation)) ??
      (isArgs(action.made) ? await refuse(action.made, situation) : undefined);
    return message === undefined ? gate : { gate: "refused", message };
  } catch (error) {
    signal.throwIfAborted();
    return {
      gate: "refused",
      message: `Whether it may be made could not be judged: ${describeError(error)}`,
    };
  }
}

function isArgs(made: JsonValue | undefined): made is Record<string, JsonValue> {
  return typeof made === "object" && made !== null && !Array.isArray(made);
}

/** The id holds a hash, which can be met on purpose: what was shown is compared in full. */
function isOn(
  { shown, stepId }: Decision,
  partId: string,
  tool: string,
  args: Record<string, JsonValue>,
): boolean {
  if (shown === undefined) {
    return true;
  }
  return stepId === partId && shown.tool === tool && stableStringify(shown.args) === stableStringify(args);
}

function settle(decision: Decision, tool: string, args: Record<string, JsonValue>, approval: Approval): Gate {
  switch (decision.type) {
    case "approve":
      return { gate: "open", tool, args, approval };
    case "edit":
      return { gate: "open", tool: decision.tool ?? tool, args: decision.args ?? args, approval };
    case "reject":
      return { gate: "rejected", message: decision.message ?? "A person rejected this action." };
  }
}
