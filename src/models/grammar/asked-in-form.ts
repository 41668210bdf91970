// A model that is held to a schema is not offered tools: servers take one or the other. So its prompt has the tools in
// words, and what was called so far is written in the same form as its answers. Whoever asks gets ordinary messages
// with tool calls, so nothing else has to know how the model was asked.
import { randomUUID } from "node:crypto";
import {
  AIMessage,
  type BaseMessage,
  HumanMessage,
  isAIMessage,
  SystemMessage,
} from "@langchain/core/messages";
import { ToolMessage } from "@langchain/core/messages/tool";
import type { RunnableConfig } from "@langchain/core/runnables";
import { isRecord } from "../../base/index.js";
import { readWholeJson } from "../../plan/index.js";
import type { ResolvedModel } from "../resolve-model.js";
import { toSection, withoutTags } from "../tags.js";
import type { BareSchema } from "./bare-schema.js";
import { askHeld } from "./held-answer.js";

/** What a model is to fill in: `{"tool", "args"}` or `{"result"}`, whichever the schema allows, and what else it asks for. */
export interface AnswerForm {
  readonly schema: BareSchema;
  /** The words that explain the form. They come at the end of the system message. */
  readonly rule: string;
  /** Words for the end of the prompt, where small models heed them most. @default none */
  readonly reminder?: string;
}

/** Servers want a name for a schema. */
const FORM_NAME = "answer";
/** The tag of a run whose tokens are those of a form. */
export const FORM_TAG = "plan_execute_form";

/** Asks a model to fill in a form. `schema` is the form's schema as the model's server takes it. */
export async function askInForm(
  { model }: ResolvedModel,
  { schema, rule, reminder }: AnswerForm,
  messages: readonly BaseMessage[],
  config: RunnableConfig,
): Promise<AIMessage> {
  const plain = withRule(messages.map(toPlainMessage), rule);
  const told = reminder === undefined ? plain : [...plain, new HumanMessage(reminder)];
  const tagged = { ...config, tags: [...(config.tags ?? []), FORM_TAG] };
  return readForm(await askHeld(model, { name: FORM_NAME, schema }, told, tagged));
}

function withRule(messages: readonly BaseMessage[], rule: string): BaseMessage[] {
  const [first, ...others] = messages;
  return first?.getType() === "system"
    ? [new SystemMessage(`${first.text}\n\n${rule}`), ...others]
    : [new SystemMessage(rule), ...messages];
}

/** A message without calls and answers to calls: they are written as text. */
function toPlainMessage(message: BaseMessage): BaseMessage {
  if (ToolMessage.isInstance(message)) {
    const { name = "the tool", status, text } = message;
    const head = status === "error" ? `${name} failed:` : `Output of ${name}:`;
    return new HumanMessage(`${head}\n${toSection("inputs", text)}`);
  }
  const calls = isAIMessage(message) ? (message.tool_calls ?? []) : [];
  const written = calls.map(({ name, args }) => JSON.stringify({ tool: name, args }));
  // Here calls are text of the prompt, and a model may have copied what is in them from outside.
  return calls.length === 0
    ? message
    : new AIMessage(withoutTags([message.text, ...written].join("\n").trim()));
}

/** Reads a filled-in form as the message of a model that was offered tools. Anything else stays as it is. */
function readForm(message: AIMessage): AIMessage {
  // LangChain calls a tool where a provider has no schemas.
  const call = message.tool_calls?.find(({ name }) => name === FORM_NAME);
  const filled: unknown = call?.args ?? readWholeJson(message.text);
  if (!isRecord(filled)) {
    return message;
  }
  const { tool, args, result } = filled;
  if (typeof tool === "string" && isRecord(args)) {
    return withContent(message, "", [{ name: tool, args, id: `${message.id ?? randomUUID()}_0` }]);
  }
  return "result" in filled
    ? withContent(message, typeof result === "string" ? result : JSON.stringify(result))
    : message;
}

function withContent(
  { id, usage_metadata, response_metadata }: AIMessage,
  content: string,
  calls: readonly {
    readonly name: string;
    readonly args: Record<string, unknown>;
    readonly id: string;
  }[] = [],
): AIMessage {
  const tool_calls = calls.map((call) => ({ ...call, type: "tool_call" as const }));
  return new AIMessage({ id, content, tool_calls, usage_metadata, response_metadata });
}
