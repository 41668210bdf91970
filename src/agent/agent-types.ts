// What an agent and its graph are to whoever uses them: LangGraph's own classes, with the agent's types where those
// say `any`. The types are written out here instead of inferred, so that a hover can be read, and so that a program
// that exports an agent can be compiled with declarations.
import type { BaseMessageLike } from "@langchain/core/messages";
import type { Runnable, RunnableBatchOptions, RunnableConfig } from "@langchain/core/runnables";
import type { StreamEvent } from "@langchain/core/tracers/log_stream";
import type { IterableReadableStream } from "@langchain/core/utils/stream";
import type {
  BaseChannel,
  CommandInstance,
  CompiledStateGraph,
  GetStateOptions,
  GraphRunStream,
  INTERRUPT,
  InferExtensions,
  interrupt,
  Overwrite,
  PregelNode,
  PregelOptions,
  START,
  StateGraph,
  StateSnapshot,
  StreamMode,
  StreamOutputMap,
  StreamTransformer,
  writer,
} from "@langchain/langgraph";
import type { z } from "zod";
import type { AgentEvent } from "../events/index.js";
import type { PlanExecuteOptions, RunContext } from "../options/index.js";
import type { PlanStep } from "../plan/index.js";
import type { ApprovalRequest } from "../runtime/index.js";
import type { AgentState, StateChange, StateUpdate, SteerInput } from "../state/index.js";

/** The options of an agent whose answers have this form. */
export type AgentOptions<Structured> = PlanExecuteOptions & {
  readonly responseFormat?: z.ZodType<Structured>;
};

/** What a run takes: a goal in words, a conversation of which the last message is the goal, or a saved plan. */
export interface AgentInput {
  readonly input?: string;
  readonly messages?: BaseMessageLike | readonly BaseMessageLike[];
  /** A saved plan to carry out, with the values of its parameters. No planner is asked then. */
  readonly plan?: { readonly name: string; readonly with?: Readonly<Record<string, unknown>> };
}

/** A request that waits for a person. Answer it with `new Command({ resume: { decisions: [...] } })`. */
export interface AgentInterrupt {
  readonly id: string;
  readonly value: ApprovalRequest;
}

/** A run's context: what a run may set, and the fields of `contextFields` besides. */
export interface AgentContext extends RunContext {
  readonly [key: string]: unknown;
}

/** What a run gives: the answer, and how it came about. */
export interface AgentRun<Structured = unknown>
  extends Pick<AgentState, "messages" | "plan" | "pastSteps" | "response" | "status" | "outcome" | "usage"> {
  /** The answer in the form of `responseFormat`; null if the run ended without one. */
  readonly structuredResponse?: Structured | null;
  /** What waits for a person. It is there only if the status is "waiting". */
  readonly [INTERRUPT]?: AgentInterrupt[];
}

/** A run that waits for a person. */
export interface InterruptedRun {
  readonly [INTERRUPT]: AgentInterrupt[];
}

/** What `updateState` may write. */
export interface AgentUpdate {
  readonly messages?: readonly BaseMessageLike[] | Overwrite<readonly BaseMessageLike[]>;
  /** The goal of the next turn. */
  readonly input?: string;
  /** The steps that are still to be done. */
  readonly plan?: readonly PlanStep[];
  /** The id of the step whose output is the answer, or the answer's words with references. */
  readonly answerStep?: string | null;
  readonly steering?: readonly SteerInput[];
}

/** A thread at one point. A thread that has not begun has an empty object for its `values`, and no `next`. */
export interface AgentSnapshot extends StateSnapshot {
  readonly values: AgentState;
}

/** The graph's nodes. */
export type AgentNode = "planner" | "approval" | "executor" | "replanner" | "retry";

type Nodes = AgentNode | typeof START;

/** The state in a `values` stream. The last one of a run that waits may hold only what waits. */
interface StreamedValues extends Partial<AgentState>, Partial<InterruptedRun> {}

/** An update in an `updates` stream: what a node wrote, or what waits. */
type StreamedUpdates = { [Node in AgentNode]: StateChange } & {
  [Key in keyof InterruptedRun]: InterruptedRun[Key];
};

/** The channels of these values, as LangGraph's types want them. */
type Channels<Values> = {
  [Key in Extract<keyof Values, string>]: BaseChannel<Values[Key], Values[Key]>;
};

/** What a run takes, without the saved plan: that one goes to a channel of another name. */
type InputChannels = Channels<Omit<AgentInput, "plan">>;

/** No channels: the members below say what runs give. LangGraph's types would make every field of it required. */
type NoChannels = Record<never, BaseChannel>;

/** What the parameters of LangGraph's classes are for this graph. */
type CompiledAgent<Transformers extends StreamTransformers> = CompiledStateGraph<
  AgentState,
  StateUpdate,
  Nodes,
  InputChannels,
  NoChannels,
  Channels<AgentContext>,
  StreamedUpdates,
  typeof interrupt<ApprovalRequest>,
  typeof writer<AgentEvent>,
  Transformers
>;

type StreamTransformers = ReadonlyArray<() => StreamTransformer<unknown>>;

/** The options of a run: LangGraph's, with the agent's context. */
export interface AgentRunOptions<
  Mode extends Modes = Modes,
  Subgraphs extends boolean = boolean,
  Encoding extends SentEvents = SentEvents,
