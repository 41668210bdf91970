// One superstep of the executor runs everything that can run, without barriers.
//
//   (1) Every step that starts is a task (step-tasks.ts). The task is named after the step and called at its own
//       position (langgraph/task-calls.ts), so LangGraph finds its stored outcome again, whenever it is called.
//   (2) A task's body throws only if the run is aborted. Otherwise it returns an outcome with the step's id and hash.
//   (3) A step has ended only when its outcome is stored. Only then is its slot freed, and only then do its dependents
//       start.
//   (4) The executor never interrupts. It returns what waits for a person as waiting.
import { setMaxListeners } from "node:events";
import { linkSignal, withoutUndefined } from "../../base/index.js";
import { isPassable, type StepResult } from "../../plan/index.js";
import { createSlots, type Priority, runSchedule, type Slots } from "../../scheduler/index.js";
import { type AgentState, openSteps, turnOf } from "../../state/index.js";
import { createUsageMeter, type Usage } from "../../usage/index.js";
import { createStepCounter, type NodeContext, threadKey } from "../run/index.js";
import {
  emitEnd,
  openStepJournal,
  type PartOutcome,
  runForEach,
  runPart,
  type StepOutcome,
  StepPast,
  type StepsInCommon,
  settlementOf,
} from "../steps/index.js";
import { createPlanView, type PlanView } from "../turn/index.js";
import { EarlyCalls } from "./early-calls.js";
import { createStepTasks } from "./step-tasks.js";
import { StopRules } from "./stop-rules.js";
import { TurnResults } from "./turn-results.js";
import { describeStuck, toWindow, type WindowStep } from "./window.js";

/** The result of a superstep. */
export interface SuperstepEnd {
  /** The outcomes of its steps, in plan order. */
  readonly outcomes: readonly StepOutcome[];
  /** Results of the steps that were skipped because a step before them did not succeed. */
  readonly skipped: readonly StepResult[];
  /** Whether there are steps that could run, but that this superstep did not get to. */
  readonly moreToRun: boolean;
  /** Whether the policy wants to ask the replanner. */
  readonly replanAsked: boolean;
  /** Why no step can start; undefined if some can. */
  readonly stuck: string | undefined;
  /** The limit that forbade a step's call, as a sentence; undefined if none did. */
  readonly limitMet: string | undefined;
  /** How many calls of the turn began early and were taken over by no step. */
  readonly droppedCalls: number;
  /** What agents used that started early and that no step took over. */
  readonly droppedUsage: readonly Usage[];
}

/** Runs a window of steps. `limit` aborts when the turn's time is up. */
export async function runSuperstep(
  state: AgentState,
  context: NodeContext,
  limit: AbortSignal,
): Promise<SuperstepEnd> {
  const view = createPlanView(state, context);
  try {
    return await new ExecutorSuperstep(state, view, limit).run();
  } finally {
    view.close();
  }
}

class ExecutorSuperstep {
  readonly #state: AgentState;
  readonly #context: NodeContext;
  readonly #results: TurnResults;
  readonly #rules: StopRules;
  readonly #slots: Slots;
  readonly #early: EarlyCalls;
  readonly #common: StepsInCommon;
  /** Aborts every step: it follows the run's own signal and the limit's. */
  readonly #signal: AbortSignal;

  constructor(state: AgentState, { context, countItems }: PlanView, limit: AbortSignal) {
    const { services, settings, config } = context;
    const { id: turnId } = turnOf(state);
    this.#state = state;
    this.#context = context;
    this.#signal = linkSignal(context.signal, limit).signal;
    // Each attempt listens while it lasts, so more than ten listeners are normal.
    setMaxListeners(0, this.#signal);
    this.#rules = new StopRules(context, limit);
    this.#results = new TurnResults(state, context);
    const { order, concurrency } = settings.executor;
    this.#slots = createSlots(order === "sequential" ? 1 : concurrency);
    const early = services.earlySteps.take(config, turnId);
    this.#early = new EarlyCalls(early, context);
    // The counter of early steps began before their plan was accepted.
    early?.counter.replace(state.planVersions.at(-1)?.replaced ?? []);
    this.#common = {
      limit,
      worked: new Set(),
      counter: early?.counter ?? createStepCounter(settings.limits.maxSteps, state),
      slots: this.#slots,
      journal: openStepJournal(turnId, context),
      limitMet: (error) => this.#rules.meetLimit(error),
      claimEarly: (call, signal) => this.#early.claim(call, signal),
      claimAgent: (step, signal) => this.#early.claimAgent(step, state, signal),
      countItems,
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
      // If a step stands behind two failed ones, plan order decides which one is named, not which failed first.
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
    const droppedUsage = await this.#early.usageOfDropped();
    return {
      outcomes: await tasks.outcomes(),
      skipped,
      moreToRun,
      replanAsked,
      stuck,
      limitMet,
      droppedCalls,
      droppedUsage,
    };
  }

  /** Makes the body of a step's task. LangGraph calls it and stores what it returns. */
  #bodyOf(
    { id: stepId, stepHash, step }: WindowStep,
    begun: Promise<Priority | undefined>,
  ): () => Promise<StepOutcome> {
    return async () => {
      const priority = await begun;
      if (priority === undefined) {
        return { stepId, stepHash, kind: "not-run" };
      }
      this.#common.worked.add(stepId);
      const part = this.#results.partOf(step);
      const meter = createUsageMeter();
      const past = new StepPast(this.#state, stepHash);
      const { config, services } = this.#context;
      const watched = services.liveThreads.watchStep(threadKey(config, true), stepId);
      const linked = linkSignal(this.#signal, watched.cancelled);
      const environment = {
        context: this.#context,
        state: this.#state,
        signal: linked.signal,
        cancelled: watched.cancelled,
        meter,
        past,
        common: this.#common,
      };
      let outcome: PartOutcome;
      try {
        outcome = await (step.forEach === undefined
          ? runPart(part, environment)
          : runForEach(part, step.forEach, environment, priority));
      } finally {
        watched.end();
        linked.unlink();
      }
      const total = meter.total();
      const usage = total.calls === 0 ? undefined : total;
      const spent = past.spent.length === 0 ? undefined : past.spent;
      const effects = past.noted.length === 0 ? undefined : past.noted;
      return withoutUndefined({ stepId, stepHash, ...outcome, usage, spent, effects });
    };
  }

  /** Processes a step's outcome before the scheduler looks at it. */
  async #settle(outcome: StepOutcome): Promise<void> {
    await this.#context.storage?.settledAfterTurn(this.#context.signal);
    if (outcome.kind !== "ended") {
      return;
    }
    this.#rules.noteEnd();
    this.#results.keep(outcome.result);
    this.#common.counter.count(outcome.result);
    const { result, usage } = outcome;
    emitEnd(result, this.#context, { usage, isReplayed: !this.#common.worked.has(result.id) });
    await this.#rules.askPolicy(this.#state, this.#results, this.#signal);
  }
}
