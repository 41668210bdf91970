// `updateState` lets anybody write anything into a thread and choose where its run goes on. This file checks such
// writes on the graph itself, so the rules are the same for programs, for Studio and for the server:
//
//   (1) An update can only write open channels (`open-channels.ts`). A plan is validated against the tools and against
//       the finished steps, and changes in `steering` are carried out.
//   (2) An update does not change which node comes next. There are two exceptions: a change that was carried out, and a
//       new input when nothing is under way. So nobody gets past a request that waits for a person.
//   (3) No update is lost. If the thread runs in this process, the run gets the change. Otherwise nothing else writes
//       to the thread at the same time.
import type { RunnableConfig } from "@langchain/core/runnables";
import { END, START, type StateSnapshot } from "@langchain/langgraph";
import { z } from "zod";
import { beginEvents, createEmitter, type Emit, type RunEvents } from "../events/index.js";
import { COPY, INPUTS } from "../langgraph/index.js";
import { toProblems } from "../options/index.js";
import {
  type AgentServices,
  applySteering,
  nextFrom,
  nothingToSteer,
  requesterOf,
  StateUpdateError,
  tellSteering,
  threadKey,
  timeNow,
  toSteeredUpdate,
  withPlanCard,
} from "../runtime/index.js";
import { type AgentState, type SteerInput, steerInputSchema } from "../state/index.js";
import { isOfWorker } from "../workers/index.js";
import { isSame, notWritable, type OpenValues, readOpenValues, toText } from "./open-channels.js";
import { isForLiveRun, isNamedByProgram } from "./steer.js";

/** An update of a state, written as one node. */
interface NodeUpdate {
  readonly values?: unknown;
  readonly asNode?: string;
}

/** Updates in LangGraph's form: superstep by superstep. */
export type Supersteps = { updates: { values?: unknown; asNode?: string }[] }[];

/** What these checks need of a compiled graph. `update` is LangGraph's own, without our checks. */
interface UpdatableGraph {
  getState(config: RunnableConfig): Promise<StateSnapshot>;
  update(config: RunnableConfig, supersteps: Supersteps): Promise<RunnableConfig>;
}

/** The node as which a change of the plan is written. From there the run goes on to whatever comes next. */
const STEERING_NODE = "executor";
/** The nodes as which an update can be written. The first one that leads to where the run already stands is used. */
const NODES = ["planner", "executor", "replanner", "approval", "retry", START];

/** Carries out updates from outside, and checks each of them against the state that it finds. */
export async function updateChecked(
  config: RunnableConfig,
  supersteps: Supersteps,
  graph: UpdatableGraph,
  services: AgentServices,
): Promise<RunnableConfig> {
  if (isOfWorker(config.configurable?.checkpoint_ns)) {
    throw notWritable(["checkpoint_ns: what a worker keeps is its own, and nobody else writes there"]);
  }
  if (supersteps.length === 0) {
    return graph.update(config, supersteps);
  }
  let current = config;
  for (const { updates } of supersteps) {
    current = await updateOnce(current, updates, graph, services);
  }
  return current;
}

async function updateOnce(
  config: RunnableConfig,
  updates: readonly NodeUpdate[],
  graph: UpdatableGraph,
  services: AgentServices,
): Promise<RunnableConfig> {
  const { liveThreads } = services;
  const key = threadKey(config, false);
  const [only, ...others] = updates;
  const { thread_id: threadId, checkpoint_id: checkpointId } = config.configurable ?? {};
  // A write to an earlier checkpoint begins a branch of its own and does not concern any run. LangGraph treats an empty
  // id and null as no id.
  const isOfRun = threadId !== undefined && !checkpointId;
  const isSteered = isOfRun && others.length === 0 && saysSteering(only?.values);
  if (others.length > 0 && updates.some(({ values }) => saysSteering(values))) {
    throw notWritable(["plan, steering: write a change by itself, with no other update beside it"]);
  }
  const letter = {
    cancels: cancelsIn(only?.values),
    changesTo: (state: AgentState) => changesOfRun(only?.values, state, config),
  };
  for (;;) {
    if (isSteered && (await liveThreads.post(key, letter))) {
      return config;
    }
    if (isForLiveRun(config)) {
      throw new StateUpdateError(
        "RUNS_ELSEWHERE",
        "Its run is not in this process, or has just ended. Try again; if it runs in another process, stop it first.",
      );
    }
    const written = await liveThreads.alone(key, async () => {
      if (isSteered && liveThreads.isLive(key)) {
        return undefined;
      }
      const checked = [];
      for (const update of updates) {
        checked.push(await checkUpdate(graph, config, update, services));
      }
      return graph.update(config, [{ updates: checked }]);
    });
    if (written !== undefined) {
      return written;
    }
  }
}

const cancelSchema = z.object({
  steering: z.array(
    z.union([
      // What the agent has already taken has a time.
      z.object({ type: z.literal("cancel"), stepId: z.string(), at: z.undefined().optional() }),
      z.unknown().transform(() => undefined),
    ]),
  ),
});

/** The steps that an update cancels. */
function cancelsIn(values: unknown): string[] {
  const { data } = cancelSchema.safeParse(values);
  return (data?.steering ?? []).flatMap((entry) => entry?.stepId ?? []);
}

function saysSteering(values: unknown): boolean {
  return typeof values === "object" && values !== null && ("plan" in values || "steering" in values);
}

