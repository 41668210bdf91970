import { withoutUndefined } from "../base/index.js";
import type {
  AnswerFunction,
  PlannerFunction,
  PlanReply,
  PlanRequest,
  ReplannerFunction,
  ReplanRequest,
  StepFunction,
} from "../prompts/index.js";
import { readEarlier, recall } from "./earlier.js";
import { readGoal } from "./read-goal.js";
import { callByName } from "./saved-plans.js";
import { tellAbilities, tellRefusal, tellResults, tellWaiting } from "./tell.js";

/** The four roles, without a model. */
export interface Offline extends PlannerFunction, ReplannerFunction, AnswerFunction, StepFunction {}

const AGREEMENT =
  /^(?:(?:yes|yeah|yep|sure|ok(?:ay)?|please|do|go ahead|go on|continue|proceed|confirm(?:ed)?|approved?|it|that|with|is|fine|good|right|correct|agreed|i|agree|and|the|then|now)[\s,.!]*)+$/i;
const GREETING = /^(?:hi|hello|hey|good (?:morning|evening|afternoon|day))(?: there| everyone)?[\s!.]*$/i;
const THANKS =
  /^(?:(?:ok(?:ay)?|great|perfect|cool|nice|many)[\s,.!]*)?(?:thanks|thank you|thx|ok(?:ay)?|great|perfect|cool|nice)(?: (?:a lot|so much|very much|you|again|for (?:that|your help)))?[\s!.]*$/i;
const HELP =
  /^(?:help(?: me)?|what can (?:you|i) (?:do|ask)(?: here| for me)?|what (?:do|can) you (?:do|understand|know)|how (?:can you help(?: me)?|do you work)|who are you|what are you)[\s!?.]*$/i;
const BYE = /^(?:bye|goodbye|see you(?: later)?)[\s!.]*$/i;

/** Creates the offline planner: it plans what it can read to the last word, and refuses everything else. */
export function createOffline(now: () => Date = () => new Date()): Offline {
  return {
    plan: (request) => plan(request, now()),
    replan,
    write: tellResults,
    run: ({ step }) => ({ blocked: `"${step.description}" is a step in words: it needs a model.` }),
  };
}

function plan(request: PlanRequest, today: Date): PlanReply {
  const { goal, conversation, issues, rejected } = request;
  if (rejected !== undefined || issues.length > 0) {
    const why = rejected === undefined ? issues.join(" ") : `It was rejected: ${rejected.feedback}`;
    return { refused: `I have no other plan for this. ${why}\n${tellAbilities(request)}` };
  }
  const said = reply(request) ?? recall(goal, conversation) ?? callByName(request);
  if (said !== undefined) {
    return said;
  }
  const tools = new Set(request.tools.map(({ name }) => name));
  const read = readGoal({ goal, tools, earlier: readEarlier(conversation), today });
  if (read.kind === "plan" && read.steps.length <= request.maxSteps) {
    return withoutUndefined({ steps: read.steps, answer: read.answer });
  }
  if (read.kind === "plan") {
    return { refused: `The plan has ${read.steps.length} steps; ${request.maxSteps} are the most.` };
  }
  const refused = tellRefusal(read.part, read.reason, request);
  return read.understood === "" ? { refused } : { refused, understood: read.understood };
}

/** Answers what is no goal. */
function reply(request: PlanRequest): string | undefined {
  const goal = request.goal.trim();
  const { waiting = [] } = request.unfinished ?? {};
  if (waiting.length > 0 && (AGREEMENT.test(goal) || THANKS.test(goal))) {
    return tellWaiting(waiting);
  }
  if (THANKS.test(goal)) {
    return "You are welcome.";
  }
  if (BYE.test(goal)) {
    return "Goodbye.";
  }
  return GREETING.test(goal) || HELP.test(goal) ? tellAbilities(request) : undefined;
}

/** Changes no plan. If the question is only whether to go on, it goes on; otherwise it tells what was achieved. */
function replan(request: ReplanRequest): PlanReply {
  const isCheck = request.causes.every(({ kind }) => kind === "check");
  if (isCheck && request.remaining.length > 0) {
    return { steps: [...request.remaining] };
  }
  const words = request.causes.flatMap((cause) =>
    cause.kind === "feedback" || cause.kind === "remark" ? [cause.text] : [],
  );
  const told = tellResults(request);
  return words.length === 0
    ? told
    : `${told}\nWithout a model I cannot change a plan by what is said about it.`;
}
