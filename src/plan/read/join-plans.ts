import { type JsonValue, stableStringify } from "../../base/index.js";
import { planSchema } from "../plan.js";
import { referencedIds } from "../references.js";
import { locateSteps } from "./find-steps.js";
import { type ReadPlanOptions, readPlan } from "./read-plan.js";

/**
 * Joins the plans that came in one answer: the steps of all of them, in order; the same plan twice counts once. The
 * joined plan has no answer, because the answer of a part is not that of the whole. Returns undefined if an id may mean
 * a step of either of two plans.
 */
export function joinPlans(plans: readonly JsonValue[], options: ReadPlanOptions): JsonValue | undefined {
  const distinct = [...new Map(plans.map((plan) => [stableStringify(plan), plan])).values()];
  const names = new Set(options.tools?.map(({ name }) => name));
  const steps: JsonValue[] = [];
  const ids = new Set<string>();
  for (const plan of distinct) {
    const { named } = readIds(plan, options);
    const joined = readIds(plan, { ...options, firstId: (options.firstId ?? 1) + steps.length });
    if ([...named, ...joined.ids].some((id) => ids.has(id))) {
      return undefined;
    }
    for (const id of joined.ids) {
      ids.add(id);
    }
    steps.push(...(locateSteps(plan, (name) => names.has(name))?.steps ?? []));
  }
  return distinct.length === 1 ? distinct[0] : { steps };
}

/** The ids of a plan's steps, and those that its other steps name. */
function readIds(plan: JsonValue, options: ReadPlanOptions) {
  const read = readPlan(plan, options);
  const parsed = planSchema.safeParse(read.found ? read.plan : undefined);
  const steps = parsed.success ? parsed.data.steps : [];
  const ids = steps.map(({ id }) => id);
  const own = new Set(ids);
  const named = steps.flatMap((step) =>
    [...referencedIds(step, own), ...(step.dependsOn ?? [])].filter((id) => id !== step.id && own.has(id)),
  );
  return { ids, named };
}
