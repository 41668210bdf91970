import { type JsonValue, stableStringify, withoutUndefined } from "../../base/index.js";
import type { WaitingAction } from "../../state/index.js";
import { timeNow } from "../run/index.js";
import { callTool } from "./call-tool.js";
import { findFault } from "./check-output.js";
import { passGate, refuseAtGate } from "./gate.js";
import { ended, type Part, type PartEnvironment } from "./part.js";
import type { PartOutcome, SuspendedPart } from "./step-outcome.js";

/** Makes the one tool call of a direct or call step, or holds it for a person. */
export async function runCall(
  part: Part,
  tool: string,
  given: Record<string, JsonValue>,
  environment: PartEnvironment,
  startedAt: string,
): Promise<PartOutcome> {
  const { context } = environment;
  const now = () => timeNow(context.services);
  const notMade = () => ({ startedAt, endedAt: now(), attempts: 0, args, tool });
  const args = knownArgs(environment.past.suspendedOf(part.id), given);
  const gate = await refuseAtGate(await passGate(part.id, tool, args, environment), environment);
  const wait = (action: WaitingAction, read: Record<string, JsonValue>, attempts: number): PartOutcome => {
    const changed = isSame(read, given) ? undefined : given;
    const suspended = { stepId: part.id, startedAt, attempts, args: read, given: changed };
    return { kind: "waiting", actions: [action], suspended: [withoutUndefined(suspended)] };
  };
  if (gate.gate === "wait") {
    return wait(gate.action, gate.action.args, 0);
  }
  if (gate.gate === "rejected") {
    const error = { code: "REJECTED", message: gate.message } as const;
    return ended(part, { ok: false, status: "rejected", error }, notMade());
  }
  if (gate.gate === "refused") {
    const error = { code: "REFUSED", message: `The call of ${tool} was refused: ${gate.message}` } as const;
    return ended(part, { ok: false, status: "failed", error }, notMade());
  }
  const { description } = part.step;
  const { approval } = gate;
  const call = { partId: part.id, description, tool: gate.tool, args: gate.args, approval };
  const early = environment.common.claimEarly(call, environment.signal);
  const outcome = await (early ?? callTool(call, environment));
  const facts = {
    startedAt,
    endedAt: now(),
    attempts: outcome.attempts,
    retries: outcome.retries,
    args: gate.args,
    tool: gate.tool,
  };
  if (!outcome.ok && outcome.question !== undefined) {
    return wait(outcome.question, gate.shown, outcome.attempts);
  }
  if (!outcome.ok) {
    return ended(part, { ok: false, status: "failed", error: outcome.error }, facts);
  }
  const { output, artifact, truncated } = outcome.value;
  const fault = await findFault(output, { tool: gate.tool, args: gate.args }, context);
  if (fault !== undefined) {
    const error = { code: "UNEXPECTED_OUTPUT", message: fault } as const;
    return ended(part, { ok: false, status: "unexpected", error, output }, facts);
  }
  return ended(part, { ok: true, output, artifact, truncated }, facts);
}

/**
 * Reuses the arguments that were read from the same input before. A default that differs each time could otherwise
 * never be approved.
 */
function knownArgs(
  suspended: SuspendedPart | undefined,
  given: Record<string, JsonValue>,
): Record<string, JsonValue> {
  const { args, given: before } = suspended ?? {};
  return args !== undefined && before !== undefined && isSame(before, given) ? args : given;
}

function isSame(one: Record<string, JsonValue>, other: Record<string, JsonValue>): boolean {
  return stableStringify(one) === stableStringify(other);
}
