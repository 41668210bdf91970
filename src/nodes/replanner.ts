import { type LangGraphRunnableConfig, Overwrite } from "@langchain/langgraph";
import { callModel, createUsageMeter, ModelLine, type UsageMeter } from "../models/index.js";
import type { StepResult } from "../plan/index.js";
import { findRepeatedFailure, isSameWork, isTrouble, nextMove } from "../policy/index.js";
import { toAnswerMessages, toReplannerMessages } from "../prompts/index.js";
import {
  type AgentState,
  leftSteps,
  progressOf,
  type RunStatus,
  type StateChange,
  type StateUpdate,
  unresolvedTrouble,
} from "../state/index.js";
import { cutText } from "../tools/index.js";
import { acceptPlan } from "./accept-plan.js";
import { describeProgress } from "./describe-progress.js";
import type { EarlySteps } from "./early-steps.js";
import { endFor } from "./end-for.js";
import { escalate } from "./escalate.js";
import { finish } from "./finish.js";
import { withHandlers } from "./inner-config.js";
import { keptSteps, nextPosition } from "./kept-steps.js";
import { earlierConversation, messageIdFor } from "./messages.js";
import { type AgentServices, createNodeContext, type NodeContext } from "./node-context.js";
import { plannedAnswer, toText } from "./planned-answer.js";
import { requestPlan } from "./request-plan.js";
import { MAX_PROMPT_OUTPUT_BYTES, type RoleSettings } from "./settings.js";
import { shownDecisions } from "./shown-decisions.js";
import { withEarlySteps } from "./with-early-steps.js";
import { withinTime } from "./within-time.js";

