import type { Expectation } from "../expectations.js";
import type { FilterWish, PipelineGoal } from "./pipeline-goal.js";
import { stripQuotes } from "./words.js";

const NAME = `(["'\`][^"'\`]+["'\`]|[\\w.-]+)`;
const VALUE = `(["'\`][^"'\`]*["'\`]|[^\\s,;]+?)`;
const FILTER = new RegExp(
  `\\b(?:where|with only|only (?:those |rows |\\w+ )?(?:where|with|whose))\\s+(?:the\\s+)?${NAME}\\s+(is not empty|is empty|is not|is at least|is at most|is above|is below|is over|is under|is|equals|contains|at least|at most|above|over|below|under|after|before|since|>=|<=|!=|<>|=|>|<)(?:\\s+${VALUE})?(?=[\\s,;.]*(?:$|[,;.]\\s|\\s(?:and|into|with|then)\\b))`,
  "gi",
);
const COMPARISONS: Readonly<Record<string, FilterWish["is"]>> = {
  is: "=",
  equals: "=",
  "=": "=",
  "is not": "!=",
  "!=": "!=",
  "<>": "!=",
  contains: "contains",
  "is at least": ">=",
  "at least": ">=",
  since: ">=",
  ">=": ">=",
  "is at most": "<=",
  "at most": "<=",
  "<=": "<=",
  "is above": ">",
  "is over": ">",
  above: ">",
  over: ">",
  after: ">",
  ">": ">",
  "is below": "<",
  "is under": "<",
  below: "<",
  under: "<",
  before: "<",
  "<": "<",
  "is empty": "is empty",
  "is not empty": "is not empty",
};
const RENAME = new RegExp(
  `\\brenam(?:e|ing)\\s+(?:the\\s+)?(?:column\\s+)?${NAME}\\s+(?:to|as|into)\\s+${NAME}`,
  "gi",
);
const REQUIRED = new RegExp(
  `${NAME}\\s+(?:is|are)\\s+(?:required|mandatory)|\\b(?:require|requiring)\\s+(?:the\\s+)?${NAME}`,
  "gi",
);
const MUST = new RegExp(
  `${NAME}\\s+(?:must|has to|have to|should)\\s+(?:not be (empty|missing|negative)|be (?:an? )?(unique|present|positive|numbers?|integers?|whole numbers?|dates?|at least|at most|between|one of)(?:\\s+([^;]+?))?)(?=[\\s]*(?:$|[;.](?:\\s|$)|,\\s*(?:and\\s+)?[\\w]+ (?:must|has to|is required)|\\s+and\\s+[\\w]+ (?:must|has to|is required)))`,
  "gi",
);

/** The conditions, renames and rules that a goal names. */
export function readConditions(text: string): Pick<PipelineGoal, "filters" | "renames" | "expectations"> {
  const filters = [...text.matchAll(FILTER)].map(([, column = "", word = "", value]): FilterWish => {
    const is = COMPARISONS[word.toLowerCase()] ?? "=";
    const isEmptiness = is === "is empty" || is === "is not empty";
    return {
      column: stripQuotes(column),
      is,
      ...(value !== undefined && !isEmptiness && { value: stripQuotes(value) }),
    };
  });
  const renames = [...text.matchAll(RENAME)].map(([, from = "", to = ""]) => ({
    from: stripQuotes(from),
    to: stripQuotes(to.replace(/[.]$/, "")),
  }));
  const required = [...text.matchAll(REQUIRED)].map(
    ([, first, second]): Expectation => ({ column: toColumn(first ?? second ?? ""), required: true }),
  );
  const must = [...text.matchAll(MUST)].flatMap(([, column = "", not, word, rest]) => {
    const rule = not === undefined ? toRule(word ?? "", rest ?? "") : toNegativeRule(not);
    return rule === undefined ? [] : [{ column: toColumn(column), ...rule }];
  });
  return { filters, renames, expectations: [...required, ...must] };
}

function toColumn(name: string): string {
  return stripQuotes(name).replace(/[.]+$/, "");
}

function toNegativeRule(word: string): Omit<Expectation, "column"> {
  return word === "negative" ? { type: "number", min: 0 } : { required: true };
}

function toRule(word: string, rest: string): Omit<Expectation, "column"> | undefined {
  const numbers = (rest.match(/-?\d+(?:\.\d+)?/g) ?? []).map(Number);
  const [first, second] = rest.match(/\d{4}-\d{2}-\d{2}/g) ?? numbers;
  switch (word.toLowerCase().replace(/s$/, "")) {
    case "unique":
      return { unique: true };
    case "present":
      return { required: true };
    case "positive":
      return { type: "number", above: 0 };
    case "number":
      return { type: "number" };
    case "integer":
    case "whole number":
      return { type: "integer" };
    case "date":
      return { type: "date" };
    case "at least":
      return first === undefined ? undefined : { ...typeFor(first), min: first };
    case "at most":
      return first === undefined ? undefined : { ...typeFor(first), max: first };
    case "between":
      return first === undefined || second === undefined
        ? undefined
        : { ...typeFor(first), min: first, max: second };
    case "one of":
      return { oneOf: rest.split(/\s*,\s*(?:or\s+)?|\s+or\s+/).map((value) => stripQuotes(value.trim())) };
    default:
      return undefined;
  }
}

function typeFor(bound: string | number): Pick<Expectation, "type"> {
  return { type: typeof bound === "number" ? "number" : "date" };
}
