import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { loadChatModel } from "../../../src/langgraph/index.js";
import type { EvalSettings } from "./settings.js";

/** Makes a model as the settings say. `isReplayed`: it needs no key. */
export function loadModel(
  spec: string,
  { baseUrl, maxTokens }: EvalSettings,
  isReplayed: boolean,
): Promise<BaseChatModel> {
  const key = isReplayed || baseUrl !== undefined ? { apiKey: process.env.OPENAI_API_KEY ?? "none" } : {};
  const place =
    baseUrl === undefined ? {} : { baseUrl, configuration: { baseURL: baseUrl, logLevel: "off" as const } };
  // One attempt more for both agents. Ours asks for none and has attempts of its own.
  return loadChatModel(spec, { maxRetries: 1, ...key, ...place, ...(maxTokens ? { maxTokens } : {}) });
}
