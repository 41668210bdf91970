import type { PlanStep } from "../plan/index.js";

/** One action as every client reads it. */
export interface ActionRequest {
  readonly name: string;
  /** Exactly what the tool is called with; of a plan, and of guidance, what is shown. */
  readonly args: Record<string, unknown>;
  /** Words, with characters that cannot be seen written out. */
  readonly description: string;
  readonly actionId: string;
  readonly stepId?: string;
  /** Exactly the steps that a plan, or guidance, is about. */
  readonly steps?: readonly PlanStep[];
}

/** What somebody is told when a run waits for a person. */
export interface WaitingNotice {
  /** The thread to resume; absent where the run has none. */
  readonly threadId?: string;
  readonly turnId: string;
  readonly requestId: string;
  /** ISO time at which the request was made. */
  readonly askedAt: string;
  /** ISO time from which it takes no answer; absent where it never expires. */
  readonly expiresAt?: string;
  /** What waits, in the order in which it is to be answered. */
  readonly actions: readonly (ActionRequest & { readonly allowedDecisions: readonly string[] })[];
  /** What to resume the thread with, in words. */
  readonly howToAnswer: string;
}
