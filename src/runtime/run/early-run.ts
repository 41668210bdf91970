import type { LangGraphRunnableConfig } from "@langchain/langgraph";
import type { Emit } from "../../events/index.js";
import type { PlanStep, StepResult } from "../../plan/index.js";
import type { AgentState } from "../../state/index.js";
import type { ToolSuccess } from "../../tools/index.js";
import type { Usage } from "../../usage/index.js";
import type { Attempts, PermittedCall } from "./permitted-call.js";
import type { StepCounter } from "./step-counter.js";

/** How an agent step ended that started early. */
export interface EarlyAgentEnd {
  readonly result: StepResult;
  readonly usage: Usage;
}

/** The agent steps of one turn that started early. */
export interface EarlyAgentRun {
  /**
   * The end of an agent step, if the whole plan asks no more of it than was known when it started. Undefined if it has
   * none: the step is then to be run. From now on the caller's signal ends it.
   */
  claim(
    step: PlanStep,
    of: Pick<AgentState, "plan" | "answerStep">,
    signal: AbortSignal,
    emit: Emit,
  ): Promise<EarlyAgentEnd | undefined> | undefined;
  /** What those used that were dropped since this was asked last. */
  usageOfDropped(): Promise<Usage>;
}

/** The calls of one turn that started while its plan was still being written. */
export interface EarlyRun {
  /** Counts the turn's steps, including those that started early. */
  readonly counter: StepCounter;
  /** The plan was accepted: starts nothing more, and lets what has started go on for the executor. */
  keep(): void;
  /** The plan was not accepted, or is being rewritten: ends every call that nobody has claimed. */
  cancel(): void;
  /** The calls under way, by step. A call stays in the map until it has ended. */
  underWay(): ReadonlyMap<string, Promise<unknown>>;
  /** The result of an early call, if it is exactly this call. From now on the caller's signal ends it. */
  claim(call: PermittedCall, signal: AbortSignal, emit: Emit): Promise<Attempts<ToolSuccess>> | undefined;
  /** The agent steps among them. */
  readonly agents: EarlyAgentRun;
}

/** Hands early steps from the planner to the executor of the same run. */
export interface EarlyStepsByRun {
  put(config: LangGraphRunnableConfig, turnId: string, early: EarlyRun): void;
  take(config: LangGraphRunnableConfig, turnId: string): EarlyRun | undefined;
}

/** Creates an empty hand-over. Each run has its own `control` object; what no executor takes is collected with it. */
export function createEarlyStepsByRun(): EarlyStepsByRun {
  const runs = new WeakMap<object, Map<string, EarlyRun>>();
  return {
    put({ control }, turnId, early) {
      if (control === undefined) {
        return early.cancel();
      }
      early.keep();
      const turns = runs.get(control) ?? new Map<string, EarlyRun>();
      runs.set(control, turns.set(turnId, early));
    },
    take({ control }, turnId) {
      const turns = control === undefined ? undefined : runs.get(control);
      const early = turns?.get(turnId);
      turns?.delete(turnId);
      return early;
    },
  };
}
