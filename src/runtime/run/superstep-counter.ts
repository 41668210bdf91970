import type { LangGraphRunnableConfig } from "@langchain/langgraph";
import { namespaceOfGraph, superstepOf } from "../../langgraph/index.js";
import { InputError } from "./errors.js";
import { SUPERSTEPS_IN_HAND } from "./settings.js";

const DEFAULT_RECURSION_LIMIT = 25;
/** Enough for an invocation to take a person's answer, run one superstep and end, plus LangGraph's own superstep. */
const LEAST_RECURSION_LIMIT = 4;
/** LangGraph uses one superstep of the limit itself: with a limit of 5, the fifth ends in its error. */
const SUPERSTEPS_OF_LANGGRAPH = 1;

/** Tells how many supersteps an invocation has left. */
export interface SuperstepCounter {
  /**
   * Returns why the run must end now if the next supersteps would reach the recursion limit, else undefined. Throws an
   * `InputError`, before anything is called, if the limit is too low for any run to end by itself. `more` supersteps are
   * left for what comes after the end.
   */
  limitNear(config: LangGraphRunnableConfig, more?: number): string | undefined;
}

/**
 * Creates a counter for all invocations. LangGraph numbers supersteps over the whole thread but counts its limit from
 * the start of each invocation, and it exposes neither. So the first superstep that we see of an invocation counts as
 * its start. We recognize an invocation by its `control` object and, if it is a subgraph, by its namespace.
 */
export function createSuperstepCounter(): SuperstepCounter {
  const starts = new WeakMap<object, Map<string, number>>();
  return {
    limitNear(config, more = 0) {
      const superstep = superstepOf(config);
      if (superstep === undefined || config.control === undefined) {
        return undefined;
      }
      const namespace = namespaceOfGraph(config.configurable?.checkpoint_ns);
      const byNamespace = starts.get(config.control) ?? new Map<string, number>();
      starts.set(config.control, byNamespace);
      const start = byNamespace.get(namespace) ?? superstep;
      byNamespace.set(namespace, start);
      const limit = config.recursionLimit ?? DEFAULT_RECURSION_LIMIT;
      if (limit < LEAST_RECURSION_LIMIT + more) {
        const message = `recursionLimit is ${limit}, and a run needs at least ${LEAST_RECURSION_LIMIT + more}. Raise it, or leave it out.`;
        throw new InputError("RECURSION_LIMIT_TOO_LOW", message);
      }
      const left = limit - SUPERSTEPS_OF_LANGGRAPH - (superstep - start + 1);
      if (left >= SUPERSTEPS_IN_HAND + more) {
        return undefined;
      }
      return `The run came near its recursion limit of ${limit} supersteps. Raise recursionLimit to let it go on.`;
    },
  };
}
