import {
  isPassable,
  type PlanStep,
  resolveDependencies,
  type StepResult,
  stepKind,
} from "../../plan/index.js";
import { type Decision, decidedPart, replacedResults } from "../../state/index.js";
import { addUsageCounts, type UsageCount } from "../../usage/index.js";
import { measurePath, type PathTimes } from "./critical-path.js";
import { readPhases } from "./phases.js";
import { type RunState, readRunState } from "./run-state.js";
import { type Span, toStepSpans } from "./spans.js";

/** A thread's snapshot, as `getState` gives it. */
export interface RunSnapshot {
  readonly values: unknown;
  readonly config: { readonly configurable?: Readonly<Record<string, unknown>> };
  readonly createdAt?: string;
  readonly tasks: readonly unknown[];
}

/** How far a step has come. */
export type StepState = StepResult["status"] | "open" | "running" | "asking";

/** A step of a run: what was planned, what became of it, and what it took. */
export interface RunStep {
  readonly id: string;
  /** The step as it was planned last. */
  readonly planned: PlanStep;
  readonly state: StepState;
  readonly result?: StepResult;
  /** What became of earlier steps of the same id, which a new plan replaced. */
  readonly replaced: readonly StepResult[];
  readonly dependsOn: readonly string[];
  readonly spans: readonly Span[];
  readonly isCritical: boolean;
  /** What the models cost that it called; undefined if it called none. */
  readonly usage?: UsageCount;
  readonly decisions: readonly Decision[];
}

/** A turn of a thread, as a page shows it. */
export interface Run {
  readonly threadId: string;
  readonly state: RunState;
  /** How it ended or where it stands. `unfinished`: it is under way or was cut off, and nobody knows which. */
  readonly status: RunState["status"] | "unfinished" | "cut-off";
  readonly startedAt: number;
  /** When it ended, or the moment at which it is shown. */
  readonly endedAt: number;
  /** Whether it may still go on by itself. */
  readonly isUnderWay: boolean;
  /** Whether it neither goes on nor waits, so that it stays as it is. */
  readonly isOver: boolean;
  readonly steps: readonly RunStep[];
  /** What went on beside the steps: planning, asking about the plan, answering. */
  readonly phases: readonly Span[];
  readonly times: PathTimes;
}

/** What has to be known beside the snapshot. */
export interface ReadOptions {
  readonly now: () => number;
  readonly isReadOnly: (tool: string) => boolean;
  /** Whether somebody is at work on the thread. A checkpointer does not say it. Undefined: nobody knows. */
  readonly isRunning?: boolean | undefined;
}

/**
 * Reads what a page shows out of a snapshot.
 * @throws ReportError if it holds no turn.
 */
export function readRun(snapshot: RunSnapshot, { now, isReadOnly, isRunning }: ReadOptions): Run {
  const threadId = String(snapshot.config.configurable?.thread_id ?? "");
  const state = readRunState(snapshot.values, threadId);
  const { turn, request, outcome } = state;
  const isOpen = snapshot.tasks.length > 0;
  const goesOn = isOpen && request === null;
  const isUnderWay = goesOn && isRunning !== false;
  const startedAt = Date.parse(turn.startedAt);
  const shownAt = isOpen ? now() : Date.parse(snapshot.createdAt ?? turn.startedAt);
  const status = goesOn && outcome === null ? statusOf(isRunning) : state.status;
  const steps = readSteps(state, { isReadOnly, isUnderWay, nowMs: shownAt });
  const ends = steps.flatMap(({ spans }) => spans.map(({ to }) => to));
  const endedAt = Math.max(shownAt, startedAt, ...ends);
  const times = measurePath(steps);
  const critical = new Set(times.path);
  return {
    threadId,
    state,
    status: request === null ? status : "waiting",
    startedAt,
    endedAt,
    isUnderWay,
    isOver: !isOpen,
    steps: steps.map((step) => ({ ...step, isCritical: critical.has(step.id) })),
    phases: readPhases(state, steps, { startedAt, endedAt, isOpen }),
    times,
  };
}

function statusOf(isRunning: boolean | undefined): Run["status"] {
  if (isRunning === undefined) {
    return "unfinished";
  }
  return isRunning ? "executing" : "cut-off";
}

interface Moment {
  readonly isReadOnly: ReadOptions["isReadOnly"];
  readonly isUnderWay: boolean;
  readonly nowMs: number;
}

