import type {
  AgentEvent,
  ApprovalTools,
  OutputCheck,
  PlanExecuteOptions,
  RoleOptions,
} from "langgraph-plan-execute";

/**
 * Merges a graph's own options with a caller's. If both set an option, the caller's wins, with these exceptions:
 * instructions are joined; tools, saved plans and fields of a context are added to the graph's; an output must pass the
 * checks of both; both hear the events; and a rule of approval is replaced only if the caller names its tool.
 */
export function mergeOptions(own: PlanExecuteOptions, given: PlanExecuteOptions): PlanExecuteOptions {
  const rules = Object.entries(namedRules(given)).filter(([, rule]) => rule !== undefined);
  return {
    ...own,
    ...withoutUndefined(given),
    tools: [...(own.tools ?? []), ...(given.tools ?? [])],
    planner: mergeRole(own.planner, given.planner),
    executor: {
      ...mergeRole(own.executor, given.executor),
      checkOutput: joinChecks(own.executor?.checkOutput, given.executor?.checkOutput),
    },
    replanner: mergeRole(own.replanner, given.replanner),
    answer: mergeRole(own.answer, given.answer),
    approval: {
      ...own.approval,
      ...withoutUndefined(given.approval ?? {}),
      tools: { ...namedRules(own), ...Object.fromEntries(rules) },
    },
    limits: { ...own.limits, ...withoutUndefined(given.limits ?? {}) },
    plans: [...(own.plans ?? []), ...(given.plans ?? [])],
    sinks: [...(own.sinks ?? []), ...(given.sinks ?? [])],
    contextFields: joinFields(own.contextFields, given.contextFields),
    ...joinListeners(own.onEvent, given.onEvent),
  };
}

/** The rules of approval by their tools' names. These graphs name the tools whose calls wait. */
export function namedRules({ approval: { tools = {} } = {} }: PlanExecuteOptions): ApprovalTools {
  if (typeof tools === "object") {
    return tools;
  }
  throw new TypeError(`approval.tools cannot be "${tools}" here: name the tools whose calls wait as well.`);
}

type Checks = Readonly<Record<string, OutputCheck | readonly OutputCheck[]>>;

function joinChecks(own: Checks = {}, given: Checks = {}): Checks {
  const both = Object.entries(given).map(([tool, checks]): [string, Checks[string]] => {
    const before = Object.hasOwn(own, tool) ? own[tool] : undefined;
    return [tool, before === undefined ? checks : [before, checks].flat()];
  });
  return { ...own, ...Object.fromEntries(both) };
}

type Fields = PlanExecuteOptions["contextFields"];

function joinFields(own: Fields, given: Fields): Fields {
  return own === undefined || given === undefined ? (own ?? given) : own.extend(given.shape);
}

type Listener = PlanExecuteOptions["onEvent"];

/** The graph's own listener hears first, so that a caller's listener that throws cannot keep it from hearing. */
function joinListeners(own: Listener, given: Listener): { readonly onEvent?: Listener } {
  if (own === undefined || given === undefined) {
    return own === undefined && given === undefined ? {} : { onEvent: own ?? given };
  }
  return {
    onEvent: (event: AgentEvent) => {
      own(event);
      return given(event);
    },
  };
}

function mergeRole<Role extends RoleOptions>(own: Role | undefined, given: Role | undefined): Role {
  const merged = { ...own, ...withoutUndefined(given ?? {}) } as Role;
  const instructions = [own?.instructions, given?.instructions].filter((text) => text !== undefined);
  return instructions.length === 0 ? merged : { ...merged, instructions: instructions.join("\n\n") };
}

/** An option that is undefined counts as not given. */
function withoutUndefined<Options extends object>(options: Options): Partial<Options> {
  return Object.fromEntries(
    Object.entries(options).filter(([, value]) => value !== undefined),
  ) as Partial<Options>;
}
