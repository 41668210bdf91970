import type { BaseMessage } from "@langchain/core/messages";
import { type LangGraphRunnableConfig, Overwrite } from "@langchain/langgraph";
import { escapeReferences, type Plan, type StepResult } from "../../plan/index.js";
import { standingFrom } from "../../policy/index.js";
import { type PlanRequest, type Told, toPlannerMessages } from "../../prompts/index.js";
import {
  type AgentState,
  type OpenRequest,
  type StateChange,
  type StateUpdate,
  turnOf,
} from "../../state/index.js";
import { createUsageMeter, type UsageMeter } from "../../usage/index.js";
import {
  type AgentServices,
  assertKnownVersion,
  createNodeContext,
  describeTools,
  type NodeContext,
  roleFunctions,
  todayIn,
  withinTime,
} from "../run/index.js";
import {
  type AcceptedPlan,
  acceptPlan,
  attachmentsOfGoal,
  beginTurn,
  describeProgress,
  earlierConversation,
  endFor,
  endRefused,
  finish,
  hasNewGoal,
  messageIdFor,
  takeUpFailed,
  toPlanMessages,
  turnIdOf,
} from "../turn/index.js";
import { type ChosenUse, describeSaved, resolveChosenPlan } from "./chosen-plan.js";
import { type EarlySteps, withEarlySteps } from "./early/index.js";
import { lookAhead, withoutStrangers } from "./look-ahead.js";
import type { PlanAnswer } from "./read-answer.js";
import { type PlanInquiry, requestPlan } from "./request-plan.js";
import { showTools, type Work } from "./shown-tools.js";
import { structureAnswer } from "./structured-answer.js";
import { readUnfinished } from "./unfinished-turn.js";
import { type WrittenAnswer, writeAnswer } from "./write-answer.js";
import { showWritten } from "./written-plan.js";

/** Creates the planner node. It begins a turn, or plans again after a person rejected the plan. */
export function createPlanner(services: AgentServices) {
  return async (before: AgentState, config: LangGraphRunnableConfig): Promise<StateUpdate> => {
    // The version must be checked here, because a new turn overwrites it with ours.
    assertKnownVersion(before);
    const takenUp = takeUpFailed(before, services);
    if (takenUp !== undefined) {
      return takenUp;
    }
    // If a new goal came before the plan was made again, the old turn is over.
    if (plansAgain(before) && !hasNewGoal(before)) {
      const context = createNodeContext(services, before, config);
      const meter = createUsageMeter(context.usageBefore);
      const change = await plan(before, context, meter);
      return { failure: null, ...change, usage: meter.total() };
    }
    const turnId = turnIdOf(config) ?? services.createId();
    const chosen = before.chosenPlan && resolveChosenPlan(before.chosenPlan, services, config.context);
    const unfinished = await readUnfinished(before, config);
    const turn = beginTurn(before, { turnId, plannedGoal: chosen?.goal, unfinished }, services);
    const context = createNodeContext(services, turn.state, config);
    const meter = createUsageMeter(context.usageBefore);
    context.emit({ type: "agent.started", goal: turnOf(turn.state).goal });
    const change = await (chosen === null
      ? plan(turn.state, context, meter)
      : accept(turn.state, toAccepted(chosen, services), context));
    const { request } = before;
    if (request !== null && change.plan === undefined) {
      return leaveWaiting(turn.messages, change, meter);
    }
    return {
      ...turn.change,
      // The rules that hold when a turn begins hold to its end, even if the turn is cut off before anything waits.
      standingRules: standingFrom(context.settings.approval),
      ...change,
      messages: [
        ...(request === null ? [] : toPlanMessages(before)),
        ...turn.messages,
        ...(change.messages ?? []),
      ],
      planVersions: new Overwrite(change.planVersions ?? []),
      pastSteps: new Overwrite<StepResult[]>([]),
      usage: new Overwrite(meter.total()),
    };
  };
}

/**
 * Leaves open what waits, because words alone approve nothing and end nothing. The words and what was said to them are
 * added to the conversation, and the turn before stays what it is.
 */
function leaveWaiting(said: readonly BaseMessage[], change: StateChange, meter: UsageMeter): StateUpdate {
  return {
    input: "",
    messages: [...said, ...(change.messages ?? [])],
    response: change.response ?? "",
    usage: meter.total(),
  };
}

/** Whether this turn's plan is made once more, because a person rejected it or the model had failed. */
function plansAgain({ words, failure, outcome }: AgentState): boolean {
  return words?.kind === "feedback" || (outcome === null && failure?.node === "planner");
}

function plan(state: AgentState, context: NodeContext, meter: UsageMeter): Promise<StateChange> {
  return withEarlySteps(state, {}, context, meter, (early) => makePlan(state, context, meter, early));
}