/** Lists the steps of the plan, and those that ran and that a later plan left out, in the order of their plans. */
function readSteps(
  state: RunState,
  { isReadOnly, isUnderWay, nowMs }: Moment,
): Omit<RunStep, "isCritical">[] {
  const results = new Map(state.pastSteps.map((result) => [result.id, result]));
  const planned = listPlanned(state, results);
  const passed = new Set(state.pastSteps.filter(isPassable).map(({ id }) => id));
  const open = new Set(state.plan.map(({ id }) => id));
  const dependencies = resolveDependencies(planned, { isReadOnly });
  return planned.map((step, index) => {
    const { id } = step;
    const result = results.get(id);
    const dependsOn = dependencies[index]?.dependsOn ?? [];
    const decisions = state.decisions.filter((one) => partOf(decidedPart(one, state.turn.id)) === id);
    const canRun = isUnderWay && open.has(id) && dependsOn.every((other) => passed.has(other));
    const ends = dependsOn.map((other) => Date.parse(results.get(other)?.endedAt ?? ""));
    const replaced = replacedResults(state).filter((one) => one.id === id);
    return {
      id,
      planned: step,
      state: result?.status ?? (isAsked(state, id) ? "asking" : canRun ? "running" : "open"),
      result,
      replaced,
      dependsOn,
      spans: [
        ...lostSpans(replaced),
        ...spansOf(state, step, {
          result,
          decisions,
          nowMs,
          readyAt: canRun ? Math.max(...ends) : undefined,
        }),
      ],
      usage: usageOf(state, id),
      decisions,
    };
  });
}

interface StepFacts extends Pick<RunStep, "result" | "decisions"> {
  readonly nowMs: number;
  /** When the last step settled that it needs; undefined if one is still missing. */
  readonly readyAt: number | undefined;
}

/**
 * Finds where the time of a step went. Until a step settles or waits nobody stores that it began, so one that can run
 * counts as begun.
 */
function spansOf(state: RunState, step: PlanStep, { result, decisions, nowMs, readyAt }: StepFacts): Span[] {
  const { id } = step;
  const plannedAt = plannedAtOf(state, id);
  const begun = result?.startedAt ?? state.suspended.find(({ stepId }) => partOf(stepId) === id)?.startedAt;
  const guessed = readyAt === undefined || result !== undefined ? undefined : Math.max(plannedAt, readyAt);
  const startedAt = begun === undefined ? guessed : Date.parse(begun);
  const asked = decisions.flatMap(({ askedAt, at }) =>
    askedAt === undefined ? [] : [{ from: Date.parse(askedAt), to: Date.parse(at) }],
  );
  if (state.request !== null && isAsked(state, id)) {
    asked.push({ from: Date.parse(state.request.askedAt), to: nowMs });
  }
  const [first] = asked;
  if (first !== undefined && startedAt !== undefined && waitsForLeave(state, step, decisions)) {
    // A call that waits for leave has not begun, however long others worked before the person was asked.
    asked[0] = { ...first, from: startedAt };
  }
  const endedAt = result === undefined ? nowMs : Date.parse(result.endedAt);
  const isFailed = result !== undefined && !isPassable(result);
  return toStepSpans({ plannedAt, startedAt, endedAt, isFailed, retries: result?.retries, asked });
}

/** Whether a step was held before its only call, and not in the middle of its work. */
function waitsForLeave({ request }: RunState, step: PlanStep, [first]: readonly Decision[]): boolean {
  const isOneCall = stepKind(step) === "direct" && step.forEach === undefined;
  const asks = request?.waiting.some(
    (one) => one.kind === "action" && one.stepId === step.id && one.asks !== undefined,
  );
  return isOneCall && (first === undefined ? asks !== true : first.type !== "respond");
}

/** The time that earlier steps of this id took, which came to nothing. */
function lostSpans(replaced: readonly StepResult[]): Span[] {
  return replaced.flatMap(({ startedAt, endedAt, retries }) => {
    const from = startedAt === undefined ? undefined : Date.parse(startedAt);
    const times = { plannedAt: from ?? 0, startedAt: from, endedAt: Date.parse(endedAt) };
    return toStepSpans({ ...times, isFailed: true, retries, asked: [] });
  });
}

function isAsked({ request }: RunState, id: string): boolean {
  return request?.waiting.some((one) => one.kind === "action" && partOf(one.stepId) === id) ?? false;
}

function listPlanned(state: RunState, results: ReadonlyMap<string, StepResult>): PlanStep[] {
  const known = new Map(
    [...state.planVersions.flatMap(({ steps }) => steps), ...state.plan].map((step) => [step.id, step]),
  );
  const kept = new Set([...state.plan.map(({ id }) => id), ...results.keys()]);
  return [...known.values()].filter(({ id }) => kept.has(id));
}

/** When the plan was made that this step, as it is now, came with. */
function plannedAtOf({ planVersions, turn }: RunState, id: string): number {
  const since = planVersions.findLast(({ replaced = [] }) => replaced.some((one) => one.id === id));
  const version = since ?? planVersions.find(({ steps }) => steps.some((step) => step.id === id));
  return Date.parse(version?.at ?? turn.startedAt);
}

function usageOf({ usage }: RunState, id: string): UsageCount | undefined {
  const counts = Object.entries(usage.byStep).flatMap(([stepId, count]) =>
    partOf(stepId) === id ? [count] : [],
  );
  return counts.length === 0 ? undefined : counts.reduce(addUsageCounts);
}

/** The step that a part belongs to: an item of a for-each step is `id[0]`. */
function partOf(id: string): string {
  return id.replace(/\[\d+\]$/, "");
}
