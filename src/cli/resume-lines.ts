import type { DecisionType } from "../state/index.js";
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
  const lines: [string, DecisionType][] = [
    [`Approve${whole}`, "approve"],
    [`Reject${whole}, with your words`, "reject"],
    ["Edit, with your changes", "edit"],
  ];
  return lines.flatMap(([what, type]): [string, string][] => {
    if (!actionRequests.some(({ allowedDecisions }) => allowedDecisions.includes(type))) return [];
    const decisions = actionRequests.map((action) => toExample(action, type));
    const answer = toJsonLine({ requestId, decisions });
    if (type === "edit" && answer.length > MAX_EDIT_CHARACTERS) return [];
    return [[what, toShellWords(["--resume", answer])]];
  });
}

/** The decision of this kind; where it is not allowed, the first that is. */
function toExample(action: PendingAction, wanted: DecisionType): ResumeDecision {
  const { allowedDecisions, args } = action;
  const type = allowedDecisions.includes(wanted) ? wanted : (allowedDecisions[0] ?? wanted);
  if (type === "edit") return toDecision(action, { type, args });
  return type === "reject" ? { type, message: "<why>" } : { type };
}

/** JSON that stands on one line and holds no control characters, those that JSON allows included. */
function toJsonLine(value: unknown): string {
  return JSON.stringify(value).replaceAll(
    /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
