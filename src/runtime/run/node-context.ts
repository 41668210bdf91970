import { setMaxListeners } from "node:events";
import type { RunnableConfig } from "@langchain/core/runnables";
import type { LangGraphRunnableConfig } from "@langchain/langgraph";
import {
  createEmitter,
  type Emit,
  type EventListener,
  runEventsOf,
  type Sinks,
  type Surround,
} from "../../events/index.js";
import { createInnerConfigs, isGoingOn, type ToInnerConfig } from "../../langgraph/index.js";
import type { ModelCallContext, ModelSpec, ReasoningEffort, ResolvedModel } from "../../models/index.js";
import type { AgentSettings } from "../../options/index.js";
import type { PreparedPlan } from "../../plan/index.js";
import { joinStanding, type Requester, type StandingRules } from "../../policy/index.js";
import type { AgentState } from "../../state/index.js";
import type { MediaMemory, ToolChooser, ToolRegistry } from "../../tools/index.js";
import {
  type Budget,
  createTurnBudget,
  cutOffUsage,
  emptyUsage,
  joinBudgets,
  type Usage,
} from "../../usage/index.js";
import type { EarlyStepsByRun } from "./early-run.js";
import { assertKnownVersion } from "./errors.js";
import type { LiveThreads } from "./live-threads.js";
import { requesterOf } from "./requester.js";
import type { SeenOutputs } from "./seen-outputs.js";
import { MAX_MODEL_ATTEMPTS } from "./settings.js";
import { type RunStorage, storageOf } from "./storage.js";
import type { SuperstepCounter } from "./superstep-counter.js";

/** The time now as ISO text, which is how the state and the events keep it. */
export function timeNow({ now }: { readonly now: () => number }): string {
  return new Date(now()).toISOString();
}

/** The day as prompts tell it: weekday, date and time zone. */
export function todayIn({ services, settings }: Pick<NodeContext, "services" | "settings">): string {
  const { timezone } = settings;
  const words = new Intl.DateTimeFormat("en-US", {
    timeZone: timezone,
    weekday: "short",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
  });
  const parts = words.formatToParts(services.now());
  const { weekday, year, month, day } = Object.fromEntries(parts.map(({ type, value }) => [type, value]));
  return `${weekday}, ${year}-${month}-${day}, ${words.resolvedOptions().timeZone}`;
}

/** What all nodes of one agent share. Made once, when the graph is built. */
export interface AgentServices {
  /** The tools. They may become others between two visits of a node. */
  readonly registry: ToolRegistry;
  readonly toolChooser: ToolChooser;
  /** The saved plans. */
  readonly plans: readonly PreparedPlan[];
  /** Starts the MCP servers that do not run, and takes their tools. */
  ready(): Promise<void>;
  /** Ends the MCP servers. */
  close(): Promise<void>;
  /** The settings of a run: the agent's own, with the overrides of the run's context. */
  settingsFor(context: unknown): AgentSettings;
  resolveModel(spec: ModelSpec, effort?: ReasoningEffort): Promise<ResolvedModel>;
  readonly onEvent?: EventListener;
  readonly sinks: Sinks;
  readonly supersteps: SuperstepCounter;
  readonly liveThreads: LiveThreads;
  readonly earlySteps: EarlyStepsByRun;
  readonly seenOutputs: SeenOutputs;
  /** The pictures, sounds and files that tools gave. */
  readonly media: MediaMemory;
  readonly now: () => number;
  readonly createId: () => string;
  readonly random: () => number;
  readonly fetch: typeof globalThis.fetch;
  /** Waits. Rejects with the signal's reason if the signal aborts. */
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
}

/** What a node works with during one visit. */
export interface NodeContext {
  readonly services: AgentServices;
  readonly settings: AgentSettings;
  readonly config: LangGraphRunnableConfig;
  readonly signal: AbortSignal | undefined;
  readonly emit: Emit;
  readonly surround: Surround;
  /** The run's storage; undefined if there is no checkpointer. */
  readonly storage: RunStorage | undefined;
  /** The user and the thread that the run works for. */
  readonly requester: Requester;
  /** Makes the configs for work inside steps. */
  readonly toInnerConfig: ToInnerConfig;
  readonly modelCalls: ModelCallContext;
  /** Milliseconds until the turn's time is up; Infinity if it has no limit. */
  readonly remainingMs: number;
  /** The usage that this visit starts from. If the node was cut off before, nobody knows what that visit cost. */
  readonly usageBefore: Usage;
  /** Why the run must end before LangGraph ends it; undefined if it need not. */
  readonly superstepLimit: string | undefined;
}

