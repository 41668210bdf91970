import type { BaseChatModel } from "@langchain/core/language_models/chat_models";

/**
 * Makes the chat model that "provider:name" stands for. LangChain gives one that can be configured at each call, whose
 * type and limits cannot be read; the model itself is behind a private member.
 */
export async function loadChatModel(
  spec: string,
  fields: Readonly<Record<string, unknown>>,
): Promise<BaseChatModel> {
  const { initChatModel } = await import("langchain/chat_models/universal");
  const configurable = await initChatModel(spec, { ...fields });
  return configurable._getModelInstance();
}
