import type { Priority, Slots } from "./slots.js";

/** What the scheduler needs of a step. */
export interface ScheduledStep {
  /** The step's id; of several steps with one id only the first is run. */
  readonly id: string;
  /** Everything that must settle first, complete: explicit, implicit and by reference. */
  readonly dependsOn: readonly string[];
}

/**
 * How a step's result bears on others. `settled`: its dependents may start. `failed`: they are skipped.
 * `held`: it did not end (it waits for a person, or was not run): they neither start nor are skipped.
 */
export type Settlement = "settled" | "failed" | "held";

/** In what order steps go that could all go now. */
export type ScheduleOrder = "longest-first" | "sequential";

/** What is to be run, and how. */
export interface ScheduleOptions<S extends ScheduledStep, R> {
  /** The steps in plan order, which need not be a topological one. */
  readonly steps: readonly S[];
  /** Ids that count as settled dependencies; a step of `steps` among them is not run again. @default none */
  readonly settled?: ReadonlySet<string>;
  /** The limiter, shared with whatever else takes slots of it. */
  readonly slots: Slots;
  /**
   * `longest-first`: of those that could start, the one with the longest way ahead. `sequential`: one step at
   * a time, the first in plan order that could start. @default "longest-first"
   */
  readonly order?: ScheduleOrder;
  /** Ends the run: it reaches every running step, and nothing more starts. @default never */
  readonly signal?: AbortSignal;
  /**
   * Runs one step: the port. It resolves however the step ends; a rejection ends the schedule. The signal is
   * the step's own; with the priority a step whose items take slots of their own asks for them.
   */
  runStep(step: S, signal: AbortSignal, priority: Priority): Promise<R>;
  /** How a step's result bears on others. */
  settlementOf(result: R): Settlement;
  /**
   * Whether a step takes a slot; one that does not starts as soon as its dependencies have settled. Asked once
   * for each step, before any starts. @default always
   */
  takesSlot?(step: S): boolean;
  /** Asked each time a step settles, until it says yes: then nothing new starts. @default never */
  shouldStop?(results: ReadonlyMap<string, R>): boolean;
}

/** A step that was not run because one that it depends on failed. */
export interface SkippedStep<S> {
  readonly step: S;
  /** Id of the failed step. */
  readonly because: string;
}

/** A step that the abort ended without a result. */
export interface AbandonedStep<S> {
  readonly step: S;
  /** What it rejected with. */
  readonly error: unknown;
}

/** What became of the steps; those that had settled before are in none of the lists. */
export interface ScheduleResult<S extends ScheduledStep, R> {
  /** What the steps that ran gave, by id, in the order in which they settled. */
  readonly results: ReadonlyMap<string, R>;
  /** Steps behind a failed one. */
  readonly skipped: readonly SkippedStep<S>[];
  /** Steps that rejected after the abort. */
  readonly abandoned: readonly AbandonedStep<S>[];
  /** Steps that neither ran nor were skipped, in plan order: what came in between, or what they wait for. */
  readonly notStarted: readonly S[];
  /** Whether `shouldStop` said yes. */
  readonly stopped: boolean;
  /** Whether the signal aborted. */
  readonly aborted: boolean;
}
