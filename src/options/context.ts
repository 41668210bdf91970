import { z } from "zod";
import { createNearestName, toMilliseconds } from "../base/index.js";
import { assertModelName, type NamedModels } from "../models/index.js";
import { NO_STANDING_RULES, type PlanApproval } from "../policy/index.js";
import { assertPrices, OptionsError } from "./options-error.js";
import { toProblems } from "./resolve-settings.js";
import type { AgentSettings } from "./settings.js";

const model = (role: string) =>
  z
    .string()
    .min(1)
    .optional()
    .describe(`${role}: "provider:name", "offline", or a name that the graph knows.`);
const atLeast = (least: number, what: string) => z.int().min(least).optional().describe(what);

/** What a run's context is checked against. */
export interface KnownNames {
  readonly models: NamedModels;
  /** Whether there is a tool of this name. */
  hasTool(name: string): boolean;
  /** Keys of a context that are somebody else's. */
  readonly contextKeys: readonly string[];
}

/**
 * What LangGraph's servers write into a run's config, and those that keep `configurable` and `context` alike into its
 * context too. None of it can be a key of ours, misspelt.
 */
const KEYS_OF_SERVERS =
  /^(__|x-|langgraph_|langsmith_|user-agent$|checkpoint_(id|ns|map)$|(thread|run|graph|assistant|user)_id$)/;
/** How many unknown keys an error names. */
const MAX_UNKNOWN_KEYS = 20;

/** What a run, or an assistant in Studio, may set without a new build; everything else stays as it was built. */
export const contextSchema = z.object({
  model: model("The model of all roles"),
  plannerModel: model("The planner's model"),
  executorModel: model("The executor's model"),
  replannerModel: model("The replanner's model"),
  answerModel: model("The model of the closing answer"),
  fallbackModels: z
    .array(z.string())
    .optional()
    .describe("Models that are asked, in order, where a role's own gives no answer."),
  instructions: z.string().optional().describe("Told to the planner after its own prompt."),
  granularity: z
    .enum(["coarse", "balanced", "fine"])
    .optional()
    .describe("How fine a plan is: coarse 2 to 4 steps, balanced 3 to 7, fine up to maxSteps."),
  maxSteps: atLeast(1, "The most steps that a plan may have."),
  concurrency: atLeast(1, "How many steps run at once."),
  maxToolRounds: atLeast(1, "How often the model of an agent step may call tools."),
  replanWhen: z
    .enum(["needed", "every-step"])
    .optional()
    .describe("When the replanner's model is asked: only when something went wrong, or after every step."),
  maxReplans: atLeast(0, "How often a plan may change; 0: not at all."),
  tools: z
    .array(z.string())
    .optional()
    .describe("The names of the tools that may be used, where that is not all of them; []: none."),
  approvePlan: z.enum(["never", "once", "always"]).optional().describe("Whether plans wait for a person."),
  approveTools: z.array(z.string()).optional().describe("Further tools whose calls wait for a person."),
  approvalExpiresAfter: z
    .string()
    .refine((text) => toMilliseconds(text) !== undefined, {
      error: 'must be a text such as "30m", "24h" or "7d"; above zero, at most ten years',
    })
    .optional()
    .describe('After how long a request takes no answer any more: "30m", "24h", "7d".'),
  requireRequestId: z.boolean().optional().describe("Whether an answer must name the request that it is to."),
  escalate: z
    .boolean()
    .optional()
    .describe("Whether a person is asked for guidance before a run ends that is out of replans or stalls."),
  maxModelCalls: atLeast(1, "The most model calls of a turn."),
  maxTokens: atLeast(1, "The most tokens of a turn."),
  maxCostUsd: z.number().positive().optional().describe("The most US dollars of a turn."),
  maxTurnSteps: atLeast(1, "The most steps that a turn may begin, items of for-each steps included."),
  maxDurationMs: atLeast(1, "The longest time of a turn, in milliseconds."),
});

/** What a run, or an assistant in Studio, may set without a new build. */
export type RunContext = z.infer<typeof contextSchema>;

/**
 * The context as a graph is built with it. Studio reads the same schema out of it, and what holds where a field is
 * left out. The wider type lets any key be left out, which LangGraph's types do not, optional or not.
 */
