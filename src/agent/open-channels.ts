import { type BaseMessage, coerceMessageLikeToMessage } from "@langchain/core/messages";
import { messagesStateReducer, Overwrite } from "@langchain/langgraph";
import { z } from "zod";
import { describeError, type JsonValue, stableStringify } from "../base/index.js";
import { toProblems } from "../options/index.js";
import { StateUpdateError } from "../runtime/index.js";
import { type AgentState, stateSchema } from "../state/index.js";

/** A message in any form that LangChain accepts: an instance, a text, a role with a content. */
type MessageLike = Parameters<typeof coerceMessageLikeToMessage>[0];

/**
 * The channels that may be written from outside. A channel that is not listed here is closed, so a new channel is
 * closed too. Nobody can say from outside what a person decided, who they were, what waits for them, what became of a
 * step or how a turn is governed.
 */
const openSchema = z
  .strictObject({
    /** The conversation. Models see it, but it decides nothing. */
    messages: stateSchema.shape.messages,
    /** The goal of the next turn, like the input of a run. */
    input: stateSchema.shape.input,
    /** The steps that are still to be done. They are checked and kept as a version of the plan made by a person. */
    plan: z.array(z.unknown()),
    /** The step or the words that answer. Older clients write "" for none. */
    answerStep: z
      .string()
      .nullable()
      .transform((step) => (step === "" ? null : step)),
    /** Changes to this turn. Each is checked and carried out. */
    steering: z.array(z.unknown()),
  })
  .partial();

/** The values that an update from outside writes to open channels. */
export type OpenValues = Omit<z.infer<typeof openSchema>, "messages"> & {
  readonly messages?: AgentState["messages"] | Overwrite<AgentState["messages"]>;
};

/**
 * Reads an update of a state. Editors send back the whole state, so a closed channel with an unchanged value is
 * ignored. Throws a `StateUpdateError` that lists every other value for a closed channel, and every value that does not
 * fit an open one.
 */
export function readOpenValues(values: unknown, state: Partial<AgentState>): OpenValues {
  const said = Object.entries(toRecord(values)).filter(
    ([channel, value]) =>
      value !== undefined && !(isClosed(channel) && isSame(value, currentOf(state, channel))),
  );
  const isOverwrite = said.some(([channel, value]) => channel === "messages" && unwrap(value) !== value);
  const parsed = openSchema.safeParse(
    Object.fromEntries(said.map(([channel, value]) => [channel, unwrap(value)])),
  );
  if (!parsed.success) {
    throw notWritable(parsed.error.issues.flatMap(describe));
  }
  const { messages, ...others } = parsed.data;
  return messages === undefined
    ? others
    : { ...others, messages: toMessages(messages, isOverwrite, state.messages ?? []) };
}

/** Whether two values of a channel are equal. */
export function isSame(one: unknown, other: unknown): boolean {
  return toText(one) === toText(other);
}

/** Writes a value as text. The order of keys makes no difference. */
export function toText(value: unknown): string {
  const copy: JsonValue = JSON.parse(JSON.stringify(value ?? null));
  return stableStringify(copy);
}

/** Creates the error for an update that cannot be written. It lists all problems. */
export function notWritable(problems: readonly string[]): StateUpdateError {
  const told = problems.map((problem) => `\n- ${problem}`).join("");
  const channels = Object.keys(openSchema.shape).join(", ");
  return new StateUpdateError(
    "INVALID_UPDATE",
    `It cannot be updated so:${told}\nFrom outside can be written: ${channels}.`,
  );
}

/** Accepts only plain objects. LangGraph also takes commands and lists of them, which would bypass all checks. */
function toRecord(values: unknown): object {
  if (values === null || values === undefined) {
    return {};
  }
  const prototype: unknown = typeof values === "object" ? Object.getPrototypeOf(values) : undefined;
  if (typeof values === "object" && (prototype === Object.prototype || prototype === null)) {
    return values;
  }
  throw notWritable(["an update must be a plain object of channels and their values"]);
}

function isClosed(channel: string): boolean {
  return Object.hasOwn(stateSchema.shape, channel) && !Object.hasOwn(openSchema.shape, channel);
}

function currentOf(state: Partial<AgentState>, channel: string): unknown {
  return Object.hasOwn(state, channel) ? Reflect.get(state, channel) : undefined;
}

function describe(issue: z.core.$ZodIssue): string[] {
  if (issue.code !== "unrecognized_keys") {
    return toProblems(issue);
  }
  return issue.keys.map((key) =>
    isClosed(key) ? `${key}: is set by the agent, and cannot be written` : `${key}: there is no such channel`,
  );
}

/** Returns the value inside an `Overwrite`, in any of LangGraph's forms of it. Returns any other value as it is. */
function unwrap(value: unknown): unknown {
  if (typeof value !== "object" || value === null) {
    return value;
  }
  if ("__overwrite__" in value) {
    return value.__overwrite__;
  }
  return "type" in value && value.type === "__overwrite__" && "value" in value ? value.value : value;
}

/** Converts messages to the form that the channel takes. */
function toMessages(
  given: readonly MessageLike[],
  isOverwrite: boolean,
  current: AgentState["messages"],
): AgentState["messages"] | Overwrite<AgentState["messages"]> {
  try {
    const messages = readMessages(given);
    const merged = messagesStateReducer(isOverwrite ? [] : current, messages);
    return isOverwrite ? new Overwrite(merged) : messages;
  } catch (error) {
    throw notWritable([`messages: ${describeError(error)}`]);
  }
}

/**
 * Converts messages from outside to instances. Throws if one is not a message or its content cannot be read. LangGraph
 * would store such a message, and every later turn of the thread would fail at it.
 */
export function readMessages(given: readonly MessageLike[]): BaseMessage[] {
  return given.map((one, index) => {
    const message = coerceMessageLikeToMessage(one);
    if (isContent(message.content)) {
      return message;
    }
    throw new TypeError(
      `the content of message ${index} must be a text, or a list of parts with a type each`,
    );
  });
}

function isContent(content: unknown): boolean {
  if (!Array.isArray(content)) {
    return typeof content === "string";
  }
  return content.every((part) => typeof Object(part).type === "string");
}