/** The replanner node: the one place that decides to go on, to change the plan, or to finish. */
export function createReplanner(services: AgentServices) {
  return async (state: AgentState, config: LangGraphRunnableConfig): Promise<StateUpdate> => {
    const context = createNodeContext(services, state, config);
    const meter = createUsageMeter(context.usageBefore);
    try {
      const kept = keptSteps(state);
      const turn = { firstId: nextPosition(kept), pastSteps: kept };
      const change = await withEarlySteps(state, turn, context, (early) => {
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
  const { settings, superstepLimit } = context;
  const move = nextMove({
    progress: progressOf(state),
    trouble: unresolvedTrouble(state),
    answerStep: state.answerStep === "" ? undefined : state.answerStep,
    answerText: plannedAnswer(state),
    limit: state.limitReached === "" ? undefined : state.limitReached,
    isTold: isTold(state),
    isAskedFor: state.replanAsked,
    replans: state.replans,
    maxReplans: settings.replanner.maxReplans,
  });
  // An answer fits into this superstep; whatever else is to be done needs another.
  const isShort = move.move === "go-on" || move.move === "revise" || state.limitReached === superstepLimit;
  if (superstepLimit !== undefined && isShort) return endAtRecursionLimit(state, superstepLimit, context);
  switch (move.move) {
    case "go-on":
      return { replanAsked: false, status: "executing" };
    case "end":
      return state.limitReached === ""
        ? endOrEscalate(state, move.reason, context)
        : endIncomplete(state, move.reason, context);
    case "answer-with-step":
      return finishDone(state, toText(move.result.output ?? null), context);
    case "answer-in-words":
      return finishDone(state, move.text, context);
    case "answer":
      return settings.answer.model === undefined
        ? revise(state, [], context, meter, early)
        : answer(state, { ...settings.answer, model: settings.answer.model }, context, meter);
    case "revise":
      return revise(state, move.trouble, context, meter, early);
  }
}

/** Asks the replanner's model, which answers or gives a new remainder. */
async function revise(
  state: AgentState,
  trouble: readonly StepResult[],
  context: NodeContext,
  meter: UsageMeter,
  early: EarlySteps | undefined,
): Promise<StateUpdate> {
  const { settings, services, emit } = context;
  const { remaining } = progressOf(state);
  const left = leftSteps(state);
  const kept = keptSteps(state);
  const reason = describeReason(state, trouble, remaining.length);
  emit({ type: "replanning", reason, steps: trouble.map(({ id }) => id) });
  const firstId = nextPosition(kept);
  const answered = await requestPlan(
    {
      role: "replanner",
      settings: settings.replanner,
      method: settings.planner.method,
      maxSteps: settings.planner.maxSteps,
      pastSteps: kept,
      replacedIds: [...left, ...trouble].map(({ id }) => id),
      firstId,
      early,
      messages: (method) =>
        toReplannerMessages({
          tools: services.registry.describe(),
          method,
          maxSteps: settings.planner.maxSteps,
          instructions: toInstructions(settings),
          conversation: earlierConversation(state.messages, state.goalMessageId),
          goal: state.goal,
          plan: state.plan,
          pastSteps: kept,
          remaining: left,
          decisions: shownDecisions(state),
          reason,
          firstId,
          cut: (text) => cutText(text, MAX_PROMPT_OUTPUT_BYTES),
        }),
    },
    context,
    meter,
  );
  const messageId = messageIdFor(answered.message, state, services.createId);
  if (answered.kind === "text") {
    return finish(
      state,
      { ...statusOfAnswer(state, trouble, left.length), response: answered.text, messageId },
      context,
    );
  }
  if (answered.kind === "invalid") {
    const issues = answered.issues.map(({ message }) => message).join(" ");
    return endOrEscalate(state, `the replanner gave no valid plan: ${issues}`, context);
  }
  if (context.superstepLimit !== undefined) {
    return endAtRecursionLimit(state, context.superstepLimit, context);
  }
  const { steps } = answered.plan;
  if (trouble.length === 0 && state.feedback === "" && isSameWork(left, steps)) {
    return { replanAsked: false, remark: "", status: "executing" };
  }
  if (state.replans >= settings.replanner.maxReplans && !isTold(state)) {
    return endOrEscalate(state, `the plan was changed ${state.replans} times, which is maxReplans`, context);
  }
  // A person's words may well mean that the same is to be tried again.
  const stall = state.remark === "" ? findStall(state, trouble, answered.plan.steps) : undefined;
  if (stall !== undefined) return endOrEscalate(state, stall, context);
  const resolves = trouble.map(({ id }) => id);
  const change = acceptPlan(
    state,
    { plan: answered.plan, by: "replanner", reason, resolves, messageId },
    context,
  );
  return { ...change, replans: state.replans + 1, pastSteps: new Overwrite(kept) };
}

/** The closing call of an answer model of its own: it has no plan to change. */
async function answer(
  state: AgentState,
  settings: RoleSettings,
  context: NodeContext,
  meter: UsageMeter,
): Promise<StateChange> {
  const { services, config } = context;
  const messages = toAnswerMessages({
    instructions: settings.instructions,
    conversation: earlierConversation(state.messages, state.goalMessageId),
    goal: state.goal,
    pastSteps: state.pastSteps,
    cut: (text) => cutText(text, MAX_PROMPT_OUTPUT_BYTES),
  });
  const { callbacks, metadata } = config;
  const { message } = await callModel(
    {
      role: "answer",
      models: new ModelLine(settings, services.resolveModel),
      messages: () => messages,
      ask: ({ model }, prompt, { signal, handler }) =>
        model.invoke([...prompt], {
          callbacks: withHandlers(callbacks, [handler]),
          metadata,
          signal,
          runName: "answer",
        }),
    },
    context.modelCalls,
    meter,
  );
  const messageId = messageIdFor(message, state, services.createId);
  return finish(
    state,
    { status: "done", reason: "All steps are done.", response: message.text, messageId },
    context,
  );
}

/** Whether a person's words ask for another plan, however often it was changed before. */
function isTold({ feedback, remark }: AgentState): boolean {
  return feedback !== "" || remark !== "";
}

/** What the replanner is told beside its prompt: it writes the answer, so the answer's instructions hold for it. */
function toInstructions({ replanner, answer }: NodeContext["settings"]): string | undefined {
  if (answer.model !== undefined || answer.instructions === undefined) return replanner.instructions;
  const forAnswer = `For the final answer: ${answer.instructions}`;
  return replanner.instructions === undefined ? forAnswer : `${replanner.instructions}\n\n${forAnswer}`;
}

/**
 * An answer to a plan that did not come out is an answer all the same, but the run is not done. Where nothing went
 * wrong and the policy asked, the goal was reached before the plan's end.
 */
function statusOfAnswer(
  { feedback }: AgentState,
  trouble: readonly StepResult[],
  left: number,
): { readonly status: Extract<RunStatus, "done" | "incomplete">; readonly reason: string } {
  if (trouble.length + left === 0) return { status: "done", reason: "All steps are done." };
  if (trouble.length === 0 && feedback === "") {
    return { status: "done", reason: `The goal was reached before the plan's end: ${stepsLeft(left)}.` };
  }
  const named = trouble.map(({ id, status }) => `step ${id} ended ${status}`);
  const undone = left === 0 ? [] : [stepsLeft(left)];
  const why = [...named, ...undone].join("; ");
  return { status: "incomplete", reason: `Answered without a further plan: ${why}.` };
}

function stepsLeft(count: number): string {
  return count === 1 ? "1 step was left" : `${count} steps were left`;
}

/** The end of a run that is not exhausted by a limit; a person is asked before it where the options say so. */
function endOrEscalate(state: AgentState, reason: string, context: NodeContext): StateChange {
  const asks = context.settings.approval.escalate && context.superstepLimit === undefined;
  return asks ? escalate(state, reason, context) : endIncomplete(state, reason, context);
}

function endIncomplete(state: AgentState, reason: string, context: NodeContext): StateChange {
  const response = describeProgress(state, reason);
  const messageId = context.services.createId();
  return finish(state, { status: "incomplete", reason, response, messageId }, context);
}

/** The end of a run that has work left, and no superstep to do it in. */
function endAtRecursionLimit(state: AgentState, message: string, context: NodeContext): StateChange {
  context.emit({ type: "limit.reached", limit: "recursionLimit", message });
  return endIncomplete(state, message, context);
}

function findStall(
  state: AgentState,
  trouble: readonly StepResult[],
  steps: AgentState["plan"],
): string | undefined {
  const failed = state.pastSteps.filter(isTrouble);
  const repeated = findRepeatedFailure(steps, failed, state.plan);
  if (repeated !== undefined) {
    return `the run stalls: step ${repeated.id} would do again what has failed (${repeated.description})`;
  }
  const before = [
    ...leftSteps(state),
    ...state.plan.filter(({ id }) => trouble.some((result) => result.id === id)),
  ];
  return isSameWork(before, steps) ? "the run stalls: the new plan changes nothing" : undefined;
}

function describeReason(state: AgentState, trouble: readonly StepResult[], remaining: number): string {
  if (state.feedback !== "") return `A person rejected the plan: ${state.feedback}`;
  const said = state.remark === "" ? [] : [`A person says: ${state.remark}`];
  const named = trouble.map(
    ({ id, status, error }) => `step ${id} ended ${status}: ${error?.message ?? "no reason"}`,
  );
  if (said.length + named.length > 0) return [...said, ...named].join("; ");
  return remaining > 0 ? "Check whether the plan is still right." : "All steps have ended.";
}

/** The end of a run whose answer no model had to write. */
function finishDone(state: AgentState, response: string, context: NodeContext): StateChange {
  const messageId = context.services.createId();
  return finish(state, { status: "done", reason: "All steps are done.", response, messageId }, context);
}
