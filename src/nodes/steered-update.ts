import { Overwrite } from "@langchain/langgraph";
import type { AgentState, StateUpdate } from "../state/index.js";

/** What is to be written to a thread so that its state becomes the steered one. */
export function toSteeredUpdate(before: AgentState, steered: AgentState): StateUpdate {
  const shown = new Set(before.messages);
  const versions = new Set(before.planVersions.map(({ version }) => version));
  const { plan, answerStep, suspended, decisions, steering, remark, moreToRun, replanAsked, waitedMs } =
    steered;
  return {
    plan,
    answerStep,
    planVersions: steered.planVersions.filter(({ version }) => !versions.has(version)),
    pastSteps: new Overwrite(steered.pastSteps),
    messages: steered.messages.filter((message) => !shown.has(message)),
    suspended,
    decisions,
    steering,
    remark,
    moreToRun,
    replanAsked,
    waitedMs,
    waiting: steered.waiting,
    requestId: steered.requestId,
    askedAt: steered.askedAt,
    expiresAt: steered.expiresAt,
    refusal: steered.refusal,
    toNotify: steered.toNotify,
    feedback: steered.feedback,
    limitReached: steered.limitReached,
    response: steered.response,
    outcome: steered.outcome,
    status: steered.status,
  };
}
