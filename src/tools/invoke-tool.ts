/**
 * One call of one tool, as LangChain means it: a tool call with an id, and the runtime that a tool may ask for.
 * How it ends is a value, unless the run itself ends.
 *
 * What the tool returns            | what the output is
 * text                             | the JSON that it is: an object, a list, true, false, null, or a number that
 *                                  | is written as JavaScript writes it ("391", not "007"); else the text
 * a number, object, list, …        | itself, as plain JSON within the limit (to-json.ts)
 * a list of text blocks            | their text, a line each, read like text
 * other content blocks             | themselves, as plain JSON
 * [content, artifact]              | the content; the artifact beside it
 * a ToolMessage                    | its content and artifact; with the status "error" it has failed
 * a Command                        | the content of the one ToolMessage of this call in `update.messages`;
 *                                  | any other key, more messages, `goto`, `resume` or `graph`: it has failed,
 *                                  | since a step's tool cannot write the agent's state or steer its graph
 *
 * A tool with `metadata.output: "text"` keeps its text as text. What the tool throws is a failure, except
 * 1. LangGraph's control flow (interrupts and whatever else bubbles up), which is thrown on;
 * 2. anything once the signal is aborted: the signal's reason is thrown, at once. A tool that goes on all the
 *    same is left behind, and what becomes of it is not looked at.
 */
import { isDirectToolOutput, type ToolCall, ToolMessage } from "@langchain/core/messages/tool";
import type { RunnableConfig } from "@langchain/core/runnables";
import { ToolInputParsingException } from "@langchain/core/tools";
import { isCommand, isGraphBubbleUp } from "@langchain/langgraph";
import { cutText, type JsonValue, type LinkedSignal, linkSignal, raceSignal } from "../base/index.js";
import { isTransient } from "../policy/index.js";
import { changingOutput } from "./catch-output.js";
import type { AgentTool } from "./registry.js";
import { type JsonResult, toJson } from "./to-json.js";
import { contentToJson, messageText, type OutputOptions, readCommand } from "./tool-output.js";

/** A call of a tool, and what it is made with. */
export interface ToolInvocation {
  readonly tool: AgentTool;
  /** The id of the tool call; tools find it as `toolCallId`, and may use it as an idempotency key. */
  readonly id: string;
  /** The arguments, references filled in. */
  readonly args: Record<string, unknown>;
  /** The config of the node that the step runs in; tools find it as `config`, and all of its keys beside it. */
  readonly config?: RunnableConfig;
  /** The graph's state, for tools that look at it. */
  readonly state?: unknown;
  /** Ends the call, in place of the config's own signal, to which it is linked by whoever made it. */
  readonly signal?: AbortSignal;
  /** Whether nobody but this call has the signal: then what the tool leaves on it does no harm. @default false */
  readonly ownsSignal?: boolean;
  /** Whether the tool changes nothing: then an error that says nothing of itself is worth another try. */
  readonly readOnly: boolean;
  /** Bytes of the output, and of the artifact, that are kept, as JSON text in UTF-8. */
  readonly maxOutputBytes: number;
}

/** How a call of a tool ended. */
type ToolOutcome = ToolSuccess | ToolFailure;

/** The tool gave an output. */
export interface ToolSuccess {
  readonly ok: true;
  readonly output: JsonValue;
  /** What the tool gave beside its content. */
  readonly artifact?: JsonValue;
  /** Whether the output or the artifact was larger than what is kept. */
  readonly truncated: boolean;
}

/** The tool did not do what it was called for. */
interface ToolFailure {
  readonly ok: false;
  readonly error: { readonly code: "TOOL_FAILED" | "INVALID_ARGS"; readonly message: string };
  /** What was thrown, as it was; for logs, not for the state. */
  readonly cause: unknown;
  /** Whether the same call may come out right when it is made again. */
  readonly retryable: boolean;
}

const MAX_MESSAGE_BYTES = 4_000;

/** Calls the tool; see the head of the file for what its output becomes and what is thrown. */
export async function invokeTool(invocation: ToolInvocation): Promise<ToolOutcome> {
  const { tool, id } = invocation;
  const given = invocation.signal ?? invocation.config?.signal;
  given?.throwIfAborted();
  const { signal, unlink } = toOwnSignal(given, invocation.ownsSignal);
  const options: OutputOptions = { maxBytes: invocation.maxOutputBytes, keepText: keepsText(tool) };
  const caught: { content?: JsonResult } = {};
  const prepare = (content: unknown): unknown => {
    if (typeof content === "string" || isDirectToolOutput(content)) {
      return content;
    }
    caught.content = contentToJson(content, options);
    return caught.content.value;
  };
  const change = (raw: unknown): unknown => {
    if (!givesArtifact(tool) || isDirectToolOutput(raw)) {
      return prepare(raw);
    }
    return Array.isArray(raw) && raw.length === 2 ? [prepare(raw[0]), raw[1]] : raw;
  };
  try {
    const call: ToolCall = { type: "tool_call", id, name: tool.name, args: invocation.args };
    const running = changingOutput(tool, change).invoke(call, runtimeConfig(invocation, signal));
    const result = await raceSignal(Promise.resolve(running), signal);
    return readResult(result, caught.content, invocation, options);
  } catch (error) {
    if (isGraphBubbleUp(error)) {
      throw error;
    }
    if (signal.aborted) {
      throw signal.reason;
    }
    return failure(invocation, error);
  } finally {
    unlink();
  }
}

