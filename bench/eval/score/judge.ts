import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import type { Budget, Prices } from "../../../src/index.js";
import { callWithinBudget, factsOf } from "../agents/guarded-call.js";
import { JUDGE_PROMPT, toJudgeRequest } from "./judge-prompt.js";
import { holds } from "./said.js";

/** Who judges, and what it may cost. */
export interface JudgeContext {
  /** @default nobody: only answers that hold the right one, word for word, are right */
  readonly model: BaseChatModel | undefined;
  readonly budget: Budget;
  readonly prices: Prices;
}

/**
 * Says what is wrong with an answer to an open question. An answer that holds the right one word for word is right, and
 * one that is empty is wrong: nobody is asked about these.
 */
export async function judgeAnswer(
  { model, budget, prices }: JudgeContext,
  question: string,
  answer: string,
  gold: string,
): Promise<readonly string[]> {
  if (holds(answer, gold)) {
    return [];
  }
  if (model === undefined || answer.trim() === "") {
    return [`The answer lacks "${gold}".`];
  }
  const request = toJudgeRequest(question, answer, gold);
  const guarded = { prompt: `${JUDGE_PROMPT}\n${request}`, model: factsOf(model), budget, prices };
  const { text } = await callWithinBudget(guarded, () =>
    model.invoke([
      { role: "system", content: JUDGE_PROMPT },
      { role: "user", content: request },
    ]),
  );
  return /^\W*right\b/i.test(text)
    ? []
    : [`The judge says "${text.trim().slice(0, 40)}": it should be "${gold}".`];
}
