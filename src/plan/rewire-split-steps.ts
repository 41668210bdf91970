import type { JsonValue } from "./json.js";
import type { PlanStep } from "./plan.js";
import { rewriteReferences, splitReference } from "./template.js";

const separatedPattern = /^[._-][a-z0-9]{1,3}$/i;

/**
 * In a changed plan, makes steps that name a replaced step follow the steps it was split into: those with
 * its id and a suffix (`3a`, `3.1`, `3-1`, `3_1`). They wait for all of them and refer to the last one.
 */
export function rewireSplitSteps(steps: readonly PlanStep[], removedIds: Iterable<string>): PlanStep[] {
  const ids = steps.map((step) => step.id);
  const present = new Set(ids);
  const parts = new Map<string, string[]>();
  for (const removed of removedIds) {
    const found = present.has(removed) ? [] : ids.filter((id) => isPartOf(id, removed));
    if (found.length > 0) parts.set(removed, found);
  }
  const known = { has: (id: string) => present.has(id) || parts.has(id) };
  return steps.map((step) => {
    const partsFor = (id: string): readonly string[] => partsBefore(step.id, parts.get(id) ?? []);
    const rewrite = (expression: string): string => {
      const id = splitReference(expression, known)?.id ?? "";
      const last = partsFor(id).at(-1);
      return last === undefined ? expression : last + expression.slice(id.length);
    };
    return rewireStep(step, partsFor, rewrite);
  });
}

function isPartOf(id: string, removed: string): boolean {
  if (!id.startsWith(removed)) return false;
  const suffix = id.slice(removed.length);
  if (separatedPattern.test(suffix)) return true;
  return /\d$/.test(removed) ? /^[a-z]$/i.test(suffix) : /^\d{1,2}$/.test(suffix);
}

/** A part of the split step itself can only follow the parts before it. */
function partsBefore(id: string, parts: readonly string[]): readonly string[] {
  const own = parts.indexOf(id);
  return own < 0 ? parts : parts.slice(0, own);
}

function rewireStep(
  step: PlanStep,
  partsFor: (id: string) => readonly string[],
  rewrite: (expression: string) => string,
): PlanStep {
  const rewired: PlanStep = { ...step, description: rewriteReferences(step.description, rewrite) };
  if (step.args !== undefined) rewired.args = rewriteEntries(step.args, rewrite);
  if (step.forEach !== undefined) rewired.forEach = rewriteReferences(step.forEach, rewrite);
  if (step.if !== undefined) rewired.if = rewriteReferences(step.if, rewrite);
  if (step.dependsOn !== undefined) {
    const dependsOn = step.dependsOn.flatMap((id) => (partsFor(id).length > 0 ? partsFor(id) : [id]));
    rewired.dependsOn = [...new Set(dependsOn)];
  }
  return rewired;
}

function rewriteValue(value: JsonValue, rewrite: (expression: string) => string): JsonValue {
  if (typeof value === "string") return rewriteReferences(value, rewrite);
  if (Array.isArray(value)) return value.map((item) => rewriteValue(item, rewrite));
  return typeof value === "object" && value !== null ? rewriteEntries(value, rewrite) : value;
}

function rewriteEntries(
  entries: Readonly<Record<string, JsonValue>>,
  rewrite: (expression: string) => string,
): Record<string, JsonValue> {
  return Object.fromEntries(
    Object.entries(entries).map(([key, entry]) => [key, rewriteValue(entry, rewrite)]),
  );
}
