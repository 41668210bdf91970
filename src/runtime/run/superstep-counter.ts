import type { LangGraphRunnableConfig } from "@langchain/langgraph";
import { namespaceOfGraph, superstepOf } from "../../langgraph/index.js";
import { InputError } from "./errors.js";
import { SUPERSTEPS_IN_HAND } from "./settings.js";

const DEFAULT_RECURSION_LIMIT = 25;
/** The least that lets an invocation answer a person, carry out a superstep and end, with LangGraph's own one. */
const LEAST_RECURSION_LIMIT = 4;
/** Of its limit LangGraph takes one superstep for itself: with a limit of 5 a fifth ends in its error. */
const SUPERSTEPS_OF_LANGGRAPH = 1;

/** Knows how many supersteps an invocation has left. */
export interface SuperstepCounter {
  /**
   * Why the run must end now, where the next supersteps would meet the recursion limit; else undefined. Throws an
   * `InputError` where the limit is too low for any run to end by itself, before anything is called.
   */
  limitNear(config: LangGraphRunnableConfig): string | undefined;
}

/**
 * A counter over invocations. LangGraph numbers supersteps over a whole thread but counts its limit from the
 * start of each invocation, and tells neither; so the first superstep that is seen of an invocation (they share
 * one `control` object, and as a subgraph one namespace) is taken as its start.
 */
export function createSuperstepCounter(): SuperstepCounter {
  const starts = new WeakMap<object, Map<string, number>>();
  return {
    limitNear(config) {
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
      if (limit < LEAST_RECURSION_LIMIT) {
        const message = `recursionLimit is ${limit}, and a run needs at least ${LEAST_RECURSION_LIMIT}. Raise it, or leave it out.`;
        throw new InputError("RECURSION_LIMIT_TOO_LOW", message);
      }
      const left = limit - SUPERSTEPS_OF_LANGGRAPH - (superstep - start + 1);
      if (left >= SUPERSTEPS_IN_HAND) {
        return undefined;
      }
      return `The run came near its recursion limit of ${limit} supersteps. Raise recursionLimit to let it go on.`;
    },
  };
}
