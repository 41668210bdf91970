import type { DecisionType } from "../state/index.js";
import type { PendingAction } from "./pending-request.js";

/** One of the answers that a person may give. */
export interface Answer {
  /** What the run is told. */
  readonly type: DecisionType;
  /** What it is called: its first letter stands for it. */
  readonly label: string;
  /** What the line that gives it from a shell is called. */
  readonly title: string;
  /** What comes of it. */
  readonly help: string;
  /** What else may be typed for it, its letter included. */
  readonly typed: readonly string[];
  /** Whether words go with it to the model. */
  readonly words: "none" | "optional" | "required";
}

const toActions: readonly Answer[] = [
  {
    type: "approve",
    label: "approve",
    title: "Approve",
    help: "it is done as it is shown",
    typed: ["a", "y", "yes", "approve"],
    words: "none",
  },
  { type: "edit", label: "edit", title: "Edit", help: "in your editor", typed: ["e", "edit"], words: "none" },
  {
    type: "reject",
    label: "reject",
    title: "Reject",
    help: "words that follow go to the model",
    typed: ["r", "n", "no", "reject"],
    words: "optional",
  },
];

const toGuidance: readonly Answer[] = [
  {
    type: "approve",
    label: "accept what there is",
    title: "Accept what there is",
    help: "the run ends with what was achieved",
    typed: ["a", "accept", "approve"],
    words: "none",
  },
  {
    type: "edit",
    label: "edit what is left",
    title: "Do what is left",
    help: "in your editor; a step that failed and stays in is done again",
    typed: ["e", "edit"],
    words: "none",
  },
  {
    type: "reject",
    label: "hint and try again",
    title: "Try again with a hint",
    help: "words that follow go to the replanner, which plans once more",
    typed: ["h", "hint", "r", "reject"],
    words: "required",
  },
  {
    type: "reject",
    label: "give up",
    title: "Give up",
    help: "the run ends as incomplete",
    typed: ["g", "give"],
    words: "none",
  },
];

/** The answers that a person may give about an action. */
export function answersTo({ kind, allowedDecisions }: PendingAction): readonly Answer[] {
  const answers = kind === "guidance" ? toGuidance : toActions;
  return answers.filter(({ type }) => allowedDecisions.includes(type));
}
