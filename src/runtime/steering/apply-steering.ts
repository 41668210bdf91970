// What people change between the steps of a turn. Whatever they change, successful results stay. Every change leads to
// a state from which the executor or the replanner continues: nothing waits, and the turn has not ended.
import { HumanMessage } from "@langchain/core/messages";
import {
  type Plan,
  type PlanStep,
  planSchema,
  readPlan,
  type StepResult,
  splitReplaced,
  validatePlan,
} from "../../plan/index.js";
import { isTrouble, neverRan } from "../../policy/index.js";
import {
  type AgentState,
  decidedPart,
  type PlanVersion,
  type SteerChange,
  type SteerInput,
  turnOf,
  unresolvedTrouble,
} from "../../state/index.js";
import type { ToolRegistry } from "../../tools/index.js";
import { CANCELLED, StateUpdateError, stepNotRunning } from "../run/index.js";
import { hashStep } from "../steps/index.js";
import { hasNewGoal, toPlanMessage } from "../turn/index.js";

/** What it takes to make and check changes. */
export interface SteeringTools {
  readonly registry: ToolRegistry;
  readonly maxSteps: number;
  readonly createId: () => string;
  /** The time now, as the state keeps it. */
  readonly at: string;
}

/**
 * Returns the state after all changes, made in order. If one cannot be made, throws a `StateUpdateError` and makes
 * none.
 */
export function applySteering(
  state: AgentState,
  changes: readonly SteerInput[],
  tools: SteeringTools,
): AgentState {
  assertSteerable(state, changes);
  return changes.reduce((current, change) => applyOne(current, change, tools), reopened(state));
}

function assertSteerable(state: AgentState, changes: readonly SteerInput[]): void {
  if (state.turn === null || hasNewGoal(state) || state.plan.length === 0) {
    throw nothingToSteer("Its turn has no plan yet.");
  }
  if (state.undoing !== null || state.outcome?.undone !== undefined) {
    throw new StateUpdateError(
      "NOTHING_TO_STEER",
      "What its turn did is undone, so there is nothing to build on. Give a new goal.",
    );
  }
  if (state.status === "done" && changes.some(({ type }) => type === "message")) {
    throw nothingToSteer("Its turn is done, and a message to it would come too late.");
  }
}

/** The error if there is nothing to change in a thread. */
export function nothingToSteer(why: string): StateUpdateError {
  return new StateUpdateError(
    "NOTHING_TO_STEER",
    `${why} Let it run until there is a plan, or give a new goal.`,
  );
}

/** Reopens the turn: clears the pending request and the outcome. */
function reopened(state: AgentState): AgentState {
  return {
    ...state,
    request: null,
    words: state.words?.kind === "remark" ? state.words : null,
    verdict: { kind: "run-on" },
    response: "",
    outcome: null,
    status: "executing",
  };
}

function applyOne(state: AgentState, change: SteerInput, tools: SteeringTools): AgentState {
  const steered = make(state, change, tools);
  const messageId = change.type === "message" ? steered.messages.at(-1)?.id : undefined;
  const entry = { ...change, at: tools.at, ...(messageId && { messageId }) };
  const steering = [...state.steering, entry];
  return { ...steered, steering, messages: withPlanMessage(steered) };
}

function make(state: AgentState, change: SteerChange, tools: SteeringTools): AgentState {
  switch (change.type) {
    case "message": {
      const message = new HumanMessage({ id: tools.createId(), content: change.text });
      const text = state.words === null ? change.text : `${state.words.text}\n${change.text}`;
      return {
        ...state,
        words: { kind: "remark", text },
        verdict: { kind: "replan" },
        messages: [...state.messages, message],
      };
    }
    case "skip":
      return skip(state, change.stepId, tools.at);
    case "retry":
      return retry(state, change.stepId);
    case "cancel":
      return cancelled(state, change.stepId);
    case "give-up":
      return { ...state, verdict: { kind: "give-up" } };
    case "plan":
      return replacePlan(state, change, tools);
  }
}

function skip(state: AgentState, stepId: string, endedAt: string): AgentState {
  const { step, result } = find(state, stepId);
  if (result !== undefined && !isTrouble(result) && !neverRan(result)) {
    throw notSteerable(result, "skipped");
  }
  const { description } = step;
  const attempts = result?.attempts ?? 0;
  const skipped: StepResult = { id: stepId, description, status: "skipped", attempts, endedAt };
  return withoutStep(state, stepId, [skipped]);
}

function retry(state: AgentState, stepId: string): AgentState {
  const { result } = find(state, stepId);
  if (result === undefined) {
    throw new StateUpdateError(
      "STEP_NOT_STEERABLE",
      `Step "${stepId}" has not ended: it is still to be done.`,
    );
  }
  if (!isTrouble(result)) {
    throw notSteerable(result, "done again");
  }
  return withoutStep(state, stepId, []);
}

