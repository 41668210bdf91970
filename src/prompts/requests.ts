// What each role is asked. Our prompts are written from these requests, and a role that is a function gets the same.
import type { BaseMessage } from "@langchain/core/messages";
import type { JsonValue } from "../base/index.js";
import type { Attachment } from "../models/index.js";
import type { PlanStep, PlanUse, SavedPlanEntry, StepResult } from "../plan/index.js";
import type { UnfinishedTurn } from "../state/index.js";
import type { CatalogueEntry, WorkerEntry } from "./catalogue-entry.js";
import type { Granularity } from "./plan-rules.js";

/** A person's decision to change or reject a call or a plan, as those who replan see it. */
export interface ShownDecision {
  /** The step, or the item of a for-each step, that made the call; left out for a plan. */
  readonly step?: string;
  readonly decision: "edit" | "reject";
  /** The call or plan that the person was shown. */
  readonly shown: unknown;
  /** The call or plan that the person wrote instead. */
  readonly instead?: unknown;
  readonly message?: string;
}

interface RoleRequest {
  readonly goal: string;
  /** The messages of earlier turns. */
  readonly conversation: readonly BaseMessage[];
  /** Further instructions from the developer, and from an assistant's context. */
  readonly instructions?: string;
  readonly signal: AbortSignal;
}

interface PlanningRequest extends RoleRequest {
  readonly tools: readonly CatalogueEntry[];
  readonly plans: readonly SavedPlanEntry[];
  /** The workers that steps may name. Left out: none. */
  readonly workers?: readonly WorkerEntry[];
  readonly maxSteps: number;
  /** Weekday, date and time zone: "Tue, 2025-06-10, Europe/Berlin". */
  readonly today: string;
  /** The turn before, if it had not ended when this one began. A plan ends what waits in it; words leave it waiting. */
  readonly unfinished?: UnfinishedTurn;
  /** What was wrong with the plan that was just handed in. Empty if this is the first try. */
  readonly issues: readonly string[];
}

/** What the planner is asked. */
export interface PlanRequest extends PlanningRequest {
  /** Pictures and files of the goal, as LangChain's content blocks. */
  readonly attachments: readonly Attachment[];
  readonly granularity: Granularity;
  /** The plan that a person rejected, and what they said about it. */
  readonly rejected?: { readonly plan: readonly PlanStep[]; readonly feedback: string };
}

/** Why the replanner is asked. */
export type ReplanCause =
  /** A step failed, was blocked, or gave something unexpected. */
  | { readonly kind: "trouble"; readonly steps: readonly StepResult[] }
  /** A person rejected the plan, or told what to do instead. */
  | { readonly kind: "feedback" | "remark"; readonly text: string }
  /** All steps are done, and the closing model says that the goal is not reached. */
  | { readonly kind: "missing"; readonly what: string }
  /** The policy asks whether the plan is still right. */
  | { readonly kind: "check" };

/** How far a run has come. */
export interface ShownProgress {
  /** All steps of the plan so far. */
  readonly plan: readonly PlanStep[];
  readonly pastSteps: readonly StepResult[];
  /** The decisions by which people changed or rejected something in this turn. */
  readonly decisions: readonly ShownDecision[];
}

/** What the replanner is asked. */
export interface ReplanRequest extends PlanningRequest, ShownProgress {
  readonly remaining: readonly PlanStep[];
  /** The answer that the plan names so far. It goes with the old remainder, so a new one names its own. */
  readonly answer?: string;
  /** What became of steps whose ids newer steps took. */
  readonly replaced: readonly StepResult[];
  readonly causes: readonly ReplanCause[];
  /** The position that a new step without an id gets. */
  readonly firstId: number;
}

/** What the one who writes the closing answer is asked. */
export interface AnswerRequest extends RoleRequest, ShownProgress {
  /** The tools that further work could use. */
  readonly tools: readonly CatalogueEntry[];
}

/** What the one who carries out a step in words is asked. */
export interface StepRequest extends Omit<RoleRequest, "conversation"> {
  /** The step, with references in its description filled in. */
  readonly step: { readonly id: string; readonly description: string; readonly expect?: string };
  /**
   * The outputs that the step sees, by step id: those of the steps that it names, or else of all before it; in a
   * for-each step also `item` and `index`.
   */
  readonly inputs: Readonly<Record<string, JsonValue>>;
  /** The tools that the step may use. */
  readonly tools: readonly CatalogueEntry[];
}

/** A request without what differs from one try to the next. Prompts are written from it. */
export type Told<Request> = Omit<Request, "signal" | "issues">;

/** An answer in words that says whether the goal is reached. A text alone leaves that to rules. */
export interface JudgedAnswer {
  readonly answer: string;
  readonly reached: boolean;
}

/** A plan in any form that a model may write it in, such as `{ steps, answer }`. */
export type WrittenPlan = object;

/**
 * What a planner or replanner hands in: a plan, a saved plan by its name, an answer in words, or why it cannot plan. A
 * refusal may offer the part of the goal that was understood.
 */
export type PlanReply =
  | string
  | JudgedAnswer
  | WrittenPlan
  | PlanUse
  | { readonly refused: string; readonly understood?: string };

/** What the one who writes the answer hands in: the answer, or what is still missing. */
export type AnswerReply = string | JudgedAnswer | { readonly missing: string };

/** What the one who carries out a step hands in: its output, or why the step cannot be done. */
export type StepReply = { readonly output: JsonValue } | { readonly blocked: string };

/** A planner that is a function. */
export interface PlannerFunction {
  plan(request: PlanRequest): PlanReply | Promise<PlanReply>;
}

/** A replanner that is a function. */
export interface ReplannerFunction {
  replan(request: ReplanRequest): PlanReply | Promise<PlanReply>;
}

/** One who writes the closing answer, as a function. */
export interface AnswerFunction {
  write(request: AnswerRequest): AnswerReply | Promise<AnswerReply>;
}

/** One who carries out steps in words, as a function. */
export interface StepFunction {
  run(request: StepRequest): StepReply | Promise<StepReply>;
}
