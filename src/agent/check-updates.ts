// `updateState` lets anybody write anything into a thread. What is written is checked here, on the graph itself, so
// that it holds for programs, for Studio and for the server alike: a plan is validated against the tools and against
// what is done, changes in `steering` are carried out, and every other channel must have its own shape.
import type { RunnableConfig } from "@langchain/core/runnables";
import { END, Overwrite, type StateSnapshot } from "@langchain/langgraph";
import { z } from "zod";
import { createEmitter, type EventStamp } from "../events/index.js";
import {
  type AgentServices,
  applySteering,
  nothingToSteer,
  requesterOf,
  StateUpdateError,
  tellSteering,
  threadKey,
  timeNow,
  toSteeredUpdate,
} from "../nodes/index.js";
import { type JsonValue, stableStringify } from "../plan/index.js";
import { type AgentState, type SteerInput, stateSchema, steerInputSchema } from "../state/index.js";
import { toProblems } from "./resolve-settings.js";

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

/** Nodes of LangGraph's own, as which a thread is begun, copied or ended: there is nothing of ours to check. */
const NODES_OF_LANGGRAPH: ReadonlySet<string | undefined> = new Set(["__input__", "__copy__", END]);
/** The node as which a change of the plan is written: from it the run goes on to whatever is next. */
const STEERING_NODE = "executor";

/** Makes updates from outside, each checked against the state that it finds. */
export async function updateChecked(
  config: RunnableConfig,
  supersteps: Supersteps,
  graph: UpdatableGraph,
  services: AgentServices,
): Promise<RunnableConfig> {
  if (supersteps.length === 0) return graph.update(config, supersteps);
  let current = config;
  for (const { updates } of supersteps) {
    if (await steersLive(current, updates, services)) continue;
    const checked = await Promise.all(updates.map((one) => checkUpdate(graph, current, one, services)));
    current = await graph.update(current, [{ updates: checked }]);
  }
  return current;
}

/** Hands changes to the run of the thread, where it runs in this process; whether they were made there. */
async function steersLive(
  config: RunnableConfig,
  updates: readonly NodeUpdate[],
  { liveThreads }: AgentServices,
): Promise<boolean> {
  const values = updates.length === 1 ? updates[0]?.values : undefined;
  const { checkpoint_id: checkpointId, thread_id: threadId } = config.configurable ?? {};
  if (checkpointId !== undefined || typeof threadId !== "string") return false;
  if (!isRecord(values) || !isSteering(values)) return false;
  assertChannels(values);
  const changesTo = (state: AgentState) => changesIn(values, state);
  return liveThreads.post(threadKey(config, false), { changesTo, user: requesterOf(config).userId });
}

function isSteering(values: Record<string, unknown>): boolean {
  return "plan" in values || "steering" in values;
}

async function checkUpdate(
  graph: UpdatableGraph,
  config: RunnableConfig,
  update: NodeUpdate,
  services: AgentServices,
): Promise<NodeUpdate> {
  const { values, asNode } = update;
  if (NODES_OF_LANGGRAPH.has(asNode) || !isRecord(values)) return update;
  assertChannels(values);
  if (!isSteering(values)) return update;
  const { values: state, createdAt } = await graph.getState(config);
  if (createdAt === undefined) throw nothingToSteer("There is no turn in it yet.");
  const changes = changesIn(values, state);
  const { plan: _plan, answerStep: _answerStep, steering: _steering, ...others } = values;
  if (changes.length === 0) return { values: others, asNode };
  if ("pastSteps" in others) {
    throw new StateUpdateError(
      "INVALID_UPDATE",
      "pastSteps: write it in an update of its own, before this one.",
    );
  }
  const steered = applySteering(withoutIdleTime(state, createdAt, services), changes, {
    registry: services.registry,
    maxSteps: services.settingsFor(undefined).planner.maxSteps,
    createId: services.createId,
    at: timeNow(services),
    user: requesterOf(config).userId,
  });
  const emit = createEmitter(() => stampOf(state, config, services), [services.onEvent]);
  tellSteering(state, steered, emit);
  return { values: { ...others, ...toSteeredUpdate(state, steered) }, asNode: STEERING_NODE };
}

/** What a new value of `plan`, and further entries of `steering`, ask for; what stands there already asks nothing. */
function changesIn(values: Record<string, unknown>, state: AgentState): SteerInput[] {
  const { plan, answerStep, steering = [] } = values;
  const known = new Set(state.steering.map(toText));
  const added = z
    .array(steerInputSchema)
    .parse(unwrap(steering))
    .filter((_change, index) => {
      const given: unknown = Reflect.get(Object(unwrap(steering)), index);
      return !known.has(toText(given));
    });
  if (plan === undefined || toText(unwrap(plan)) === toText(state.plan)) return added;
  const steps = z.array(z.unknown()).parse(unwrap(plan));
  const answer = typeof answerStep === "string" && answerStep !== "" ? answerStep : undefined;
  return [{ type: "plan", steps, answer }, ...added];
}

function toText(value: unknown): string {
  const copy: JsonValue = JSON.parse(JSON.stringify(value ?? null));
  return stableStringify(copy);
}

/** Throws where a channel is unknown, or is given what it cannot hold. */
function assertChannels(values: Record<string, unknown>): void {
  const problems = Object.entries(values).flatMap(([channel, value]) => {
    const schema = Object.hasOwn(CHANNELS, channel) ? CHANNELS[channel] : undefined;
    if (schema === undefined) return [`${channel}: there is no such channel`];
    const parsed = schema.safeParse(unwrap(value));
    if (parsed.success) return [];
    return parsed.error.issues.flatMap((issue) => toProblems({ ...issue, path: [channel, ...issue.path] }));
  });
  if (problems.length === 0) return;
  const channels = Object.keys(CHANNELS).join(", ");
  const told = problems.map((problem) => `\n- ${problem}`).join("");
  throw new StateUpdateError(
    "INVALID_UPDATE",
    `It cannot be updated so:${told}\nThe channels are: ${channels}.`,
  );
}

/** What each channel may be given; a plan, and changes to it, are understood in other forms than the state keeps. */
const CHANNELS: Readonly<Record<string, z.ZodType>> = {
  ...stateSchema.shape,
  plan: z.array(z.unknown()),
  steering: z.array(steerInputSchema),
};

/** The value inside an `Overwrite`, in whichever form it came. */
function unwrap(value: unknown): unknown {
  if (value instanceof Overwrite) return value.value;
  return isRecord(value) && "__overwrite__" in value ? value.__overwrite__ : value;
}

/** The state, with the time in which nobody worked on it counted as waiting. */
function withoutIdleTime(
  state: AgentState,
  createdAt: string | undefined,
  { now }: AgentServices,
): AgentState {
  if (createdAt === undefined) return state;
  return { ...state, waitedMs: state.waitedMs + Math.max(0, now() - Date.parse(createdAt)) };
}

function stampOf({ turnId }: AgentState, config: RunnableConfig, services: AgentServices): EventStamp {
  const { threadId, userId } = requesterOf(config);
  return { at: timeNow(services), turnId, threadId, userId };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
