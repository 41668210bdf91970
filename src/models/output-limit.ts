import type { BaseChatModel } from "@langchain/core/language_models/chat_models";

/** Where chat models keep how long their answers may be, as their users set it. */
const OWN_LIMITS = ["maxTokens", "maxOutputTokens", "maxCompletionTokens", "numPredict"] as const;

/** The most tokens that a model may answer with: what it was made with, else what it can do, else unknown. */
export function outputLimitOf(model: BaseChatModel): number | undefined {
  const limits = [...OWN_LIMITS.map((key) => Reflect.get(model, key)), model.profile?.maxOutputTokens];
  return limits.find((limit): limit is number => Number.isSafeInteger(limit) && limit > 0);
}
