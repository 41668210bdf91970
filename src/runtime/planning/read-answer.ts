// Understands a role's answer: a plan, an answer in words, or what is wrong with the intended plan.
import type { AIMessage } from "@langchain/core/messages";
import { copyJson, isRecord, parseJson, quoteValue } from "../../base/index.js";
import { type MarkedAnswer, type Marks, readReached } from "../../models/index.js";
import {
  fillSavedPlan,
  isUnclosedJson,
  joinPlans,
  leaveToExecutor,
  mendPlan,
  type Plan,
  type PlanIssue,
  type PlanUse,
  planSchema,
  type ReadPlanOptions,
  readCallsInText,
  readDirectAnswer,
  readPlan,
  readPlanUse,
  reuseDoneSteps,
  rewireSplitSteps,
  type StepResult,
  validatePlan,
  withoutEarlyAnswer,
} from "../../plan/index.js";
import { type FailedStep, findRepeatedFailure } from "../../policy/index.js";
import { PLAN_TOOL, type PlanMethod, RESPOND_TOOL } from "../../prompts/index.js";
import { type AgentServices, rawAnswerIn } from "../run/index.js";
import type { Refusal } from "../turn/index.js";
import { findFlood, tellable } from "./asking/index.js";

/** What a plan has to fit. */
export interface PlanFrame {
  readonly maxSteps: number;
  /** The steps of this turn that have ended. Finished steps stay, and their ids are taken. */
  readonly pastSteps: readonly StepResult[];
  /** Ids that the new plan leaves out. What named one of them now follows the steps that it was split into. */
  readonly replacedIds: readonly string[];
  readonly firstId: number;
  /** The steps of this turn that went wrong, and that may not be tried again as they were. @default none */
  readonly failed?: readonly FailedStep[];
  /** Whether wrong arguments of a call that only reads are left to the executor, and not sent back. @default false */
  readonly leavesArgs?: boolean;
}

/** What an answer turned out to be. */
export type Understood =
  | {
      readonly kind: "plan";
      readonly plan: Plan;
      /** The name of the saved plan that it is. */
      readonly saved?: string;
    }
  | ({ readonly kind: "text" } & MarkedAnswer)
  | { readonly kind: "invalid"; readonly issues: readonly PlanIssue[] };

/** What a role answered, and how often it had to repair its plan. */
export type PlanAnswer = {
  /** The id under which the answer was streamed. */
  readonly messageId: string | undefined;
  readonly repairs: number;
} & (Understood | ({ readonly kind: "refused" } & Refusal));

/** What plans may name: tools, and saved plans. */
type KnownParts = Pick<AgentServices, "registry" | "plans">;

/** Reads the answer of a model that was asked for its plan by this method. */
export function understand(
  message: AIMessage,
  method: PlanMethod,
  given: PlanFrame,
  known: KnownParts,
): Understood {
  const frame = { ...given, leavesArgs: method === "schema" };
  const calls = message.tool_calls?.filter(({ name }) => name === PLAN_TOOL) ?? [];
  if (calls.length > 0) {
    return readCalls(
      calls.map(({ args }) => args),
      method,
      frame,
      known,
    );
  }
  const respond = message.tool_calls?.find(({ name }) => name === RESPOND_TOOL);
  if (respond !== undefined) {
    return readResponse(respond.args);
  }
  const broken = message.invalid_tool_calls?.find(({ name }) => name === PLAN_TOOL);
  if (broken !== undefined) {
    const why = broken.error ?? "Its arguments are no JSON: they may be cut off or wrongly quoted.";
    return check(broken.args, frame, known) ?? invalid(`The call cannot be read. ${why}`);
  }
  const [other] = message.tool_calls ?? [];
  if (other !== undefined) {
    return invalid(
      `"${other.name}" cannot be called here. Call "${PLAN_TOOL}", with ${quoteValue({ [other.name]: other.args })} as a step of it.`,
    );
  }
  const { text } = message;
  const held = method === "schema" ? heldValue(message) : undefined;
  if (isRecord(held?.saved)) {
    return check(held.saved, frame, known) ?? noPlanIn("what was sent");
  }
  if (method === "json") {
    const reply = readReply(parseJson(withoutFences(text.trim())));
    if (reply !== undefined) {
      return { kind: "text", text: reply };
    }
  }
  const planned = check(writtenSteps(text, known) ?? text, frame, known);
  if (planned !== undefined) {
    return planned;
  }
  if (isUnclosedJson(text)) {
    return invalid(
      "The JSON of the answer does not close: it breaks off, or quotes are wrong. Write it whole.",
    );
  }
  // An unreadable call of an unknown tool arrives without words.
  if (text.trim() === "") {
    return noPlanIn("the answer, and no words");
  }
  const raw = rawAnswerIn(text, known.registry);
  return raw === undefined ? { kind: "text", text } : invalid(`The answer is for nobody: ${raw}.`);
}

