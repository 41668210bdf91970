import {
  describeError,
  type JsonValue,
  raceSignal,
  stableStringify,
  withoutUndefined,
} from "../../base/index.js";
import { type ApprovalRule, judgeAction } from "../../policy/index.js";
import { type Decision, turnOf, type WaitingAction } from "../../state/index.js";
import { type Approval, actionIdOf } from "../run/index.js";
import type { PartEnvironment } from "./part.js";

/** What happens to a tool call: it is made as given here, it waits for a person, or it is not made. */
export type Gate =
  | {
      readonly gate: "open";
      readonly tool: string;
      readonly args: Record<string, JsonValue>;
      /** The arguments before a person edited them. */
      readonly shown: Record<string, JsonValue>;
      /** The approval that lets the call through; undefined if nobody had to be asked. */
      readonly approval?: Approval;
      /** Left out if a person has decided. */
      readonly refuse?: ApprovalRule["refuse"];
    }
  | { readonly gate: "wait"; readonly action: WaitingAction; readonly refuse?: ApprovalRule["refuse"] }
  | { readonly gate: "refused"; readonly message: string }
  | { readonly gate: "rejected"; readonly message: string };

/**
 * Judges one tool call.
 *
 * The gate judges the arguments as the tool's schema reads them, and those same arguments are shown, hashed and called.
 * A person's decision comes before any of today's rules. It holds for exactly the action that was shown, because the
 * action's id names the turn, the step, the tool and the arguments (and the model's call, inside an agent step). So a
 * changed call asks again. A decision also holds for one call only, so a second call asks again too.
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
  const actionId = actionIdOf(turnOf(state).id, { partId, tool, args, callId });
  const decision = past.decisionFor(actionId);
  if (decision !== undefined && isOn(decision, partId, tool, args)) {
    const times = past.timesReleased(partId);
    const key = [callId, times === 0 ? "" : String(times + 1)].filter(Boolean).join(":");
    return settle(decision, tool, args, withoutUndefined({ actionId, key, by: decision.by }));
  }
  const judged = judgeAction(settings.approval, { tool, ...read }, requester);
  const verdict = await raceSignal(judged, environment.signal);
  if (verdict.verdict === "run") {
    return withoutUndefined({ gate: "open", tool, args, shown: args, refuse: verdict.refuse });
  }
  const { description, allowedDecisions, refuse } = verdict;
  const shown = { actionId, stepId: partId, tool, args, made, description };
  const action = { kind: "action" as const, ...shown, allowedDecisions: [...allowedDecisions] };
  return withoutUndefined({ gate: "wait", action: withoutUndefined(action), refuse });
}

/** Lets the rule of a call refuse it, before a person is asked or the call is made. */
export async function refuseAtGate(gate: Gate, environment: PartEnvironment): Promise<Gate> {
  if ((gate.gate !== "wait" && gate.gate !== "open") || gate.refuse === undefined) {
    return gate;
  }
  const { refuse, ...judged } = gate;
  const { args } = judged.gate === "wait" ? judged.action : judged;
  const made = judged.gate === "wait" ? judged.action.made : undefined;
  const { state, signal, context } = environment;
  try {
    const situation = { requester: context.requester, state, signal };
    const message =
      (await refuse(args, situation)) ?? (isArgs(made) ? await refuse(made, situation) : undefined);
    return message === undefined ? judged : { gate: "refused", message };
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

/** The id contains a hash, and somebody could construct a collision. So we compare everything that was shown. */
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
      return { gate: "open", tool, args, shown: args, approval };
    case "edit":
      return {
        gate: "open",
        tool: decision.tool ?? tool,
        args: decision.args ?? args,
        shown: args,
        approval,
      };
    case "respond":
    case "reject":
      return { gate: "rejected", message: decision.message ?? "A person rejected this action." };
  }
}
