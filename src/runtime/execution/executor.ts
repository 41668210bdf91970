import type { LangGraphRunnableConfig } from "@langchain/langgraph";
import type { StepResult } from "../../plan/index.js";
import {
  type AgentState,
  type Decision,
  mergeEffects,
  openSteps,
  type StateChange,
  type StateUpdate,
  type SuspendedStep,
  type Verdict,
} from "../../state/index.js";
import { addUsage } from "../../usage/index.js";
import {
  type AgentServices,
  createNodeContext,
  createTimeLimit,
  type NodeContext,
  threadKey,
} from "../run/index.js";
import { afterChange, takeSteering } from "../steering/index.js";
import { emitEnd, hashStep, LIMIT_REACHED, type StepOutcome } from "../steps/index.js";
import { askAboutPlan, askPerson, endUnstored, toPlanMessages } from "../turn/index.js";
import { runUndo } from "../undo/index.js";
import { runSuperstep, type SuperstepEnd } from "./executor-superstep.js";

/** Creates the executor node. */
export function createExecutor(services: AgentServices) {
  return async (state: AgentState, config: LangGraphRunnableConfig): Promise<StateUpdate> => {
    const context = createNodeContext(services, state, config);
    const key = threadKey(config, true);
    const { liveThreads } = services;
    if (state.undoing !== null) {
      return runUndo(state, state.undoing, context);
    }
    if (liveThreads.hasMail(key)) {
      return takeSteering(state, { usage: context.usageBefore }, liveThreads.take(key), context);
    }
    const request = await askAboutPlan(state, context);
    if (request !== undefined) {
      return { ...request, usage: context.usageBefore };
    }
    const limit = createTimeLimit(context);
    try {
      const end = await runSuperstep(state, context, limit.signal);
      const failure = context.storage?.failure;
      const isCut = liveThreads.hasMail(key) || failure !== undefined;
      const change = toChange(state, context, end, limit.reached(), isCut);
      if (failure !== undefined) {
        for (const { refused } of liveThreads.take(key)) {
          refused(failure);
        }
        return { ...change, ...endUnstored(afterChange(state, change), failure, context) };
      }
      return takeSteering(state, change, liveThreads.take(key), context);
    } finally {
      limit.dispose();
    }
  };
}

function toChange(
  state: AgentState,
  context: NodeContext,
  { outcomes, skipped, moreToRun, replanAsked, stuck, limitMet, droppedCalls, droppedUsage }: SuperstepEnd,
  timeLimit: string | undefined,
  isCut: boolean,
): StateChange {
  for (const result of skipped) {
    emitEnd(result, context);
  }
  const results = outcomes.flatMap((outcome) => (outcome.kind === "ended" ? [outcome.result] : []));
  const waiting = outcomes.flatMap((outcome) => (outcome.kind === "waiting" ? [outcome] : []));
  const pastSteps = [...results, ...skipped];
  const refused = limitMet ?? results.find(({ error }) => error?.code === LIMIT_REACHED)?.error?.message;
  const noSuperstepLeft = moreToRun ? context.superstepLimit : undefined;
  const limit = timeLimit ?? refused ?? stuck ?? noSuperstepLeft;
  const spent = new Set(outcomes.flatMap((outcome) => outcome.spent ?? []));
  // An undo goes by the order in which the calls ended, and outcomes have the order of the plan.
  const effects = outcomes
    .flatMap((outcome) => outcome.effects ?? [])
    .sort((one, other) => (one.at < other.at ? -1 : one.at > other.at ? 1 : 0));
  const actions = waiting.flatMap((outcome) => [...outcome.actions]);
  const isStill = !moreToRun && !replanAsked && !isCut;
  const asked = isStill && limit === undefined ? actions : [];
  return {
    pastSteps,
    usage: [...outcomes.flatMap(({ usage }) => usage ?? []), ...droppedUsage].reduce(
      addUsage,
      context.usageBefore,
    ),
    ...askPerson(asked, context),
    ...(spent.size === 0 ? {} : { decisions: withSpent(state.decisions, spent) }),
    ...(effects.length === 0 ? {} : { effects: mergeEffects(state.effects, effects) }),
    suspended: suspendedAfter(state, waiting, pastSteps),
    droppedCalls,
    verdict: toVerdict(limit, replanAsked, moreToRun),
    messages: toPlanMessages({ ...state, pastSteps: [...state.pastSteps, ...pastSteps] }, { waiting: asked }),
  };
}

/** Decides what comes next. A limit takes precedence over everything else, and a new plan over more steps. */
function toVerdict(limit: string | undefined, replanAsked: boolean, moreToRun: boolean): Verdict | null {
  if (limit !== undefined) {
    return { kind: "limit", reason: limit };
  }
  if (replanAsked) {
    return { kind: "replan" };
  }
  return moreToRun ? { kind: "run-on" } : null;
}

/**
 * Marks the decisions whose calls have begun as spent. Earlier decisions on the same action are marked too, but they
 * were void already.
 */
function withSpent(decisions: readonly Decision[], spent: ReadonlySet<string>): Decision[] {
  return decisions.map((decision) =>
    spent.has(decision.actionId) ? { ...decision, isSpent: true } : decision,
  );
}

/**
 * The steps that are suspended now, and those that already were and that this superstep did not get to, so that none
 * starts afresh.
 */
function suspendedAfter(
  state: AgentState,
  waiting: readonly Extract<StepOutcome, { kind: "waiting" }>[],
  pastSteps: readonly StepResult[],
): SuspendedStep[] {
  const now = waiting.flatMap(({ suspended, stepHash }) => suspended.map((part) => ({ ...part, stepHash })));
  const reached = new Set([...waiting.map(({ stepId }) => stepId), ...pastSteps.map(({ id }) => id)]);
  if (state.suspended.length === 0) {
    return now;
  }
  const open = openSteps(state.plan, state.pastSteps).filter(({ id }) => !reached.has(id));
  const hashes = new Set(open.map(hashStep));
  return [...now, ...state.suspended.filter(({ stepHash }) => hashes.has(stepHash))];
}
