// One superstep of the executor: everything that can run, without barriers.
//
//   (1) Every step that starts is a task (step-tasks.ts), named after it and called at a place of its own
//       (task-calls.ts), so that LangGraph finds its stored outcome again, whenever it is called.
//   (2) A task's body never throws but on the run's abort: it returns an outcome that carries step and hash.
//   (3) A step has ended when its outcome is stored: its slot is free, and what depends on it starts, only then.
//   (4) The executor never interrupts: what waits for a person is returned as waiting.
import { setMaxListeners } from "node:events";
import {
  describeError,
  type JsonValue,
  type LinkedSignal,
  linkSignal,
  raceSignal,
} from "../../base/index.js";
import { isPassable, type PlanStep, resolveDependencies, type StepResult } from "../../plan/index.js";
import { type ReplanWhen, stopsForReplan } from "../../policy/index.js";
import { createSlots, type Priority, type Release, runSchedule } from "../../scheduler/index.js";
import {
  type AgentState,
  type Decision,
  decidedPart,
  openSteps,
  type SuspendedStep,
  type Turn,
  turnOf,
} from "../../state/index.js";
import { createUsageMeter } from "../../usage/index.js";
import {
  createStepCounter,
  type EarlyRun,
  type NodeContext,
  type StepCounter,
  threadKey,
  timeNow,
} from "../run/index.js";
import {
  emitEnd,
  openStepJournal,
  type Part,
  type PartEnvironment,
  runStep,
  type StepJournal,
  type StepOutcome,
  settlementOf,
} from "../steps/index.js";
import { createStepTasks } from "./step-tasks.js";
import { describeStuck, findSkipped, skippedBehind, toWindow, type WindowStep } from "./window.js";

/** Goes before every step. */
const FIRST: Priority = { rank: Number.POSITIVE_INFINITY, index: -1 };

/** Runs a window of steps, and knows afterwards what is to come of it. */
export class ExecutorSuperstep {
  /** Results of the steps behind one that did not come out right. */
  readonly skipped: StepResult[] = [];
  /** Whether steps can run that this superstep does not get to. */
  moreToRun = false;
  /** Whether the policy wants the replanner asked. */
  replanAsked = false;
  /** Why no step can start, where none can. */
  stuck: string | undefined;
  /** The limit that forbade a call of a step's, as a sentence, where one did. */
  limitMet: string | undefined;
  readonly #state: AgentState;
  readonly #turn: Turn;
  readonly #context: NodeContext;
  readonly #limit: AbortSignal;
  /** Ends every step: with the run's own signal, and the limit's. */
  readonly #linked: LinkedSignal;
  readonly #startedMs: number;
  /** What steps gave, by id: those of earlier supersteps and, as they settle, those of this one. */
  readonly #results = new Map<string, StepResult>();
  /** What references stand for: it grows as steps settle. */
  readonly #values = new Map<string, JsonValue>();
  readonly #dependencies: ReadonlyMap<string, readonly string[]>;
  readonly #window: readonly WindowStep[];
  readonly #openCount: number;
  readonly #decisions: readonly Decision[];
  /** Those that hold: not of a step that is done again. */
  readonly #standing: readonly Decision[];
  readonly #slots;
  readonly #journal: StepJournal | undefined;
  readonly #steps: StepCounter;
  readonly #threadKey: string;
  readonly #early: EarlyRun | undefined;
  readonly #heldSlots = new Map<string, Release>();
  /** Whether a step has ended since the scheduler last asked whether to stop. */
  #hasEnded = false;

