// The tasks of a window's steps.
//
//   (1) A step's task is called when the step starts, and at most once.
//   (2) The task's body waits to be told how to begin. If the step is not to run, the body is told so and returns
//       `not-run`.
//   (3) If outcomes of an earlier try may be stored, all tasks are called before the superstep ends, so that the stored
//       outcome of a step that was not started this time is kept.
//   (4) Each outcome must belong to its step. Otherwise the run ends.
import type { LangGraphRunnableConfig } from "@langchain/langgraph";
import { createTaskCalls, isGoingOn } from "../../langgraph/index.js";
import type { Priority } from "../../scheduler/index.js";
import { assertOwnOutcome, type StepOutcome } from "../steps/index.js";
import type { WindowStep } from "./window.js";

/** The tasks of a window's steps. */
export interface StepTasks {
  /**
   * Starts a step; this is the scheduler's port. Resolves with the step's outcome, new or stored, once that is
   * processed.
   */
  readonly start: (step: WindowStep, signal: AbortSignal, priority: Priority) => Promise<StepOutcome>;
  /** Tells the bodies that have not started that their steps will not run. */
  close(): void;
  /** All outcomes at the end, in plan order. */
  outcomes(): Promise<StepOutcome[]>;
}

interface Call {
  readonly begin: (priority: Priority | undefined) => void;
  readonly outcome: Promise<StepOutcome>;
}

/** What the tasks need. */
interface StepTasksOptions {
  readonly window: readonly WindowStep[];
  /** The config of the node that the tasks belong to. */
  readonly config: LangGraphRunnableConfig;
  /**
   * Makes the body of a step's task. The body waits for a priority and then begins; if it gets undefined, it does not
   * run.
   */
  bodyOf(step: WindowStep, begun: Promise<Priority | undefined>): () => Promise<StepOutcome>;
  /** Processes the outcome of a step that was started. */
  onOutcome(outcome: StepOutcome): Promise<void>;
}

/** Creates the tasks of a window's steps. It must be called while the node runs. */
export function createStepTasks({ window, config, bodyOf, onOutcome }: StepTasksOptions): StepTasks {
  const tasks = createTaskCalls(config);
  const calls = new Map<string, Call>();

  function call(step: WindowStep): Call {
    const before = calls.get(step.id);
    if (before !== undefined) {
      return before;
    }
    let begin: Call["begin"] = () => {};
    const begun = new Promise<Priority | undefined>((resolve) => {
      begin = resolve;
    });
    const task = tasks.call(`step:${step.id}`, step.place, bodyOf(step, begun));
    const outcome = task.then((stored) => {
      assertOwnOutcome(step, stored);
      return stored;
    });
    outcome.catch(() => {});
    const made = { begin, outcome };
    calls.set(step.id, made);
    return made;
  }

  function callAll(): void {
    for (const step of window) {
      call(step);
    }
  }

  function close(): void {
    for (const { begin } of calls.values()) {
      begin(undefined);
    }
  }

  if (!tasks.takesPlaces) {
    callAll();
  }
  return {
    async start(step, _signal, priority) {
      const { begin, outcome } = call(step);
      begin(priority);
      const stored = await outcome;
      await onOutcome(stored);
      return stored;
    },
    close,
    outcomes() {
      if (isGoingOn(config)) {
        callAll();
      }
      close();
      return Promise.all(window.flatMap(({ id }) => calls.get(id)?.outcome ?? []));
    },
  };
}
