// LangGraph puts a listener on its caller's signal at each run and never takes it away: `stream`, on which `invoke`
// stands, combines two signals and drops what would end the combination. A server that passes one signal to all its
// runs would keep something of each of them, and Node warns after ten. So a run gets a signal of its own, which is
// linked to the caller's for as long as the run lasts.
import { CompiledStateGraph, type StreamMode } from "@langchain/langgraph";
import { type LinkedSignal, linkSignal } from "../signals/index.js";

type Graph = CompiledStateGraph<unknown, unknown>;
declare const base: Graph;

/** Under this key a run's link travels from `stream` to the iterator, whose end is the end of the run. */
const LINK = "planExecuteLink";

/** What a run is given beside LangGraph's own options. */
interface Linked {
  readonly [LINK]?: LinkedSignal;
}

class AgentGraph extends CompiledStateGraph<unknown, unknown> {
  override stream<
    Mode extends StreamMode | StreamMode[] | undefined,
    Subgraphs extends boolean,
    Encoding extends "text/event-stream" | undefined,
  >(
    input: Parameters<Graph["stream"]>[0],
    options?: Parameters<typeof base.stream<Mode, Subgraphs, Encoding>>[1],
  ) {
    return super.stream<Mode, Subgraphs, Encoding>(input, withLink(options));
  }

  override async *_streamIterator(
    input: Parameters<Graph["_streamIterator"]>[0],
    options?: Parameters<Graph["_streamIterator"]>[1] & Linked,
  ): ReturnType<Graph["_streamIterator"]> {
    const { [LINK]: link, ...others } = options ?? {};
    // A stream that its reader leaves aborts the run, and nobody comes back for the iterator's end.
    if (link !== undefined) others.signal?.addEventListener("abort", link.unlink, { once: true });
    try {
      return yield* super._streamIterator(input, others);
    } finally {
      link?.unlink();
    }
  }
}

/**
 * Has a graph let go of its callers' signals when a run is over. The graph itself is changed, since LangGraph compiles
 * to a class of its own; what `withConfig` makes of it is of the new class too.
 */
export function lettingGoOfSignals<Compiled extends object>(graph: Compiled): Compiled {
  Object.setPrototypeOf(graph, AgentGraph.prototype);
  return graph;
}

function withLink<Options extends { readonly signal?: AbortSignal }>(options: Options | undefined) {
  if (options?.signal === undefined) return options;
  const link = linkSignal(options.signal);
  return { ...options, signal: link.signal, [LINK]: link };
}
