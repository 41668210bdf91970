import type { AIMessage } from "@langchain/core/messages";
import type { Budget, Prices } from "../../../src/index.js";
import { createTurnBudget, estimateTokens } from "../../../src/usage/index.js";
import { BudgetSpentError } from "./agent.js";

/** The output tokens to set aside for a call whose model has no limit. */
const ASSUMED_OUTPUT_TOKENS = 4_096;

/** A call that somebody other than our agent is about to make. */
interface GuardedCall {
  /** Everything that is sent, as text. */
  readonly prompt: string;
  readonly model: { readonly name: string; readonly maxTokens?: number };
  readonly budget: Budget | undefined;
  readonly prices: Prices;
}

/** Makes a model call within the budget that it shares with our agent. Throws a `BudgetSpentError` if there is no room. */
export async function callWithinBudget<Answer extends Pick<AIMessage, "usage_metadata">>(
  { prompt, model, budget, prices }: GuardedCall,
  call: () => Promise<Answer>,
): Promise<Answer> {
  if (budget === undefined) {
    return call();
  }
  const turn = createTurnBudget({}, { prices, now: Date.now, startedAt: Date.now(), shared: budget });
  const { name, maxTokens = ASSUMED_OUTPUT_TOKENS } = model;
  const inputTokens = estimateTokens(prompt);
  let verdict = turn.reserve({ model: name, inputTokens, maxOutputTokens: maxTokens });
  while (!verdict.ok && verdict.mayPass) {
    await turn.nextSettled();
    verdict = turn.reserve({ model: name, inputTokens, maxOutputTokens: maxTokens });
  }
  if (!verdict.ok) {
    throw new BudgetSpentError(verdict.message);
  }
  let answer: Answer | undefined;
  try {
    answer = await call();
    return answer;
  } finally {
    const { input_tokens, output_tokens } = answer?.usage_metadata ?? {};
    const counted =
      input_tokens === undefined || output_tokens === undefined
        ? undefined
        : {
            inputTokens: input_tokens,
            outputTokens: output_tokens,
            cachedInputTokens: 0,
            reasoningTokens: 0,
          };
    turn.settle(verdict.reservation, counted);
  }
}

/** A model's name in prices, and its own limit on output tokens. */
export function factsOf(model: object): GuardedCall["model"] {
  const name: unknown = Reflect.get(model, "model");
  const maxTokens: unknown = Reflect.get(model, "maxTokens");
  return {
    name: typeof name === "string" ? name : "unknown",
    ...(typeof maxTokens === "number" && maxTokens > 0 ? { maxTokens } : {}),
  };
}
