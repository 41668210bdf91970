import type { PlanStep } from "../plan/index.js";
import { toJson } from "./controls.js";
import type { PendingAction } from "./pending-request.js";
import type { DependenciesOf } from "./progress.js";

/** An action, whole: what is approved is what is shown. A plan is shown as its steps. */
export function describeAction(action: PendingAction, dependenciesOf: DependenciesOf): string {
  const { kind, args, description, steps = [] } = action;
  if (kind === "action") return describeCall(action);
  const plan = describePlan(steps, dependenciesOf);
  if (kind === "plan") return `${description}\n${plan}`;
  return `The run cannot go on by itself: ${toLine(String(args.reason))}\nWhat failed or is left:\n${plan}`;
}

/** What is called, and with what. */
export function describeCall({ name, args, description }: PendingAction): string {
  // What a later line says is still the description's: it must not look like an argument.
  return `${name}: ${description.replaceAll("\n", "\n| ")}\n${describeArguments(args)}`;
}

/** An action on one line. */
export function describeBriefly({ kind, name, description }: PendingAction): string {
  if (kind === "action") return toLine(`${name}: ${description}`);
  return kind === "plan" ? "the plan" : "what is left";
}

/** Arguments, one a line, and what has many lines below its name. */
export function describeArguments(args: Readonly<Record<string, unknown>>): string {
  return Object.entries(args)
    .map(([key, value]) => {
      const text = isReadAsItIs(value) ? value : toJson(value, 2);
      return `  ${toLine(key)}:${text.includes("\n") ? `\n${indent(text)}` : ` ${text}`}\n`;
    })
    .join("");
}

/** The steps of a plan, whole. */
export function describePlan(steps: readonly PlanStep[], dependenciesOf: DependenciesOf): string {
  const after = dependenciesOf(steps);
  return steps
    .map(({ id, description, tool, args = {}, forEach, if: condition, expect }) => {
      const waitsFor = after.get(id) ?? [];
      const notes = [
        tool === undefined ? " · worked out by an agent" : ` · ${tool}`,
        waitsFor.length === 0 ? "" : ` · after ${waitsFor.join(", ")}`,
      ];
      const details: Record<string, unknown> = {
        ...(forEach === undefined ? {} : { "for each of": forEach }),
        ...(condition === undefined ? {} : { "only if": condition }),
        ...(expect === undefined ? {} : { "must give": expect }),
      };
      return (
        `  ${toLine(`${id}. ${description}${notes.join("")}`)}\n` +
        indent(describeArguments({ ...details, ...args }))
      );
    })
    .join("");
}

/** Whether a value is a text that needs no quotes to show where it ends, and that it is no number. */
function isReadAsItIs(value: unknown): value is string {
  if (typeof value !== "string") return false;
  if (value.includes("\n")) return true;
  const isOther = ["true", "false", "null"].includes(value) || !Number.isNaN(Number(value));
  return !isOther && !value.startsWith('"') && value.trim() === value && !value.includes("    ");
}

function toLine(text: string): string {
  return text.replaceAll(/[ \n\t]+/g, " ");
}

function indent(text: string): string {
  return text.replaceAll(/^(?=.)/gm, "    ");
}
