import type { LangGraphRunnableConfig } from "@langchain/langgraph";
import type { JsonValue } from "../../base/index.js";
import { fillAnswer, isAnswerInWords } from "../../plan/index.js";
import { nextMove } from "../../policy/index.js";
import { type AgentState, progressOf, type StateUpdate, unresolvedTrouble } from "../../state/index.js";
import { createUsageMeter, type UsageMeter } from "../../usage/index.js";
import { type EarlySteps, structureAnswer, withEarlySteps } from "../planning/index.js";
import { type AgentServices, createNodeContext, type NodeContext, withinTime } from "../run/index.js";
import {
  endAtRecursionLimit,
  endCancelled,
  endFor,
  endIncomplete,
  finish,
  finishDone,
  keptSteps,
  messageIdFor,
  nextPosition,
} from "../turn/index.js";
import { askForAnswer, endOrAnswer } from "./closing.js";
import { isTold, revise } from "./revise.js";

/** Creates the replanner node, the only place that decides whether to go on, change the plan, or finish. */
export function createReplanner(services: AgentServices) {
  return async (state: AgentState, config: LangGraphRunnableConfig): Promise<StateUpdate> => {
    const context = createNodeContext(services, state, config);
    const meter = createUsageMeter(context.usageBefore);
    try {
      const kept = keptSteps(state);
      const turn = { firstId: nextPosition(kept), pastSteps: kept };
      const change = await withEarlySteps(state, turn, context, meter, (early) => {
        const inFlight = () => [...(early?.underWay().keys() ?? [])];
        return withinTime(context, (limited) => decide(state, limited, meter, early), inFlight);
      });
      return { failure: null, ...change, usage: meter.total() };
    } catch (error) {
      return { ...endFor(error, "replanner", state, context), usage: meter.total() };
    }
  };
}

async function decide(
  state: AgentState,
  context: NodeContext,
  meter: UsageMeter,
  early: EarlySteps | undefined,
): Promise<StateUpdate> {
  if (state.verdict?.kind === "give-up") {
    return endCancelled(state, context);
  }
  const { settings, superstepLimit } = context;
  const limit = state.verdict?.kind === "limit" ? state.verdict.reason : undefined;
  const move = nextMove({
    progress: progressOf(state),
    trouble: unresolvedTrouble(state),
    answerStep: state.answerStep ?? undefined,
    answerText: plannedAnswer(state),
    limit,
    isTold: isTold(state),
    isAskedFor: state.verdict?.kind === "replan",
    replans: state.replans,
    maxReplans: settings.replanner.maxReplans,
  });
  // An answer fits into this superstep. Anything else needs another superstep.
  const isShort = move.move === "go-on" || move.move === "revise" || limit === superstepLimit;
  if (superstepLimit !== undefined && isShort) {
    return endAtRecursionLimit(state, superstepLimit, context);
  }
  switch (move.move) {
    case "go-on":
      return { verdict: null, status: "executing" };
    case "end":
      return limit === undefined
        ? endOrAnswer(state, move.reason, context, meter)
        : endIncomplete(state, move.reason, context);
    case "answer-with-step":
      return answerWith(state, toText(move.result.output ?? null), move.result.output, context, meter);
    case "answer-in-words":
      return answerWith(state, move.text, undefined, context, meter);
    case "answer":
      return close(state, context, meter, early);
    case "revise":
      return revise(state, { trouble: move.trouble }, context, meter, early);
  }
}

/** Has the answer written. If the model finds that something is missing, the plan is revised instead. */
async function close(
  state: AgentState,
  context: NodeContext,
  meter: UsageMeter,
  early: EarlySteps | undefined,
): Promise<StateUpdate> {
  const closing = await askForAnswer(state, context, meter);
  if (closing.kind === "missing") {
    return revise(state, { trouble: [], missing: closing.missing }, context, meter, early);
  }
  const { text, messageId, reached } = closing;
  const id = messageIdFor(messageId, state, context.services.createId);
  if (reached === false) {
    const reason = "The goal is not reached, and no further work could reach it.";
    return finish(state, { status: "incomplete", reason, response: text, messageId: id }, context);
  }
  const structured = await structureAnswer(state, text, undefined, context, meter);
  return { ...finishDone(state, text, context, id), ...structured };
}

/** Ends the run with an answer that the plan itself gave. */
async function answerWith(
  state: AgentState,
  response: string,
  output: JsonValue | undefined,
  context: NodeContext,
  meter: UsageMeter,
): Promise<StateUpdate> {
  const structured = await structureAnswer(state, response, output, context, meter);
  return { ...finishDone(state, response, context), ...structured };
}

/** The answer that the plan itself put into words, if everything it refers to exists. */
function plannedAnswer({ answerStep, plan, pastSteps }: AgentState): string | undefined {
  const ids = new Set(plan.map(({ id }) => id));
  return answerStep !== null && isAnswerInWords(answerStep, ids)
    ? fillAnswer(answerStep, pastSteps)
    : undefined;
}

/** An output as people read it. */
function toText(output: JsonValue): string {
  return typeof output === "string" ? output : JSON.stringify(output, null, 2);
}
