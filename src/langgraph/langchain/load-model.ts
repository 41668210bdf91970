import { createRequire } from "node:module";
import type { BaseChatModel } from "@langchain/core/language_models/chat_models";

/**
 * Creates the chat model that "provider:name" stands for. LangChain returns a wrapper that can be configured at each
 * call, but its type and limits cannot be read. The model itself is only available through a private member.
 */
export async function loadChatModel(
  spec: string,
  fields: Readonly<Record<string, unknown>>,
): Promise<BaseChatModel> {
  const { initChatModel } = await import("langchain/chat_models/universal");
  const configurable = await initChatModel(spec, { ...fields });
  return configurable._getModelInstance();
}

/**
 * Returns the model inside a wrapper that LangChain made from a name and that loads its model at the first call.
 * Returns any other model as it is.
 */
export async function modelBehind(model: unknown): Promise<unknown> {
  return isConfigurable(model) ? model._getModelInstance() : model;
}

function isConfigurable(model: unknown): model is { _getModelInstance(): Promise<unknown> } {
  return typeof model === "object" && model !== null && "_getModelInstance" in model;
}

/**
 * Whether LangChain would find a provider's package. It imports the package from its own folder, so that is where we
 * look. False only if it is certain: where packages are bundled, nobody can look.
 */
export function isInstalledForLangChain(name: string): boolean {
  try {
    const langchain = createRequire(import.meta.url).resolve("langchain");
    createRequire(langchain).resolve(name);
    return true;
  } catch (error) {
    const { code, message } = Object(error);
    return code !== "MODULE_NOT_FOUND" || !String(message).includes(`'${name}'`);
  }
}