/** The step was stopped while it ran (`execution/executor-superstep.ts`). Unless it had just ended, its result says so. */
function cancelled(state: AgentState, stepId: string): AgentState {
  const { result } = find(state, stepId);
  if (result?.error?.message !== CANCELLED) {
    throw stepNotRunning(stepId);
  }
  return state;
}

/**
 * Reopens a step: removes its result and its suspended work, and voids the decisions on it. The steps behind it are
 * open again.
 */
export function withoutStep(state: AgentState, stepId: string, instead: readonly StepResult[]): AgentState {
  const { id: turnId } = turnOf(state);
  const isOfStep = (id: string) => id === stepId || id.startsWith(`${stepId}[`);
  const past = state.pastSteps.filter((result) => result.id !== stepId && !neverRan(result));
  return {
    ...state,
    pastSteps: [...past, ...instead],
    suspended: state.suspended.filter((suspended) => !isOfStep(suspended.stepId)),
    decisions: state.decisions.map((decision) =>
      isOfStep(decidedPart(decision, turnId)) ? { ...decision, isVoid: true } : decision,
    ),
  };
}

function replacePlan(
  state: AgentState,
  { steps: given, answer }: { readonly steps: readonly unknown[]; readonly answer?: string },
  { registry, maxSteps, at }: SteeringTools,
): AgentState {
  const tools = registry.planTools();
  const pastIds = state.pastSteps.map(({ id }) => id);
  const read = readPlan({ steps: given }, { tools, pastIds });
  if (!read.found) {
    throw new StateUpdateError("INVALID_PLAN", read.reason);
  }
  const planned = new Map(state.plan.map((step) => [step.id, hashStep(step)]));
  const isSame = (step: PlanStep) => planned.get(step.id) === hashStep(step);
  const parsed = planSchema.safeParse(read.plan);
  const steps = parsed.success ? parsed.data.steps : [];
  // A step that did not succeed may be repaired under its own id.
  const changed = steps.filter((step) => !isSame(step));
  const ran = state.pastSteps.filter((result) => !neverRan(result));
  const { kept: past, replaced } = splitReplaced(ran, changed);
  const ended = new Set(past.map(({ id }) => id));
  const remainder = steps.filter((step) => !(ended.has(step.id) && isSame(step)));
  const isThere = [...remainder, ...past].some(({ id }) => id === state.answerStep);
  const wanted = answer ?? (isThere ? state.answerStep : null);
  const plan: Plan = { steps: remainder, ...(wanted === null ? {} : { answer: wanted }) };
  // Leaving nothing to do is a valid change: the run goes on to its answer.
  const isOver = parsed.success && remainder.length === 0 && answer === undefined;
  const issues = [
    ...read.issues,
    ...(isOver ? [] : validatePlan(parsed.success ? plan : read.plan, { tools, maxSteps, pastSteps: past })),
  ];
  if (issues.length > 0) {
    const told = issues.map(({ message }) => message).join(" ");
    throw new StateUpdateError("INVALID_PLAN", `The plan cannot be used: ${told}`, issues);
  }
  const resolves = unresolvedTrouble(state).map(({ id }) => id);
  return withVersion({ ...state, pastSteps: past }, plan, { resolves, replaced }, at);
}

/** Puts a person's plan into the state. Whether it needs approval is judged before its first step runs. */
function withVersion(
  state: AgentState,
  plan: Plan,
  { replaced, ...before }: Required<Pick<PlanVersion, "resolves" | "replaced">>,
  at: string,
): AgentState {
  const { steps, answer } = plan;
  const ended = new Set(state.pastSteps.map(({ id }) => id));
  const version = (state.planVersions.at(-1)?.version ?? 0) + 1;
  const reason = "a person changed what is left";
  return {
    ...state,
    plan: [...state.plan.filter(({ id }) => ended.has(id)), ...steps],
    answerStep: answer ?? null,
    planVersions: [
      ...state.planVersions,
      {
        version,
        reason,
        by: "person",
        at,
        steps,
        ...before,
        ...(replaced.length === 0 ? {} : { replaced }),
        ...(answer === undefined ? {} : { answer }),
      },
    ],
  };
}

function withPlanMessage(state: AgentState): AgentState["messages"] {
  const { planMessageId } = turnOf(state);
  return state.messages.map((message) =>
    planMessageId !== null && message.id === planMessageId ? toPlanMessage(planMessageId, state) : message,
  );
}

function find({ plan, pastSteps }: AgentState, stepId: string) {
  const step = plan.find(({ id }) => id === stepId);
  if (step === undefined) {
    const ids = plan.map(({ id }) => id).join(", ");
    throw new StateUpdateError("STEP_NOT_STEERABLE", `There is no step "${stepId}". The steps are: ${ids}.`);
  }
  return { step, result: pastSteps.find(({ id }) => id === stepId) };
}

function notSteerable({ id, status }: StepResult, how: string): StateUpdateError {
  const hint = status === "skipped" ? " It waits for another: steer that one." : "";
  return new StateUpdateError(
    "STEP_NOT_STEERABLE",
    `Step "${id}" ended ${status} and cannot be ${how}.${hint}`,
  );
}
