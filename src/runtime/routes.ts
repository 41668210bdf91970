import { END, START } from "@langchain/langgraph";
import { type AgentState, openSteps } from "../state/index.js";

/** Where a run goes from whoever makes plans: the planner, or the replanner. */
export function afterPlan({
  outcome,
  failure,
  waiting,
}: Pick<AgentState, "outcome" | "failure" | "waiting">) {
  if (outcome !== null) {
    return failure === null ? END : "retry";
  }
  return waiting.length > 0 ? "approval" : "executor";
}

/** Where a run goes from the executor: a person is asked only when all that can run has run. */
export function afterExecutor({
  outcome,
  limitReached,
  replanAsked,
  moreToRun,
  waiting,
}: Pick<AgentState, "outcome" | "limitReached" | "replanAsked" | "moreToRun" | "waiting">) {
  if (outcome?.code !== undefined) {
    return END;
  }
  if (limitReached !== "" || replanAsked) {
    return "replanner";
  }
  if (moreToRun) {
    return "executor";
  }
  return waiting.length > 0 ? "approval" : "replanner";
}

/**
 * Where a run goes from the approval: it asks again, a hint goes to the replanner, and a rejected plan is made again by
 * whoever made it.
 */
export function afterApproval({
  outcome,
  waiting,
  feedback,
  remark,
  pastSteps,
}: Pick<AgentState, "outcome" | "waiting" | "feedback" | "remark" | "pastSteps">) {
  if (outcome !== null) {
    return END;
  }
  if (waiting.length > 0) {
    return "approval";
  }
  if (remark !== "") {
    return "replanner";
  }
  if (feedback === "") {
    return "executor";
  }
  return pastSteps.length === 0 ? "planner" : "replanner";
}

/** Where a run goes on that a model's failure had stopped. */
export function afterRetry(
  state: Pick<AgentState, "failure" | "replanAsked" | "feedback" | "remark" | "plan" | "pastSteps">,
) {
  if (state.failure?.node === "planner") {
    return "planner";
  }
  const isAsked = state.replanAsked || state.feedback !== "" || state.remark !== "";
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
