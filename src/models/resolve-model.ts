import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { describeError } from "../base/index.js";
import { createOpenAiCompletions, loadChatModel } from "../langgraph/index.js";
import { ModelError } from "./model-error.js";

/** How options name a model: a chat model, "provider:name", "offline", or a name from the agent's own `models`. */
export type ModelSpec = BaseChatModel | string;

/** Chat models by name. A role or an assistant's context may use these names instead of "provider:name". */
export type NamedModels = Readonly<Record<string, BaseChatModel>>;

/** How much effort a reasoning model should spend on thinking. */
export type ReasoningEffort = "minimal" | "low" | "medium" | "high";

/** A model, and its name in prices and usage. */
export interface ResolvedModel {
  readonly model: BaseChatModel;
  readonly name: string;
}

/** Fields for models that are made from a name. Each kind of model takes those that apply to it. */
export interface ModelFields {
  readonly reasoningEffort?: ReasoningEffort;
}

/** Where a model is, how it is asked, and how it samples. */
export interface ModelDetails {
  readonly baseUrl?: string;
  readonly apiKey?: string;
  readonly temperature?: number;
  readonly topP?: number;
  readonly maxTokens?: number;
}

/** Environment variables. If no model is given, `PLAN_EXECUTE_MODEL` and `OPENAI_API_KEY` decide. */
export type ModelEnvironment = Readonly<Record<string, string | undefined>>;

/** The name of the planner by rule, which plays roles in place of a model. It needs no key and no network. */
export const OFFLINE_MODEL = "offline";
const OPENAI_DEFAULT = "openai:gpt-4.1-mini";
const PROVIDER_AND_NAME = /^[\w-]+:.+$/;

/** Chooses the model if none is given. */
export function defaultModel(environment: ModelEnvironment): string {
  if (environment.PLAN_EXECUTE_MODEL) {
    return environment.PLAN_EXECUTE_MODEL;
  }
  return environment.OPENAI_API_KEY ? OPENAI_DEFAULT : OFFLINE_MODEL;
}

/** Throws if a model's name can never be resolved. `where` is the option that holds the name. */
export function assertModelName(name: string, models: NamedModels, where: string): void {
  if (name === OFFLINE_MODEL || Object.hasOwn(models, name) || PROVIDER_AND_NAME.test(name)) {
    return;
  }
  const named = Object.keys(models);
  const known = named.length === 0 ? "" : `, one of models (${named.join(", ")})`;
  throw new ModelError(
    "MODEL_UNKNOWN",
    `${where} is "${name}", which names no model. Use "provider:name" such as "openai:gpt-4.1-mini"${known}, ` +
      `"${OFFLINE_MODEL}", or a chat model.`,
  );
}

/** Resolves a spec to a chat model. The providers' packages are loaded only here, when they are needed. */
export async function resolveModel(
  spec: ModelSpec,
  models: NamedModels,
  { reasoningEffort }: ModelFields = {},
): Promise<ResolvedModel> {
  if (typeof spec !== "string") {
    return { model: spec, name: modelName(spec) };
  }
  const named = Object.hasOwn(models, spec) ? models[spec] : undefined;
  if (named !== undefined) {
    return { model: named, name: modelName(named) };
  }
  if (spec === OFFLINE_MODEL) {
    throw new ModelError(
      "MODEL_UNAVAILABLE",
      `"${OFFLINE_MODEL}" plans by rule. It is no model, so it makes no calls' arguments, and nobody can fall back on it.`,
    );
  }
  assertModelName(spec, models, "The model");
  const effort = reasoningEffort === undefined ? {} : effortFields(spec, reasoningEffort);
  return { model: await loadModel(spec, effort), name: spec };
}

/** Creates a chat model from its name and details: where its server is, its key, how it samples. */
export async function createModel(spec: string, details: ModelDetails): Promise<BaseChatModel> {
  const { baseUrl, apiKey, ...sampling } = details;
  const server = baseUrl === undefined ? {} : { baseUrl };
  // The key in the environment is for the provider. It is sent to no other server.
  const key = apiKey ?? (baseUrl === undefined ? undefined : "none");
  return loadModel(spec, { ...sampling, ...server, ...(key === undefined ? {} : { apiKey: key }) });
}

async function loadModel(spec: string, given: Readonly<Record<string, unknown>>): Promise<BaseChatModel> {
  try {
    const fields = { maxRetries: 0, ...given };
    return await loadChatModel(spec, { ...fields, ...(await ownParts(spec, fields)) });
  } catch (error) {
    throw new ModelError(
      "MODEL_UNAVAILABLE",
      `The model "${spec}" cannot be made: ${describeError(error).replace(/\.?$/, ".")} Install the provider's package and set its key, ` +
        `or set PLAN_EXECUTE_MODEL to another model ("${OFFLINE_MODEL}" needs neither).`,
      { cause: error },
    );
  }
}

/** Makes the parts that replace a provider's own. */
async function ownParts(spec: string, fields: Record<string, unknown>): Promise<Record<string, unknown>> {
  if (!spec.startsWith("openai:")) {
    return {};
  }
  const { baseUrl: baseURL } = fields;
  // If an answer is no JSON, OpenAI's client throws and also writes it to the console. This turns the second off.
  const configuration = { logLevel: "off" as const, ...(baseURL === undefined ? {} : { baseURL }) };
  const quiet = { ...fields, configuration };
  const completions = await createOpenAiCompletions({ ...quiet, model: spec.slice("openai:".length) });
  return { ...quiet, completions };
}

/** Names the reasoning effort as each provider does. A provider that has none gets nothing. */
function effortFields(spec: string, effort: ReasoningEffort): Record<string, unknown> {
  const provider = spec.slice(0, spec.indexOf(":"));
  if (provider === "openai" || provider === "azure_openai") {
    return { reasoning: { effort } };
  }
  if (provider === "groq" || provider === "xai") {
    return { reasoningEffort: effort };
  }
  return {};
}

/** Finds the name of the model that a spec means, without making the model. */
export function nameOfSpec(spec: ModelSpec, models: NamedModels = {}): string {
  if (typeof spec !== "string") {
    return modelName(spec);
  }
  const named = Object.hasOwn(models, spec) ? models[spec] : undefined;
  return named === undefined ? spec : modelName(named);
}

function modelName(model: BaseChatModel): string {
  for (const key of ["model", "modelName"] as const) {
    const name: unknown = Reflect.get(model, key);
    if (typeof name === "string" && name !== "") {
      return name;
    }
  }
  return model.getName();
}
