import type { LangGraphRunnableConfig } from "@langchain/langgraph";
import type { Emit } from "../../events/index.js";
import type { ToolSuccess } from "../../tools/index.js";
import type { Attempts, PermittedCall } from "./permitted-call.js";
import type { StepCounter } from "./step-counter.js";

/** The calls of one turn that started while its plan was written. */
export interface EarlyRun {
  /** Counts the steps of the turn, those that started early among them. */
  readonly counter: StepCounter;
  /** The plan is taken: nothing more starts early, and what was started goes on, for the executor. */
  keep(): void;
  /** The plan is not taken, or is written anew: ends what was started and nobody has claimed. */
  cancel(): void;
  /** The calls under way by their steps, each until it has ended. */
  underWay(): ReadonlyMap<string, Promise<unknown>>;
  /** What came of a call that started early, if it is this very call; the caller's signal ends it from now on. */
  claim(call: PermittedCall, signal: AbortSignal, emit: Emit): Promise<Attempts<ToolSuccess>> | undefined;
}

/** Early steps on their way from the planner to the executor of the same run. */
export interface EarlyStepsByRun {
  put(config: LangGraphRunnableConfig, turnId: string, early: EarlyRun): void;
  take(config: LangGraphRunnableConfig, turnId: string): EarlyRun | undefined;
}

/** Nothing is on its way. What no executor ever takes goes with its run's `control`, of which each run has one. */
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
