// Says in words what a step does, for people who watch. A call is made into words from its tool, its arguments and its
// references: `add {"a":"{{1}}","b":551}` is "add result of step 1 and 551". The words are a summary. Where a person
// approves something, they see the whole call beside them (`step-line.ts`).
import type { JsonValue } from "../../base/index.js";
import type { PlanStep } from "../plan.js";
import {
  fieldValue,
  ITEM_VARIABLES,
  loneExpression,
  replaceReferences,
  splitReference,
} from "../references.js";
import { describeCall } from "./step-fields.js";

const MAX_WORDS_LENGTH = 160;
const MAX_VALUE_LENGTH = 60;
const MAX_LISTED_VALUES = 3;

/** Names of arguments that read well before their value: "convert 5 from USD to EUR". */
const PREPOSITIONS: ReadonlySet<string> = new Set(
  "about after as at before by for from in into of on since to until with".split(" "),
);

/** Says what a step of the plan does. Steps that it refers to are named by their place in the plan. */
export function writeStepWords(step: PlanStep, plan: readonly PlanStep[]): string {
  const { description, tool, args, forEach } = step;
  const isMade = tool !== undefined && (description === describeCall(tool, args) || description === tool);
  if (!isMade) {
    return cut(withoutReferences(toOneLine(description), plan), MAX_WORDS_LENGTH);
  }
  const items = forEach === undefined ? "" : `, for each of ${writeValue(fieldValue(forEach), plan)}`;
  return cut(`${writeCallWords(tool, args ?? {}, plan)}${items}`, MAX_WORDS_LENGTH);
}

/** Says in words what a call does. */
export function writeCallWords(
  tool: string,
  args: Readonly<Record<string, JsonValue>>,
  plan: readonly PlanStep[],
): string {
  const given = Object.entries(args).filter(([, value]) => value !== null);
  const areLetters = given.length > 1 && given.every(([name]) => name.length === 1);
  if (areLetters) {
    return cut(
      `${toWords(tool)} ${joinValues(given.map(([, value]) => writeValue(value, plan)))}`,
      MAX_WORDS_LENGTH,
    );
  }
  const parts = given.map(([name, value], index) => {
    const shown = writeValue(value, plan);
    if (PREPOSITIONS.has(name)) {
      return ` ${name} ${shown}`;
    }
    return index === 0 ? ` ${shown}` : `, ${toWords(name)} ${shown}`;
  });
  return cut(`${toWords(tool)}${parts.join("")}`, MAX_WORDS_LENGTH);
}

/** The words of a name: `webSearch` and `web_search` are "web search". */
function toWords(name: string): string {
  return name
    .replaceAll(/(?<=[a-z\d])(?=[A-Z])/g, " ")
    .replaceAll(/[_-]+/g, " ")
    .trim()
    .replaceAll(/\b[A-Z](?=[a-z])/g, (letter) => letter.toLowerCase());
}

function writeValue(value: JsonValue, plan: readonly PlanStep[]): string {
  if (Array.isArray(value)) {
    const shown = value.slice(0, MAX_LISTED_VALUES).map((entry) => writeValue(entry, plan));
    const more = value.length - MAX_LISTED_VALUES;
    return more > 0 ? `${shown.join(", ")} and ${more} more` : joinValues(shown);
  }
  if (typeof value !== "string") {
    return cut(withoutReferences(JSON.stringify(value), plan), MAX_VALUE_LENGTH);
  }
  const expression = loneExpression(value);
  if (expression !== undefined) {
    return nameReference(expression, plan);
  }
  const line = toOneLine(value);
  const text = cut(
    replaceReferences(line, (inside) => `(${nameReference(inside, plan)})`),
    MAX_VALUE_LENGTH,
  );
  return /^\S+$/.test(replaceReferences(line, () => "x")) ? text : `“${text}”`;
}

function joinValues(values: readonly string[]): string {
  const last = values.at(-1) ?? "nothing";
  return values.length < 2 ? last : `${values.slice(0, -1).join(", ")} and ${last}`;
}

function withoutReferences(text: string, plan: readonly PlanStep[]): string {
  return replaceReferences(text, (expression) => nameReference(expression, plan));
}

/** Names what a reference stands for: "result of step 1", "price of step 1", "the item". */
function nameReference(expression: string, plan: readonly PlanStep[]): string {
  const places = new Map(plan.map(({ id }, index) => [id, index + 1]));
  const target = splitReference(expression, places);
  if (target !== undefined) {
    const what = target.path.length === 0 ? "result" : target.path.join(" ");
    return `${toWords(what)} of step ${places.get(target.id)}`;
  }
  const item = splitReference(expression, ITEM_VARIABLES);
  if (item === undefined) {
    return expression;
  }
  const whole = item.id === "index" ? "its number" : "the item";
  return item.path.length === 0 ? whole : `${toWords(item.path.join(" "))} of ${whole}`;
}

function toOneLine(text: string): string {
  return text.replaceAll(/\s+/g, " ").trim();
}

function cut(text: string, length: number): string {
  const characters = Array.from(text);
  return characters.length <= length ? text : `${characters.slice(0, length - 1).join("")}…`;
}
