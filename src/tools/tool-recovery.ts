// What a tool can do about a call that it once made: say what became of it, and undo it. LangChain's tools have no place
// for functions of this kind. `metadata` is no such place, because LangChain hands it to every tracer. So they are kept
// on the tool under a symbol, which both of our builds and every copy of LangChain see.
import type { ClientTool } from "@langchain/core/tools";
import type { LangGraphRunnableConfig } from "@langchain/langgraph";
import { z } from "zod";
import type { JsonValue } from "../base/index.js";
import type { WaitingAction } from "../state/index.js";
import { toJson } from "./to-json.js";
import { ToolRegistryError } from "./tool-errors.js";
import { readOutputText } from "./tool-output.js";

/** What became of a call: it was carried out, it was not and will not be, or nobody knows. */
export type FoundOutcome =
  | { readonly kind: "done"; readonly output?: unknown }
  | { readonly kind: "not-done" }
  | { readonly kind: "unknown" };

/** The call that `findOutcome` is asked about. */
export interface AskedOutcome {
  /** What the tool was called with. */
  readonly args: Record<string, JsonValue>;
  /** Aborts when the answer is not waited for any longer. */
  readonly signal: AbortSignal;
}

/** What a tool can do about its own calls. */
export interface ToolRecovery {
  /**
   * Says what became of the call with this idempotency key. It is asked where nobody knows: the process died during the
   * call, or its time was up. `not-done` promises that the call will not be carried out any more, because it is then
   * made again.
   */
  readonly findOutcome?: (
    idempotencyKey: string,
    asked: AskedOutcome,
  ) => FoundOutcome | Promise<FoundOutcome>;
  /**
   * Undoes a call that was carried out, from what it was called with and what it gave. It has an idempotency key of its
   * own in `config.configurable.idempotency_key`, and that of the call in `config.configurable.undoes`. What it returns
   * is kept as what the undo gave; what it throws says why the call could not be undone.
   */
  readonly compensate?: (
    args: Record<string, JsonValue>,
    output: JsonValue,
    config: LangGraphRunnableConfig,
  ) => unknown;
}

/** The key under which a tool keeps its recovery. */
const RECOVERY = Symbol.for("planExecuteRecovery");

const aFunction = z.custom((value) => typeof value === "function", "must be a function").optional();
const recoverySchema = z.strictObject({ findOutcome: aFunction, compensate: aFunction });

/** The schema of what `findOutcome` returns. */
export const foundOutcomeSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("done"), output: z.unknown().optional() }),
  z.strictObject({ kind: z.literal("not-done") }),
  z.strictObject({ kind: z.literal("unknown") }),
]);

/**
 * Lets a tool say what became of a call, and undo one. Returns the same tool. Throws a `ToolRegistryError` if what is
 * given cannot be used.
 */
export function withRecovery<Tool extends ClientTool>(tool: Tool, recovery: ToolRecovery): Tool {
  const read = recoverySchema.safeParse(recovery);
  if (!read.success) {
    const { path, message } = read.error.issues[0] ?? { path: [], message: "not understood" };
    throw new ToolRegistryError(
      "INVALID_RECOVERY",
      `withRecovery(${tool.name}, …): ${[...path.map(String), message].join(" ")}. Give { findOutcome, compensate }, both functions.`,
      tool.name,
    );
  }
  Object.defineProperty(tool, RECOVERY, { value: { ...recovery }, configurable: true });
  return tool;
}

/** What a tool can do about its own calls; empty if it says nothing. */
export function recoveryOf(tool: ClientTool): ToolRecovery {
  return isRecoverable(tool) ? tool[RECOVERY] : {};
}

function isRecoverable(tool: object): tool is { readonly [RECOVERY]: ToolRecovery } {
  return RECOVERY in tool;
}

const outcomeAnswerSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("done"), output: z.json().optional() }),
  z.strictObject({ kind: z.literal("not-done") }),
  z.strictObject({ kind: z.literal("give-up") }),
]);

/** What a person says of a call of which nobody knows whether it was carried out. */
export type OutcomeAnswer = z.infer<typeof outcomeAnswerSchema>;

/** The answers, as a person is told them. */
export const OUTCOME_ANSWERS =
  '"done" if it was carried out ("done: " and its output, if it gave one), "not done" to have it made now, or "give up" to leave it unknown';

/** Reads such an answer, in words or as JSON. Returns undefined if it is none: nothing is guessed here. */
export function readOutcomeAnswer(response: JsonValue): OutcomeAnswer | undefined {
  if (typeof response !== "string") {
    return outcomeAnswerSchema.safeParse(response).data;
  }
  const words = response.trim();
  const [, output] = /^done\s*:\s*(\S[\s\S]*)$/i.exec(words) ?? [];
  if (output !== undefined) {
    const read = toJson(readOutputText(output), { maxBytes: Number.POSITIVE_INFINITY });
    return { kind: "done", output: read.value };
  }
  switch (words.toLowerCase().replace(/[.!]$/, "")) {
    case "done":
      return { kind: "done" };
    case "not done":
      return { kind: "not-done" };
    case "give up":
      return { kind: "give-up" };
    default:
      return undefined;
  }
}

/** Says what is wrong with an answer, if it was asked whether a call was carried out and the answer does not say so. */
export function outcomeFault({ outcome, tool }: WaitingAction, response: JsonValue): string | undefined {
  return outcome === undefined || readOutcomeAnswer(response) !== undefined
    ? undefined
    : `The answer does not say whether the call of ${tool} was carried out. Answer ${OUTCOME_ANSWERS}.`;
}
