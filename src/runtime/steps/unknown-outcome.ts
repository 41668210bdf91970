// What happens to a call of which nobody knows whether it was carried out, of a tool that must not be called twice.
//
//   (1) A person's answer comes first. It holds for the attempt that it was asked about, and for no later one.
//   (2) Then the tool is asked, if it has `findOutcome`.
//   (3) Then a person is asked, if the options let people decide anything and the run can wait.
//   (4) Else the call fails with OUTCOME_UNKNOWN. The effect is kept, so that no model has the same call made again.
import { describeError, stableStringify, withoutUndefined } from "../../base/index.js";
import { checkpointerIn } from "../../langgraph/index.js";
import { type Effect, turnOf, type WaitingAction } from "../../state/index.js";
import {
  foundOutcomeSchema,
  OUTCOME_ANSWERS,
  recoveryOf,
  type ToolSuccess,
  toJson,
} from "../../tools/index.js";
import {
  type Attempt,
  actionIdOf,
  callFunction,
  MAX_STATE_OUTPUT_BYTES,
  type PermittedCall,
  timeNow,
} from "../run/index.js";
import type { ToolEnvironment } from "./part.js";

/** A call in doubt. */
export interface Doubt {
  readonly call: PermittedCall;
  /** The idempotency key of the call of which nobody knows. */
  readonly key: string;
  /** Why nobody knows, as the beginning of a sentence. */
  readonly why: string;
  /** How many answers of people were there when that call began. They were about earlier attempts. */
  readonly answered: number;
  /** The step that made the call in doubt, if that was another call than the one that is to be made now. */
  readonly madeBy?: string;
}

/** Settles a doubt. Returns undefined if the call was not carried out, so it may be made. */
export async function settleDoubt(
  doubt: Doubt,
  environment: ToolEnvironment,
): Promise<Attempt<ToolSuccess> | undefined> {
  const { call, key, answered, madeBy } = doubt;
  const { past, context, state } = environment;
  const actionId = actionIdOf(turnOf(state).id, call);
  const answers = past?.outcomesOf(actionId) ?? [];
  const answer = answers.length > answered ? answers.at(-1) : undefined;
  const found = answer ?? (await askOutcome(call, key, environment));
  const tell = (outcome: Effect["state"], by: "tool" | "person" | "nobody") =>
    context.emit({
      type: "tool.outcome",
      stepId: call.partId,
      tool: call.tool,
      idempotencyKey: key,
      outcome,
      by,
    });
  const by = answer === undefined ? ("tool" as const) : ("person" as const);
  if (found.kind === "not-done") {
    tell("not-done", by);
    noteEffect({ ...call, key }, "not-done", environment);
    return undefined;
  }
  if (found.kind === "done" && (madeBy === undefined || answer !== undefined)) {
    tell("done", by);
    const { value: output, truncated } = toJson(found.output ?? null, { maxBytes: MAX_STATE_OUTPUT_BYTES });
    noteEffect({ ...call, key, output }, "done", environment);
    return { ok: true, value: { ok: true, output, truncated } };
  }
  if (found.kind === "done") {
    // The earlier call is another one than this, so its output is not this one's. But the two are alike.
    const message = `Step ${madeBy} had made the same call of "${call.tool}", and it was carried out after all. It is not made again.`;
    return fail(message);
  }
  if (found.kind === "unknown" && past !== undefined && mayAsk(doubt, environment)) {
    return { ...fail(describeDoubt(doubt)), question: toQuestion(doubt, actionId, answers.length) };
  }
  tell("unknown", found.kind === "give-up" ? "person" : "nobody");
  if (madeBy === undefined) {
    noteEffect({ ...call, key }, "unknown", environment);
  }
  return fail(describeDoubt(doubt));
}

