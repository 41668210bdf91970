// How a model is asked again for a plan that cannot be used.
//
//   (1) It is told what is wrong, at most twice, in one conversation.
//   (2) A model that is held to a schema copies a plan that it has read, so it writes only the step again that is wrong. It
//       is told the one thing that is wrong with it, and how that tool is called. If that does not help, it is asked
//       afresh, for variety, and does not see what it wrote.
//   (3) What it searches before that is answered in the same conversation, a few times.
//   (4) No repair repeats: a model that hands in a plan that it has handed in before would do so again. It is asked by
//       another method, if it knows one; otherwise it is not asked any more. Nor is one that is held to a schema and, asked
//       afresh, plans the same calls again.
import { AIMessage, type BaseMessage } from "@langchain/core/messages";
import type { ToolCall } from "@langchain/core/messages/tool";
import { copyJson, isRecord, type JsonValue, parseJson, stableStringify } from "../../../base/index.js";
import type { ResolvedModel } from "../../../models/index.js";
import { type PlanIssue, toTurnNumbers } from "../../../plan/index.js";
import {
  type CatalogueEntry,
  type PlanMethod,
  toFoundMessages,
  toRepairMessages,
  toStepRepairMessages,
} from "../../../prompts/index.js";
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
  /** The step that it is to write again; undefined if it is the whole plan. */
  readonly redo?: {
    readonly steps: readonly JsonValue[];
    readonly index: number;
    /** The step's tool, if there is such a tool. */
    readonly tool?: string;
  };
  /** Whether it is asked as at first, for another plan. */
  readonly isAfresh?: boolean;
}

/** What a plan was asked for with, as far as a step has to be found in it. */
interface Asked {
  readonly tools: readonly CatalogueEntry[];
  /** The position of the plan's first step. */
  readonly firstId: number;
  /** Whether the plan counts its own steps, so that no single one of it is written again. */
  readonly countsAnew: boolean;
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
  issues: readonly PlanIssue[],
  asked: Asked,
): Mending | undefined {
  if (before.repairs === MAX_PLAN_REPAIRS) {
    return undefined;
  }
  const told = issues.map(({ message }) => message);
  const repairs = before.repairs + 1;
  const plan = writtenIn(answer);
  if (before.method === "schema") {
    const calls = callsIn(plan);
    if (before.isAfresh === true && before.written.includes(calls)) {
      return undefined;
    }
    const isFirst = before.repairs === 0 && !asked.countsAnew;
    const redone = isFirst ? redoStep(plan, issues, asked) : undefined;
    const written = [...before.written, calls];
    return {
      ...before,
      repairs,
      written,
      messages: [],
      redo: undefined,
      isAfresh: redone === undefined,
      ...redone,
    };
  }
  if (!before.written.includes(plan)) {
    const messages = [...before.messages, ...toRepairMessages(answer, told)];
    return { ...before, repairs, written: [...before.written, plan], messages };
  }
  // Without the plan tool a provider takes no call of it, so the plan stands there as text.
  const messages = toRepairMessages(new AIMessage(plan), told);
  const next = nextMethod(before);
  return next && { ...next, repairs, messages };
}

/** Begins afresh with the next method that the model knows; undefined if there is none. */
export function nextMethod(before: Mending): Mending | undefined {
  const [method, ...others] = before.others;
  return method === undefined
    ? undefined
    : { ...before, method, others, messages: [], redo: undefined, isAfresh: false };
}

/** Puts a step that was written again into its place. An answer that is no single step stays as it is. */
export function withRedone(answer: AIMessage, { redo }: Pick<Mending, "redo">): AIMessage {
  const [step, ...others] = stepsIn(writtenIn(answer));
  if (redo === undefined || step === undefined || others.length > 0) {
    return answer;
  }
  // Small models sometimes write the plan's first step instead. The step that was wrong then stays wrong.
  const before = redo.steps[redo.index];
  const isSame = isRecord(step) && isRecord(before) && step.tool === before.tool;
  return withPlan(answer, { steps: isSame ? redo.steps.with(redo.index, step) : [...redo.steps] });
}

/** Gives the steps of a plan that counts its own steps the numbers that they have in the turn. */
export function withTurnNumbers(answer: AIMessage, firstId: number): AIMessage {
  const plan = parseJson(writtenIn(answer));
  return isRecord(plan) ? withPlan(answer, toTurnNumbers(plan, firstId)) : answer;
}

function withPlan({ id, usage_metadata, response_metadata }: AIMessage, plan: JsonValue): AIMessage {
  return new AIMessage({ id, content: JSON.stringify(plan), usage_metadata, response_metadata });
}

/** Asks for the first step with something wrong; undefined if no single step is to blame. */
function redoStep(
  plan: string,
  issues: readonly PlanIssue[],
  { tools, firstId }: Asked,
): Pick<Mending, "messages" | "redo"> | undefined {
  const steps = stepsIn(plan);
  const [issue, ...others] = issues;
  const index = Number(issue?.stepId) - firstId;
  const step = steps[index];
  if (issue === undefined || !isRecord(step) || others.some(({ stepId }) => stepId === undefined)) {
    return undefined;
  }
  const tool = tools.find(({ name }) => name === step.tool);
  return { messages: toStepRepairMessages(plan, issue, tool), redo: { steps, index, tool: tool?.name } };
}

/** What a plan does, without the words for it. */
function callsIn(plan: string): string {
  return stableStringify(
    stepsIn(plan).map((step) => (isRecord(step) && "tool" in step ? { ...step, description: "" } : step)),
  );
}

function stepsIn(plan: string): readonly JsonValue[] {
  const value = parseJson(plan);
  return isRecord(value) && Array.isArray(value.steps) ? value.steps : [];
}

/** The plan of an answer as text: the arguments of its calls, or its words. */
function writtenIn({ tool_calls: calls = [], invalid_tool_calls: broken = [], text }: AIMessage): string {
  const copy = copyJson([...calls, ...broken].map(({ args }) => args ?? ""));
  const args = copy.ok && Array.isArray(copy.value) ? copy.value : [];
  const written = args.map((one) => (typeof one === "string" ? one : JSON.stringify(one))).join("\n");
  // Providers refuse an answer with nothing in it.
  return written || text || "{}";
}
