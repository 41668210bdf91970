// One superstep of the executor: everything that can run, without barriers.
//
//   (1) Every step that starts is a task (step-tasks.ts), named after it and called at a place of its own
//       (task-calls.ts), so that LangGraph finds its stored outcome again, whenever it is called.
//   (2) A task's body never throws but on the run's abort: it returns an outcome that carries step and hash.
//   (3) A step has ended when its outcome is stored: its slot is free, and what depends on it starts, only then.
//   (4) The executor never interrupts: what waits for a person is returned as waiting.
import { setMaxListeners } from "node:events";
import { linkSignal, withoutUndefined } from "../../base/index.js";
import { isPassable, type StepResult } from "../../plan/index.js";
import { createSlots, type Priority, runSchedule, type Slots } from "../../scheduler/index.js";
import { type AgentState, openSteps, turnOf } from "../../state/index.js";
import { createUsageMeter } from "../../usage/index.js";
import { createStepCounter, type NodeContext } from "../run/index.js";
import {
  emitEnd,
  openStepJournal,
  runForEach,
  runPart,
  type StepOutcome,
  StepPast,
  type StepsInCommon,
  settlementOf,
} from "../steps/index.js";
import { EarlyCalls } from "./early-calls.js";
import { createStepTasks } from "./step-tasks.js";
import { StopRules } from "./stop-rules.js";
import { TurnResults } from "./turn-results.js";
import { describeStuck, toWindow, type WindowStep } from "./window.js";

/** What a superstep has come to. */
export interface SuperstepEnd {
  /** How its steps ended, in plan order. */
  readonly outcomes: readonly StepOutcome[];
  /** Results of the steps behind one that did not come out right. */
  readonly skipped: readonly StepResult[];
  /** Whether steps can run that this superstep did not get to. */
  readonly moreToRun: boolean;
  /** Whether the policy wants the replanner asked. */
  readonly replanAsked: boolean;
  /** Why no step can start, where none can. */
  readonly stuck: string | undefined;
  /** The limit that forbade a call of a step's, as a sentence, where one did. */
  readonly limitMet: string | undefined;
  /** The calls of the turn that began early, and that no step took on. */
  readonly droppedCalls: number;
}

/** Runs a window of steps. `limit` aborts when the turn's time is up. */
export async function runSuperstep(
  state: AgentState,
  context: NodeContext,
  limit: AbortSignal,
): Promise<SuperstepEnd> {
  return new ExecutorSuperstep(state, context, limit).run();
}

class ExecutorSuperstep {
  readonly #state: AgentState;
  readonly #context: NodeContext;
  readonly #results: TurnResults;
  readonly #rules: StopRules;
  readonly #slots: Slots;
  readonly #early: EarlyCalls;
  readonly #common: StepsInCommon;
  /** Ends every step: with the run's own signal, and the limit's. */
  readonly #signal: AbortSignal;

  constructor(state: AgentState, context: NodeContext, limit: AbortSignal) {
    const { services, settings, config } = context;
    const { id: turnId } = turnOf(state);
    this.#state = state;
    this.#context = context;
    this.#signal = linkSignal(context.signal, limit).signal;
    // Each attempt listens while it lasts: more than ten at once do so by right.
    setMaxListeners(0, this.#signal);
    this.#rules = new StopRules(context, limit);
    this.#results = new TurnResults(state, context);
    const { order, concurrency } = settings.executor;
    this.#slots = createSlots(order === "sequential" ? 1 : concurrency);
    const early = services.earlySteps.take(config, turnId);
    this.#early = new EarlyCalls(early, context);
    this.#common = {
      limit,
      counter: early?.counter ?? createStepCounter(settings.limits.maxSteps, state),
      slots: this.#slots,
      journal: openStepJournal(turnId, context),
      limitMet: (error) => this.#rules.meetLimit(error),
      claimEarly: (call, signal) => this.#early.claim(call, signal),
    };
  }

