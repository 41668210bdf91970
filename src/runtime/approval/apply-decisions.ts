import { Overwrite } from "@langchain/langgraph";
import { isTrouble } from "../../policy/index.js";
import {
  type AgentState,
  type Decision,
  type OpenRequest,
  planActionId,
  type StateChange,
  type StateUpdate,
  turnOf,
  unresolvedTrouble,
  type WaitingGuidance,
} from "../../state/index.js";
import { isGivenUp, MAX_PLAN_REJECTIONS, type NodeContext, timeNow } from "../run/index.js";
import { withoutStep } from "../steering/index.js";
import { acceptPlan, askPerson, describeProgress, finish, keptSteps, toPlanMessages } from "../turn/index.js";
import type { DecidedAction } from "./read-decisions.js";

/** Applies decisions that were found valid: records them, emits them and carries them out. */
export async function applyDecisions(
  before: AgentState,
  { id: requestId, askedAt, waiting }: OpenRequest,
  decided: readonly DecidedAction[],
  by: string | undefined,
  context: NodeContext,
): Promise<StateUpdate> {
  const { emit, services } = context;
  const record = { ...(by === undefined ? {} : { by }), at: timeNow(services) };
  const waited = Math.max(0, services.now() - Date.parse(askedAt));
  emit({
    type: "approval.decided",
    requestId,
    ...(by === undefined ? {} : { by }),
    waitedMs: waited,
    decisions: decided.map(({ type, requestId: _, ...facts }) => ({ decision: type, ...facts })),
  });
  const made = decided.map(({ steps: _, ...decision }): Decision => ({ ...decision, ...record, askedAt }));
  const decisions = [...before.decisions, ...made];
  const waitedMs = before.waitedMs + waited;
  const state = { ...before, decisions };
  const messages = toPlanMessages(state);
  const settled: StateUpdate = { decisions, waitedMs, messages, ...askPerson([], context) };
  // A plan, or a request for guidance, is always the only item that waits.
  const [item] = waiting;
  const [decision] = decided;
  if (item === undefined || decision === undefined || item.kind === "action") {
    return settled;
  }
  const change =
    item.kind === "plan"
      ? await applyToPlan(state, decision, record, context)
      : await applyToGuidance(state, item, decision, record, context);
  return { ...settled, ...change };
}

/** Applies a decision on a plan. */
async function applyToPlan(
  state: AgentState,
  decision: DecidedAction,
  record: DecisionRecord,
  context: NodeContext,
): Promise<StateUpdate> {
  switch (decision.type) {
    case "respond":
    case "approve":
      return {};
    case "edit": {
      const plan = { reason: "a person edited the plan", resolves: [] };
      return acceptEditedPlan(state, decision, record, plan, context);
    }
    case "reject": {
      const rejections = state.rejections + 1;
      const feedback = decision.message ?? "The person rejected the plan and gave no reason.";
      if (rejections < MAX_PLAN_REJECTIONS) {
        return { rejections, words: { kind: "feedback", text: feedback }, status: "planning" };
      }
      const reason = `A person rejected ${rejections} plans; the last words were: ${feedback}`;
      const messageId = context.services.createId();
      return {
        ...finish(
          state,
          { status: "incomplete", reason, response: reason, messageId, endedBy: "given-up" },
          context,
        ),
        rejections,
      };
    }
  }
}

/** Applies a person's guidance for a run that could not go on by itself. */
async function applyToGuidance(
  state: AgentState,
  { reason }: WaitingGuidance,
  decision: DecidedAction,
  record: DecisionRecord,
  context: NodeContext,
): Promise<StateUpdate> {
  switch (decision.type) {
    case "respond":
    case "approve":
      return endWith(state, `A person took what was achieved as the result: ${reason}`, "accepted", context);
    case "edit": {
      // A step that is to be done again counts as not done. A failed step that was left out counts as resolved.
      const wanted = new Set(decision.steps?.map(({ id }) => id));
      const again = state.pastSteps.filter((result) => wanted.has(result.id) && isTrouble(result));
      const reopened = again.reduce((current, { id }) => withoutStep(current, id, []), state);
      const resolves = unresolvedTrouble(reopened).map(({ id }) => id);
      const plan = { reason: "a person said what is to be done", resolves };
      const change = await acceptEditedPlan(reopened, decision, record, plan, context);
      return { ...change, suspended: reopened.suspended };
    }
    case "reject": {
      const { message = "" } = decision;
      if (!isGivenUp(message)) {
        return { words: { kind: "remark", text: message.trim() } };
      }
      return endWith(state, `A person gave up: ${reason}`, "given-up", context);
    }
  }
}

function endWith(
  state: AgentState,
  reason: string,
  endedBy: "accepted" | "given-up",
  context: NodeContext,
): StateChange {
  const messageId = context.services.createId();
  const response = describeProgress(state, reason);
  return finish(state, { status: "incomplete", reason, response, messageId, endedBy }, context);
}

/** Who decided, and when. */
type DecisionRecord = Pick<Decision, "by" | "at">;

/** Puts the steps that a person wrote into the state, as a version of the plan that needs no further approval. */
async function acceptEditedPlan(
  state: AgentState,
  { steps: edited = [], ...decision }: DecidedAction,
  record: DecisionRecord,
  plan: { readonly reason: string; readonly resolves: readonly string[] },
  context: NodeContext,
): Promise<StateUpdate> {
  const steps = [...edited];
  const { answerStep } = state;
  const isKept = [...steps, ...state.pastSteps].some(({ id }) => id === answerStep);
  const version = (state.planVersions.at(-1)?.version ?? 0) + 1;
  const approval: Decision = { ...decision, ...record, type: "approve", actionId: planActionId(version) };
  const change = await acceptPlan(
    state,
    {
      ...plan,
      plan: { steps, ...(isKept && answerStep !== null ? { answer: answerStep } : {}) },
      by: "person",
      messageId: turnOf(state).planMessageId ?? context.services.createId(),
    },
    context,
  );
  const decisions = [...state.decisions, approval];
  return { ...change, decisions, pastSteps: new Overwrite(keptSteps(state, steps)) };
}