export function createGraphContext(settings: AgentSettings): z.ZodObject {
  const defaults = new Map<string, unknown>(Object.entries(shownDefaults(settings)));
  const shape: Readonly<Record<string, z.ZodType>> = contextSchema.shape;
  const fields = Object.entries(shape).map(([key, field]): [string, z.ZodType] => {
    const shown = defaults.get(key);
    // As a word on the field: zod's own default would show the field as required.
    return [key, shown === undefined ? field : field.meta({ ...field.meta(), default: shown })];
  });
  return z.object(Object.fromEntries(fields));
}

/** What Studio fills in. A model is left empty: filled in for one role it would stand against another for all. */
function shownDefaults({ planner, executor, replanner, approval, limits }: AgentSettings): RunContext {
  return {
    granularity: planner.granularity,
    maxSteps: planner.maxSteps,
    concurrency: executor.concurrency,
    maxToolRounds: executor.maxToolRounds,
    replanWhen: typeof replanner.when === "string" ? replanner.when : undefined,
    maxReplans: replanner.maxReplans,
    approvePlan: approvePlanOf(approval.plan),
    requireRequestId: approval.requireRequestId,
    escalate: approval.escalate,
    maxModelCalls: limits.maxModelCalls,
    maxTokens: limits.maxTokens,
    maxCostUsd: limits.maxCostUsd,
    maxTurnSteps: limits.maxSteps,
    maxDurationMs: limits.maxDurationMs,
  };
}

function approvePlanOf(plan: PlanApproval): RunContext["approvePlan"] {
  if (typeof plan === "function") {
    return undefined;
  }
  if (plan === "always") {
    return plan;
  }
  return plan ? "once" : "never";
}

/** The settings of a run: the agent's own, with what the run's context sets. */
export function applyContext(settings: AgentSettings, context: unknown, known: KnownNames): AgentSettings {
  if (context === undefined || context === null) {
    return settings;
  }
  assertKeys(context, known);
  const parsed = contextSchema.safeParse(context);
  if (!parsed.success) {
    throw new OptionsError("The run's context", parsed.error.issues.flatMap(toProblems));
  }
  const run = parsed.data;
  assertNames(run, known);
  assertNotWeaker(run, settings);
  const { planner, executor, replanner, answer, approval, limits } = settings;
  const applied: AgentSettings = {
    ...settings,
    planner: {
      ...planner,
      model: run.plannerModel ?? run.model ?? planner.model,
      fallbacks: run.fallbackModels ?? planner.fallbacks,
      instructions: join(planner.instructions, run.instructions),
      granularity: run.granularity ?? planner.granularity,
      maxSteps: run.maxSteps ?? planner.maxSteps,
    },
    executor: {
      ...executor,
      model: run.executorModel ?? run.model ?? executor.model,
      fallbacks: run.fallbackModels ?? executor.fallbacks,
      concurrency: run.concurrency ?? executor.concurrency,
      maxToolRounds: run.maxToolRounds ?? executor.maxToolRounds,
    },
    replanner: {
      ...replanner,
      model: run.replannerModel ?? run.model ?? replanner.model,
      fallbacks: run.fallbackModels ?? replanner.fallbacks,
      when: run.replanWhen ?? replanner.when,
      maxReplans: run.maxReplans ?? replanner.maxReplans,
    },
    // Without a model of its own the answer stays the replanner's, whatever model that has.
    answer: {
      ...answer,
      model: run.answerModel ?? (answer.model && (run.model ?? answer.model)),
      fallbacks: run.fallbackModels ?? answer.fallbacks,
    },
    approval: {
      ...approval,
      standing: {
        ...NO_STANDING_RULES,
        plan: run.approvePlan ?? "never",
        tools: run.approveTools ?? [],
        requireRequestId: run.requireRequestId ?? false,
      },
      expiresAfterMs:
        run.approvalExpiresAfter === undefined
          ? approval.expiresAfterMs
          : toMilliseconds(run.approvalExpiresAfter),
      escalate: run.escalate ?? approval.escalate,
    },
    toolNames: run.tools,
    limits: {
      maxModelCalls: run.maxModelCalls ?? limits.maxModelCalls,
      maxTokens: run.maxTokens ?? limits.maxTokens,
      maxCostUsd: run.maxCostUsd ?? limits.maxCostUsd,
      maxSteps: run.maxTurnSteps ?? limits.maxSteps,
      maxDurationMs: run.maxDurationMs ?? limits.maxDurationMs,
    },
  };
  assertPrices(applied, known.models, "The run's context");
  return applied;
}

