import type { PlanStep } from "./plan.js";
import { type KnownIds, loneExpression, parseTemplate, splitReference } from "./template.js";

/** What a step with `forEach` may refer to besides steps: the item it is done for, and its place. */
export const itemVariables: ReadonlySet<string> = new Set(["item", "index"]);

/** The fields of a step in which references are understood. */
export type ReferringFields = Partial<Pick<PlanStep, "description" | "args" | "forEach" | "if">>;

/** The insides of all references in the strings of a value, each once, in the order they stand. */
export function findReferences(value: unknown): string[] {
  const found = new Set<string>();
  visitStrings(value, (text) => {
    for (const part of parseTemplate(text)) if (part.kind === "reference") found.add(part.expression);
  });
  return [...found];
}

/** The insides of all references of a step, each once: in its description, arguments, forEach and if. */
export function stepReferences(step: ReferringFields): string[] {
  return findReferences([step.description, step.args, step.forEach, step.if]);
}

/** The ids of the steps that a step refers to, each once; what names no known id is left out. */
export function referencedIds(step: ReferringFields, ids: KnownIds): string[] {
  const targets = stepReferences(step).map((expression) => splitReference(expression, ids)?.id);
  return [...new Set(targets.filter((id) => id !== undefined))];
}

/** Whether a text is nothing but one reference, and so stands for the value itself. */
export function isLoneReference(text: string): boolean {
  return loneExpression(text) !== undefined;
}

function visitStrings(value: unknown, visit: (text: string) => void): void {
  if (typeof value === "string") visit(value);
  else if (typeof value === "object" && value !== null) {
    for (const part of Object.values(value)) visitStrings(part, visit);
  }
}
