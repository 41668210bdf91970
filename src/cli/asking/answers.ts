import { toVisibleJson } from "../../base/index.js";
import type { DecisionType } from "../../state/index.js";
import { toShellWords } from "../write.js";
import { type ResumeDecision, toDecision } from "./describe-action.js";
import type { PendingAction, PendingRequest } from "./pending-request.js";

/** One of the answers that a person may give. */
export interface Answer {
  /** What the run is told. */
  readonly type: DecisionType;
  /** What it is called: its first letter stands for it. */
  readonly label: string;
  /** What the line that gives it from a shell is called. */
  readonly title: string;
  /** What comes of it. */
  readonly help: string;
  /** What else may be typed for it, its letter included. */
  readonly typed: readonly string[];
  /** Whether words go with it to the model. */
  readonly words: "none" | "optional" | "required";
}

const TO_ACTIONS: readonly Answer[] = [
  {
    type: "approve",
    label: "approve",
    title: "Approve",
    help: "it is done as it is shown",
    typed: ["a", "y", "yes", "approve"],
    words: "none",
  },
  { type: "edit", label: "edit", title: "Edit", help: "in your editor", typed: ["e", "edit"], words: "none" },
  {
    type: "reject",
    label: "reject",
    title: "Reject",
    help: "words that follow go to the model",
    typed: ["r", "n", "no", "reject"],
    words: "optional",
  },
];

const TO_GUIDANCE: readonly Answer[] = [
  {
    type: "approve",
    label: "accept what there is",
    title: "Accept what there is",
    help: "the run ends with what was achieved",
    typed: ["a", "accept", "approve"],
    words: "none",
  },
  {
    type: "edit",
    label: "edit what is left",
    title: "Do what is left",
    help: "in your editor; a step that failed and stays in is done again",
    typed: ["e", "edit"],
    words: "none",
  },
  {
    type: "reject",
    label: "hint and try again",
    title: "Try again with a hint",
    help: "words that follow go to the replanner, which plans once more",
    typed: ["h", "hint", "r", "reject"],
    words: "required",
  },
  {
    type: "reject",
    label: "give up",
    title: "Give up",
    help: "the run ends as incomplete",
    typed: ["g", "give"],
    words: "none",
  },
];

/** The answers that a person may give about an action. */
export function answersTo({ kind, allowedDecisions }: PendingAction): readonly Answer[] {
  const answers = kind === "guidance" ? TO_GUIDANCE : TO_ACTIONS;
  return answers.filter(({ type }) => allowedDecisions.includes(type));
}

/** What a person's reply to a question with these answers means. */
export type Reply =
  | { readonly kind: "answer"; readonly answer: Answer; readonly words: string }
  | { readonly kind: "all" | "back" | "show" | "leave" | "help" };

const OTHERS: ReadonlyMap<string, "all" | "back" | "show" | "leave"> = new Map([
  ["b", "back"],
  ["back", "back"],
  ["s", "show"],
  ["show", "show"],
  ["q", "leave"],
  ["quit", "leave"],
  ["later", "leave"],
  ["all", "all"],
]);

/** Reads a reply. What is not understood asks for help: words may follow only where they go to the model. */
export function readReply(line: string, answers: readonly Answer[]): Reply {
  const [, first = "", words = ""] = /^(\S*)\s*(.*)$/s.exec(line) ?? [];
  const word = first.toLowerCase();
  const answer = answers.find(({ typed }) => typed.includes(word));
  if (answer !== undefined && (words === "" || answer.words !== "none")) {
    return { kind: "answer", answer, words };
  }
  const other = words === "" ? OTHERS.get(word) : undefined;
  return { kind: other ?? "help" };
}

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
    if (wanted.type === "edit" && answer.length > MAX_EDIT_CHARACTERS) {
      return [];
    }
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
  if (type === "edit") {
    return toDecision(action, { type, args: action.args });
  }
  return type === "reject" && words !== "none" ? { type, message: "<why>" } : { type };
}
