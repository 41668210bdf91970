// How a model is asked again for a plan that cannot be used.
//
//   (1) It is told what is wrong, at most twice, in one conversation.
//   (2) What it searches before that is answered in the same conversation, a few times.
//   (3) No repair repeats: a model that hands in a plan that it has handed in before would do so again. It is asked by
//       another method, if it knows one; otherwise it is not asked any more.
import { AIMessage, type BaseMessage } from "@langchain/core/messages";
import type { ToolCall } from "@langchain/core/messages/tool";
import { copyJson } from "../../../base/index.js";
import type { ResolvedModel } from "../../../models/index.js";
import { type PlanMethod, toFoundMessages, toRepairMessages } from "../../../prompts/index.js";
import { MAX_PLAN_REPAIRS } from "../../run/index.js";

/** How far a model has come with its plan. */
export interface Mending {
  readonly model: ResolvedModel;
  readonly method: PlanMethod;
  /** The other methods that the model knows, the best one first. */
  readonly others: readonly PlanMethod[];
  readonly repairs: number;
  /** How often it searched for tools. */
  readonly searches: number;
  /** What the model wrote before, and what was wrong with it. */
  readonly messages: readonly BaseMessage[];
  /** Every plan that it handed in. */
  readonly written: readonly string[];
}

export function beginMending(
  model: ResolvedModel,
  [method = "text", ...others]: readonly PlanMethod[],
): Mending {
  return { model, method, others, repairs: 0, searches: 0, messages: [], written: [] };
}

/** How often a model may search for tools before it hands its plan in. */
const MAX_SEARCHES = 3;

/** Whether a model may still search for tools. */
export function maySearch({ searches }: Mending): boolean {
  return searches < MAX_SEARCHES;
}

/** Goes on after searches for tools, with what each call found. */
export function searchOn(before: Mending, answer: AIMessage, found: ReadonlyMap<ToolCall, string>): Mending {
  const messages = [...before.messages, ...toFoundMessages(answer, found)];
  return { ...before, searches: before.searches + 1, messages };
}

/** Decides how to ask for the plan again; undefined if the model is not asked any more. */
export function mendAgain(
  before: Mending,
  answer: AIMessage,
  issues: readonly string[],
): Mending | undefined {
  if (before.repairs === MAX_PLAN_REPAIRS) {
    return undefined;
  }
  const repairs = before.repairs + 1;
  const plan = writtenIn(answer);
  if (!before.written.includes(plan)) {
    const messages = [...before.messages, ...toRepairMessages(answer, issues)];
    return { ...before, repairs, messages, written: [...before.written, plan] };
  }
  const [method, ...others] = before.others;
  if (method === undefined) {
    return undefined;
  }
  // Without the plan tool a provider takes no call of it, so the plan stands there as text.
  const messages = toRepairMessages(new AIMessage(plan), issues);
  return { ...before, method, others, repairs, messages };
}

/** The plan of an answer as text: the arguments of its calls, or its words. */
function writtenIn({ tool_calls: calls = [], invalid_tool_calls: broken = [], text }: AIMessage): string {
  const copy = copyJson([...calls, ...broken].map(({ args }) => args ?? ""));
  const args = copy.ok && Array.isArray(copy.value) ? copy.value : [];
  const written = args.map((one) => (typeof one === "string" ? one : JSON.stringify(one))).join("\n");
  // Providers refuse an answer with nothing in it.
  return written || text || "{}";
}