> extends Partial<
    PregelOptions<
      Record<AgentNode, PregelNode>,
      Record<string, BaseChannel>,
      AgentContext,
      Mode,
      Subgraphs,
      Encoding
    >
  > {}

type Modes = StreamMode | StreamMode[] | undefined;
type SentEvents = "text/event-stream" | undefined;

/** A chunk of a stream. */
export type AgentChunk<
  Mode extends Modes,
  Subgraphs extends boolean = false,
  Encoding extends SentEvents = undefined,
> = StreamOutputMap<
  Mode,
  Subgraphs,
  StateChange,
  StreamedValues,
  Nodes,
  StreamedUpdates,
  AgentEvent,
  Encoding
>;

/** The options of `streamEvents` in its version 3. */
interface EventOptions<More extends StreamTransformers>
  extends Omit<AgentRunOptions, "encoding" | "subgraphs"> {
  readonly version: "v3";
  readonly transformers?: More;
}

/**
 * What a run begins with: an input, a goal in words, an answer to what waits, or null to go on where the thread stopped.
 */
export type AgentStart = AgentInput | string | CommandInstance | null;

/** The agent that `createPlanExecuteAgent` creates: a compiled graph. */
export interface PlanExecuteAgent<Structured = unknown, Transformers extends StreamTransformers = []>
  extends CompiledAgent<Transformers> {
  /** Runs a turn to its end, or to where it waits for a person. */
  invoke(input: AgentStart, options?: AgentRunOptions): Promise<AgentRun<Structured>>;
  /** Runs a turn, and gives what happens as it happens: `streamMode` says what. */
  stream<Mode extends Modes, Subgraphs extends boolean, Encoding extends SentEvents>(
    input: AgentStart,
    options?: AgentRunOptions<Mode, Subgraphs, Encoding>,
  ): Promise<IterableReadableStream<AgentChunk<Mode, Subgraphs, Encoding>>>;
  /** Runs a turn, and gives its events in LangChain's form. */
  streamEvents<const More extends StreamTransformers = []>(
    input: AgentStart,
    options: EventOptions<More> & { readonly encoding: "text/event-stream" },
  ): Promise<IterableReadableStream<Uint8Array>>;
  streamEvents<const More extends StreamTransformers = []>(
    input: AgentStart,
    options: EventOptions<More>,
  ): Promise<GraphRunStream<AgentRun<Structured>, InferExtensions<readonly [...Transformers, ...More]>>>;
  streamEvents(
    input: AgentStart,
    options: AgentRunOptions & { readonly version: "v1" | "v2" },
    streamOptions?: Parameters<Runnable["streamEvents"]>[2],
  ): IterableReadableStream<StreamEvent>;
  streamEvents(
    input: AgentStart,
    options: AgentRunOptions & { readonly version: "v1" | "v2"; readonly encoding: "text/event-stream" },
    streamOptions?: Parameters<Runnable["streamEvents"]>[2],
  ): IterableReadableStream<Uint8Array>;
  /** Runs a turn for each input, side by side. */
  batch(
    inputs: AgentStart[],
    options?: AgentRunOptions | AgentRunOptions[],
    batchOptions?: RunnableBatchOptions & { returnExceptions?: false },
  ): Promise<AgentRun<Structured>[]>;
  batch(
    inputs: AgentStart[],
    options?: AgentRunOptions | AgentRunOptions[],
    batchOptions?: RunnableBatchOptions,
  ): Promise<(AgentRun<Structured> | Error)[]>;
  /** Ends the MCP servers that the agent started. A later run starts them again. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
  /** Whether a run waits for a person. If so, `run.__interrupt__` says for what. */
  isInterrupted(run: unknown): run is InterruptedRun;
  /** Reads a thread. */
  getState(config: RunnableConfig, options?: GetStateOptions): Promise<AgentSnapshot>;
  /** Reads what a thread was at each of its checkpoints, the newest first. */
  getStateHistory(
    config: RunnableConfig,
    options?: Parameters<CompiledAgent<Transformers>["getStateHistory"]>[1],
  ): AsyncIterableIterator<AgentSnapshot>;
  /** Writes to a thread between its steps. Everything is checked first. */
  updateState(
    config: RunnableConfig,
    values: AgentUpdate | StateChange | null,
    asNode?: string,
  ): Promise<RunnableConfig>;
}

/** LangGraph's class with the types of this graph. */
type AgentGraph = StateGraph<
  Channels<AgentState>,
  AgentState,
  StateUpdate,
  Nodes,
  InputChannels,
  NoChannels,
  Channels<AgentContext>,
  StreamedUpdates,
  typeof interrupt<ApprovalRequest>,
  typeof writer<AgentEvent>
>;

/** The graph that `createPlanExecuteGraph` creates: the agent, not compiled yet. */
export interface PlanExecuteGraph<Structured = unknown> extends AgentGraph {
  compile<const Transformers extends StreamTransformers = []>(
    options?: Omit<NonNullable<Parameters<AgentGraph["compile"]>[0]>, "transformers"> & {
      readonly transformers?: Transformers;
    },
  ): PlanExecuteAgent<Structured, Transformers>;
}