  async run(): Promise<SuperstepEnd> {
    const { signal, services, config, settings, emit } = this.#context;
    const { plan, pastSteps, suspended } = this.#state;
    const results = this.#results;
    const open = openSteps(plan, pastSteps);
    results.skipBehindFailed(open, services);
    const runnable = openSteps(open, results.skipped);
    const isUnderWay = (hash: string) => suspended.some(({ stepHash }) => stepHash === hash);
    const window = toWindow(
      runnable,
      results.dependencies,
      isUnderWay,
      turnOf(this.#state).planMessageId ?? "",
    );
    this.#early.holdSlots(this.#slots);
    const tasks = createStepTasks({
      window,
      config,
      bodyOf: (step, begun) => this.#bodyOf(step, begun),
      onOutcome: (outcome) => this.#settle(outcome),
    });
    const schedule = runSchedule<WindowStep, StepOutcome>({
      steps: window,
      settled: new Set(results.all.filter(isPassable).map(({ id }) => id)),
      slots: this.#slots,
      order: settings.executor.order,
      signal,
      runStep: tasks.start,
      settlementOf,
      takesSlot: ({ step }) => step.forEach === undefined,
      shouldStop: () => this.#rules.shouldStop(this.#slots.taken),
    });
    let stuck: string | undefined;
    let moreToRun: boolean;
    try {
      const ended = await schedule;
      // Of two failures behind which a step stands the plan says which is named, and not which came first.
      const behind = ended.skipped.map(({ step }) => step.step);
      results.skipBehindFailed(behind, services);
      if (signal?.aborted) {
        emit({ type: "agent.cancelled", inFlight: ended.abandoned.map(({ step }) => step.id) });
      }
      if (ended.results.size + results.skipped.length === 0) {
        stuck = describeStuck(ended.notStarted);
      }
      const kinds = [...ended.results.values()].map(({ kind }) => kind);
      const isCut = ended.stopped || window.length < runnable.length;
      moreToRun = kinds.includes("not-run") || (isCut && kinds.includes("ended"));
    } finally {
      tasks.close();
      this.#early.cancel();
    }
    signal?.throwIfAborted();
    const { skipped } = results;
    const { replanAsked, limitMet } = this.#rules;
    const droppedCalls = this.#common.counter.dropped;
    return {
      outcomes: await tasks.outcomes(),
      skipped,
      moreToRun,
      replanAsked,
      stuck,
      limitMet,
      droppedCalls,
    };
  }

  /** The body of a step's task: LangGraph calls it, and stores what it returns. */
  #bodyOf(
    { id: stepId, stepHash, step }: WindowStep,
    begun: Promise<Priority | undefined>,
  ): () => Promise<StepOutcome> {
    return async () => {
      const priority = await begun;
      if (priority === undefined) {
        return { stepId, stepHash, kind: "not-run" };
      }
      const part = this.#results.partOf(step);
      const meter = createUsageMeter();
      const past = new StepPast(this.#state, stepHash);
      const environment = {
        ...{ context: this.#context, state: this.#state, signal: this.#signal },
        ...{ meter, past, common: this.#common },
      };
      const outcome = await (step.forEach === undefined
        ? runPart(part, environment)
        : runForEach(part, step.forEach, environment, priority));
      const usage = meter.total().calls === 0 ? undefined : meter.total();
      const spent = past.spent.length === 0 ? undefined : past.spent;
      return withoutUndefined({ stepId, stepHash, ...outcome, usage, spent });
    };
  }

  /** Takes on what a step came to: the scheduler looks at it next. */
  async #settle(outcome: StepOutcome): Promise<void> {
    await this.#context.storage?.settledAfterTurn(this.#context.signal);
    if (outcome.kind !== "ended") {
      return;
    }
    this.#rules.noteEnd();
    this.#results.keep(outcome.result);
    this.#common.counter.count(outcome.result);
    emitEnd(outcome.result, this.#context);
    await this.#rules.askPolicy(this.#state, this.#results, this.#signal);
  }
}