/**
 * The context that an agent was given with `withConfig`, and one run's own: what the run says stands, except that it
 * takes nothing away that waits for a person. LangGraph would drop the first as soon as there is a second. Both have
 * been checked.
 */
export function joinContexts(
  bound: Record<string, unknown> | undefined,
  given: Record<string, unknown> | undefined,
): Record<string, unknown> | undefined {
  if (bound === undefined || bound === null || given === undefined || given === null) {
    return given ?? bound;
  }
  const first = contextSchema.parse(bound);
  const second = contextSchema.parse(given);
  const plans = [first.approvePlan, second.approvePlan];
  const approvePlan = (["always", "once", "never"] as const).find((level) => plans.includes(level));
  const tools = [first.approveTools ?? [], second.approveTools ?? []].flat();
  return {
    ...bound,
    ...given,
    ...(approvePlan === undefined ? {} : { approvePlan }),
    ...(tools.length === 0 ? {} : { approveTools: [...new Set(tools)] }),
    ...(first.requireRequestId || second.requireRequestId ? { requireRequestId: true } : {}),
  };
}

/** A context comes from whoever starts a run: it may ask for more of people's approval, and never for less. */
function assertNotWeaker({ approvePlan, requireRequestId }: RunContext, { approval }: AgentSettings): void {
  const problems: string[] = [];
  if (approvePlan === "never" && approval.plan !== false) {
    problems.push("approvePlan: this agent's plans wait for a person; leave it out, or say once or always");
  }
  if (requireRequestId === false && approval.requireRequestId) {
    problems.push("requireRequestId: this agent's answers must name their request; leave it out");
  }
  if (problems.length > 0) {
    throw new OptionsError("The run's context", problems);
  }
}

/** A key that nobody knows is an error: dropped, a misspelt `approveTools` would let a tool run that nobody approved. */
function assertKeys(context: unknown, { contextKeys }: KnownNames): void {
  if (Object.prototype.toString.call(context) !== "[object Object]") {
    const what = Array.isArray(context) ? "a list" : `a ${typeof context}`;
    throw new OptionsError("The run's context", [
      `context: it is ${what}, and must be an object: { approveTools: ["charge"] }. Or leave it out`,
    ]);
  }
  const known = Object.keys(contextSchema.shape);
  const others = new Set([...known, ...contextKeys]);
  const unknown = Object.keys(Object(context)).filter(
    (key) => !others.has(key) && !KEYS_OF_SERVERS.test(key),
  );
  if (unknown.length === 0) {
    return;
  }
  const nearest = createNearestName();
  const problems = unknown.slice(0, MAX_UNKNOWN_KEYS).map((key) => {
    const meant = nearest(key.replaceAll(/[_-]/g, ""), others);
    const hint = meant === undefined ? `the keys are ${known.join(", ")}` : `did you mean ${meant}?`;
    return `${key}: there is no such key; ${hint}`;
  });
  throw new OptionsError("The run's context", [
    ...problems,
    "contextKeys: this option of the agent names the keys that its tools, or a graph around it, read",
  ]);
}

function assertNames(run: RunContext, { models, hasTool }: KnownNames): void {
  const { tools = [], approveTools = [] } = run;
  const problems = Object.entries({ tools, approveTools }).flatMap(([where, names]) =>
    names.filter((name) => !hasTool(name)).map((name) => `${where}: there is no tool "${name}"`),
  );
  if (problems.length > 0) {
    throw new OptionsError("The run's context", problems);
  }
  const { model: all, plannerModel, executorModel, replannerModel, answerModel } = run;
  const named = { model: all, plannerModel, executorModel, replannerModel, answerModel };
  for (const [where, spec] of Object.entries(named)) {
    if (spec !== undefined) {
      assertModelName(spec, models, `context.${where}`);
    }
  }
  for (const spec of run.fallbackModels ?? []) {
    assertModelName(spec, models, "context.fallbackModels");
  }
}

function join(first: string | undefined, second: string | undefined): string | undefined {
  return [first, second].filter((text) => text !== undefined).join("\n\n") || undefined;
}
