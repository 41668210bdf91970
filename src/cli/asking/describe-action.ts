import {
  countOf,
  toQuoted,
  toVisible,
  toVisibleJson,
  toVisibleName,
  toVisibleText,
} from "../../base/index.js";
import { type PlanStep, stepKind } from "../../plan/index.js";
import type { DependenciesOf } from "../showing/index.js";
import type { PendingAction } from "./pending-request.js";

/** Shows an action in full, because the person approves what they see. A plan is shown as its steps. */
export function describeAction(action: PendingAction, dependenciesOf: DependenciesOf): string {
  const { kind, reason = "", steps = [] } = action;
  if (kind === "action") {
    return describeCall(action);
  }
  const plan = describePlan(steps, dependenciesOf);
  if (kind === "plan") {
    return `The plan waits for you:\n${plan}`;
  }
  return `The run cannot go on by itself: ${toVisible(toLine(reason))}\nWhat failed or is left:\n${plan}`;
}

/** The tool and its arguments. */
function describeCall({ name, args, description }: PendingAction): string {
  // Later lines still belong to the description, and must not look like an argument.
  const words = toVisible(description).replaceAll("\n", "\n| ");
  return `${toVisibleName(name)}: ${words}\n${describeArguments(args)}`;
}

function describeBriefly({ kind, name, description }: PendingAction): string {
  if (kind === "action") {
    return toVisible(toLine(`${toVisibleName(name)}: ${description}`));
  }
  return kind === "plan" ? "the plan" : "what is left";
}

/** Names what waits on one line: the call, the plan, or what is wrong. */
export function nameAction({ kind, name, args, reason = "", steps = [] }: PendingAction): string {
  switch (kind) {
    case "action": {
      const given = Object.entries(args).map(
        ([key, value]) =>
          `${toVisibleName(key)}: ${typeof value === "string" ? toVisible(value) : toVisibleJson(value)}`,
      );
      return toLine(`${toVisibleName(name)}(${given.join(", ")})`);
    }
    case "plan":
      return `the plan, ${countOf(steps.length, "step")}`;
    case "guidance":
      return `a hint: ${toVisible(toLine(reason))}`;
  }
}

/** Lists arguments, one a line. A value of several lines stands below its name. */
export function describeArguments(args: Readonly<Record<string, unknown>>): string {
  return Object.entries(args)
    .map(([name, value]) => describeValue(toVisibleName(name), value))
    .join("");
}

/** Shows the steps of a plan in full: first what runs, last what the model says about it. */
export function describePlan(steps: readonly PlanStep[], dependenciesOf: DependenciesOf): string {
  const after = dependenciesOf(steps);
  return steps
    .map((step) => {
      const { id, description, tool = "", worker, args = {} } = step;
      const { forEach, if: condition, expect, pitfalls } = step;
      const waitsFor = (after.get(id) ?? []).map(toVisibleName);
      const name = toVisibleName(tool);
      const heads = {
        direct: name,
        call: `${name}, a model writes its arguments`,
        agent: worker === undefined ? "done by an agent" : `done by the worker ${toVisibleName(worker)}`,
      };
      // An argument's name never has blanks outside quotes, so none can look like one of these labels.
      const details: [string, string | undefined][] = [
        ["for each of", forEach],
        ["only if", condition],
        ["must give", expect],
        ["beware of", pitfalls],
        [stepKind(step) === "agent" ? "what to do" : "described as", description],
      ];
      return (
        `  [${toVisibleName(id)}] ${heads[stepKind(step)]}${waitsFor.length === 0 ? "" : ` · after ${waitsFor.join(", ")}`}\n` +
        indent(
          describeArguments(args) +
            details
              .map(([label, text]) => (text === undefined ? "" : `  ${label}: ${toQuoted(text)}\n`))
              .join(""),
        )
      );
    })
    .join("");
}

function describeValue(name: string, value: unknown): string {
  const text = typeof value === "string" ? toVisibleText(value) : toVisibleJson(value, 2);
  return `  ${name}:${text.includes("\n") ? `\n${indent(text)}` : ` ${text}`}\n`;
}

function toLine(text: string): string {
  return text.replaceAll(/[ \n\t]+/g, " ");
}

function indent(text: string): string {
  return text.replaceAll(/^(?=.)/gm, "    ");
}

export type Choice =
  | { readonly type: "approve" }
  | { readonly type: "edit"; readonly args: Readonly<Record<string, unknown>> }
  | { readonly type: "reject"; readonly message?: string }
  | { readonly type: "respond"; readonly response: string };

export type ResumeDecision =
  | { readonly type: "approve" }
  | { readonly type: "reject"; readonly message?: string }
  | { readonly type: "respond"; readonly response: string }
  | {
      readonly type: "edit";
      readonly editedAction: { readonly name: string; readonly args: Readonly<Record<string, unknown>> };
    };

/** Converts a choice into a decision. */
export function toDecision({ name }: PendingAction, choice: Choice): ResumeDecision {
  return choice.type === "edit" ? { type: "edit", editedAction: { name, args: choice.args } } : choice;
}

/** Shows in full what was chosen for an action. */
export function describeChoice(action: PendingAction, choice: Choice): string {
  const what = describeBriefly(action);
  switch (choice.type) {
    case "approve":
      return `approve ${what}\n`;
    case "reject":
      return `reject  ${what}${choice.message === undefined ? "" : ` – ${toVisible(choice.message)}`}\n`;
    case "respond":
      return `answer  ${what} – ${toVisible(choice.response)}\n`;
    case "edit":
      return `edit    ${what}\n${describeArguments(choice.args).replaceAll(/^(?=.)/gm, "    ")}`;
  }
}
