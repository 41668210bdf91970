import { toVisible } from "../plan/index.js";
import { describeArguments, describeBriefly } from "./describe-action.js";
import type { PendingAction } from "./pending-request.js";

/** What a person chose for one action. */
export type Choice =
  | { readonly type: "approve" }
  | { readonly type: "edit"; readonly args: Readonly<Record<string, unknown>> }
  | { readonly type: "reject"; readonly message?: string };

/** One decision, as a run is resumed with it. */
export type ResumeDecision =
  | { readonly type: "approve" }
  | { readonly type: "reject"; readonly message?: string }
  | {
      readonly type: "edit";
      readonly editedAction: { readonly name: string; readonly args: Readonly<Record<string, unknown>> };
    };

/** The decision that a choice is. */
export function toDecision({ name }: PendingAction, choice: Choice): ResumeDecision {
  return choice.type === "edit" ? { type: "edit", editedAction: { name, args: choice.args } } : choice;
}

/** What was chosen for an action, whole. */
export function describeChoice(action: PendingAction, choice: Choice): string {
  const what = describeBriefly(action);
  switch (choice.type) {
    case "approve":
      return `approve ${what}\n`;
    case "reject":
      return `reject  ${what}${choice.message === undefined ? "" : ` – ${toVisible(choice.message)}`}\n`;
    case "edit":
      return `edit    ${what}\n${describeArguments(choice.args).replaceAll(/^(?=.)/gm, "    ")}`;
  }
}
