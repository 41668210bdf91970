import { BaseCallbackHandler } from "@langchain/core/callbacks/base";
import { AIMessage, type AIMessageChunk } from "@langchain/core/messages";
import type { PlanIssue } from "../../../plan/index.js";
import { PLAN_TOOL } from "../../../prompts/index.js";

/** Reads a plan while it is being written. */
export interface PlanReader {
  /** Takes the next piece of the plan, and the id of the message that the model streams. */
  read(piece: string, messageId: string | undefined): void;
}

/** Passes on a plan, piece by piece, as a model streams it: the arguments of its call, or a text that is held to be one. */
export class PlanStream extends BaseCallbackHandler {
  readonly name = "PlanExecutePlanStream";
  readonly lc_prefer_streaming = true;
  // A piece that arrives after the whole answer would be useless.
  override awaitHandlers = true;
  readonly #readers: readonly PlanReader[];
  readonly #isText: boolean;
  #call: number | undefined;

  constructor(readers: readonly PlanReader[], isText = false) {
    super();
    this.#readers = readers;
    this.#isText = isText;
  }

  override handleLLMNewToken(
    ...[, , , , , fields]: Parameters<Required<BaseCallbackHandler>["handleLLMNewToken"]>
  ): void {
    const message = pieceIn(fields?.chunk);
    if (this.#isText && message !== undefined && message.text !== "") {
      this.#pass(message.text, message.id);
    }
    for (const { name, index = 0, args } of message?.tool_call_chunks ?? []) {
      if (name === PLAN_TOOL) {
        this.#call ??= index;
      }
      // Some providers send pieces that are not text.
      if (index === this.#call && typeof args === "string") {
        this.#pass(args, message?.id);
      }
    }
  }

  #pass(piece: string, messageId: string | undefined): void {
    for (const reader of this.#readers) {
      reader.read(piece, messageId);
    }
  }
}

/** The piece of a message in a piece of an answer. A model that completes texts has none. */
function pieceIn(chunk: object | undefined): AIMessageChunk | undefined {
  const message: unknown = chunk === undefined ? undefined : Reflect.get(chunk, "message");
  return isPieceOfMessage(message) ? message : undefined;
}

/** `AIMessageChunk.isInstance` knows only its own copy of LangChain. */
function isPieceOfMessage(message: unknown): message is AIMessageChunk {
  return AIMessage.isInstance(message) && "tool_call_chunks" in message;
}

// The issues of a plan go back to its model, into the events and into the state. A model that runs away produces tens
// of thousands of steps, each with something wrong. Looking at all of them would block the process for seconds, and
// reporting all of them would fill the next prompt.

/** A plan with more than this many times the allowed steps is not looked at. */
const FLOOD_FACTOR = 5;
/** A plan with at most this many steps is always looked at, however few are allowed. */
const LEAST_FLOOD = 200;
/** How many issues of one plan are reported. */
const MAX_TOLD_ISSUES = 50;

/**
 * Returns the one issue of a plan that has far too many steps, so that nothing else about it matters. Returns undefined
 * for any other plan.
 */
export function findFlood(plan: unknown, maxSteps: number): PlanIssue | undefined {
  const steps = typeof plan === "object" && plan !== null && "steps" in plan ? plan.steps : undefined;
  const most = Math.max(LEAST_FLOOD, FLOOD_FACTOR * maxSteps);
  if (!Array.isArray(steps) || steps.length <= most) {
    return undefined;
  }
  const message = `The plan has ${steps.length} steps, and ${maxSteps} are allowed. Nothing else of it was looked at.`;
  return { code: "too-many-steps", message };
}

/** Shortens the issues for a report: the first ones, and how many more there are. */
export function tellable(issues: readonly PlanIssue[]): readonly PlanIssue[] {
  const left = issues.length - MAX_TOLD_ISSUES;
  if (left <= 0) {
    return issues;
  }
  const message = `There are ${left} more issues: put these right first.`;
  return [...issues.slice(0, MAX_TOLD_ISSUES), { code: "malformed", message }];
}
