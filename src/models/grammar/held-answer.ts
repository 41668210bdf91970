import { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { type AIMessage, type BaseMessage, isAIMessage } from "@langchain/core/messages";
import type { RunnableConfig } from "@langchain/core/runnables";
import { classThatDefines } from "../../base/index.js";
import { ModelError } from "../model-error.js";
import type { BareSchema } from "./bare-schema.js";

/** What an answer is held to. */
export interface HeldAnswer {
  /** Servers want a name for a schema. LangChain calls a tool by it, where a model can be held to a schema only so. */
  readonly name: string;
  readonly schema: BareSchema;
}

/** Asks a model for JSON of a schema, in the way in which LangChain asks its provider for it. */
export async function askHeld(
  model: BaseChatModel,
  { name, schema }: HeldAnswer,
  messages: readonly BaseMessage[],
  config: RunnableConfig,
): Promise<AIMessage> {
  // LangChain's base class knows no schemas, only tools, and throws at `strict`.
  const strict = holdsToSchemas(model) ? { strict: true } : {};
  const held = model.withStructuredOutput<Record<string, unknown>>(
    { ...schema },
    { name, method: "jsonSchema", includeRaw: true, ...strict },
  );
  const { raw } = await held.invoke([...messages], config);
  if (isAIMessage(raw)) {
    return raw;
  }
  throw new ModelError("MODEL_FAILED", "The model gave no message.");
}

/** Whether LangChain's class for this provider has a way of its own to hold answers to a schema. */
export function holdsToSchemas(model: BaseChatModel): boolean {
  const definer = classThatDefines("withStructuredOutput", model);
  return definer !== undefined && definer !== BaseChatModel.name;
}
