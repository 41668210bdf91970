import type { Priority, Slots } from "./slots.js";

/** What the scheduler needs to know of a step. */
export interface ScheduledStep {
  /** The step's id. If several steps share an id, only the first one runs. */
  readonly id: string;
  /** The complete list of what must settle first: explicit, implicit and by reference. */
  readonly dependsOn: readonly string[];
}

/**
 * What a step's result means for its dependents. `settled`: they may start. `failed`: they are skipped. `held`: they
 * neither start nor are skipped, because the step did not end (it waits for a person, or was not run).
 */
export type Settlement = "settled" | "failed" | "held";

/** The order among steps that could all start now. */
export type ScheduleOrder = "longest-first" | "sequential";

/** The options of `runSchedule`: what to run, and how. */
export interface ScheduleOptions<S extends ScheduledStep, R> {
  /** The steps in plan order, which need not be a topological order. */
  readonly steps: readonly S[];
  /** Ids that count as settled. If a step of `steps` is among them, it does not run again. @default none */
  readonly settled?: ReadonlySet<string>;
  /** The slots that steps run in. Others may take slots of them too. */
  readonly slots: Slots;
  /**
   * `longest-first`: of the steps that could start, the one with the longest way ahead goes first. `sequential`: one
   * step at a time, the first in plan order that could start. @default "longest-first"
   */
  readonly order?: ScheduleOrder;
  /** Aborts the schedule: every running step is told, and nothing more starts. @default never */
  readonly signal?: AbortSignal;
  /**
   * Runs one step: the port. It must resolve however the step ends; a rejection ends the schedule. The signal belongs
   * to this step alone. The priority is for steps whose items ask for slots of their own.
   */
  runStep(step: S, signal: AbortSignal, priority: Priority): Promise<R>;
  /** Says what a step's result means for its dependents. */
  settlementOf(result: R): Settlement;
  /**
   * Whether a step takes a slot. A step that takes none starts as soon as its dependencies have settled. Asked once for
   * each step, before any step starts. @default always
   */
  takesSlot?(step: S): boolean;
  /** Asked each time a step settles. Once it says yes, nothing new starts. @default never */
  shouldStop?(results: ReadonlyMap<string, R>): boolean;
}

/** A step that did not run because a step that it depends on failed. */
export interface SkippedStep<S> {
  readonly step: S;
  /** The id of the failed step. */
  readonly because: string;
}

/** A step that ended without a result because of the abort. */
export interface AbandonedStep<S> {
  readonly step: S;
  /** What it rejected with. */
  readonly error: unknown;
}

/** What became of the steps. Steps that had settled before the schedule began are in none of the lists. */
export interface ScheduleResult<S extends ScheduledStep, R> {
  /** The results of the steps that ran, by id, in the order in which they settled. */
  readonly results: ReadonlyMap<string, R>;
  /** The steps behind a failed one. */
  readonly skipped: readonly SkippedStep<S>[];
  /** The steps that rejected after the abort. */
  readonly abandoned: readonly AbandonedStep<S>[];
  /** The steps that neither ran nor were skipped, in plan order: a stop came first, or a dependency has not settled. */
  readonly notStarted: readonly S[];
  /** Whether `shouldStop` said yes. */
  readonly stopped: boolean;
  /** Whether the signal aborted. */
  readonly aborted: boolean;
}
