import type { JsonValue } from "../base/index.js";
import { fillReferences } from "./fill-references.js";
import { findReferences, type KnownIds, splitReference } from "./references.js";
import type { StepResult } from "./step-result.js";

/** Whether a plan's answer is words in which outputs stand, and not the id of a step. */
export function isAnswerInWords(answer: string, ids: KnownIds): boolean {
  return !ids.has(answer) && findReferences(answer).length > 0;
}

/**
 * The answer that a plan's words give: each reference filled with what its step gave. Undefined where the words alone
 * would not do, and a model has to write the answer: a step that did not run, or gave nothing, or gave a list or an
 * object, which people do not read in a sentence.
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
