// A tool may ask a person with LangGraph's `interrupt`. A step runs outside the node's surroundings, so there is nothing
// that the question could stop or the answer could come from. These functions give a tool's own function both: the
// answers so far, and a question as a value. LangGraph's keys are hidden from spreads, so a graph that the tool runs
// does not take them for its own.
import type { RunnableConfig } from "@langchain/core/runnables";
import { isGraphInterrupt } from "@langchain/langgraph";

/** A config with which `interrupt` returns these answers, one after the other, and then asks. */
export function withAnswers(config: RunnableConfig, answers: readonly unknown[]): RunnableConfig {
  const hidden = {
    __pregel_checkpointer: { value: true },
    __pregel_scratchpad: { value: { interruptCounter: -1, resume: [...answers] } },
  };
  return { ...config, configurable: Object.defineProperties({ ...config.configurable }, hidden) };
}

/** The question that ended a tool's function; undefined if it ended in another way. */
export function questionIn(thrown: unknown): { readonly value?: unknown } | undefined {
  return isGraphInterrupt(thrown) ? thrown.interrupts[0] : undefined;
}
