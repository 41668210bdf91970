import { END, START } from "@langchain/langgraph";
import { type AgentState, openSteps } from "../state/index.js";

/** Where a run goes from whoever makes plans: the planner, or the replanner. */
export function afterPlan({
  outcome,
  failure,
  request,
}: Pick<AgentState, "outcome" | "failure" | "request">) {
  if (outcome !== null) {
    return failure === null ? END : "retry";
  }
  return request === null ? "executor" : "approval";
}

/** Where a run goes from the executor: a person is asked only when all that can run has run. */
export function afterExecutor({
  outcome,
  verdict,
  request,
}: Pick<AgentState, "outcome" | "verdict" | "request">) {
  if (outcome?.code !== undefined) {
    return END;
  }
  if (verdict !== null) {
    return verdict.kind === "run-on" ? "executor" : "replanner";
  }
  return request === null ? "replanner" : "approval";
}

/**
 * Where a run goes from the approval: it asks again, a hint goes to the replanner, and a rejected plan is made again by
 * whoever made it.
 */
export function afterApproval({
  outcome,
  request,
  words,
  pastSteps,
}: Pick<AgentState, "outcome" | "request" | "words" | "pastSteps">) {
  if (outcome !== null) {
    return END;
  }
  if (request !== null) {
    return "approval";
  }
  if (words === null) {
    return "executor";
  }
  if (words.kind === "remark") {
    return "replanner";
  }
  return pastSteps.length === 0 ? "planner" : "replanner";
}

/** Where a run goes on that a model's failure had stopped. */
export function afterRetry(state: Pick<AgentState, "failure" | "verdict" | "words" | "plan" | "pastSteps">) {
  if (state.failure?.node === "planner") {
    return "planner";
  }
  const isAsked = state.verdict?.kind === "replan" || state.words !== null;
  return !isAsked && openSteps(state.plan, state.pastSteps).length > 0 ? "executor" : "replanner";
}

/** Where a run goes from a node; undefined where there is no such node. */
export function nextFrom(node: string, state: AgentState): string | undefined {
  switch (node) {
    case START:
      return "planner";
    case "planner":
    case "replanner":
      return afterPlan(state);
    case "executor":
      return afterExecutor(state);
    case "approval":
      return afterApproval(state);
    case "retry":
      return afterRetry(state);
    default:
      return undefined;
  }
}
