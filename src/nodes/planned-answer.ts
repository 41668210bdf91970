import { fillAnswer, isAnswerInWords, type JsonValue } from "../plan/index.js";
import type { AgentState } from "../state/index.js";

/** The answer that the plan itself has words for, where all that they refer to is there. */
export function plannedAnswer({ answerStep, plan, pastSteps }: AgentState): string | undefined {
  const ids = new Set(plan.map(({ id }) => id));
  return isAnswerInWords(answerStep, ids) ? fillAnswer(answerStep, pastSteps) : undefined;
}

/** An output as people read it. */
export function toText(output: JsonValue): string {
  return typeof output === "string" ? output : JSON.stringify(output, null, 2);
}
