import { cutText, describeError, isEmpty, type JsonValue } from "../../base/index.js";
import {
  findReferences,
  ITEM_VARIABLES,
  judgeCondition,
  type PlanStep,
  splitReference,
} from "../../plan/index.js";
import type { Requester } from "../../policy/index.js";
import { type CheckedCall, type NodeContext, type OutputCheck, timeNow } from "../run/index.js";
import { ended, type Part, type PartEnvironment } from "./part.js";
import type { PartOutcome } from "./step-outcome.js";

/** An output that is an error says so at its beginning, so a fault may be cut. The result keeps the whole output. */
const MAX_FAULT_BYTES = 4_000;
const ERROR_TEXT = /^\s*(error|exception|traceback|fatal|failed|failure)\b/i;

/** Runs the checks for a tool's output. Returns what is wrong with it, or undefined. */
export async function findFault(
  output: JsonValue,
  call: CheckedCall,
  { settings, requester }: Pick<NodeContext, "settings" | "requester">,
): Promise<string | undefined> {
  const checks = settings.executor.checkOutput;
  const own = Object.hasOwn(checks, call.tool) ? checks[call.tool] : undefined;
  if (own === undefined) {
    return undefined;
  }
  for (const check of Array.isArray(own) ? own : [own]) {
    const fault = await judge(check, output, call, requester);
    if (fault !== undefined) {
      return cutText(fault, MAX_FAULT_BYTES);
    }
  }
  return undefined;
}

async function judge(
  check: OutputCheck,
  output: JsonValue,
  call: CheckedCall,
  requester: Requester,
): Promise<string | undefined> {
  if (check === "not-empty") {
    return isEmpty(output) ? "The output is empty." : undefined;
  }
  if (check === "no-error-text") {
    return errorText(output);
  }
  try {
    const fault: unknown = await check(output, call, requester);
    if (fault === undefined || fault === null || typeof fault === "string") {
      return fault ?? undefined;
    }
    return `The check of ${call.tool}'s output gave neither a sentence nor undefined: ${describeError(fault)}`;
  } catch (error) {
    return `The output could not be checked: ${describeError(error)}`;
  }
}

function errorText(output: JsonValue): string | undefined {
  if (typeof output === "string" && ERROR_TEXT.test(output)) {
    return `The output is an error: ${output}`;
  }
  if (typeof output !== "object" || output === null || Array.isArray(output)) {
    return undefined;
  }
  const error = Object.hasOwn(output, "error") ? output.error : undefined;
  return error === undefined || error === null || error === false
    ? undefined
    : `The output is an error: ${typeof error === "string" ? error : JSON.stringify(error)}`;
}

/** Judges a part's own condition. Returns the outcome if the part must not run, or undefined if it may. */
export function checkCondition(part: Part, environment: PartEnvironment): PartOutcome | undefined {
  const { step } = part;
  if (step.if === undefined) {
    return undefined;
  }
  const judged = judgeCondition(step.if, part.values);
  const endedAt = timeNow(environment.context.services);
  if (!judged.ok) {
    const { error } = judged;
    const status = error.code === "UNEXPECTED_OUTPUT" ? "unexpected" : "failed";
    return ended(part, { ok: false, status, error }, { startedAt: endedAt, endedAt, attempts: 0 });
  }
  if (judged.isMet) {
    return undefined;
  }
  const { description, tool } = step;
  const skipped = { id: part.id, description, status: "skipped", attempts: 0, endedAt } as const;
  return { kind: "ended", result: tool === undefined ? skipped : { ...skipped, tool } };
}

/** Whether the condition of a for-each step applies to each item, and not to the whole step. */
export function isItemCondition({ if: condition, forEach }: PlanStep): boolean {
  if (condition === undefined || forEach === undefined) {
    return false;
  }
  return findReferences(condition).some(
    (reference) => splitReference(reference, ITEM_VARIABLES) !== undefined,
  );
}
