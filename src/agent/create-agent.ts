import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { START, StateGraph } from "@langchain/langgraph";
import { createSinks } from "../events/index.js";
import { asPublic, keepMessagesAsChanges } from "../langgraph/index.js";
import { resolveModel } from "../models/index.js";
import {
  applyContext,
  assertPrices,
  createGraphContext,
  holdDestructive,
  type PlanExecuteOptions,
  resolveSettings,
} from "../options/index.js";
import {
  AFTER_APPROVAL,
  AFTER_EXECUTOR,
  AFTER_PLANNER,
  AFTER_REPLANNER,
  AFTER_RETRY,
  type AgentServices,
  afterApproval,
  afterExecutor,
  afterPlanner,
  afterReplanner,
  afterRetry,
  createApproval,
  createEarlyStepsByRun,
  createExecutor,
  createLiveThreads,
  createPlanner,
  createReplanner,
  createRetry,
  createSeenOutputs,
  createSuperstepCounter,
  inLiveRun,
  inSegment,
  whilePlanShown,
  whileStored,
} from "../runtime/index.js";
import { createInputSchema, graphStateSchema, outputStateSchema } from "../state/index.js";
import { MediaMemory } from "../tools/index.js";
import { toAgentGraph } from "./agent-graph.js";
import type { AgentOptions, PlanExecuteAgent, PlanExecuteGraph } from "./agent-types.js";
import { createToolbox } from "./toolbox.js";

/**
 * Creates the graph without compiling it, for callers who compile it themselves. Throws if an option cannot be used.
 */
export function createPlanExecuteGraph<Structured = unknown>(
  options: AgentOptions<Structured> = {},
): PlanExecuteGraph<Structured> {
  const services = createServices(options);
  const shown = (node: ReturnType<typeof createPlanner>) =>
    inLiveRun(inSegment(services, whilePlanShown(services, node)));
  const graph = new StateGraph({
    state: graphStateSchema,
    input: createInputSchema(options.examples),
    output: outputStateSchema,
    context: createGraphContext(services.settingsFor(undefined), {
      // A form cannot offer names that nobody knows yet.
      toolNames: options.mcp === undefined ? services.registry.names : [],
      contextFields: options.contextFields,
    }),
  })
    .addNode("planner", shown(createPlanner(services)))
    .addNode("approval", whileStored(services, shown(createApproval(services))))
    .addNode("executor", whileStored(services, shown(createExecutor(services))))
    .addNode("replanner", whileStored(services, shown(createReplanner(services))))
    .addNode("retry", inLiveRun(inSegment(services, createRetry(services))))
    .addEdge(START, "planner")
    .addConditionalEdges("planner", afterPlanner, AFTER_PLANNER)
    .addConditionalEdges("executor", afterExecutor, AFTER_EXECUTOR)
    .addConditionalEdges("replanner", afterReplanner, AFTER_REPLANNER)
    .addConditionalEdges("approval", afterApproval, AFTER_APPROVAL)
    .addConditionalEdges("retry", afterRetry, AFTER_RETRY);
  if (options.experimental?.deltaMessages) {
    keepMessagesAsChanges(graph);
  }
  const compile = graph.compile.bind(graph);
  return asPublic(
    Object.assign(graph, {
      compile: (...given: Parameters<typeof compile>) => toAgentGraph(compile(...given), services),
    }),
  );
}

/**
 * Creates the agent, which is a compiled graph. Throws if an option cannot be used, before anything runs. A superstep
 * begins only after the previous one was stored, unless a caller sets another `durability`. With LangGraph's own
 * default a process may die before the plan is stored. It has then called tools for a plan that nobody knows any more,
 * under keys that never come again.
 */
export function createPlanExecuteAgent<Structured = unknown>(
  options: AgentOptions<Structured> = {},
): PlanExecuteAgent<Structured> {
  const { checkpointer, store, cache } = options;
  return createPlanExecuteGraph(options)
    .compile({ checkpointer, store, cache, name: "plan-execute" })
    .withConfig({ recursionLimit: recursionLimitFor(options), durability: "sync" });
}

/** The most supersteps that a turn of usual length needs. For a longer turn, set `recursionLimit`. */
const LEAST = 100;
/** The supersteps from one visit of the replanner to the next: executor, approval, executor again, replanner. */
const A_REPLAN = 4;

/** Computes a recursion limit that no turn within the agent's own limits reaches. */
function recursionLimitFor(options: PlanExecuteOptions): number {
  const { planner, replanner } = resolveSettings(options, process.env);
  return LEAST + A_REPLAN * (replanner.maxReplans + 1) * (planner.maxSteps + 1);
}

function createServices(options: PlanExecuteOptions): AgentServices {
  const settings = resolveSettings(options, process.env);
  const { models = {}, contextFields, onEvent, sinks = [] } = options;
  const toolbox = createToolbox(options, settings);
  assertPrices(settings, models, "The options of createPlanExecuteAgent");
  return {
    get registry() {
      return toolbox.current.registry;
    },
    get toolChooser() {
      return toolbox.current.chooser;
    },
    get plans() {
      return toolbox.current.plans;
    },
    ready: toolbox.ready,
    close: toolbox.close,
    settingsFor(context) {
      const { registry, brought } = toolbox.current;
      const applied = applyContext(settings, context, { models, hasTool: registry.has, contextFields });
      return holdDestructive(applied, [registry, brought]);
    },
    resolveModel: (spec, reasoningEffort) => resolveModel(spec, models, { reasoningEffort }),
    onEvent,
    sinks: createSinks(sinks),
    supersteps: createSuperstepCounter(),
    liveThreads: createLiveThreads(),
    earlySteps: createEarlyStepsByRun(),
    seenOutputs: createSeenOutputs(),
    media: new MediaMemory(),
    now: Date.now,
    createId: randomUUID,
    random: Math.random,
    fetch: globalThis.fetch,
    sleep: async (ms, signal) => {
      await delay(ms, undefined, { signal });
    },
  };
}
