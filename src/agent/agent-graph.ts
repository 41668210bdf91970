// What an agent adds to LangGraph's runs and updates. `langgraph/compiled-graph.ts` explains how a compiled graph can
// be extended.
//
//   (1) Each run gets a signal of its own, linked to the caller's signal for as long as the run lasts. LangGraph adds a
//       listener to the caller's signal at each run and never removes it: `stream`, on which `invoke` is built,
//       combines two signals and drops the function that would end the combination. A server that passes one signal to
//       all its runs would leak memory for each run, and Node warns after ten.
//   (2) An answer to a thread in which nothing waits is refused. LangGraph would treat it as no input at all.
//   (3) Updates from outside are checked (`check-updates.ts`); so are updates by a command (`take-command.ts`).
//   (4) A run is stored through a checkpointer that retries (`runtime/run/storage.ts`). If the run cannot be stored, it
//       says so.
//   (5) A null input takes up a turn that a model's failure ended (`runtime/turn/try-again.ts`).
//   (6) A run's context is checked before anything is read or written. LangGraph would throw a raw ZodError.
//   (7) Runs, `getState` and `updateState` read threads of older versions in today's shape (`state/migrations.ts`).
//   (8) A run's input is read and checked (`read-input.ts`).
//   (9) The MCP servers that a run needs are started before anything of it is checked. `close` ends them.
//  (10) A run is registered from before it reads its thread until after its last write (`runtime/run/live-threads.ts`).
import type { RunnableConfig } from "@langchain/core/runnables";
import { type LinkedSignal, linkSignal, raceSignal } from "../base/index.js";
import { beginEvents, createEmitter, type Emit, type RunEvents, withRunEvents } from "../events/index.js";
import {
  type CompiledGraph,
  checkpointerIn,
  extendGraph,
  isNested,
  isSaver,
  lendMigrating,
  type RunChunks,
  type RunInput,
  type RunOptions,
  withCheckpointer,
  withMigration,
} from "../langgraph/index.js";
import { joinContexts } from "../options/index.js";
import {
  type AgentServices,
  type LiveRun,
  RunStorage,
  requesterOf,
  type StorageError,
  storageOf,
  threadKey,
  timeNow,
  withLiveRun,
} from "../runtime/index.js";
import { STATE_MIGRATION } from "../state/index.js";
import type { ToolRegistry } from "../tools/index.js";
import { updateChecked } from "./check-updates.js";
import { countSegment } from "./count-segment.js";
import { takeChosenPlan } from "./plans/index.js";
import { assertBegun, assertUndone, readInput } from "./read-input.js";
import { assertWaiting, takeCommand } from "./take-command.js";
import { tellUnstored } from "./tell-unstored.js";

/** The key under which a run's link travels from `stream` to the iterator. The run ends when the iterator ends. */
const LINK = "planExecuteLink";

/** The key under which an agent keeps its tools. The command line finds them on agents of our CommonJS build too. */
const REGISTRY = Symbol.for("planExecuteRegistry");
/** The key under which it keeps the function that starts its MCP servers. */
const READY = Symbol.for("planExecuteReady");

/** The options of a run that LangGraph does not know. */
interface Linked {
  readonly [LINK]?: LinkedSignal;
}

/** Turns a compiled graph into an agent. The head of the file says what that changes. */
export function toAgentGraph<Compiled extends object>(compiled: Compiled, services: AgentServices): Compiled {
  return extendGraph(compiled, {
    members: {
      get [REGISTRY]() {
        return services.registry;
      },
      [READY]: services.ready,
      close: services.close,
      [Symbol.asyncDispose]: services.close,
    },
    prepare: withLink,
    run: (...given) => runAgent(services, ...given),
    reading: (graph, config) => withMigratedReads(config, graph),
    async update(graph, given, supersteps, next) {
      await services.ready();
      const config = {
        ...given,
        configurable: { ...graph.config?.configurable, ...given.configurable },
      };
      return updateChecked(
        config,
        supersteps,
        { update: next, getState: (at) => graph.getState(at) },
        services,
      );
    },
  });
}

/** Carries out a run: checks what was given, begins the run and gives its chunks. */
async function* runAgent(
  services: AgentServices,
  graph: CompiledGraph,
  input: RunInput,
  options: RunOptions & Linked,
  next: (input: RunInput, options: RunOptions) => RunChunks,
): RunChunks {
  const { [LINK]: link, ...given } = options;
  const configurable = { ...graph.config?.configurable, ...given.configurable };
  // If the reader leaves the stream, the run is aborted and the iterator never reaches its end. So the link also ends
  // when the signal aborts.
  if (link !== undefined) {
    given.signal?.addEventListener("abort", link.unlink, { once: true });
  }
  try {
    await raceSignal(services.ready(), given.signal);
    for (const one of [graph.config?.context, given.context]) {
      services.settingsFor(one);
    }
    const context = joinContexts(graph.config?.context, given.context);
    const read = readInput(input);
    const stored = withStorage({ ...given, configurable }, graph, services).options;
    await assertBegun(graph, read, stored);
    if (services.settingsFor(undefined).undo !== "never") {
      await assertUndone(graph, read, stored);
    }
    await assertWaiting(graph, read, stored);
    const chosen = takeChosenPlan(read, { ...given, context }, services);
    const start = await takeCommand(graph, chosen, { ...given, context });
    const begun = await takeUpFailed(graph, start.input, start.options);
    const thread = isNested(given) ? configurable : { thread_id: configurable.thread_id };
    const run = await services.liveThreads.begin(threadKey({ configurable: thread }, false));
    const { storage, options: live } = withStorage(withLiveRun(start.options, run), graph, services);
    const { segment, traceparent } = await countSegment(begun, live, storage);
    const events = beginEvents(runIdOf(live) ?? services.createId(), segment, live);
    services.sinks.begin(events.runId, traceparent);
    const others = withRunEvents(live, events);
    const emit = emitterOf(events, others, services);
    const tell = ({ message: reason }: StorageError) => emit({ type: "agent.failed", reason });
    const chunks = untilEnd(next(begun, others), run, storage, given.signal);
    try {
      for await (const chunk of storage === undefined ? chunks : tellUnstored(chunks, storage, tell)) {
        yield chunk;
      }
    } finally {
      for (const loss of await services.sinks.flush(events.runId)) {
        emit(loss);
      }
    }
  } finally {
    link?.unlink();
  }
}

