// What an agent's runs and updates are beyond what LangGraph makes of them (`langgraph/compiled-graph.ts` says how a
// compiled graph can be more at all).
//
//   (1) LangGraph puts a listener on its caller's signal at each run and never takes it away: `stream`, on which
//       `invoke` stands, combines two signals and drops what would end the combination. A server that passes one
//       signal to all its runs would keep something of each of them, and Node warns after ten. So a run gets a signal
//       of its own, which is linked to the caller's for as long as the run lasts.
//   (2) An answer to a thread in which nothing waits is refused: LangGraph would take it for no input at all.
//   (3) What is written from outside is checked (`check-updates.ts`), by a command too (`take-command.ts`).
//   (4) A run is stored through what tries again (`runtime/run/storage.ts`), and says so where it cannot be stored.
//   (5) A run that stands still because a model failed has ended for its caller: it waits for nobody, and LangGraph's
//       word of an interrupt without a question is dropped.
//   (6) A run's context is checked before anything is read or written. LangGraph would throw a raw ZodError.
//   (7) Runs, `getState` and `updateState` read threads of older versions in today's shape (`state/migrations.ts`).
//   (8) A run is known from before it reads its thread until after its last write (`runtime/run/live-threads.ts`).
import type { RunnableConfig } from "@langchain/core/runnables";
import { describeError, type LinkedSignal, linkSignal } from "../base/index.js";
import { createEmitter, type EventStamp } from "../events/index.js";
import {
  asksNothing,
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
  InputError,
  type LiveRun,
  RETRY_NODE,
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
import { readMessages } from "./open-channels.js";
import { assertWaiting, takeCommand } from "./take-command.js";
import { tellUnstored } from "./tell-unstored.js";

/** Under this key a run's link travels from `stream` to the iterator, whose end is the end of the run. */
const LINK = "planExecuteLink";

/** Under this key an agent tells its tools. */
const REGISTRY = Symbol("planExecuteRegistry");

/** What a run is given beside LangGraph's own options. */
interface Linked {
  readonly [LINK]?: LinkedSignal;
}

/** Makes a compiled graph one of ours; see the head of the file for what that changes. */
export function toAgentGraph<Compiled extends object>(compiled: Compiled, services: AgentServices): Compiled {
  return extendGraph(compiled, {
    members: { [REGISTRY]: services.registry },
    prepare: withLink,
    run: (...given) => runAgent(services, ...given),
    reading: (graph, config) => withMigratedReads(config, graph),
    update(graph, given, supersteps, next) {
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

/** A run, from what was given to the last of what it gives. */
async function* runAgent(
  services: AgentServices,
  graph: CompiledGraph,
  input: RunInput,
  options: RunOptions & Linked,
  next: (input: RunInput, options: RunOptions) => RunChunks,
): RunChunks {
  const { [LINK]: link, ...given } = options;
  const configurable = { ...graph.config?.configurable, ...given.configurable };
  // A stream that its reader leaves aborts the run, and nobody comes back for the iterator's end.
  if (link !== undefined) {
    given.signal?.addEventListener("abort", link.unlink, { once: true });
  }
  try {
    for (const one of [graph.config?.context, given.context]) {
      services.settingsFor(one);
    }
    const context = joinContexts(graph.config?.context, given.context);
    assertMessages(input);
    await assertWaiting(graph, input, withStorage({ ...given, configurable }, graph, services).options);
    const start = await takeCommand(graph, input, { ...given, context });
    const thread = isNested(given) ? configurable : { thread_id: configurable.thread_id };
    const run = await services.liveThreads.begin(threadKey({ configurable: thread }, false));
    const { storage, options: others } = withStorage(withLiveRun(start.options, run), graph, services);
    const tell = ({ message: reason }: StorageError) =>
      createEmitter(() => stampOf(others, services), [services.onEvent])({ type: "agent.failed", reason });
    const chunks = untilEnd(next(start.input, others), run, storage, given.signal);
    for await (const chunk of storage === undefined ? chunks : tellUnstored(chunks, storage, tell)) {
      if (!(asksNothing(chunk) && (await standsStill(graph, others)))) {
        yield chunk;
      }
    }
  } finally {
    link?.unlink();
  }
}

/** Throws an `InputError` where messages of an input could not be read again. */
function assertMessages(input: unknown): void {
  const messages: unknown = Reflect.get(Object(input), "messages");
  if (!Array.isArray(messages)) {
    return;
  }
  try {
    readMessages(messages);
  } catch (error) {
    throw new InputError(
      "MESSAGES_UNREADABLE",
      `The input's messages cannot be read: ${describeError(error)}.`,
    );
  }
}

/** What a run gives, until its last write; where its reader has left it, that is waited for here. */
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

/** The tools of an agent; undefined for anything that is none of our agents. */
export function registryOf(agent: unknown): ToolRegistry | undefined {
  return hasRegistry(agent) ? agent[REGISTRY] : undefined;
}

/** The key is known to this file alone. */
function hasRegistry(agent: unknown): agent is { readonly [REGISTRY]: ToolRegistry } {
  return typeof agent === "object" && agent !== null && REGISTRY in agent;
}

/** Whether a run stands still before the node that would try again what a model failed at. */
async function standsStill(
  graph: Pick<CompiledGraph, "getState">,
  { configurable }: RunnableConfig,
): Promise<boolean> {
  if (configurable?.thread_id === undefined) {
    return false;
  }
  const { next } = await graph.getState({ configurable: { ...configurable, checkpoint_id: undefined } });
  return next.includes(RETRY_NODE);
}

function withLink<Options extends { readonly signal?: AbortSignal }>(options: Options | undefined) {
  if (options?.signal === undefined) {
    return options;
  }
  const link = linkSignal(options.signal);
  return { ...options, signal: link.signal, [LINK]: link };
}

/** The options with which a run is stored; a run inside another of ours is stored with that one. */
function withStorage<Options extends RunnableConfig>(
  options: Options,
  graph: Pick<CompiledGraph, "checkpointer" | "config">,
  { settingsFor, random, sleep }: AgentServices,
): { readonly storage: RunStorage | undefined; readonly options: Options } {
  const { configurable, signal } = options;
  const outer = storageOf(options);
  const saver: unknown = checkpointerIn(configurable) ?? graph.checkpointer;
  const threadId: unknown = configurable?.thread_id ?? graph.config?.configurable?.thread_id;
  // Without a thread there is nothing to store in, which the saver says.
  if (outer !== undefined || !isSaver(saver) || threadId === undefined) {
    return { storage: outer, options };
  }
  const { backoff } = settingsFor(undefined).executor;
  const storage = new RunStorage(withMigration(saver, STATE_MIGRATION), { backoff, random, sleep, signal });
  const stored = withCheckpointer(configurable, storage.checkpointer);
  return { storage, options: { ...options, configurable: stored } };
}

/** Gives the config that reads a thread in today's shape. A namespace may belong to another graph, so it stays. */
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

function stampOf(config: RunnableConfig, services: AgentServices): EventStamp {
  const { threadId, userId } = requesterOf(config);
  return { at: timeNow(services), turnId: "", threadId, userId };
}