/** A signal of the call's own: what listens to it must not add up on the signal of many calls. */
function toOwnSignal(
  given: AbortSignal | undefined,
  isOwn: boolean | undefined,
): Pick<LinkedSignal, "signal" | "unlink"> {
  return given !== undefined && isOwn ? { signal: given, unlink: () => {} } : linkSignal(given);
}

/** The config as LangChain's own tool node hands it to a tool: a `ToolRuntime`. */
function runtimeConfig(invocation: ToolInvocation, signal: AbortSignal): RunnableConfig {
  const { config = {}, id, state, tool } = invocation;
  const runtime = { ...config, runName: tool.name, config, toolCallId: id, state, signal };
  return runtime;
}

function readResult(
  result: unknown,
  caught: JsonResult | undefined,
  invocation: ToolInvocation,
  options: OutputOptions,
): ToolOutcome {
  if (isCommand(result)) {
    const message = readCommand(result, invocation.id);
    return typeof message === "string"
      ? refusedCommand(invocation, message)
      : readMessage(message, undefined, invocation, options);
  }
  if (ToolMessage.isInstance(result)) {
    return readMessage(result, caught, invocation, options);
  }
  const { value, truncated } = caught ?? contentToJson(result, options);
  return { ok: true, output: value, truncated };
}

function readMessage(
  message: ToolMessage,
  caught: JsonResult | undefined,
  invocation: ToolInvocation,
  options: OutputOptions,
): ToolOutcome {
  if (message.status === "error") {
    return failure(invocation, messageText(message));
  }
  const content = caught ?? contentToJson(message.content, options);
  if (message.artifact === undefined) {
    return { ok: true, output: content.value, truncated: content.truncated };
  }
  const artifact = toJson(message.artifact, options);
  const truncated = content.truncated || artifact.truncated;
  return { ok: true, output: content.value, artifact: artifact.value, truncated };
}

function refusedCommand({ tool }: ToolInvocation, part: string): ToolFailure {
  const message =
    `The tool "${tool.name}" returned a Command with ${part}. It has run, but a step's tool cannot write the ` +
    "agent's state or steer its graph: let it return its result, or a Command whose update holds nothing but " +
    "the ToolMessage of its call.";
  return { ok: false, error: { code: "TOOL_FAILED", message }, cause: undefined, retryable: false };
}

function failure({ tool, readOnly }: ToolInvocation, thrown: unknown): ToolFailure {
  const isBadInput = thrown instanceof ToolInputParsingException;
  const what = isBadInput ? "refused its arguments" : "failed";
  const message = cutText(`The tool "${tool.name}" ${what}: ${describeThrown(thrown)}`, MAX_MESSAGE_BYTES);
  const code = isBadInput ? "INVALID_ARGS" : "TOOL_FAILED";
  return {
    ok: false,
    error: { code, message },
    cause: thrown,
    retryable: isWorthRetrying(thrown, { readOnly }),
  };
}

function describeThrown(thrown: unknown): string {
  if (thrown === undefined || thrown === "") {
    return "it gave no reason";
  }
  if (typeof thrown === "string") {
    return thrown;
  }
  const { value } = toJson(thrown, { maxBytes: MAX_MESSAGE_BYTES });
  if (!(thrown instanceof Error) || typeof value !== "object" || value === null || Array.isArray(value)) {
    return JSON.stringify(value);
  }
  return String(value.message || value.name);
}

function keepsText(tool: AgentTool): boolean {
  const metadata = "metadata" in tool ? tool.metadata : undefined;
  return (
    typeof metadata === "object" && metadata !== null && "output" in metadata && metadata.output === "text"
  );
}

function givesArtifact(tool: AgentTool): boolean {
  return "responseFormat" in tool && tool.responseFormat === "content_and_artifact";
}

/** What the verdict depends on besides the error. */
interface RetryCircumstances {
  /** Whether the tool changes nothing. */
  readonly readOnly: boolean;
}

/**
 * Whether the same call of a tool may come out right when it is made again.
 *
 * What is transient is worth it even where the tool changes something, though it may have been carried out all
 * the same: that is why each tool is given an idempotency key. Arguments that the tool refused never are.
 *
 * An error that says nothing of itself is retried only where the tool is read-only. To ask twice costs a
 * moment; to pay twice costs money, and such an error gives no reason to hope that a second try helps.
 */
export function isWorthRetrying(error: unknown, circumstances: RetryCircumstances): boolean {
  if (error instanceof ToolInputParsingException) {
    return false;
  }
  return isTransient(error) ?? circumstances.readOnly;
}