  constructor(state: AgentState, context: NodeContext, limit: AbortSignal) {
    this.#state = state;
    this.#turn = turnOf(state);
    this.#context = context;
    this.#limit = limit;
    this.#linked = linkSignal(context.signal, limit);
    // Each attempt listens while it lasts: more than ten at once do so by right.
    setMaxListeners(0, this.#linked.signal);
    this.#startedMs = context.services.now();
    this.#decisions = state.decisions;
    this.#standing = state.decisions.filter(({ isVoid }) => !isVoid);
    for (const result of state.pastSteps) {
      this.#keep(result);
    }
    // What stands before a new remainder has had its time, and may well have failed: that is why there is one.
    const nodes = resolveDependencies(state.plan, {
      isReadOnly: context.services.registry.isReadOnly,
      remainderFrom: state.planVersions.at(-1)?.steps[0]?.id,
    });
    this.#dependencies = new Map(nodes.map(({ id, dependsOn }) => [id, dependsOn]));
    const open = openSteps(state.plan, state.pastSteps);
    this.#skip(findSkipped(open, this.#dependencies, this.#results));
    const runnable = openSteps(open, this.skipped);
    this.#openCount = runnable.length;
    this.#window = toWindow(
      runnable,
      this.#dependencies,
      (stepHash) => this.#suspendedOf(stepHash).length > 0,
      this.#turn.planMessageId ?? "",
    );
    const { order, concurrency } = context.settings.executor;
    this.#slots = createSlots(order === "sequential" ? 1 : concurrency);
    this.#journal = openStepJournal(this.#turn.id, context);
    this.#threadKey = threadKey(context.config, true);
    this.#early = context.services.earlySteps.take(context.config, this.#turn.id);
    this.#steps = this.#early?.counter ?? createStepCounter(context.settings.limits.maxSteps, state);
  }

  /** The calls of the turn that began early, and that no step took on. */
  get droppedCalls(): number {
    return this.#steps.dropped;
  }

  async run(): Promise<StepOutcome[]> {
    for (const [id, outcome] of this.#early?.underWay() ?? []) {
      this.#holdSlot(id, outcome);
    }
    const { config } = this.#context;
    const tasks = createStepTasks(this.#window, config, (step, priority) => this.#runTask(step, priority));
    const { executor } = this.#context.settings;
    const schedule = runSchedule<WindowStep, StepOutcome>({
      steps: this.#window,
      settled: new Set([...this.#results.values()].filter(isPassable).map(({ id }) => id)),
      slots: this.#slots,
      order: executor.order,
      signal: this.#context.signal,
      runStep: async (step, _signal, priority) => {
        const outcome = await tasks.start(step, priority);
        await this.#context.storage?.settledAfterTurn(this.#context.signal);
        await this.#askPolicy(this.#settle(outcome));
        return outcome;
      },
      settlementOf,
      takesSlot: ({ step }) => step.forEach === undefined,
      shouldStop: () => this.#shouldStop(),
    });
    try {
      const { results, skipped, abandoned, notStarted, stopped } = await schedule;
      // Of two failures behind which a step stands the plan says which is named, and not which came first.
      const behind = skipped.map(({ step }) => step.step);
      this.#skip(findSkipped(behind, this.#dependencies, this.#results));
      if (this.#context.signal?.aborted) {
        this.#context.emit({ type: "agent.cancelled", inFlight: abandoned.map(({ step }) => step.id) });
      }
      if (results.size + this.skipped.length === 0) {
        this.stuck = describeStuck(notStarted);
      }
      const kinds = [...results.values()].map(({ kind }) => kind);
      const isCut = stopped || this.#window.length < this.#openCount;
      this.moreToRun = kinds.includes("not-run") || (isCut && kinds.includes("ended"));
    } finally {
      tasks.close();
      this.#early?.cancel();
    }
    this.#context.signal?.throwIfAborted();
    return tasks.outcomes();
  }

  /** What started early counts as what runs at once, until it has ended or its step has a slot of its own. */
  #holdSlot(id: string, outcome: Promise<unknown>): void {
    this.#slots.request(FIRST, (release) => {
      this.#heldSlots.set(id, release);
      outcome.then(release, release);
    });
  }

