import fc from "fast-check";
import type { TimedStep } from "../../bench/virtual-time.js";

/** Acyclic steps of random durations, in an order that need not be a topological one. */
export const timedPlan: fc.Arbitrary<TimedStep[]> = fc
  .array(
    fc.record({ durationMs: fc.integer({ min: 0, max: 9 }), links: fc.array(fc.nat(), { maxLength: 3 }) }),
    {
      maxLength: 24,
    },
  )
  .map((drawn) =>
    drawn.map(({ durationMs, links }, index) => ({
      id: `s${index}`,
      durationMs,
      dependsOn: index === 0 ? [] : links.map((link) => `s${link % index}`),
    })),
  )
  .chain((steps) => fc.shuffledSubarray(steps, { minLength: steps.length }));

/** Steps with what each depends on before it. */
export function inDependencyOrder(steps: readonly TimedStep[]): TimedStep[] {
  const ordered: TimedStep[] = [];
  const seen = new Set<string>();
  while (ordered.length < steps.length) {
    for (const step of steps) {
      if (seen.has(step.id) || !step.dependsOn.every((id) => seen.has(id))) {
        continue;
      }
      seen.add(step.id);
      ordered.push(step);
    }
  }
  return ordered;
}

/** Everything that a step depends on, by however many steps. */
export function ancestorsOf(steps: readonly TimedStep[]): Map<string, Set<string>> {
  const ancestors = new Map<string, Set<string>>();
  for (const step of inDependencyOrder(steps)) {
    const own = new Set(step.dependsOn);
    for (const id of step.dependsOn) {
      for (const further of ancestors.get(id) ?? []) {
        own.add(further);
      }
    }
    ancestors.set(step.id, own);
  }
  return ancestors;
}

/** When each step ends where nothing limits how many run. */
export function earliestEnds(steps: readonly TimedStep[]): Map<string, number> {
  const ends = new Map<string, number>();
  for (const { id, dependsOn, durationMs } of inDependencyOrder(steps)) {
    ends.set(id, Math.max(0, ...dependsOn.map((dependency) => ends.get(dependency) ?? 0)) + durationMs);
  }
  return ends;
}

/** How many steps are on the longest way from each step to an end. */
export function waysAhead(steps: readonly TimedStep[]): Map<string, number> {
  const ahead = new Map<string, number>();
  for (const { id } of inDependencyOrder(steps).reverse()) {
    const dependents = steps.filter((step) => step.dependsOn.includes(id));
    ahead.set(id, 1 + Math.max(0, ...dependents.map((dependent) => ahead.get(dependent.id) ?? 0)));
  }
  return ahead;
}

/** The order in which a plain list scheduler starts the steps: slow, simple, and written independently. */
export function naiveStartOrder(
  steps: readonly TimedStep[],
  concurrency: number,
  goesBefore: (left: TimedStep, right: TimedStep) => number,
): string[] {
  const started: string[] = [];
  const ended = new Set<string>();
  let running: { readonly step: TimedStep; readonly endsAt: number }[] = [];
  let now = 0;
  while (ended.size < steps.length) {
    const ready = steps
      .filter((step) => !started.includes(step.id) && step.dependsOn.every((id) => ended.has(id)))
      .sort(goesBefore);
    for (const step of ready.slice(0, concurrency - running.length)) {
      started.push(step.id);
      running.push({ step, endsAt: now + step.durationMs });
    }
    const next = running.reduce((soonest, other) => (other.endsAt < soonest.endsAt ? other : soonest));
    running = running.filter((other) => other !== next);
    now = next.endsAt;
    ended.add(next.step.id);
  }
  return started;
}
