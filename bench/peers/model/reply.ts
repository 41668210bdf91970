/** What a call of a model is for. */
export type CallPurpose = "plan" | "replan" | "answer" | "step" | "loop";

/** A call of a tool, with its arguments as the text that the model writes. */
export interface WrittenCall {
  readonly name: string;
  readonly argsText: string;
}

/** Where in the text of the plan each of its steps has been written. */
export interface PlanMark {
  /** Id of the item of the work. */
  readonly itemId: string;
  /** How many characters have come when the step is complete. */
  readonly end: number;
}

/** What the model says. */
export interface ModelReply {
  readonly purpose: CallPurpose;
  readonly text?: string;
  readonly calls?: readonly WrittenCall[];
  /** Of a plan's text: of its call's arguments, or of the words. */
  readonly marks?: readonly PlanMark[];
  /** The item of the work that the call is for, where it is for one. */
  readonly itemId?: string;
}
