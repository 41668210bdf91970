import { BaseCallbackHandler } from "@langchain/core/callbacks/base";
import { AIMessageChunk } from "@langchain/core/messages";
import { ChatGenerationChunk } from "@langchain/core/outputs";
import type { PlanIssue } from "../../plan/index.js";
import { PLAN_TOOL } from "../../prompts/index.js";

/** Hands on the arguments of the plan's call, piece by piece, as a model streams them. */
export class PlanStream extends BaseCallbackHandler {
  readonly name = "PlanExecutePlanStream";
  readonly lc_prefer_streaming = true;
  // A piece that comes after the whole answer would be of no use.
  override awaitHandlers = true;
  readonly #onPiece: (piece: string) => void;
  #call: number | undefined;

  constructor(onPiece: (piece: string) => void) {
    super();
    this.#onPiece = onPiece;
  }

  override handleLLMNewToken(
    ...[, , , , , fields]: Parameters<Required<BaseCallbackHandler>["handleLLMNewToken"]>
  ): void {
    const chunk = fields?.chunk;
    if (!(chunk instanceof ChatGenerationChunk) || !(chunk.message instanceof AIMessageChunk)) {
      return;
    }
    for (const { name, index = 0, args } of chunk.message.tool_call_chunks ?? []) {
      if (name === PLAN_TOOL) {
        this.#call ??= index;
      }
      // What a provider sends as a piece need not be text.
      if (index === this.#call && typeof args === "string") {
        this.#onPiece(args);
      }
    }
  }
}

// What is wrong with a plan goes back to its model, into the events and into the state. A model that runs away hands in
// tens of thousands of steps, each with something wrong: to look at them all would hold up the process for seconds,
// and to tell it all would fill the next prompt.

/** Steps beyond this many times those that are allowed are not looked at. */
const FLOOD_FACTOR = 5;
/** Fewer steps than this are always looked at, however few are allowed. */
const LEAST_FLOOD = 200;
/** Issues of one plan that are told. */
const MAX_TOLD_ISSUES = 50;

/** The one issue of a plan with so many steps that nothing else of it matters; undefined where it has not. */
export function findFlood(plan: unknown, maxSteps: number): PlanIssue | undefined {
  const steps = typeof plan === "object" && plan !== null && "steps" in plan ? plan.steps : undefined;
  const most = Math.max(LEAST_FLOOD, FLOOD_FACTOR * maxSteps);
  if (!Array.isArray(steps) || steps.length <= most) {
    return undefined;
  }
  const message = `The plan has ${steps.length} steps, and ${maxSteps} are allowed. Nothing else of it was looked at.`;
  return { code: "too-many-steps", message };
}

/** The issues as they are told: the first ones, and how many more there are. */
export function tellable(issues: readonly PlanIssue[]): readonly PlanIssue[] {
  const left = issues.length - MAX_TOLD_ISSUES;
  if (left <= 0) {
    return issues;
  }
  const message = `There are ${left} more issues: put these right first.`;
  return [...issues.slice(0, MAX_TOLD_ISSUES), { code: "malformed", message }];
}
