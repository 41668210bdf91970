import type { BaseMessage } from "@langchain/core/messages";
import type { JsonValue } from "../../base/index.js";
import { escapeReferences } from "../../plan/index.js";
import { toTokens } from "./tokens.js";
import { readJsonLines } from "./tool-card.js";
import type { Result } from "./values.js";

/** What the conversation before a goal leaves for "it" and "the file" to mean. */
export interface EarlierTurns {
  readonly results: readonly Result[];
  readonly file?: string;
}

/** Reads the numbers of the last answer, and the file that was named last. */
export function readEarlierTurns(messages: readonly BaseMessage[]): EarlierTurns {
  const answer = messages.findLast((message) => message.getType() === "ai" && isAnswer(message.text));
  const file = messages
    .filter((message) => message.getType() === "human")
    .flatMap((message) => toTokens(message.text))
    .findLast((token) => token.kind === "path")?.text;
  return { results: answer === undefined ? [] : numbersOf(answer.text), file };
}

function isAnswer(text: string): boolean {
  return text.trim() !== "" && !/^\s*(?:\*\*Plan\*\*|I cannot )/.test(text);
}

/** The number that an answer comes to; several where it is a list of results side by side. */
function numbersOf(answer: string): readonly Result[] {
  const lines = answer
    .split("\n")
    .filter((line) => line.trim() !== "" && !line.startsWith("Worked out from:"));
  const items = lines
    .filter((line) => /^\s*(?:[-*•]|\d+\.)\s/.test(line))
    .flatMap((line) => lastNumber(line) ?? []);
  const one = lastNumber(bold(answer) ?? lines.join("\n"));
  const numbers = items.length > 1 ? items : one === undefined ? [] : [one];
  return numbers.map((text) => ({
    value: { text, atomic: !text.startsWith("-"), kind: "number" },
    clause: 0,
    label: "",
  }));
}

function bold(answer: string): string | undefined {
  const found = [...answer.matchAll(/\*\*([^*]*\d[^*]*)\*\*/g)];
  return found.length === 1 ? found[0]?.[1] : undefined;
}

/** The last number of a text; what is part of a path, a date or a word does not count. */
function lastNumber(text: string): string | undefined {
  const plain = text.replace(/\b[\w./-]+\.[A-Za-z]\w*\b/g, " ").replace(/\d{4}-\d{2}-\d{2}\S*/g, " ");
  const found = [...plain.matchAll(/(?<![\w.,])-?\d[\d,]*(?:\.\d+)?(?![\w])/g)].at(-1)?.[0];
  return found?.replace(/,/g, "");
}

/** The inputs of a step as results that its task can speak of. */
export function readInputs(section: string | undefined): readonly Result[] {
  return readJsonLines(section ?? "").flatMap((line, at) => {
    if (typeof line !== "object" || line === null || !("output" in line)) {
      return [];
    }
    const output = plainValue(line.output);
    if (output === undefined) {
      return [];
    }
    const isNumber = /^-?\d+(?:\.\d+)?$/.test(output);
    const label = "description" in line ? String(line.description) : "";
    const value = {
      text: isNumber ? output : escapeReferences(output),
      atomic: true,
      kind: isNumber ? "number" : "text",
    } as const;
    return [{ value, clause: -1 - at, label }];
  });
}

/** An output as one text; undefined for none. */
export function plainValue(output: unknown): string | undefined {
  if (typeof output === "string" || typeof output === "number") {
    return String(output);
  }
  if (typeof output !== "object" || output === null) {
    return undefined;
  }
  if ("value" in output) {
    return plainValue(output.value);
  }
  const numbers: JsonValue[] = Object.values(output).filter((value) => typeof value === "number");
  return numbers.length === 1 ? String(numbers[0]) : JSON.stringify(output);
}