/** The value of an answer that was held to a schema; undefined if it was not. */
function heldValue({ tool_calls: [call] = [], text }: AIMessage): Record<string, unknown> | undefined {
  // Where LangChain knows no other way to hold a model to a schema, it makes the schema that of a tool.
  const value = call?.name === PLAN_TOOL ? call.args : parseJson(withoutFences(text.trim()));
  return isRecord(value) ? value : undefined;
}

/** Whether an answer is what a model gives that is held to a schema. */
export function isHeld(message: AIMessage): boolean {
  return heldValue(message) !== undefined;
}

/** Whether an answer that was held to a plan's schema is a plan without steps: there is nothing to be done. */
export function saysNoStep(message: AIMessage): boolean {
  const { steps, saved } = heldValue(message) ?? {};
  return Array.isArray(steps) && steps.length === 0 && !isRecord(saved);
}

/** The steps of an answer that is nothing but calls of tools: whoever writes these plans to make them. */
function writtenSteps(text: string, { registry }: KnownParts): unknown {
  const written = readCallsInText(text, registry.has);
  return written && { steps: written.calls.map(({ name, args }) => ({ tool: name, args })) };
}

/** Takes the mark out of an answer in words. It counts if the answer does not say otherwise whether the goal is reached. */
export function readMark(understood: Understood, marks: Marks): Understood {
  if (understood.kind !== "text") {
    return understood;
  }
  const marked = readReached(understood.text, marks);
  const { text } = marked;
  return text === "" ? noPlanIn("the answer, and no words") : { ...marked, ...understood, text };
}

/** Reads the arguments of the plan's call, or of several calls, whose plans are parts of one. */
function readCalls(
  calls: readonly unknown[],
  method: PlanMethod,
  frame: PlanFrame,
  known: KnownParts,
): Understood {
  const [first, ...others] = calls;
  // If a model has no JSON mode of its own, LangChain turns the JSON into a tool call.
  const reply = method === "json" ? readReply(first) : undefined;
  if (reply !== undefined) {
    return { kind: "text", text: reply };
  }
  if (others.length === 0) {
    return check(first, frame, known) ?? noPlanIn("the call");
  }
  const copy = copyJson(calls);
  const plans = copy.ok && Array.isArray(copy.value) ? copy.value : [];
  const joined = joinPlans(plans, readingOptions(frame, known));
  if (joined === undefined) {
    return invalid(
      `${calls.length} plans came, and it is not said whose steps their ids mean. Hand in one plan with all the steps.`,
    );
  }
  return check(joined, frame, known) ?? noPlanIn("the calls");
}

function readingOptions({ firstId, pastSteps }: PlanFrame, { registry }: KnownParts): ReadPlanOptions {
  return { tools: registry.planTools(), firstId, pastIds: pastSteps.map(({ id }) => id) };
}

