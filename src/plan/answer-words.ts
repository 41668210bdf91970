import { isRecord, type JsonValue } from "../base/index.js";
import { fillReferences } from "./fill-references.js";
import type { Plan } from "./plan.js";
import { findReferences, type KnownIds, splitReference } from "./references.js";
import type { StepResult } from "./step-result.js";

/** Whether a plan's answer is a text with references in it, rather than the id of a step. */
export function isAnswerInWords(answer: string, ids: KnownIds): boolean {
  return !ids.has(answer) && findReferences(answer).length > 0;
}

/**
 * Fills the references in a plan's answer with the outputs of their steps. Returns undefined if a model has to write
 * the answer instead: because a step did not finish or its output was truncated, or because the value is empty, or is
 * a list or an object, which does not read well in a sentence.
 */
export function fillAnswer(words: string, pastSteps: readonly StepResult[]): string | undefined {
  const done = new Map(pastSteps.filter(({ status }) => status === "done").map((step) => [step.id, step]));
  const outputs = new Map([...done].map(([id, { output }]) => [id, output ?? null]));
  for (const expression of findReferences(words)) {
    const target = splitReference(expression, outputs);
    if (target === undefined || done.get(target.id)?.truncated) {
      return undefined;
    }
    const filled = fillReferences(`{{${expression}}}`, outputs);
    if (!filled.ok || !isSayable(filled.value)) {
      return undefined;
    }
  }
  const filled = fillReferences(words, outputs);
  return filled.ok ? String(filled.value) : undefined;
}

function isSayable(value: JsonValue): boolean {
  if (typeof value === "string") {
    return value.trim() !== "";
  }
  return typeof value === "number" || typeof value === "boolean";
}

/** What names a step, perhaps one that does not exist: "9", "step 2", "write_3". */
const STEP_NAME_PATTERN = /^\s*(?:(?:step|task)\s+)?[\w.#-]{0,64}\d[\w.-]{0,64}\s*$/i;

/**
 * Drops the answer of a plan with steps where it is words that refer to nothing: "I have sent the report." It was
 * written before the work was done, so a model has to write it afterwards.
 */
export function withoutEarlyAnswer(plan: unknown, pastSteps: readonly StepResult[]): unknown {
  if (!isRecord(plan) || !Array.isArray(plan.steps) || plan.steps.length === 0) {
    return plan;
  }
  const { answer, ...others } = plan;
  const isStep = [...plan.steps, ...pastSteps].some((step) => isRecord(step) && step.id === answer);
  const isEarly =
    typeof answer === "string" &&
    !isStep &&
    !STEP_NAME_PATTERN.test(answer) &&
    findReferences(answer).length === 0;
  return isEarly ? others : plan;
}

/** The answer that a plan without steps gives, in words or as the output of a step that is done; undefined if none. */
export function readDirectAnswer(
  { steps, answer }: Plan,
  pastSteps: readonly StepResult[],
): string | undefined {
  if (steps.length > 0 || answer === undefined) {
    return undefined;
  }
  const isStep = pastSteps.some(({ id }) => id === answer);
  return fillAnswer(isStep ? `{{${answer}}}` : answer, pastSteps);
}