/** The id that a server, or whoever invokes the agent, gave the run. */
function runIdOf({ runId, metadata }: RunnableConfig): string | undefined {
  const id: unknown = runId ?? metadata?.run_id;
  return typeof id === "string" ? id : undefined;
}

/**
 * Gives the chunks of a run and ends after its last write. If the reader left the run, the last write is awaited here.
 */
async function* untilEnd<Chunk>(
  chunks: AsyncGenerator<Chunk>,
  run: LiveRun,
  storage: RunStorage | undefined,
  signal: AbortSignal | undefined,
): AsyncGenerator<Chunk> {
  let isLeft = false;
  const leave = () => {
    isLeft = true;
    const end = () => run.end(signal?.reason);
    chunks.return(undefined).then(end, end);
  };
  signal?.addEventListener("abort", leave, { once: true });
  try {
    yield* chunks;
    if (isLeft) {
      signal?.throwIfAborted();
    }
  } catch (error) {
    run.end(error);
    throw error;
  } finally {
    signal?.removeEventListener("abort", leave);
    await storage?.settled();
    run.end(storage?.failure);
  }
}

/** Returns the tools of an agent with those of its MCP servers, or undefined if the value is not one of our agents. */
export async function readyRegistryOf(agent: unknown): Promise<ToolRegistry | undefined> {
  if (hasRegistry(agent)) {
    await agent[READY]();
  }
  return registryOf(agent);
}

/** Returns the tools that an agent has now, or undefined if the value is not one of our agents. */
export function registryOf(agent: unknown): ToolRegistry | undefined {
  return hasRegistry(agent) ? agent[REGISTRY] : undefined;
}

function hasRegistry(
  agent: unknown,
): agent is { readonly [REGISTRY]: ToolRegistry; readonly [READY]: () => Promise<void> } {
  return typeof agent === "object" && agent !== null && REGISTRY in agent && READY in agent;
}

/** Turns a null input into an empty one if the thread's turn had failed: LangGraph goes on with nothing that has ended. */
async function takeUpFailed(graph: CompiledGraph, input: unknown, options: RunnableConfig): Promise<unknown> {
  if ((input !== null && input !== undefined) || isNested(options)) {
    return input;
  }
  const { next, values } = await graph.getState({
    ...options,
    configurable: { ...options.configurable, checkpoint_id: undefined },
  });
  return next.length === 0 && values.failure != null ? { input: "" } : input;
}

function withLink<Options extends { readonly signal?: AbortSignal }>(options: Options | undefined) {
  if (options?.signal === undefined) {
    return options;
  }
  const link = linkSignal(options.signal);
  return { ...options, signal: link.signal, [LINK]: link };
}

/** Returns the options that store a run with retries. A run inside another of our runs is stored with the outer one. */
function withStorage<Options extends RunnableConfig>(
  options: Options,
  graph: Pick<CompiledGraph, "checkpointer" | "config">,
  { settingsFor, random, sleep }: AgentServices,
): { readonly storage: RunStorage | undefined; readonly options: Options } {
  const { configurable, signal } = options;
  const outer = storageOf(options);
  const saver: unknown = checkpointerIn(configurable) ?? graph.checkpointer;
  const threadId: unknown = configurable?.thread_id ?? graph.config?.configurable?.thread_id;
  // Without a thread there is nowhere to store the run. The saver's own error says so.
  if (outer !== undefined || !isSaver(saver) || threadId === undefined) {
    return { storage: outer, options };
  }
  const { backoff } = settingsFor(undefined).executor;
  const storage = new RunStorage(withMigration(saver, STATE_MIGRATION), { backoff, random, sleep, signal });
  const stored = withCheckpointer(configurable, storage.checkpointer);
  return { storage, options: { ...options, configurable: stored } };
}

/**
 * Returns a config that reads a thread in today's shape. A config with a namespace stays as it is, because the
 * namespace may belong to another graph.
 */
function withMigratedReads<Config extends RunnableConfig>(
  config: Config,
  { checkpointer }: Pick<CompiledGraph, "checkpointer">,
): Config {
  const lent = checkpointerIn(config.configurable);
  const saver: unknown = lent ?? checkpointer;
  if (!isSaver(saver) || (lent === undefined && (config.configurable?.checkpoint_ns ?? "") !== "")) {
    return config;
  }
  return lendMigrating(config, saver, STATE_MIGRATION);
}

/** Emits what happens to a run outside of its nodes. Its stream is over then. */
function emitterOf(events: RunEvents, config: RunnableConfig, services: AgentServices): Emit {
  const { threadId, userId } = requesterOf(config);
  return createEmitter(events, {
    place: { turnId: "", threadId, userId },
    timeNow: () => timeNow(services),
    listeners: [services.onEvent, services.sinks.listener],
  });
}
