// What the conversation says: the results of earlier answers, and the file that was named last.
import type { BaseMessage } from "@langchain/core/messages";
import { escapeReferences } from "../plan/index.js";
import type { Value } from "./working.js";

/** A result that an answer names. */
interface ToldResult {
  readonly words: string;
  readonly text: string;
  /** Whether the answer says that it was worked out on the way. */
  readonly isBetween: boolean;
}

/** How an answer begins to say what was worked out on the way. */
export const BETWEEN = "Worked out from: ";
const ASKED =
  /^(?:and )?(?:what (?:was|is|were)|what's|tell me|show me|repeat) (?:the |my |your )?(first|second|third|last|previous) (?:result|answer|number|one|value)(?: again)?[\s?.!]*$/i;
const PLACES: Readonly<Record<string, number>> = { first: 0, second: 1, third: 2, last: -1, previous: -1 };

/** Answers "what was the first result?" out of the conversation. */
export function recall(goal: string, conversation: readonly BaseMessage[]): string | undefined {
  const place = PLACES[ASKED.exec(goal.trim())?.[1]?.toLowerCase() ?? ""];
  const results = conversation.flatMap(readAnswer);
  const found = results.at(place ?? 0);
  if (place === undefined) {
    return undefined;
  }
  if (found === undefined) {
    return `This conversation has ${results.length} results so far.`;
  }
  return found.words === "" ? found.text : `${found.words}: ${found.text}`;
}

/** What "it", "them" and "the file" may mean in the next goal. */
export function readEarlier(conversation: readonly BaseMessage[]): {
  readonly values: Value[];
  readonly file: string | undefined;
} {
  const answer = conversation.findLast((message) => readAnswer(message).length > 0);
  const results = answer === undefined ? [] : readAnswer(answer);
  const goals = conversation.filter((message) => message.getType() === "human").map(({ text }) => text);
  const file = goals.flatMap((goal) => goal.match(/[\w./-]*\w\.[a-z]\w{0,4}\b/gi) ?? []).at(-1);
  return { values: results.filter(({ isBetween }) => !isBetween).map(toValue), file };
}

/** The results that an answer names, in the order in which they were worked out. */
function readAnswer(message: BaseMessage): ToldResult[] {
  const isAnswer = message.getType() === "ai";
  const lines = isAnswer ? message.text.split("\n").map((line) => line.replace(/^- /, "").trim()) : [];
  const between = lines
    .filter((line) => line.startsWith(BETWEEN))
    .flatMap((line) => line.slice(BETWEEN.length, -1).split("; "));
  const said = lines.filter((line) => line !== "" && !line.startsWith(BETWEEN));
  // Several lines are results only if they are a list: a file's text is none.
  const finals = said.length > 1 && !/^- .*(?:\n- .*)*(?:\n\n|$)/.test(message.text) ? [] : said;
  return [
    ...between.flatMap((line) => readLine(line, true)),
    ...finals.flatMap((line) => readLine(line, false)),
  ];
}

function readLine(line: string, isBetween: boolean): ToldResult[] {
  const at = line.lastIndexOf(": ");
  if (at >= 0) {
    return [{ words: line.slice(0, at), text: line.slice(at + 2), isBetween }];
  }
  const [only, ...others] =
    line.match(/\b\d{4}-\d\d-\d\d\b|(?<![\w-])-?\d[\d,]*(?:\.\d+)?(?![\w-]|\.\d)/g) ?? [];
  return only === undefined || others.length > 0 ? [] : [{ words: "", text: only, isBetween }];
}

function toValue({ text, words }: ToldResult): Value {
  const plain = text.replace(/(?<=\d),(?=\d{3})/g, "");
  if (/^-?\d+(?:\.\d+)?$/.test(plain)) {
    return { kind: "n", text: plain, words: plain };
  }
  const isDate = /^\d{4}-\d\d-\d\d(?:T\S+)?$/.test(text);
  return { kind: isDate ? "d" : "t", text: escapeReferences(text), words: isDate ? text : words };
}
