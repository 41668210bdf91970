import type { PlanExecuteOptions, RoleOptions } from "langgraph-plan-execute";

/**
 * A graph's own options with a caller's: the caller's stand where both say something, except that instructions are
 * joined, tools are added to the graph's, and a rule of approval goes only where the caller names its tool.
 */
export function mergeOptions(own: PlanExecuteOptions, given: PlanExecuteOptions): PlanExecuteOptions {
  return {
    ...own,
    ...withoutUndefined(given),
    tools: [...(own.tools ?? []), ...(given.tools ?? [])],
    planner: mergeRole(own.planner, given.planner),
    executor: {
      ...mergeRole(own.executor, given.executor),
      checkOutput: { ...own.executor?.checkOutput, ...given.executor?.checkOutput },
    },
    replanner: mergeRole(own.replanner, given.replanner),
    answer: mergeRole(own.answer, given.answer),
    approval: {
      ...own.approval,
      ...withoutUndefined(given.approval ?? {}),
      tools: { ...own.approval?.tools, ...given.approval?.tools },
    },
    limits: { ...own.limits, ...withoutUndefined(given.limits ?? {}) },
    offline: { ...own.offline, ...withoutUndefined(given.offline ?? {}) },
  };
}

function mergeRole<Role extends RoleOptions>(own: Role | undefined, given: Role | undefined): Role {
  const merged = { ...own, ...withoutUndefined(given ?? {}) } as Role;
  const instructions = [own?.instructions, given?.instructions].filter((text) => text !== undefined);
  return instructions.length === 0 ? merged : { ...merged, instructions: instructions.join("\n\n") };
}

/** An option that is undefined says nothing. */
function withoutUndefined<Options extends object>(options: Options): Partial<Options> {
  return Object.fromEntries(
    Object.entries(options).filter(([, value]) => value !== undefined),
  ) as Partial<Options>;
}
