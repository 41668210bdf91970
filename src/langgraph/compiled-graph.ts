// A compiled graph that is more than what LangGraph makes of it. A graph compiles to a class of LangGraph's own, so its
// prototype is changed to one that extends that class; `withConfig` makes another of the same class.
//
//   (1) Every run, `invoke` and `streamEvents` too, goes through `stream`, and then through `_streamIterator`, which is
//       private. The first is where the caller's signal can be changed, since LangGraph adds its own to it; the second
//       lives as long as the run.
//   (2) `_validateContext` would throw a raw ZodError. It is put out of work: whoever extends a graph checks contexts.
//   (3) Every update from outside, `updateState` too, goes through `bulkUpdateState`.
//   (4) `getState` shows the config that it was asked with, so a checkpointer lent for the reading is taken out again.
import type { RunnableConfig } from "@langchain/core/runnables";
import { CompiledStateGraph, type StreamMode } from "@langchain/langgraph";
import { withoutLent } from "./migrating-saver.js";

/** A compiled graph, whatever its state. */
export type CompiledGraph = CompiledStateGraph<unknown, unknown>;
/** What a run is begun with. */
export type RunInput = Parameters<CompiledGraph["_streamIterator"]>[0];
/** The options of a run, with the caller's and LangGraph's own. */
export type RunOptions = NonNullable<Parameters<CompiledGraph["_streamIterator"]>[1]>;
/** What a run gives. */
export type RunChunks = ReturnType<CompiledGraph["_streamIterator"]>;
/** Updates as LangGraph takes them: superstep by superstep. */
export type GraphSupersteps = Parameters<CompiledGraph["bulkUpdateState"]>[1];

declare const base: CompiledGraph;

/** What stands around a graph's runs and updates. */
export interface GraphExtension {
  /** Members of the graph, and of each that `withConfig` makes of it. */
  readonly members: object;
  /** The options with which a run begins, before LangGraph adds its own signal to the caller's. */
  prepare<Options extends { readonly signal?: AbortSignal }>(
    options: Options | undefined,
  ): Options | undefined;
  /** A run; `next` is LangGraph's own. */
  run(
    graph: CompiledGraph,
    input: RunInput,
    options: RunOptions,
    next: (input: RunInput, options: RunOptions) => RunChunks,
  ): RunChunks;
  /** The config with which a thread is read: it may lend another checkpointer. */
  reading<Config extends RunnableConfig>(graph: CompiledGraph, config: Config): Config;
  /** An update from outside; `next` is LangGraph's own. */
  update(
    graph: CompiledGraph,
    config: RunnableConfig,
    supersteps: GraphSupersteps,
    next: (config: RunnableConfig, supersteps: GraphSupersteps) => Promise<RunnableConfig>,
  ): Promise<RunnableConfig>;
}

/** The compiled graph itself, with something around its runs and updates. */
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
      return { ...state, config: withoutLent(state.config) };
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
  Object.assign(ExtendedGraph.prototype, extension.members);
  Object.setPrototypeOf(compiled, ExtendedGraph.prototype);
  return compiled;
}
