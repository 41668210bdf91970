// `updateState` lets anybody write anything into a thread, and lets them choose where its run goes on. What is written is
// checked here, on the graph itself, so that it holds for programs, for Studio and for the server alike:
//
//   (1) Only what is open is written (open-channels.ts); a plan is validated against the tools and against what is done,
//       and changes in `steering` are carried out.
//   (2) No write moves a run: what comes next stays what it was, but for a change that was carried out, and a new input
//       where nothing is under way. So nobody gets past what waits for a person.
//   (3) What is written is never lost: a run of this process is handed the change, and else nothing is written beside.
import type { RunnableConfig } from "@langchain/core/runnables";
import { END, START, type StateSnapshot } from "@langchain/langgraph";
import { createEmitter, type EventStamp } from "../events/index.js";
import { COPY, INPUTS } from "../langgraph/index.js";
import { toProblems } from "../options/index.js";
import {
  type AgentServices,
  applySteering,
  nextFrom,
  nothingToSteer,
  requesterOf,
  type StateUpdateError,
  tellSteering,
  threadKey,
  timeNow,
  toSteeredUpdate,
} from "../runtime/index.js";
import { type AgentState, type SteerInput, steerInputSchema } from "../state/index.js";
import { isSame, notWritable, type OpenValues, readOpenValues, toText } from "./open-channels.js";
import { isNamedByProgram } from "./steer.js";

/** An update of a state, as one node's. */
interface NodeUpdate {
  readonly values?: unknown;
  readonly asNode?: string;
}

/** Updates as LangGraph takes them: superstep by superstep. */
export type Supersteps = { updates: { values?: unknown; asNode?: string }[] }[];

/** What is used of a compiled graph, before anything of ours. */
interface UpdatableGraph {
  getState(config: RunnableConfig): Promise<StateSnapshot>;
  update(config: RunnableConfig, supersteps: Supersteps): Promise<RunnableConfig>;
}

/** The node as which a change of the plan is written: from it the run goes on to whatever is next. */
const STEERING_NODE = "executor";
/** The nodes as which something is written, of which one leads where the run stands. */
const NODES = ["planner", "executor", "replanner", "approval", "retry", START];

/** Makes updates from outside, each checked against the state that it finds. */
export async function updateChecked(
  config: RunnableConfig,
  supersteps: Supersteps,
  graph: UpdatableGraph,
  services: AgentServices,
): Promise<RunnableConfig> {
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
  // What is written to an earlier state begins a branch of its own, beside any run.
  // LangGraph takes an empty id, and null, for none.
  const isOfRun = threadId !== undefined && !checkpointId;
  const isSteered = isOfRun && others.length === 0 && saysSteering(only?.values);
  if (others.length > 0 && updates.some(({ values }) => saysSteering(values))) {
    throw notWritable(["plan, steering: write a change by itself, with no other update beside it"]);
  }
  const letter = { changesTo: (state: AgentState) => changesOfRun(only?.values, state, config) };
  for (;;) {
    if (isSteered && (await liveThreads.post(key, letter))) {
      return config;
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
  const emit = createEmitter(() => stampOf(state, config, services), [services.onEvent]);
  tellSteering(state, steered, emit);
  return { values: { ...others, ...toSteeredUpdate(state, steered) }, asNode: STEERING_NODE };
}

/** What an update asks a run for that is under way. */
function changesOfRun(values: unknown, state: AgentState, config: RunnableConfig): SteerInput[] {
  const open = readOpenValues(values, state);
  if (open.messages !== undefined || open.input !== undefined) {
    throw notWritable(["messages, input: the thread runs, and takes no other change than of its plan"]);
  }
  return changesIn(open, state, config);
}

/** What a new value of `plan`, and further entries of `steering`, ask for; what stands there already asks nothing. */
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

/** A change with whoever makes it. A name that anybody may have written is kept as no more than that. */
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

/** As which node an update is written, so that what comes next stays what it was. */
function nodeFor(asNode: string | undefined, state: AgentState, next: readonly string[]): string | undefined {
  const stays = (node: string) => {
    const to = nextFrom(node, state);
    return to === END ? next.length === 0 : next.length === 1 && next[0] === to;
  };
  if (asNode !== undefined && !stays(asNode)) {
    throw notPlaced(asNode, next);
  }
  const node = asNode ?? NODES.find(stays);
  // Where a node's work is stored and not taken yet, LangGraph takes it first, and writes as that node.
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

/** The state, with the time in which nobody worked on it counted as waiting. */
function withoutIdleTime(state: AgentState, createdAt: string, { now }: AgentServices): AgentState {
  return { ...state, waitedMs: state.waitedMs + Math.max(0, now() - Date.parse(createdAt)) };
}

function stampOf({ turn }: AgentState, config: RunnableConfig, services: AgentServices): EventStamp {
  const { threadId, userId } = requesterOf(config);
  return { at: timeNow(services), turnId: turn?.id ?? "", threadId, userId };
}