  #claimEarly: PartEnvironment["claimEarly"] = (call, signal) => {
    const outcome = this.#early?.claim(call, signal, this.#context.emit);
    if (outcome !== undefined) {
      this.#heldSlots.get(call.partId)?.();
    }
    return outcome;
  };

  #skip(steps: readonly { readonly step: PlanStep; readonly because: string }[]): void {
    const endedAt = timeNow(this.#context.services);
    this.skipped.push(...steps.map(({ step, because }) => skippedBehind(step, because, endedAt)));
  }

  async #runTask(windowStep: WindowStep, priority: Priority | undefined): Promise<StepOutcome> {
    const { id: stepId, stepHash, step } = windowStep;
    const own = { stepId, stepHash };
    if (priority === undefined) {
      return { ...own, kind: "not-run" };
    }
    const meter = createUsageMeter();
    const spent = new Set<string>();
    const environment = this.#environment(stepHash, meter, spent);
    const outcome = await runStep(this.#part(step), environment, this.#slots, priority);
    const usage = meter.total();
    return {
      ...own,
      ...outcome,
      ...(usage.calls === 0 ? {} : { usage }),
      ...(spent.size === 0 ? {} : { spent: [...spent] }),
    };
  }

  #settle(outcome: StepOutcome): StepOutcome {
    if (outcome.kind === "ended") {
      this.#hasEnded = true;
      this.#keep(outcome.result);
      this.#steps.count(outcome.result);
      emitEnd(outcome.result, this.#context);
    }
    return outcome;
  }

  #keep(result: StepResult): void {
    this.#results.set(result.id, result);
    if (isPassable(result)) {
      this.#values.set(result.id, result.output ?? null);
    } else {
      this.#values.delete(result.id);
    }
  }

  #part(step: PlanStep): Part {
    const inputs = (this.#dependencies.get(step.id) ?? []).flatMap((id) => {
      const result = this.#results.get(id);
      return result === undefined ? [] : [result];
    });
    return { id: step.id, step, values: this.#values, inputs };
  }

  #suspendedOf(stepHash: string): SuspendedStep[] {
    if (this.#state.suspended.length === 0) {
      return [];
    }
    return this.#state.suspended.filter((suspended) => suspended.stepHash === stepHash);
  }

  #environment(stepHash: string, meter: PartEnvironment["meter"], spent: Set<string>): PartEnvironment {
    const { id: turnId, goal } = this.#turn;
    const decisions = this.#standing;
    const suspendedById = new Map(
      this.#suspendedOf(stepHash).map((suspended) => [suspended.stepId, suspended]),
    );
    return {
      context: this.#context,
      goal,
      turnId,
      state: this.#state,
      meter,
      signal: this.#linked.signal,
      limit: this.#limit,
      steps: this.#steps,
      limitMet: ({ limit, message }) => {
        if (this.limitMet !== undefined) {
          return;
        }
        this.limitMet = message;
        this.#context.emit({ type: "limit.reached", limit, message });
      },
      suspendedFor: (partId) => suspendedById.get(partId),
      decisionFor: (actionId) =>
        spent.has(actionId)
          ? undefined
          : decisions.findLast((decision) => decision.actionId === actionId && !decision.isSpent),
      timesReleased: (partId) =>
        this.#decisions.filter((decision) => decision.isSpent && decidedPart(decision, turnId) === partId)
          .length,
      spend: (actionId) => spent.add(actionId),
      decisionsOn: (partId) => decisions.filter((decision) => decidedPart(decision, turnId) === partId),
      claimEarly: this.#claimEarly,
      journal: this.#journal,
    };
  }

  #shouldStop(): boolean {
    const hasEnded = this.#hasEnded;
    this.#hasEnded = false;
    if (this.#limit.aborted || this.limitMet !== undefined) {
      return true;
    }
    if (this.#context.storage?.failure !== undefined) {
      return true;
    }
    if (this.#context.services.liveThreads.hasMail(this.#threadKey)) {
      return true;
    }
    // A step that waits for a person, or was not run, is no progress that could ask for another plan.
    if (!hasEnded) {
      return false;
    }
    if (this.replanAsked) {
      return true;
    }
    const isCommitDue =
      this.#context.services.now() - this.#startedMs >= this.#context.settings.executor.commitAfterMs;
    return isCommitDue && this.#slots.taken <= 1;
  }

  /** Asks the policy before what depends on the step can start. */
  async #askPolicy({ kind }: StepOutcome): Promise<void> {
    const { when } = this.#context.settings.replanner;
    // The lists of the progress cost time for each step of a long plan; the default does not look at them.
    // A step that waits for a person, or was not run, is no progress that could ask for another plan.
    if (when === "needed" || kind !== "ended" || this.replanAsked) {
      return;
    }
    this.replanAsked ||= await this.#wantsReplan(when);
  }

  async #wantsReplan(when: ReplanWhen): Promise<boolean> {
    const { plan } = this.#state;
    const { goal } = this.#turn;
    const pastSteps = [...this.#results.values()];
    const progress = { goal, plan, pastSteps, remaining: openSteps(plan, pastSteps) };
    try {
      const asked = stopsForReplan(when, progress, this.#context.requester);
      return await raceSignal(asked, this.#linked.signal);
    } catch (error) {
      // What a policy that is broken would have said nobody knows: the replanner may look.
      this.#context.emit({ type: "policy.failed", policy: "replanner.when", error: describeError(error) });
      return true;
    }
  }
}
