// Where a run goes after each node. A route is a pure function of the state that names a way, and the map beside it
// says which node that way leads to. LangGraph draws the graph from these maps, with the ways as edge labels. Without
// them it would draw an edge from every node to every other.
import { END, START } from "@langchain/langgraph";
import { type AgentState, openSteps } from "../state/index.js";

/** Where each way from the planner leads. */
export const AFTER_PLANNER = {
  "answered, refused or failed": END,
  "the failed turn goes on": "retry",
  "the plan waits for a person": "approval",
  "the plan is accepted": "executor",
} as const;

/** Where each way from the executor leads. */
export const AFTER_EXECUTOR = {
  "all is undone, or cannot be stored": END,
  "more can run": "executor",
  "actions wait for a person": "approval",
  "all done, in trouble or at a limit": "replanner",
} as const;

/** Where each way from the replanner leads. */
export const AFTER_REPLANNER = {
  "answered, given up or failed": END,
  "a person is asked": "approval",
  "steps are left, or to be undone": "executor",
} as const;

/** Where each way from the approval node leads. */
export const AFTER_APPROVAL = {
  "given up or cannot be stored": END,
  "asks again": "approval",
  "the first plan was rejected": "planner",
  "a later plan was rejected, or a hint came": "replanner",
  "approved, edited or decided": "executor",
} as const;

/** Where each way from the retry node leads. It takes up a turn that a model's failure ended. */
export const AFTER_RETRY = {
  "the planner had failed": "planner",
  "steps are open again": "executor",
  "the replanner had failed": "replanner",
} as const;

type Planned = Pick<AgentState, "outcome" | "failure" | "request">;

/** Names the way from the planner. */
export function afterPlanner({ outcome, failure, request }: Planned): keyof typeof AFTER_PLANNER {
  if (failure?.isTakenUp) {
    return "the failed turn goes on";
  }
  if (outcome !== null) {
    return "answered, refused or failed";
  }
  return request === null ? "the plan is accepted" : "the plan waits for a person";
}

/** Names the way from the executor. A person is asked only once everything that can run has run. */
export function afterExecutor({
  outcome,
  verdict,
  request,
}: Pick<AgentState, "outcome" | "verdict" | "request">): keyof typeof AFTER_EXECUTOR {
  if (outcome !== null) {
    return "all is undone, or cannot be stored";
  }
  if (verdict?.kind === "run-on") {
    return "more can run";
  }
  return verdict === null && request !== null
    ? "actions wait for a person"
    : "all done, in trouble or at a limit";
}

/** Names the way from the replanner. */
export function afterReplanner({
  outcome,
  request,
}: Pick<AgentState, "outcome" | "request">): keyof typeof AFTER_REPLANNER {
  if (outcome !== null) {
    return "answered, given up or failed";
  }
  return request === null ? "steps are left, or to be undone" : "a person is asked";
}

/** Names the way from the approval node. A rejected plan goes back to whoever made it; a hint goes to the replanner. */
export function afterApproval({
  outcome,
  request,
  words,
  pastSteps,
}: Pick<AgentState, "outcome" | "request" | "words" | "pastSteps">): keyof typeof AFTER_APPROVAL {
  if (outcome !== null) {
    return "given up or cannot be stored";
  }
  if (request !== null) {
    return "asks again";
  }
  if (words === null) {
    return "approved, edited or decided";
  }
  const isOnFirstPlan = words.kind === "feedback" && pastSteps.length === 0;
  return isOnFirstPlan ? "the first plan was rejected" : "a later plan was rejected, or a hint came";
}

/** Names the way from the retry node, for a run that a model's failure had stopped. */
export function afterRetry(
  state: Pick<AgentState, "failure" | "verdict" | "words" | "plan" | "pastSteps">,
): keyof typeof AFTER_RETRY {
  if (state.failure?.node === "planner") {
    return "the planner had failed";
  }
  const isAsked = state.verdict?.kind === "replan" || state.words !== null;
  return !isAsked && openSteps(state.plan, state.pastSteps).length > 0
    ? "steps are open again"
    : "the replanner had failed";
}

/** Returns the node that follows `node`, or undefined if there is no such node. */
export function nextFrom(node: string, state: AgentState): string | undefined {
  switch (node) {
    case START:
      return "planner";
    case "planner":
      return AFTER_PLANNER[afterPlanner(state)];
    case "replanner":
      return AFTER_REPLANNER[afterReplanner(state)];
    case "executor":
      return AFTER_EXECUTOR[afterExecutor(state)];
    case "approval":
      return AFTER_APPROVAL[afterApproval(state)];
    case "retry":
      return AFTER_RETRY[afterRetry(state)];
    default:
      return undefined;
  }
}
