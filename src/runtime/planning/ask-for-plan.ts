import { copyJson, cutText, isRecord } from "../../base/index.js";
import type { PlanReply } from "../../prompts/index.js";
import {
  askFunction,
  MAX_PLAN_REPAIRS,
  MAX_STATE_OUTPUT_BYTES,
  type NodeContext,
  readJudgedAnswer,
} from "../run/index.js";
import type { Refusal } from "../turn/index.js";
import { check, invalid, type PlanAnswer, type PlanFrame, type Understood } from "./read-answer.js";

/** What differs from one try to the next. */
export interface PlanTry {
  /** What was wrong with the plan that was just handed in. */
  readonly issues: readonly string[];
  readonly signal: AbortSignal;
}

/**
 * Asks the function of a role for a plan. It gets an invalid plan's issues, and may hand it in again as often as a model.
 */
export async function askForPlan(
  role: "planner" | "replanner",
  ask: (one: PlanTry) => PlanReply | Promise<PlanReply>,
  frame: PlanFrame,
  context: NodeContext,
): Promise<PlanAnswer> {
  let issues: readonly string[] = [];
  for (let repairs = 0; ; repairs++) {
    const told = issues;
    const reply: unknown = await askFunction(role, (signal) => ask({ issues: told, signal }), context);
    const answer = readReply(reply, frame, context);
    if (answer.kind !== "invalid") {
      return { messageId: undefined, repairs, ...answer };
    }
    issues = answer.issues.map(({ message }) => message);
    context.emit({ type: "plan.invalid", attempt: repairs + 1, issues });
    if (repairs === MAX_PLAN_REPAIRS) {
      return { messageId: undefined, repairs, ...answer };
    }
  }
}

type Reply = Understood | ({ readonly kind: "refused" } & Refusal);

/** Understands what a function gave. It may be anything: of another type, endless, or one that throws when it is read. */
function readReply(reply: unknown, frame: PlanFrame, { services }: NodeContext): Reply {
  if (typeof reply === "string") {
    const text = cutText(reply, MAX_STATE_OUTPUT_BYTES);
    return text.trim() === ""
      ? invalid("The function gave a text without words.")
      : (check(text, frame, services) ?? { kind: "text", text });
  }
  const copy = copyJson(reply);
  if (!copy.ok) {
    return invalid(`What the function gave cannot be read: ${copy.reason}.`);
  }
  const { value } = copy;
  if (!isRecord(value)) {
    const what = value === null ? "nothing" : Array.isArray(value) ? "a list" : `a ${typeof value}`;
    return invalid(
      `The function gave ${what}. Give { steps }, { use }, { refused }, or the answer as a text.`,
    );
  }
  const { refused, understood } = value;
  const judged = readJudgedAnswer(value);
  if (judged !== undefined) {
    return { kind: "text", text: cutText(judged.answer, MAX_STATE_OUTPUT_BYTES), reached: judged.reached };
  }
  if (typeof refused === "string" && refused.trim() !== "") {
    return { kind: "refused", refused, ...(typeof understood === "string" ? { understood } : {}) };
  }
  return (
    check(value, frame, services) ??
    invalid("There is no plan in what the function gave: give { steps: [...] }, { use } or { refused }.")
  );
}
