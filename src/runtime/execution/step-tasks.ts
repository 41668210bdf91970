// The tasks of a window's steps.
//
//   (1) The task of a step is called when the step starts, and at most once.
//   (2) Its body waits until it is told how to begin; where the step is not to run it is told so, and returns `not-run`.
//   (3) Where outcomes of an earlier try may be stored, all tasks are called before the end: what is stored of a step
//       that was not started this time is kept.
//   (4) Each outcome must be its step's own, or the run ends.
import type { LangGraphRunnableConfig } from "@langchain/langgraph";
import { createTaskCalls, isGoingOn } from "../../langgraph/index.js";
import type { Priority } from "../../scheduler/index.js";
import { assertOwnOutcome, type StepOutcome } from "../steps/index.js";
import type { WindowStep } from "./window.js";

/** The tasks of a window's steps. */
export interface StepTasks {
  /** Starts a step, as the scheduler's port; resolves with its outcome, or the stored one, once that is taken on. */
  readonly start: (step: WindowStep, signal: AbortSignal, priority: Priority) => Promise<StepOutcome>;
  /** Tells the bodies that were not started that their steps are not to run. */
  close(): void;
  /** What there is in the end, in plan order. */
  outcomes(): Promise<StepOutcome[]>;
}

interface Call {
  readonly begin: (priority: Priority | undefined) => void;
  readonly outcome: Promise<StepOutcome>;
}

/** What tasks are made of. */
interface StepTasksOptions {
  readonly window: readonly WindowStep[];
  /** The config of the node that the tasks belong to. */
  readonly config: LangGraphRunnableConfig;
  /** The body of a step's task; it begins with the priority that it waits for, or not where there is none. */
  bodyOf(step: WindowStep, begun: Promise<Priority | undefined>): () => Promise<StepOutcome>;
  /** Takes on what a step that was started came to. */
  onOutcome(outcome: StepOutcome): Promise<void>;
}

/** The tasks of steps; made while the node runs. */
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
