import type { DependenciesOf } from "../showing/index.js";
import type { Answer } from "./answers.js";
import type { Choice } from "./describe-action.js";
import { type ToolKnowledge, toEditable } from "./editable.js";
import type { PendingAction } from "./pending-request.js";

/** What a person filled into a form about one action. */
export interface FilledForm {
  /** What they chose; undefined if nothing, or something that is not offered. */
  readonly answer: Answer | undefined;
  readonly words: string;
  /** What an edit does instead. */
  readonly edit: string;
}

/** What edits are read with. */
export interface EditKnowledge {
  readonly tools: ToolKnowledge;
  readonly dependenciesOf: DependenciesOf;
}

/** Says what a choice does, in a form where words and edits stand below it. */
export function hintTo({ type, words, help }: Answer): string {
  if (type === "edit") {
    return "as you write it below";
  }
  if (words === "none") {
    return help;
  }
  return words === "required" ? "needs your words below" : "with your words below, if any";
}

/** Reads what a form says of one action: the choice, or what is wrong with it. */
export function readFormChoice(
  action: PendingAction,
  { answer, words, edit }: FilledForm,
  { tools, dependenciesOf }: EditKnowledge,
): Choice | string[] {
  if (answer === undefined) {
    return [`Choose what becomes of ${action.name}.`];
  }
  if (answer.words === "required" && words === "") {
    return [`"${answer.title}" needs your words.`];
  }
  switch (answer.type) {
    case "approve":
      return { type: "approve" };
    case "respond":
      return { type: "respond", response: words };
    case "reject":
      return { type: "reject", ...(words === "" || answer.words === "none" ? {} : { message: words }) };
    case "edit": {
      const editable = toEditable(action, tools, dependenciesOf);
      const read = editable.read(editable.fromText(edit));
      return read.ok ? { type: "edit", args: read.args } : [...read.problems];
    }
  }
}
