import { z } from "zod";
import { isRecord, quoteAll } from "../base/index.js";

/**
 * An agent that can be a worker: a compiled graph with a channel `messages` (what `createAgent`, `createDeepAgent`,
 * `createSupervisor` and `createSwarm` give), a `RemoteGraph`, or another agent of ours. It is described by what is
 * called of it, because each of these has a class of its own.
 */
export interface WorkerAgent {
  stream(input: never, options: never): unknown;
  getState(config: never): unknown;
}

/** An agent that steps of a plan may name. */
export interface Worker {
  /** What it can do, for the planner: "finds out facts on the web, with sources". */
  readonly description: string;
  readonly agent: WorkerAgent;
}

/** Workers by the names that steps call them by. */
export type Workers = Readonly<Record<string, Worker>>;

/** The names that plans, and the texts of plans, can hold as they are. */
const NAME = /^[a-zA-Z0-9_-]{1,64}$/;

const AGENT: z.ZodType<WorkerAgent, WorkerAgent> = z.custom<WorkerAgent>(
  (agent) => whyNoAgent(agent) === undefined,
  {
    error: ({ input }) => whyNoAgent(input),
  },
);

/** The schema of the option `workers`. */
export const WORKERS: z.ZodType<Workers, Workers> = z.record(
  z.string().regex(NAME),
  z.strictObject({ description: z.string().min(1), agent: AGENT }),
  {
    error: ({ code }) =>
      code === "invalid_key" ? 'must be under a name of 1 to 64 letters, digits, "_" or "-"' : undefined,
  },
);

/** The key under which an agent of ours keeps its tools. It has it in our CommonJS build too. */
const OWN = Symbol.for("planExecuteRegistry");

/** Whether an agent is one of ours. */
export function isOwnAgent(agent: WorkerAgent): boolean {
  return OWN in agent;
}

/** Says why a value cannot be a worker's agent; undefined if it can. */
function whyNoAgent(agent: unknown): string | undefined {
  if (!isObject(agent)) {
    return "must be a compiled graph with messages, a RemoteGraph or an agent of this package";
  }
  if (!hasMethod(agent, "stream") || !hasMethod(agent, "getState")) {
    if (hasMethod(agent, "compile")) {
      return "is a graph that is not compiled; give what its compile() gives";
    }
    return hasMethod(agent, "then")
      ? "is a promise; wait for it first"
      : "has no stream() and getState(); give a compiled graph, a RemoteGraph or an agent of this package";
  }
  const channels = channelsOf(agent);
  return channels === undefined || "messages" in channels
    ? undefined
    : `keeps no messages, in which a worker is told its task and answers; its state has ${quoteAll(Object.keys(channels).filter(isOwnChannel))}`;
}

/** The channels of a graph; undefined if it does not say, as a remote one. An agent of LangChain has a graph inside. */
function channelsOf(agent: object): Readonly<Record<string, unknown>> | undefined {
  const graph: unknown = "graph" in agent ? agent.graph : agent;
  const channels: unknown = isObject(graph) && "channels" in graph ? graph.channels : undefined;
  return isRecord(channels) ? channels : undefined;
}

/** Whether a channel is one of the state's. LangGraph has others for its own use. */
function isOwnChannel(name: string): boolean {
  return !name.startsWith("__") && !name.includes(":");
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function hasMethod(value: object, name: string): boolean {
  return typeof Reflect.get(value, name) === "function";
}
