// Where a run goes from each node. A route is a pure function of the state: it names a way, and the map beside it says to
// which node that way leads. LangGraph draws the graph by these maps, with the ways as labels of its edges; without
// them it draws an edge from every node to every other.
import { END, START } from "@langchain/langgraph";
import { type AgentState, openSteps } from "../state/index.js";

/** The ways from the planner. */
export const AFTER_PLANNER = {
  "answered or refused": END,
  "the model failed": "retry",
  "the plan waits for a person": "approval",
  "the plan is accepted": "executor",
} as const;

/** The ways from the executor. */
export const AFTER_EXECUTOR = {
  "cannot be stored": END,
  "more can run": "executor",
  "actions wait for a person": "approval",
  "all done, in trouble or at a limit": "replanner",
} as const;

/** The ways from the replanner. */
export const AFTER_REPLANNER = {
  "answered or given up": END,
  "the model failed": "retry",
  "a person is asked": "approval",
  "steps are left": "executor",
} as const;

/** The ways from the approval. */
export const AFTER_APPROVAL = {
  "given up or cannot be stored": END,
  "asks again": "approval",
  "the first plan was rejected": "planner",
  "a later plan was rejected, or a hint came": "replanner",
  "approved, edited or decided": "executor",
} as const;

/** The ways from the node before which a run stands whose model failed. */
export const AFTER_RETRY = {
  "the planner had failed": "planner",
  "steps are open again": "executor",
  "the replanner had failed": "replanner",
} as const;

type Planned = Pick<AgentState, "outcome" | "failure" | "request">;

/** The way from the planner. */
export function afterPlanner({ outcome, failure, request }: Planned): keyof typeof AFTER_PLANNER {
  if (outcome !== null) {
    return failure === null ? "answered or refused" : "the model failed";
  }
  return request === null ? "the plan is accepted" : "the plan waits for a person";
}

/** The way from the executor: a person is asked only when all that can run has run. */
export function afterExecutor({
  outcome,
  verdict,
  request,
}: Pick<AgentState, "outcome" | "verdict" | "request">): keyof typeof AFTER_EXECUTOR {
  if (outcome?.code !== undefined) {
    return "cannot be stored";
  }
  if (verdict?.kind === "run-on") {
    return "more can run";
  }
  return verdict === null && request !== null
    ? "actions wait for a person"
    : "all done, in trouble or at a limit";
}

/** The way from the replanner. */
export function afterReplanner({ outcome, failure, request }: Planned): keyof typeof AFTER_REPLANNER {
  if (outcome !== null) {
    return failure === null ? "answered or given up" : "the model failed";
  }
  return request === null ? "steps are left" : "a person is asked";
}

/** The way from the approval: whoever made a plan that was rejected makes it again, and a hint goes to the replanner. */
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

/** The way on for a run that a model's failure had stopped. */
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

/** The node to which a run goes from a node; undefined where there is no such node. */
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
