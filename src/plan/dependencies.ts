import type { JsonValue } from "../base/index.js";
import type { PlanStep } from "./plan.js";
import { type KnownIds, referencedIds, rewriteReferences, splitReference } from "./references.js";
import type { DependencyNode } from "./topology.js";

/** A step, as far as its dependencies need it. */
type DependentStep = Pick<PlanStep, "id"> & Partial<PlanStep>;

/** What a step comes after, and what it sees. */
interface StepDependencies extends DependencyNode {
  /** Whether it sees the outputs of all steps before it in the plan, and not only of those in `dependsOn`. */
  readonly seesAllBefore: boolean;
}

/** What `resolveDependencies` has to know beside the steps. */
interface DependencyOptions {
  /** Whether the tool of this name only reads, so that its steps may run at any time. */
  readonly isReadOnly: (toolName: string) => boolean;
  /** Ids of all settled steps, failed ones too. References to them are dependencies as well. @default none */
  readonly settled?: Iterable<string>;
  /** Id of the first step of a new remainder. The steps before it are over, so none waits for them. @default none */
  readonly remainderFrom?: string;
}

/**
 * Lists for each step everything it comes after: what it names in `dependsOn`, what it refers to, and, if it leaves
 * `dependsOn` out, steps before it in the list. A step in words that names no step comes after all of them. Any other
 * step that does more than read comes after the last one. An edge that would close a cycle is left out, because a plan
 * may be written in any order.
 */
export function resolveDependencies(
  steps: readonly DependentStep[],
  options: DependencyOptions,
): StepDependencies[] {
  const order = steps.map(({ id }) => id);
  const ids = new Set([...order, ...(options.settled ?? [])]);
  const position = new Map(order.map((id, index) => [id, index]));
  const stated = steps.map((step) => statedDependencies(step, ids));
  const edges = new Edges();
  for (const [index, id] of order.entries()) {
    edges.add(id, stated[index] ?? []);
  }
  const remainder = position.get(options.remainderFrom ?? "") ?? 0;
  // An edge to an earlier step can only close a cycle if some earlier step names this step or a later one. Tracking
  // the farthest step named so far saves the search for most steps.
  let farthestNamed = -1;
  // Earlier steps such that whatever comes after these comes after all earlier steps.
  let ends: string[] = [];
  return steps.map((step, index) => {
    const { id } = step;
    const named = stated[index] ?? [];
    const mayClose = farthestNamed >= index;
    for (const other of named) {
      farthestNamed = Math.max(farthestNamed, position.get(other) ?? -1);
    }
    const first = index < remainder ? 0 : remainder;
    const seesAllBefore = isAboutAllBefore(step, ids);
    const waiting = mayClose ? edges.waitingFor(id) : new Set([id]);
    const mayFollow = (other: string) => !waiting.has(other);
    let added: string[] = [];
    if (index === first) {
      ends = [id];
    } else if (seesAllBefore) {
      const before = mayClose ? order.slice(first, index) : ends;
      const free = before.filter(mayFollow);
      added = mayClose ? edges.endsOf(free) : free;
      ends = [...before.filter((other) => other !== id && !mayFollow(other)), id];
    } else {
      added = comesAfterPrevious(step, options) ? order.slice(index - 1, index).filter(mayFollow) : [];
      ends.push(id);
    }
    edges.add(id, added);
    return { id, dependsOn: [...new Set([...named, ...added])], seesAllBefore };
  });
}

/** Lists what a step itself says it needs: its `dependsOn` and its references, but never itself. */
export function statedDependencies(step: DependentStep, ids: ReadonlySet<string>): string[] {
  const stated = new Set([...(step.dependsOn ?? []), ...referencedIds(step, ids)]);
  stated.delete(step.id);
  return [...stated];
}

/** Whether a step is in words that name no step. A condition says when it is done, not what with. */
function isAboutAllBefore({ description, args, forEach, dependsOn }: DependentStep, ids: KnownIds): boolean {
  const isInWords = args === undefined && forEach === undefined && dependsOn === undefined;
  return isInWords && referencedIds({ description }, ids).length === 0;
}

function comesAfterPrevious(step: DependentStep, { isReadOnly }: DependencyOptions): boolean {
  return step.dependsOn === undefined && (step.tool === undefined || !isReadOnly(step.tool));
}

/** The edges between steps, in both directions. */
class Edges {
  readonly #dependencies = new Map<string, string[]>();
  readonly #dependents = new Map<string, string[]>();

  add(id: string, dependsOn: readonly string[]): void {
    for (const other of dependsOn) {
      append(this.#dependencies, id, other);
      append(this.#dependents, other, id);
    }
  }

  /** The steps that come after this one, directly or not, and the step itself. */
  waitingFor(id: string): ReadonlySet<string> {
    return reach(this.#dependents, id, new Set());
  }

  /** Those of the steps that none of the later ones comes after. */
  endsOf(steps: readonly string[]): string[] {
    const reached = new Set<string>();
    const ends = steps.toReversed().filter((id) => {
      const isEnd = !reached.has(id);
      reach(this.#dependencies, id, reached);
      return isEnd;
    });
    return ends.reverse();
  }
}

function append(lists: Map<string, string[]>, key: string, value: string): void {
  const list = lists.get(key);
  if (list === undefined) {
    lists.set(key, [value]);
  } else {
    list.push(value);
  }
}

/** Adds to `reached` a step, and everything that its edges lead to. */
function reach(edges: ReadonlyMap<string, string[]>, from: string, reached: Set<string>): Set<string> {
  const open = reached.has(from) ? [] : [from];
  for (const id of open) {
    if (!reached.has(id)) {
      reached.add(id);
      for (const next of edges.get(id) ?? []) {
        open.push(next);
      }
    }
  }
  return reached;
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
