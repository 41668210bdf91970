/** The purpose of a model call. */
export type CallPurpose = "plan" | "replan" | "answer" | "step" | "loop";

/** A tool call, with its arguments as the text that the model writes. */
export interface WrittenCall {
  readonly name: string;
  readonly argsText: string;
}

/** The position in the plan's text at which one of its steps is complete. */
export interface PlanMark {
  /** Id of the item of the work. */
  readonly itemId: string;
  /** How many characters have arrived when the step is complete. */
  readonly end: number;
}

/** What the model says. */
export interface ModelReply {
  readonly purpose: CallPurpose;
  readonly text?: string;
  readonly calls?: readonly WrittenCall[];
  /** Marks of a plan's text, which is its call's arguments or the words. */
  readonly marks?: readonly PlanMark[];
  /** The item of the work that the call is for, if any. */
  readonly itemId?: string;
}