/** Reads and validates a plan, or the name of a saved one; undefined if there is none. */
export function check(raw: unknown, frame: PlanFrame, known: KnownParts): Understood | undefined {
  const { maxSteps, pastSteps, replacedIds, failed = [], leavesArgs = false } = frame;
  const tools = known.registry.planTools();
  const use = readPlanUse(raw);
  if (use !== undefined) {
    return fillSaved(use, pastSteps, known.plans, tools);
  }
  const read = readPlan(raw, readingOptions(frame, known));
  if (!read.found) {
    return undefined;
  }
  const flood = findFlood(read.plan, maxSteps);
  if (flood !== undefined) {
    return { kind: "invalid", issues: [flood] };
  }
  const written = withoutEarlyAnswer(read.plan, pastSteps);
  const parsed = planSchema.safeParse(written);
  const answered = parsed.success ? readDirectAnswer(parsed.data, pastSteps) : undefined;
  if (answered !== undefined) {
    return { kind: "text", text: answered };
  }
  const pastIds = pastSteps.map(({ id }) => id);
  const plan = parsed.success
    ? mendPlan(
        { ...parsed.data, steps: rewireSplitSteps(parsed.data.steps, replacedIds) },
        { tools, pastIds },
      )
    : undefined;
  const rules = { tools, maxSteps, pastSteps };
  const issues = [...read.issues, ...validatePlan(plan ?? written, rules)];
  const leave = () =>
    leavesArgs ? leaveToExecutor(plan ?? { steps: [] }, issues, { tools, pastIds }) : undefined;
  const mended = plan && issues.length > 0 ? (reuseDoneSteps(plan, issues) ?? leave()) : undefined;
  const found = mended === undefined ? issues : validatePlan(mended, rules);
  const wanted = mended ?? plan;
  if (wanted === undefined || found.length > 0) {
    return found.length === 0 ? noPlanIn("what was sent") : { kind: "invalid", issues: tellable(found) };
  }
  const failure = toRepeatedFailure(wanted, failed);
  return failure === undefined ? { kind: "plan", plan: wanted } : { kind: "invalid", issues: [failure] };
}

/** What fails would fail again. Whoever planned it is told why, and plans something else. */
function toRepeatedFailure({ steps }: Plan, failed: readonly FailedStep[]): PlanIssue | undefined {
  const found = findRepeatedFailure(steps, failed);
  if (found === undefined) {
    return undefined;
  }
  const { step, result } = found;
  const why = result.error?.message ?? "No reason is known.";
  const message = `Step "${step.id}" would do again what step "${result.id}" failed at. ${why}`;
  return { code: "repeated-failure", stepId: step.id, repeats: result.id, message };
}

function noPlanIn(place: string): Understood {
  return invalid(`There is no plan in ${place}: send { "steps": [...] }.`);
}

/** Fills in a saved plan. Its ids must be free, as those of any plan. */
function fillSaved(
  use: PlanUse,
  pastSteps: readonly StepResult[],
  plans: KnownParts["plans"],
  tools: ReturnType<KnownParts["registry"]["planTools"]>,
): Understood {
  const filled = fillSavedPlan(use, plans, tools);
  if (!filled.ok) {
    return invalid(filled.issues.join(" "));
  }
  const { plan } = filled;
  const issues = validatePlan(plan, { tools, pastSteps });
  return issues.length > 0 ? { kind: "invalid", issues } : { kind: "plan", plan, saved: use.use };
}

/** The answer that nobody can use, and why. */
export function invalid(message: string): Extract<Understood, { kind: "invalid" }> {
  return { kind: "invalid", issues: [{ code: "malformed", message }] };
}

function readResponse({ answer, reached }: Record<string, unknown>): Understood {
  const text = typeof answer === "string" ? answer : JSON.stringify(answer ?? "", null, 2);
  if (answer !== undefined && answer !== null && text.trim() !== "") {
    return typeof reached === "boolean" ? { kind: "text", text, reached } : { kind: "text", text };
  }
  return invalid(`The call of "${RESPOND_TOOL}" has no answer in it: send { "answer": "…" }.`);
}

/** The answer in words. A reply next to steps is only a remark on the plan. */
function readReply(value: unknown): string | undefined {
  if (typeof value !== "object" || value === null || !("reply" in value)) {
    return undefined;
  }
  if ("steps" in value && Array.isArray(value.steps) && value.steps.length > 0) {
    return undefined;
  }
  return typeof value.reply === "string" && value.reply.trim() !== "" ? value.reply : undefined;
}

/** The code fence before the JSON. The one after it is `FENCE`. */
const FIRST_FENCE = /^```(?:json)?\s*\n/i;
const FENCE = "```";

/** The last fence is removed by hand, because a pattern would start over at each of a thousand empty lines. */
function withoutFences(text: string): string {
  const rest = text.replace(FIRST_FENCE, "");
  return rest.endsWith(FENCE) ? rest.slice(0, -FENCE.length) : rest;
}
