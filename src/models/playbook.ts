// The types of `offline.playbook`, for graphs that still have one. Nobody asks a playbook any more.
import type { JsonValue } from "../base/index.js";
import type { StepResult } from "../plan/index.js";

/** A finished step, as a playbook sees it. */
export type PastStep = Pick<StepResult, "id" | "description" | "tool" | "args" | "output" | "error"> & {
  readonly status: string;
};

/** What a playbook is asked: what the model's prompt says, read. */
export interface PlaybookRequest {
  /**
   * `plan`: a turn begins. `replan`: its steps have ended, or something in them has to be decided. Where a plan's steps
   * all came out right the answer alone is asked for first; a playbook that gives steps then is asked once more.
   */
  readonly kind: "plan" | "replan";
  readonly goal: string;
  /** The earlier turns, oldest first. */
  readonly conversation: readonly { readonly from: "person" | "agent"; readonly text: string }[];
  /** The names of the tools that there are; none where the answer alone is asked for. */
  readonly tools: readonly string[];
  /** The steps that have ended, in their order; large outputs are cut, as for any model. Empty for a first plan. */
  readonly pastSteps: readonly PastStep[];
  /** The steps that were planned and have not begun. */
  readonly remaining: readonly PlaybookStep[];
  /**
   * Why the replanner was asked, in words: what went wrong, what is missing, or what a person says. Empty for a first
   * plan, and where the answer alone is asked for.
   */
  readonly why: string;
  /** What a person said of the plan that they rejected. */
  readonly feedback?: string;
}

/** A step as a playbook writes it: a plan's step, the id left out where it is the step's position. */
export interface PlaybookStep {
  readonly id?: string;
  readonly description?: string;
  readonly tool?: string;
  readonly args?: Readonly<Record<string, JsonValue>>;
  readonly dependsOn?: readonly string[];
  readonly forEach?: string;
  readonly if?: string;
  readonly expect?: string;
}

/** What a playbook says: a plan, or the remainder of one, or an answer. */
export type PlaybookMove =
  | { readonly steps: readonly PlaybookStep[]; readonly answer?: string }
  | { readonly text: string };

/** The rules of a field: what is done for a goal of this field; undefined where it is none of its goals. */
export type Playbook = (request: PlaybookRequest) => PlaybookMove | undefined;
