import { END } from "@langchain/langgraph";
import type { AgentState } from "../state/index.js";

/** Where a run goes from the planner. */
export function afterPlanner({ outcome, waiting }: Pick<AgentState, "outcome" | "waiting">) {
  if (outcome !== null) return END;
  return waiting.length > 0 ? "approval" : "executor";
}

/** Where a run goes from the executor: a person is asked only when all that can run has run. */
export function afterExecutor({
  limitReached,
  replanAsked,
  moreToRun,
  waiting,
}: Pick<AgentState, "limitReached" | "replanAsked" | "moreToRun" | "waiting">) {
  if (limitReached !== "" || replanAsked) return "replanner";
  if (moreToRun) return "executor";
  return waiting.length > 0 ? "approval" : "replanner";
}

/** Where a run goes from the replanner. */
export function afterReplanner({ outcome, waiting }: Pick<AgentState, "outcome" | "waiting">) {
  if (outcome !== null) return END;
  return waiting.length > 0 ? "approval" : "executor";
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
  if (outcome !== null) return END;
  if (waiting.length > 0) return "approval";
  if (remark !== "") return "replanner";
  if (feedback === "") return "executor";
  return pastSteps.length === 0 ? "planner" : "replanner";
}