/** Creates the context for one visit of a node. */
export function createNodeContext(
  services: AgentServices,
  state: Pick<AgentState, "turn" | "usage" | "waitedMs" | "standingRules" | "schemaVersion">,
  config: LangGraphRunnableConfig,
): NodeContext {
  assertKnownVersion(state);
  const { now, onEvent, sinks, random, sleep } = services;
  const settings = withStanding(services.settingsFor(config.context), state.standingRules);
  const { signal } = config;
  // Each task of a superstep listens to the run's signal, so hundreds of listeners are normal.
  if (signal !== undefined) {
    setMaxListeners(0, signal);
  }
  // The turn's own time: waiting for people does not count.
  const startedAt = (state.turn === null ? now() : Date.parse(state.turn.startedAt)) + state.waitedMs;
  const requester = requesterOf(config);
  const { threadId, userId } = requester;
  const events = runEventsOf(config);
  const emit = createEmitter(events, {
    place: { turnId: state.turn?.id ?? "", threadId, userId },
    timeNow: () => timeNow(services),
    listeners: [config.writer, onEvent, sinks.listener],
  });
  const surround: Surround = (eventId, work) => sinks.surround(events.runId, eventId, work);
  const budget = createTurnBudget(settings.limits, {
    prices: settings.prices,
    spent: state.usage,
    now,
    startedAt,
    shared: joinBudgets(lentBudget(config), settings.budget),
  });
  const { maxDurationMs = Number.POSITIVE_INFINITY } = settings.limits;
  return {
    services: forRun(services, settings),
    settings,
    config,
    signal,
    emit,
    surround,
    storage: storageOf(config),
    requester,
    toInnerConfig: createInnerConfigs(config),
    modelCalls: {
      budget,
      prices: settings.prices,
      maxAttempts: MAX_MODEL_ATTEMPTS,
      timeoutMs: settings.modelTimeoutMs,
      backoff: settings.executor.backoff,
      signal,
      emit,
      surround,
      now,
      random,
      sleep,
    },
    remainingMs: Math.max(0, startedAt + maxDurationMs - now()),
    usageBefore: isGoingOn(config) ? cutOffUsage() : emptyUsage(),
    superstepLimit: services.supersteps.limitNear(config, settings.undo === "never" ? 0 : 1),
  };
}

/** The key of a budget that is lent to a run. A symbol, because no JSON from outside can hold one. */
const LENT_BUDGET = Symbol("planExecuteBudget");

/** Lends a run a budget beside its agent's own: a queue's tenants share agents, and not what they may use. */
export function lendBudget<Config extends RunnableConfig>(
  config: Config,
  budget: Budget | undefined,
): Config {
  return { ...config, configurable: { ...config.configurable, [LENT_BUDGET]: budget } };
}

function lentBudget({ configurable = {} }: LangGraphRunnableConfig): Budget | undefined {
  return Reflect.get(configurable, LENT_BUDGET);
}

/** Adds the turn's standing rules to the settings. */
function withStanding(settings: AgentSettings, rules: StandingRules): AgentSettings {
  const { approval } = settings;
  return { ...settings, approval: { ...approval, standing: joinStanding(approval.standing, rules) } };
}

/**
 * Holds on to the tools and saved plans that there are now, since the settings are made for those. If the run may not
 * use all tools, limits them to the tools that it may, and the plans to those that need no others.
 */
function forRun(services: AgentServices, { toolNames }: AgentSettings): AgentServices {
  if (toolNames === undefined) {
    return { ...services };
  }
  const registry = services.registry.only(toolNames);
  const plans = services.plans.filter(({ plan }) =>
    plan.steps.every(({ tool }) => tool === undefined || registry.has(tool)),
  );
  return { ...services, registry, plans };
}
