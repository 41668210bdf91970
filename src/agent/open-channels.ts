import { type BaseMessage, coerceMessageLikeToMessage } from "@langchain/core/messages";
import { messagesStateReducer, Overwrite } from "@langchain/langgraph";
import { z } from "zod";
import { describeError, type JsonValue, stableStringify } from "../base/index.js";
import { toProblems } from "../options/index.js";
import { StateUpdateError } from "../runtime/index.js";
import { type AgentState, stateSchema } from "../state/index.js";

/** A message as LangChain takes it: an instance, a text, a role with a content. */
type MessageLike = Parameters<typeof coerceMessageLikeToMessage>[0];

/**
 * Messages from outside, as instances. Throws where one is none, or nobody could read its content: LangGraph would keep
 * it, and every later turn of the thread would fail at it.
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

// What may be written to a thread from outside. A channel that is not listed here is closed, a new one too: nobody says
// from outside what a person decided, who they were, what waits for them, what became of a step or how a turn is
// governed.

const openSchema = z
  .strictObject({
    /** The conversation: it is told to models, and decides nothing. */
    messages: stateSchema.shape.messages,
    /** The goal of the next turn, as a run's own input. */
    input: stateSchema.shape.input,
    /** What is still to be done; it is checked, and kept as a person's own version. */
    plan: z.array(z.unknown()),
    /** The step or the words that answer; older clients write "" for none. */
    answerStep: z
      .string()
      .nullable()
      .transform((step) => (step === "" ? null : step)),
    /** Changes of this turn; each is checked, and carried out. */
    steering: z.array(z.unknown()),
  })
  .partial();

/** What an update from outside says of the channels that are open to it. */
export type OpenValues = Omit<z.infer<typeof openSchema>, "messages"> & {
  readonly messages?: AgentState["messages"] | Overwrite<AgentState["messages"]>;
};

/**
 * Reads an update of a state. Editors hand back the whole state: what stands in a closed channel already is taken for
 * nothing said. Throws a `StateUpdateError` that lists whatever else is written to one, or does not fit an open one.
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

/** Whether two values of a channel say the same. */
export function isSame(one: unknown, other: unknown): boolean {
  return toText(one) === toText(other);
}

/** A value as text, in which the order of keys makes no difference. */
export function toText(value: unknown): string {
  const copy: JsonValue = JSON.parse(JSON.stringify(value ?? null));
  return stableStringify(copy);
}

/** The error for what cannot be written, with all that is wrong. */
export function notWritable(problems: readonly string[]): StateUpdateError {
  const told = problems.map((problem) => `\n- ${problem}`).join("");
  const channels = Object.keys(openSchema.shape).join(", ");
  return new StateUpdateError(
    "INVALID_UPDATE",
    `It cannot be updated so:${told}\nFrom outside can be written: ${channels}.`,
  );
}

/** LangGraph takes other things too (commands, lists of them): they would write, or lead, past all checks. */
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

/** The value inside an `Overwrite`, in whichever of LangGraph's forms it came. */
function unwrap(value: unknown): unknown {
  if (typeof value !== "object" || value === null) {
    return value;
  }
  if ("__overwrite__" in value) {
    return value.__overwrite__;
  }
  return "type" in value && value.type === "__overwrite__" && "value" in value ? value.value : value;
}

/** Messages as the channel takes them. */
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
