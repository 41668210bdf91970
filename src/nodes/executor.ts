import type { AIMessage } from "@langchain/core/messages";
import type { LangGraphRunnableConfig } from "@langchain/langgraph";
import type { StepResult } from "../plan/index.js";
import type { AgentState, StateUpdate, SuspendedStep } from "../state/index.js";
import { addUsage, emptyUsage } from "../usage/index.js";
import { emitAsked } from "./emit-asked.js";
import { emitEnd } from "./emit-end.js";
import { ExecutorSuperstep } from "./executor-superstep.js";
import { toPlanMessage } from "./messages.js";
import { type AgentServices, createNodeContext, type NodeContext } from "./node-context.js";
import { LIMIT_REACHED } from "./part.js";
import type { StepOutcome } from "./step-outcome.js";
import { createTimeLimit } from "./time-limit.js";

/** The executor node. */
export function createExecutor(services: AgentServices) {
  return async (state: AgentState, config: LangGraphRunnableConfig): Promise<StateUpdate> => {
    const context = createNodeContext(services, state, config);
    const limit = createTimeLimit(context);
    try {
      const superstep = new ExecutorSuperstep(state, context, limit.signal);
      const outcomes = await superstep.run();
      return toUpdate(state, context, outcomes, superstep, limit.reached());
    } finally {
      limit.dispose();
    }
  };
}

function toUpdate(
  state: AgentState,
  context: NodeContext,
  outcomes: readonly StepOutcome[],
  { skipped, moreToRun, replanAsked, stuck }: ExecutorSuperstep,
  timeLimit: string | undefined,
): StateUpdate {
  for (const result of skipped) emitEnd(result, context);
  const results = outcomes.flatMap((outcome) => (outcome.kind === "ended" ? [outcome.result] : []));
  const waiting = outcomes.flatMap((outcome) => (outcome.kind === "waiting" ? [outcome] : []));
  const suspended: SuspendedStep[] = waiting.flatMap((outcome) => [...outcome.suspended]);
  const pastSteps = [...results, ...skipped];
  const actions = waiting.flatMap((outcome) => [...outcome.actions]);
  const requestId = actions.length > 0 ? context.services.createId() : "";
  const isAsked = actions.length > 0 && !moreToRun;
  if (isAsked) emitAsked(requestId, actions, context);
  const refused = results.find(({ error }) => error?.code === LIMIT_REACHED)?.error?.message;
  return {
    pastSteps,
    usage: outcomes.reduce((usage, outcome) => addUsage(usage, outcome.usage), emptyUsage()),
    waiting: actions,
    suspended,
    requestId,
    status: isAsked ? "waiting" : "executing",
    moreToRun,
    replanAsked,
    limitReached: timeLimit ?? refused ?? stuck ?? "",
    messages: planMessages(state, pastSteps),
  };
}

function planMessages(state: AgentState, pastSteps: readonly StepResult[]): AIMessage[] {
  if (state.planMessageId === "") return [];
  return [toPlanMessage(state.planMessageId, state.plan, [...state.pastSteps, ...pastSteps])];
}
