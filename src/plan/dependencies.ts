import type { JsonValue } from "../base/index.js";
import type { PlanStep } from "./plan.js";
import { referencedIds, rewriteReferences, splitReference } from "./references.js";
import type { DependencyNode } from "./topology.js";

/** A step, as far as its dependencies need it. */
type DependentStep = Pick<PlanStep, "id"> & Partial<PlanStep>;

/** What `resolveDependencies` has to know beside the steps. */
interface DependencyOptions {
  /** Whether the tool of this name only reads, so that its steps may run at any time. */
  readonly isReadOnly: (toolName: string) => boolean;
  /** Ids of all settled steps, failed ones too. References to them are dependencies as well. @default none */
  readonly settled?: Iterable<string>;
  /** Id of the first step of a new remainder. It comes after nothing that it does not name. @default none */
  readonly remainderFrom?: string;
}

/**
 * Lists for each step everything it comes after: what it names in `dependsOn`, what it refers to, and, if it leaves
 * `dependsOn` out and does more than read, the step before it in the list. That last edge is left out if it would close
 * a cycle, because a plan may be written in any order.
 */
export function resolveDependencies(
  steps: readonly DependentStep[],
  options: DependencyOptions,
): DependencyNode[] {
  const ids = new Set([...steps.map((step) => step.id), ...(options.settled ?? [])]);
  const position = new Map(steps.map((step, index) => [step.id, index]));
  const stated = steps.map((step) => statedDependencies(step, ids));
  const graph = new Map(steps.map((step, index) => [step.id, stated[index] ?? []]));
  // The edge to the previous step can only close a cycle if some earlier step names this step or a later one. Tracking
  // the farthest step named so far saves the search for most steps.
  let farthestNamed = -1;
  return steps.map((step, index) => {
    const dependsOn = stated[index] ?? [];
    const previous = steps[index - 1];
    const mayClose = farthestNamed >= index;
    for (const id of dependsOn) {
      farthestNamed = Math.max(farthestNamed, position.get(id) ?? -1);
    }
    if (previous === undefined || !comesAfterPrevious(step, options)) {
      return { id: step.id, dependsOn };
    }
    if (previous.id === step.id || dependsOn.includes(previous.id)) {
      return { id: step.id, dependsOn };
    }
    if (mayClose && reaches(graph, previous.id, step.id)) {
      return { id: step.id, dependsOn };
    }
    const complete = [...dependsOn, previous.id];
    graph.set(step.id, complete);
    return { id: step.id, dependsOn: complete };
  });
}

/** Lists what a step itself says it needs: its `dependsOn` and its references, but never itself. */
export function statedDependencies(step: DependentStep, ids: ReadonlySet<string>): string[] {
  const stated = new Set([...(step.dependsOn ?? []), ...referencedIds(step, ids)]);
  stated.delete(step.id);
  return [...stated];
}

function comesAfterPrevious(step: DependentStep, options: DependencyOptions): boolean {
  if (step.id === options.remainderFrom) {
    return false;
  }
  return step.dependsOn === undefined && (step.tool === undefined || !options.isReadOnly(step.tool));
}

function reaches(graph: ReadonlyMap<string, readonly string[]>, from: string, target: string): boolean {
  const seen = new Set([from]);
  for (const id of seen) {
    if (id === target) {
      return true;
    }
    for (const next of graph.get(id) ?? []) {
      seen.add(next);
    }
  }
  return false;
}

const SEPARATED_PATTERN = /^[._-][a-z0-9]{1,3}$/i;

/**
 * Mends a changed plan in which a step was split into several with its id and a suffix (`3a`, `3.1`, `3-1`, `3_1`).
 * Steps that named the old step now wait for all of its parts, and refer to the last one.
 */
export function rewireSplitSteps(steps: readonly PlanStep[], removedIds: Iterable<string>): PlanStep[] {
  const ids = steps.map((step) => step.id);
  const present = new Set(ids);
  const parts = new Map<string, string[]>();
  for (const removed of removedIds) {
    const found = present.has(removed) ? [] : ids.filter((id) => isPartOf(id, removed));
    if (found.length > 0) {
      parts.set(removed, found);
    }
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
  if (!id.startsWith(removed)) {
    return false;
  }
  const suffix = id.slice(removed.length);
  if (SEPARATED_PATTERN.test(suffix)) {
    return true;
  }
  return /\d$/.test(removed) ? /^[a-z]$/i.test(suffix) : /^\d{1,2}$/.test(suffix);
}

/** The parts that a step may depend on. A part of the split step can only follow the parts before it. */
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
  if (step.args !== undefined) {
    rewired.args = rewriteEntries(step.args, rewrite);
  }
  if (step.forEach !== undefined) {
    rewired.forEach = rewriteReferences(step.forEach, rewrite);
  }
  if (step.if !== undefined) {
    rewired.if = rewriteReferences(step.if, rewrite);
  }
  if (step.dependsOn !== undefined) {
    const dependsOn = step.dependsOn.flatMap((id) => (partsFor(id).length > 0 ? partsFor(id) : [id]));
    rewired.dependsOn = [...new Set(dependsOn)];
  }
  return rewired;
}

function rewriteValue(value: JsonValue, rewrite: (expression: string) => string): JsonValue {
  if (typeof value === "string") {
    return rewriteReferences(value, rewrite);
  }
  if (Array.isArray(value)) {
    return value.map((item) => rewriteValue(item, rewrite));
  }
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
