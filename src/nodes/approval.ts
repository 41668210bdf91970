import type { LangGraphRunnableConfig } from "@langchain/langgraph";
import type { AgentState, StateChange, StateUpdate } from "../state/index.js";
import { applyDecisions } from "./apply-decisions.js";
import { toApprovalRequest } from "./approval-request.js";
import { askPerson } from "./ask-person.js";
import { takeAnswer } from "./given-answer.js";
import { type AgentServices, createNodeContext, type NodeContext } from "./node-context.js";
import { notify } from "./notify.js";
import { readDecisions } from "./read-decisions.js";
import { timeNow } from "./time-now.js";

const NOT_ANSWERED =
  "What this run was given is the answer to another question, and this request still stands.";

/**
 * The approval node: the only place that stops for a person. Each visit asks once, for everything that waits, and
 * takes one answer. An answer that cannot be taken is kept as its refusal, and the next visit asks again. Where
 * somebody is to be told that the run waits, that is a visit before the first that asks: so it is not done again when
 * the node runs anew with the answer.
 */
export function createApproval(services: AgentServices) {
  return async (state: AgentState, config: LangGraphRunnableConfig): Promise<StateUpdate> => {
    const context = createNodeContext(services, state, config);
    const { approval, planner } = context.settings;
    if (state.toNotify) {
      if (approval.onWaiting !== undefined) await notify(state, approval.onWaiting, context);
      return { toNotify: false };
    }
    const given = await takeAnswer(toApprovalRequest(state), config);
    if (given === undefined) return { refusal: NOT_ANSWERED };
    const { expiresAt } = state;
    if (expiresAt !== "" && services.now() >= Date.parse(expiresAt)) return askAnew(state, context);
    const answer = await readDecisions(given.value, state, {
      registry: context.services.registry,
      requester: context.requester,
      maxSteps: planner.maxSteps,
      rules: approval,
      isMeant: given.isMeant,
      signal: context.signal,
    });
    if (!answer.ok) return { refusal: answer.message };
    const by = context.requester.userId ?? answer.decidedBy;
    return applyDecisions(state, answer.decisions, by, context);
  };
}

/** Ends a request whose time is up, whatever was answered to it, and asks for the same under a new id. */
function askAnew(state: AgentState, context: NodeContext): StateChange {
  const { requestId, expiresAt, askedAt, waiting } = state;
  const { services, emit } = context;
  emit({ type: "approval.expired", requestId });
  const refusal =
    `Request ${requestId} expired at ${expiresAt}; the answer came at ${timeNow(services)} and was not taken. ` +
    "The same is asked anew: answer this request.";
  const waitedMs = state.waitedMs + services.now() - Date.parse(askedAt);
  return { ...askPerson(waiting, context), waitedMs, refusal };
}
