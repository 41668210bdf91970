import { toVisibleJson } from "../plan/index.js";
import type { DecisionType } from "../state/index.js";
import { type Answer, answersTo } from "./answers.js";
import { type ResumeDecision, toDecision } from "./choice.js";
import type { PendingAction, PendingRequest } from "./pending-request.js";
import { toShellWords } from "./shell-words.js";

/** Above so many characters a line is nothing that one pastes. */
const MAX_EDIT_CHARACTERS = 4_000;

/** The words that answer a request from the command line, and what they do; the request's id binds them to it. */
export function toResumeLines({
  requestId,
  actionRequests,
}: PendingRequest): [what: string, words: string][] {
  const whole = actionRequests.length === 1 ? "" : " all";
  const answers = new Map(actionRequests.flatMap(answersTo).map((answer) => [answer.title, answer]));
  return [...answers].flatMap(([title, wanted]): [string, string][] => {
    const decisions = actionRequests.map((action) => toExample(action, wanted));
    const answer = toVisibleJson({ requestId, decisions });
    if (wanted.type === "edit" && answer.length > MAX_EDIT_CHARACTERS) return [];
    return [[`${title}${whole}${ADDITIONS[wanted.type](wanted)}`, toShellWords(["--resume", answer])]];
  });
}

/** What a person puts into the line. */
const ADDITIONS: Readonly<Record<DecisionType, (answer: Answer) => string>> = {
  approve: () => "",
  edit: () => ", with your changes",
  reject: ({ words }) => (words === "none" ? "" : ", with your words"),
};

/** The decision that an answer is; where it is not allowed, the first that is. */
function toExample(action: PendingAction, wanted: Answer): ResumeDecision {
  const allowed = answersTo(action);
  const { type, words } = allowed.find(({ title }) => title === wanted.title) ?? allowed[0] ?? wanted;
  if (type === "edit") return toDecision(action, { type, args: action.args });
  return type === "reject" && words !== "none" ? { type, message: "<why>" } : { type };
}
