import { isInstalledForLangChain } from "../langgraph/index.js";
import { ModelError } from "./model-error.js";
import { type ModelEnvironment, type NamedModels, OFFLINE_MODEL } from "./resolve-model.js";

/** What the models of a provider need. Providers that are not listed here are known only when they are called. */
const NEEDS: ReadonlyMap<string, { readonly package: string; readonly key?: string }> = new Map([
  ["openai", { package: "@langchain/openai", key: "OPENAI_API_KEY" }],
  ["anthropic", { package: "@langchain/anthropic", key: "ANTHROPIC_API_KEY" }],
  ["google-genai", { package: "@langchain/google-genai", key: "GOOGLE_API_KEY" }],
  ["mistralai", { package: "@langchain/mistralai", key: "MISTRAL_API_KEY" }],
  ["groq", { package: "@langchain/groq", key: "GROQ_API_KEY" }],
  ["deepseek", { package: "@langchain/deepseek", key: "DEEPSEEK_API_KEY" }],
  ["xai", { package: "@langchain/xai", key: "XAI_API_KEY" }],
  ["cohere", { package: "@langchain/cohere", key: "COHERE_API_KEY" }],
  ["ollama", { package: "@langchain/ollama" }],
]);

/**
 * Throws if a "provider:name" cannot be called, because its provider's package is not installed or its key is not set.
 * `where` is the option that holds the name.
 */
export function assertModelNeeds(
  spec: string,
  models: NamedModels,
  environment: ModelEnvironment,
  where: string,
): void {
  const needs = NEEDS.get(spec.slice(0, Math.max(0, spec.indexOf(":"))));
  if (needs === undefined || Object.hasOwn(models, spec)) {
    return;
  }
  const missing = [
    ...(isInstalledForLangChain(needs.package) ? [] : [`run npm install ${needs.package}`]),
    ...(needs.key === undefined || environment[needs.key] ? [] : [`set ${needs.key}`]),
  ];
  if (missing.length > 0) {
    throw new ModelError(
      "MODEL_UNAVAILABLE",
      `${where} is "${spec}", which cannot be called yet: ${missing.join(", and ")}. Or give a chat model that you made ` +
        `yourself, or "${OFFLINE_MODEL}", which needs neither.`,
    );
  }
}
