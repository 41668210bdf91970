/**
 * Calls one tool once, the way LangChain does: with a tool call that has an id, and with the runtime that a
 * tool may ask for. The outcome is a value, unless the run itself ends.
 *
 * What the tool returns      | The output
 * text                       | the JSON that the text is: an object, a list, true, false, null, or a number in
 *                            | JavaScript's own notation ("391", not "007"); otherwise the text itself
 * a number, object, list, …  | the value as plain JSON within the size limit (to-json.ts)
 * a list of text blocks      | their text, one block per line, read like text
 * other content blocks       | the blocks as plain JSON
 * [content, artifact]        | the content; the artifact is kept next to it
 * a ToolMessage              | its content and artifact; the status "error" means that the call failed
 * a Command                  | the content of the call's ToolMessage, if that is all that `update.messages` holds.
 *                            | The call fails if there is any other key, more messages, `goto`, `resume` or
 *                            | `graph`, because a step's tool cannot write the agent's state or steer its graph
 *
 * What a tool of an MCP server returns is read by mcp-result.ts before that.
 * A tool with `metadata.output: "text"` keeps its text as text. Whatever the tool throws is a failure, with
 * two exceptions:
 * 1. LangGraph's control flow (interrupts and anything else that bubbles up) is thrown on.
 * 2. Once the signal is aborted, the signal's reason is thrown at once. If the tool keeps running, it is left
 *    behind and its result is ignored.
 */
import { isDirectToolOutput, type ToolCall, ToolMessage } from "@langchain/core/messages/tool";
import type { RunnableConfig } from "@langchain/core/runnables";
import { ToolInputParsingException } from "@langchain/core/tools";
import { isCommand, isGraphBubbleUp } from "@langchain/langgraph";
import {
  cutText,
  isOfClass,
  type JsonValue,
  type LinkedSignal,
  linkSignal,
  raceSignal,
} from "../base/index.js";
import { changingOutput } from "../langgraph/index.js";
import { isTransient } from "../policy/index.js";
import { type KeepMedia, readMcpResult } from "./mcp-result.js";
import type { AgentTool } from "./registry.js";
import { type JsonResult, toJson } from "./to-json.js";
import { givesArtifact, isMcpTool, metadataOf, type Repeat } from "./tool-hints.js";
import { contentToJson, messageText, type OutputOptions, readCommand } from "./tool-output.js";

/** One call of a tool, with everything it needs. */
export interface ToolInvocation {
  readonly tool: AgentTool;
  /** Id of the tool call. Tools find it as `toolCallId` and may use it as an idempotency key. */
  readonly id: string;
  /** The arguments, with references filled in. */
  readonly args: Record<string, unknown>;
  /** Config of the node that runs the step. Tools find it as `config`, and each of its keys at the top level. */
  readonly config?: RunnableConfig;
  /** The graph's state, for tools that read it. */
  readonly state?: unknown;
  /** What people answered to the tool's questions, in order. @default none */
  readonly answers?: readonly JsonValue[];
  /** Ends the call. It replaces the config's own signal, and whoever made it has linked it to that one. */
  readonly signal?: AbortSignal;
  /** Whether only this call uses the signal, so that listeners a tool leaves on it do no harm. @default false */
  readonly ownsSignal?: boolean;
  /** When the call may be made again. */
  readonly repeat: Repeat;
  /** Keeps the pictures of a result. @default they stay in the output */
  readonly keepMedia?: KeepMedia;
  /** Byte limit for the output and for the artifact, each measured as JSON text in UTF-8. */
  readonly maxOutputBytes: number;
}

/** How a tool call ended. */
type ToolOutcome = ToolSuccess | ToolFailure;

/** The tool returned an output. */
export interface ToolSuccess {
  readonly ok: true;
  readonly output: JsonValue;
  /** What the tool returned in addition to its content. */
  readonly artifact?: JsonValue;
  /** Whether the output or the artifact was cut to the limit. */
  readonly truncated: boolean;
}

/** The tool call failed. */
interface ToolFailure {
  readonly ok: false;
  readonly error: { readonly code: "TOOL_FAILED" | "INVALID_ARGS"; readonly message: string };
  /** The original error. It belongs in logs, not in the state. */
  readonly cause: unknown;
  /** Whether repeating the same call may succeed. */
  readonly retryable: boolean;
}

const MAX_MESSAGE_BYTES = 4_000;

/** Calls a tool. The head of this file says what its output becomes and what is thrown. */
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
  const change = async (raw: unknown): Promise<unknown> => {
    if (!givesArtifact(tool) || isDirectToolOutput(raw)) {
      return prepare(raw);
    }
    if (!Array.isArray(raw) || raw.length !== 2) {
      return raw;
    }
    const [content, artifact] = isMcpTool(tool) ? await readMcpResult(raw, invocation.keepMedia) : raw;
    return [prepare(content), artifact];
  };
  try {
    const call: ToolCall = { type: "tool_call", id, name: tool.name, args: invocation.args };
    const running = changingOutput(tool, change, invocation.answers).invoke(
      call,
      runtimeConfig(invocation, signal),
    );
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

/** Gives the call its own signal, so that its listeners do not pile up on a signal that many calls share. */
function toOwnSignal(
  given: AbortSignal | undefined,
  isOwn: boolean | undefined,
): Pick<LinkedSignal, "signal" | "unlink"> {
  return given !== undefined && isOwn ? { signal: given, unlink: () => {} } : linkSignal(given);
}

/** The config in the form that LangChain's own tool node hands to a tool: a `ToolRuntime`. */
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

function failure({ tool, repeat }: ToolInvocation, thrown: unknown): ToolFailure {
  const isBadInput = isOfClass(thrown, ToolInputParsingException);
  const what = isBadInput ? "refused its arguments" : "failed";
  const message = cutText(`The tool "${tool.name}" ${what}: ${describeThrown(thrown)}`, MAX_MESSAGE_BYTES);
  const code = isBadInput ? "INVALID_ARGS" : "TOOL_FAILED";
  return {
    ok: false,
    error: { code, message },
    cause: thrown,
    retryable: isWorthRetrying(thrown, repeat),
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
  return metadataOf(tool).output === "text";
}

/**
 * Whether repeating the same tool call may succeed.
 *
 * Transient errors are worth a retry even if the tool changes something. The first call may have been carried
 * out all the same, which is why every tool gets an idempotency key. A tool that heeds none is not called again.
 * Arguments that the tool refused are never worth a retry.
 *
 * An error that does not say whether it is transient is retried only if a second call changes nothing more. Asking
 * twice costs a moment, but paying twice costs money, and nothing about such an error suggests that a second try would
 * help.
 */
export function isWorthRetrying(error: unknown, repeat: Repeat): boolean {
  if (repeat === "never" || isOfClass(error, ToolInputParsingException)) {
    return false;
  }
  return isTransient(error) ?? repeat === "always";
}