async function checkUpdate(
  graph: UpdatableGraph,
  config: RunnableConfig,
  { values, asNode }: NodeUpdate,
  services: AgentServices,
): Promise<NodeUpdate> {
  const { values: given, createdAt, next } = await graph.getState(config);
  const state: AgentState | undefined = createdAt === undefined ? undefined : given;
  const open = readOpenValues(values, state ?? {});
  if (asNode === COPY || asNode === END) {
    if (Object.keys(open).length > 0) {
      throw notWritable([`as node ${asNode} nothing can be written`]);
    }
    if (asNode === END && state !== undefined && state.request !== null) {
      throw notPlaced(asNode, next);
    }
    return { values: null, asNode };
  }
  const { plan: _plan, answerStep: _answerStep, steering: _steering, ...others } = open;
  const isInput = INPUTS.has(asNode) && next.length === 0;
  if (state === undefined || createdAt === undefined) {
    if (Object.keys(open).length > Object.keys(others).length) {
      throw nothingToSteer("There is no turn in it yet.");
    }
    if (asNode !== undefined && !isInput) {
      throw notPlaced(asNode, next);
    }
    return { values: others, asNode };
  }
  const changes = changesIn(open, state, config);
  if (changes.length === 0) {
    return { values: others, asNode: isInput ? asNode : nodeFor(asNode, state, next) };
  }
  const steered = applySteering(withoutIdleTime(state, createdAt, services), changes, {
    registry: services.registry,
    maxSteps: services.settingsFor(undefined).planner.maxSteps,
    createId: services.createId,
    at: timeNow(services),
  });
  // A change between runs is a segment of its own.
  const segment = state.segment + 1;
  const events = beginEvents(services.createId(), segment, config);
  tellSteering(state, steered, emitterOf(state, events, config, services));
  await services.sinks.flush(events.runId);
  const update = { ...others, ...toSteeredUpdate(state, steered), segment };
  // The update runs in no run whose settings would say how the plan is shown, so it stays as it is shown.
  const isCard = state.ui.some(({ metadata }) => metadata.message_id === state.turn?.planMessageId);
  const shown = isCard ? withPlanCard(state, update, requesterOf(config).threadId) : update;
  return { values: shown, asNode: STEERING_NODE };
}

/** Lists the changes that an update asks of a run that is under way. */
function changesOfRun(values: unknown, state: AgentState, config: RunnableConfig): SteerInput[] {
  const open = readOpenValues(values, state);
  if (open.messages !== undefined || open.input !== undefined) {
    throw notWritable(["messages, input: the thread runs, and takes no other change than of its plan"]);
  }
  return changesIn(open, state, config);
}

/** Lists the changes that an update asks for: by a new value of `plan`, and by entries of `steering` that are new. */
function changesIn(
  { plan, answerStep, steering = [] }: OpenValues,
  state: AgentState,
  config: RunnableConfig,
): SteerInput[] {
  const known = new Set(state.steering.map(toText));
  const added = steering.flatMap((entry, index) => {
    if (known.has(toText(entry))) {
      return [];
    }
    const parsed = steerInputSchema.safeParse(entry);
    if (parsed.success) {
      return [signed(parsed.data, config)];
    }
    const path = ["steering", index];
    throw notWritable(
      parsed.error.issues.flatMap((issue) => toProblems({ ...issue, path: [...path, ...issue.path] })),
    );
  });
  const isAnswerKept = answerStep === undefined || answerStep === state.answerStep;
  if (plan === undefined || isSame(plan, state.plan)) {
    if (isAnswerKept) {
      return added;
    }
    throw notWritable(["answerStep: write it together with a changed plan"]);
  }
  const answer = isAnswerKept ? undefined : (answerStep ?? undefined);
  return [signed({ type: "plan", steps: plan, answer }, config), ...added];
}

/** Adds to a change who makes it. A name that anybody could have written is only kept as `saidBy`. */
function signed({ by, ...change }: SteerInput, config: RunnableConfig): SteerInput {
  const { userId } = requesterOf(config);
  if (userId !== undefined) {
    return { ...change, by: userId };
  }
  if (by === undefined) {
    return change;
  }
  return isNamedByProgram(config) ? { ...change, by } : { ...change, saidBy: by };
}

/** Returns the node as which to write an update so that it does not change which node comes next. */
function nodeFor(asNode: string | undefined, state: AgentState, next: readonly string[]): string | undefined {
  const stays = (node: string) => {
    const to = nextFrom(node, state);
    return to === END ? next.length === 0 : next.length === 1 && next[0] === to;
  };
  if (asNode !== undefined && !stays(asNode)) {
    throw notPlaced(asNode, next);
  }
  const node = asNode ?? NODES.find(stays);
  // If the stored work of a node is not applied yet, LangGraph first applies it and then writes as that node. So
  // without a node the update could move the run.
  if (node === undefined && next.length > 0) {
    throw notPlaced("", next);
  }
  return node;
}

function notPlaced(asNode: string, next: readonly string[]): StateUpdateError {
  const stands = next.length === 0 ? "its run is over" : `what comes next is ${next.join(", ")}`;
  return notWritable([
    `${asNode === "" ? "this update" : `as node ${asNode}`}: it would move the run, and ${stands}; leave the node out, ` +
      "answer what waits, steer the turn, or give a new input",
  ]);
}

/** Adds the time since the last checkpoint to the waiting time, because nobody worked on the turn since then. */
function withoutIdleTime(state: AgentState, createdAt: string, { now }: AgentServices): AgentState {
  return { ...state, waitedMs: state.waitedMs + Math.max(0, now() - Date.parse(createdAt)) };
}

function emitterOf(
  { turn }: AgentState,
  events: RunEvents,
  config: RunnableConfig,
  services: AgentServices,
): Emit {
  const { threadId, userId } = requesterOf(config);
  return createEmitter(events, {
    place: { turnId: turn?.id ?? "", threadId, userId },
    timeNow: () => timeNow(services),
    listeners: [services.onEvent, services.sinks.listener],
  });
}
