import { toVisibleJson } from "../../base/index.js";
import type { DecisionType } from "../../state/index.js";
import { toShellWords } from "../write.js";
import { type ResumeDecision, toDecision } from "./describe-action.js";
import type { PendingAction, PendingRequest } from "./pending-request.js";

/** An answer that a person may give. */
export interface Answer {
  /** The decision that the run receives. */
  readonly type: DecisionType;
  /** Its name. The first letter stands for it. */
  readonly label: string;
  /** The label of the shell command that gives this answer. */
  readonly title: string;
  /** What the answer causes. */
  readonly help: string;
  /** Everything that may be typed for it, including its letter. */
  readonly typed: readonly string[];
  /** Whether words for the model go with it. */
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
  {
    type: "respond",
    label: "answer",
    title: "Answer",
    help: "words that follow go to the tool",
    typed: ["a", "answer", "respond"],
    words: "required",
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

/** What a person's reply means, given these answers. */
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

/**
 * Reads a reply. Anything that is not understood asks for help. Only answers whose words go to the model may be
 * followed by words.
 */
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

/** A longer line is not something that people paste. */
const MAX_EDIT_CHARACTERS = 4_000;

/** The command-line words that answer a request, each with its effect. The request's id binds them to it. */
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

/** What the person has to fill in. */
const ADDITIONS: Readonly<Record<DecisionType, (answer: Answer) => string>> = {
  approve: () => "",
  edit: () => ", with your changes",
  respond: () => ", with your answer",
  reject: ({ words }) => (words === "none" ? "" : ", with your words"),
};

/** The decision for an answer. If the action does not allow it, the first decision that it allows. */
function toExample(action: PendingAction, wanted: Answer): ResumeDecision {
  const allowed = answersTo(action);
  const { type, words } = allowed.find(({ title }) => title === wanted.title) ?? allowed[0] ?? wanted;
  if (type === "edit") {
    return toDecision(action, { type, args: action.args });
  }
  if (type === "respond") {
    return { type, response: "<answer>" };
  }
  return type === "reject" && words !== "none" ? { type, message: "<why>" } : { type };
}