async function makePlan(
  state: AgentState,
  context: NodeContext,
  meter: UsageMeter,
  early: EarlySteps | undefined,
): Promise<StateChange> {
  const { planner, executor } = context.settings;
  const { createId } = context.services;
  const turn = turnOf(state);
  const feedback = state.words?.kind === "feedback" ? state.words.text : undefined;
  let answer: PlanAnswer;
  let structured: StateChange = {};
  try {
    const told: Told<PlanRequest> = {
      tools: describeTools(context.services),
      plans: context.services.plans,
      workers: context.services.registry.workers,
      granularity: planner.granularity,
      maxSteps: planner.maxSteps,
      instructions: planner.instructions,
      conversation: earlierConversation(state.messages, turn.goalMessageId),
      goal: turn.goal,
      attachments: attachmentsOfGoal(state),
      today: todayIn(context),
      unfinished: turn.unfinished,
      rejected: feedback === undefined ? undefined : { plan: state.plan, feedback },
    };
    const { plan: ask } = roleFunctions(context.settings);
    const all =
      ask === undefined
        ? await withinTime(context, (limited) => showTools(workOf(state, told), limited))
        : { tools: told.tools, others: undefined };
    const seen =
      ask === undefined ? await withinTime(context, (limited) => lookAhead(state, planner, limited)) : [];
    const shown = withoutStrangers(all, seen, context);
    const inquiry: PlanInquiry = {
      role: "planner",
      settings: planner,
      goal: turn.goal,
      maxSteps: planner.maxSteps,
      pastSteps: [],
      replacedIds: [],
      firstId: 1,
      early,
      tools: shown,
      shown: showWritten(state, context),
      messages: (method, style) =>
        toPlannerMessages({
          ...told,
          ...shown,
          seen,
          method,
          style,
          pitfalls: planner.pitfalls,
          strongModel: executor.strongModel !== undefined,
        }),
      answerNow: () => answerWithoutPlan(told, context, meter),
      ask: ask && ((one) => ask({ ...told, ...one })),
    };
    const inFlight = () => [...(early?.underWay().keys() ?? [])];
    answer = await withinTime(context, (limited) => requestPlan(inquiry, limited, meter), inFlight);
    if (answer.kind === "text") {
      const { text } = answer;
      structured = await withinTime(context, (limited) =>
        structureAnswer(state, text, undefined, limited, meter),
      );
    }
  } catch (error) {
    return endFor(error, "planner", state, context);
  }
  if (answer.kind === "refused") {
    return endRefused(state, answer, context);
  }
  const messageId = messageIdFor(answer.messageId, state, createId);
  if (answer.kind === "text") {
    const isDone = answer.reached !== false;
    const reason = isDone ? "The goal needed no plan." : "The goal is not reached.";
    const status = isDone ? "done" : "incomplete";
    const ending = { status, reason, response: answer.text, messageId } as const;
    return { ...finish(state, ending, context), ...structured };
  }
  if (answer.kind === "plan") {
    const planned = answer.saved === undefined ? "planned" : describeSaved(answer.saved);
    const reason = feedback === undefined ? planned : `a person rejected the plan: ${feedback}`;
    const accepted = { plan: answer.plan, by: "planner", reason, resolves: [], messageId } as const;
    return accept(state, accepted, context);
  }
  early?.cancel();
  const issues = answer.issues.map((issue) => issue.message).join(" ");
  const reason = `no valid plan came (${issues}), so one agent step does the goal`;
  const accepted = { plan: fallbackPlan(turn.goal), by: "rule", reason, resolves: [], messageId } as const;
  return accept(state, accepted, context);
}

/** What the planner's tools are for. A goal such as "close it too" needs what was said before. */
function workOf({ plan }: AgentState, { goal, conversation, unfinished, rejected }: Told<PlanRequest>): Work {
  const before = conversation.findLast((message) => message.getType() === "human");
  return {
    texts: [
      goal,
      ...(before === undefined ? [] : [before.text]),
      ...(rejected === undefined ? [] : [rejected.feedback]),
    ],
    using: [plan, unfinished].map((used) => JSON.stringify(used ?? [])),
  };
}

/** Has the goal answered from the conversation alone. */
async function answerWithoutPlan(
  { goal, conversation, attachments }: Told<PlanRequest>,
  context: NodeContext,
  meter: UsageMeter,
): Promise<WrittenAnswer> {
  const { planner, answer } = context.settings;
  const instructions = [planner.instructions, answer.instructions].filter((text) => text !== undefined);
  const told = {
    goal,
    conversation,
    attachments,
    instructions: instructions.length === 0 ? undefined : instructions.join("\n\n"),
    tools: [],
    plan: [],
    pastSteps: [],
    decisions: [],
  };
  const closing = await writeAnswer({ ...told, style: "short" }, context, meter);
  return closing.kind === "answer" ? closing : { text: closing.missing, messageId: undefined };
}

/** The saved plan that the caller chose. Nobody is asked for a plan. */
function toAccepted({ plan, reason }: ChosenUse, { createId }: AgentServices): AcceptedPlan {
  return { plan, by: "saved", reason, resolves: [], messageId: createId() };
}

/** Accepts the plan. If no superstep is left to carry it out, the run ends and reports the plan as what was left. */
async function accept(
  before: AgentState,
  accepted: AcceptedPlan,
  context: NodeContext,
): Promise<StateChange> {
  const state = before.request === null ? before : endRequest(before, before.request, context);
  const change = await acceptPlan(state, accepted, context);
  const { superstepLimit, services, emit } = context;
  if (superstepLimit === undefined) {
    return change;
  }
  emit({ type: "limit.reached", limit: "recursionLimit", message: superstepLimit });
  const planned = { ...state, ...change };
  const response = describeProgress(planned, superstepLimit);
  const messageId = services.createId();
  const ending = { status: "incomplete", reason: superstepLimit, response, messageId } as const;
  return { ...change, ...finish(planned, ending, context) };
}

/** Ends the request that waited when this turn began, because there is a new plan. */
function endRequest(state: AgentState, { id }: OpenRequest, { emit }: NodeContext): AgentState {
  emit({ type: "approval.expired", requestId: id });
  const { unfinished, ...turn } = turnOf(state);
  const ended = unfinished === undefined ? turn : { ...turn, unfinished: { ...unfinished, waiting: [] } };
  return { ...state, request: null, turn: ended };
}

/** The plan for when no valid plan came: the whole goal as one agent step. */
function fallbackPlan(goal: string): Plan {
  return { steps: [{ id: "1", description: escapeReferences(goal), dependsOn: [] }] };
}
