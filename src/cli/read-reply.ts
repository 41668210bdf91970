import type { Answer } from "./answers.js";

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
  if (answer !== undefined && (words === "" || answer.words !== "none"))
    return { kind: "answer", answer, words };
  const other = words === "" ? OTHERS.get(word) : undefined;
  return { kind: other ?? "help" };
}
