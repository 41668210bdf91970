// Extends a compiled graph. A graph always compiles to LangGraph's own class, so this file changes the prototype of the
// compiled graph to a subclass of that class. `withConfig` makes another graph of the same subclass.
//
//   (1) Every run goes through `stream` and then through the private `_streamIterator`; so do `invoke` and
//       `streamEvents`. The caller's signal can only be changed in `stream`, because LangGraph adds its own signal to
//       it there. `_streamIterator` lives as long as the run.
//   (2) `_validateContext` would throw a raw ZodError, so it is switched off. Whoever extends a graph checks contexts.
//   (3) Every update from outside goes through `bulkUpdateState`; so does `updateState`.
//   (4) `getState` returns the config that it was called with, so the checkpointer that was lent for reading is taken
//       out of it again.
import type { RunnableConfig } from "@langchain/core/runnables";
import { CompiledStateGraph, type StreamMode } from "@langchain/langgraph";
import { withoutCheckpointer } from "./run-checkpointer.js";

/** A compiled graph with any state. */
export type CompiledGraph = CompiledStateGraph<unknown, unknown>;
/** The input of a run. */
export type RunInput = Parameters<CompiledGraph["_streamIterator"]>[0];
/** The options of a run: the caller's and LangGraph's own. */
export type RunOptions = NonNullable<Parameters<CompiledGraph["_streamIterator"]>[1]>;
/** The stream of chunks that a run gives. */
export type RunChunks = ReturnType<CompiledGraph["_streamIterator"]>;
/** Updates in LangGraph's form: superstep by superstep. */
export type GraphSupersteps = Parameters<CompiledGraph["bulkUpdateState"]>[1];

declare const base: CompiledGraph;

/** What to add to a graph's runs, reads and updates. */
export interface GraphExtension {
  /** Further members of the graph, and of every graph that `withConfig` makes from it. */
  readonly members: object;
  /** Returns the options to begin a run with. It is called before LangGraph adds its own signal to the caller's. */
  prepare<Options extends { readonly signal?: AbortSignal }>(
    options: Options | undefined,
  ): Options | undefined;
  /** Carries out a run. `next` is LangGraph's own way to do it. */
  run(
    graph: CompiledGraph,
    input: RunInput,
    options: RunOptions,
    next: (input: RunInput, options: RunOptions) => RunChunks,
  ): RunChunks;
  /** Returns the config to read a thread with. It may lend another checkpointer. */
  reading<Config extends RunnableConfig>(graph: CompiledGraph, config: Config): Config;
  /** Carries out an update from outside. `next` is LangGraph's own way to do it. */
  update(
    graph: CompiledGraph,
    config: RunnableConfig,
    supersteps: GraphSupersteps,
    next: (config: RunnableConfig, supersteps: GraphSupersteps) => Promise<RunnableConfig>,
  ): Promise<RunnableConfig>;
}

/** Extends a compiled graph in place, and returns it. */
export function extendGraph<Compiled extends object>(
  compiled: Compiled,
  extension: GraphExtension,
): Compiled {
  class ExtendedGraph extends CompiledStateGraph<unknown, unknown> {
    override async stream<
      Mode extends StreamMode | StreamMode[] | undefined,
      Subgraphs extends boolean,
      Encoding extends "text/event-stream" | undefined,
    >(
      input: Parameters<CompiledGraph["stream"]>[0],
      options?: Parameters<typeof base.stream<Mode, Subgraphs, Encoding>>[1],
    ) {
      return super.stream<Mode, Subgraphs, Encoding>(input, extension.prepare(options));
    }

    override _streamIterator(input: RunInput, options?: RunOptions): RunChunks {
      return extension.run(this, input, options ?? {}, (one, others) => super._streamIterator(one, others));
    }

    override async _validateContext(context: Parameters<CompiledGraph["_validateContext"]>[0]) {
      return context;
    }

    override async getState(...[config, options]: Parameters<CompiledGraph["getState"]>) {
      const state = await super.getState(extension.reading(this, config), options);
      return { ...state, config: withoutCheckpointer(state.config) };
    }

    override getStateHistory(...[config, options]: Parameters<CompiledGraph["getStateHistory"]>) {
      return super.getStateHistory(extension.reading(this, config), options);
    }

    override bulkUpdateState(config: RunnableConfig, supersteps: GraphSupersteps): Promise<RunnableConfig> {
      return extension.update(this, config, supersteps, (current, checked) =>
        super.bulkUpdateState(extension.reading(this, current), checked),
      );
    }
  }
  // As they are defined, so that a getter stays one.
  Object.defineProperties(ExtendedGraph.prototype, Object.getOwnPropertyDescriptors(extension.members));
  Object.setPrototypeOf(compiled, ExtendedGraph.prototype);
  return compiled;
}

/**
 * Gives a graph the type under which it is public. LangGraph infers a graph's type from its schemas: 270 kB, which no
 * program that exports an agent can write down, with `any` wherever a run's result is read. The public type names the
 * same class and is written by hand, so only a cast leads there.
 */
export function asPublic<Public extends object>(graph: object): Public {
  return graph as Public;
}