/** Finds the call of this turn that was the same as this one, and of which nobody knows whether it was carried out. */
export function findSameInDoubt(
  call: PermittedCall,
  key: string,
  { past }: ToolEnvironment,
): Effect | undefined {
  // Only a person has a step's own call made again under its key, and who does that knows.
  const isOwn = (effect: Effect) => call.callId === undefined && effect.key === key;
  return past?.effects.find(
    (effect) =>
      effect.state === "unknown" &&
      effect.tool === call.tool &&
      !isOwn(effect) &&
      stableStringify(effect.args) === stableStringify(call.args),
  );
}

/** A call as its effect is noted: with its key, and its output if it was carried out. */
type NotedCall = Pick<PermittedCall, "partId" | "tool" | "args"> & Pick<Effect, "key" | "output">;

/** Notes what is known of a call, if an undo or a later call may have to know it. */
export function noteEffect(
  { partId: stepId, tool, args, key, output }: NotedCall,
  state: Effect["state"],
  { context, past }: ToolEnvironment,
): void {
  const { services, settings } = context;
  const known = services.registry.get(tool);
  const isUndoable =
    settings.undo !== "never" && known !== undefined && recoveryOf(known).compensate !== undefined;
  const isOfWorth = isUndoable || (state === "unknown" && services.registry.hintsOf(tool).repeat === "never");
  if (isOfWorth || past?.effects.some((effect) => effect.key === key)) {
    past?.noteEffect(withoutUndefined({ key, stepId, tool, args, output, state, at: timeNow(services) }));
  }
}

/** What became of a call. */
export type Found =
  | { readonly kind: "done"; readonly output?: unknown }
  | { readonly kind: "not-done" | "unknown" };

/** Asks the tool what became of a call. What it throws, and whatever else is no answer, leaves the outcome unknown. */
export async function askOutcome(
  call: Pick<PermittedCall, "tool" | "args">,
  key: string,
  { context, signal }: Pick<ToolEnvironment, "context" | "signal">,
): Promise<Found> {
  const tool = context.services.registry.get(call.tool);
  const { findOutcome } = tool === undefined ? {} : recoveryOf(tool);
  if (findOutcome === undefined) {
    return { kind: "unknown" };
  }
  const time = { timeoutMs: context.settings.executor.stepTimeoutMs, option: "executor.stepTimeoutMs" };
  try {
    const args = structuredClone(call.args);
    const reply: unknown = await callFunction((own) => findOutcome(key, { args, signal: own }), time, signal);
    return foundOutcomeSchema.parse(reply);
  } catch (error) {
    signal.throwIfAborted();
    context.emit({
      type: "policy.failed",
      policy: `findOutcome of ${call.tool}`,
      error: describeError(error),
    });
    return { kind: "unknown" };
  }
}

/** Whether a person is asked: one who approves plans or this call, or gives guidance. A run without a checkpointer cannot wait. */
function mayAsk({ call }: Doubt, { context }: ToolEnvironment): boolean {
  const { plan, escalate } = context.settings.approval;
  const hasPerson = escalate || plan !== false || call.approval !== undefined;
  return hasPerson && checkpointerIn(context.config.configurable) !== undefined;
}

function toQuestion({ call, key, why }: Doubt, actionId: string, asked: number): WaitingAction {
  const { partId: stepId, tool, args } = call;
  return {
    kind: "action",
    actionId: `${actionId}:outcome:${asked}`,
    stepId,
    tool,
    args,
    asks: `${why}, so nobody knows whether ${tool} ${JSON.stringify(args)} was carried out. Find out (its idempotency key is ${key}), and answer ${OUTCOME_ANSWERS}.`,
    outcome: "unknown",
    allowedDecisions: ["respond", "edit", "reject"],
  };
}

function describeDoubt({ call, why, key }: Doubt): string {
  if (call.undoing !== undefined) {
    return `${why}, so nobody knows whether the undo was carried out (its idempotency key is ${key}).`;
  }
  return `${why}, so nobody knows whether "${call.tool}" carried it out (its idempotency key is ${key}). Do not plan the same call again: plan how to find out, or go on without it.`;
}

function fail(message: string): Extract<Attempt<never>, { ok: false }> {
  return { ok: false, error: { code: "OUTCOME_UNKNOWN", message }, retryable: false };
}
