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

/** The model itself behind one that LangChain made of a name and loads when it is first called; any other as it is. */
export async function modelBehind(model: unknown): Promise<unknown> {
  return isConfigurable(model) ? model._getModelInstance() : model;
}

function isConfigurable(model: unknown): model is { _getModelInstance(): Promise<unknown> } {
  return typeof model === "object" && model !== null && "_getModelInstance" in model;
}
