import { isDeepStrictEqual } from "node:util";
import type { MatchCondition } from "@langchain/langgraph";

type Comparison = (actual: unknown, wanted: unknown) => boolean;

const comparisons: ReadonlyMap<string, Comparison> = new Map<string, Comparison>([
  ["$eq", isDeepStrictEqual],
  ["$ne", (actual, wanted) => !isDeepStrictEqual(actual, wanted)],
  ["$gt", (actual, wanted) => Number(actual) > Number(wanted)],
  ["$gte", (actual, wanted) => Number(actual) >= Number(wanted)],
  ["$lt", (actual, wanted) => Number(actual) < Number(wanted)],
  ["$lte", (actual, wanted) => Number(actual) <= Number(wanted)],
  ["$in", (actual, wanted) => Array.isArray(wanted) && wanted.includes(actual)],
  ["$nin", (actual, wanted) => !Array.isArray(wanted) || !wanted.includes(actual)],
]);

/** Whether a stored value has everything that a search asks for: equal values, or LangGraph's operators. */
export function matchesFilter(
  value: Readonly<Record<string, unknown>>,
  filter: Readonly<Record<string, unknown>>,
): boolean {
  return Object.entries(filter).every(([key, wanted]) => {
    const operators = operatorsOf(wanted);
    if (operators === undefined) return isDeepStrictEqual(value[key], wanted);
    return operators.every(([compare, operand]) => compare(value[key], operand));
  });
}

/** Whether a namespace begins, or ends, with a path; a star stands for any one label. */
export function matchesPath(namespace: readonly string[], { matchType, path }: MatchCondition): boolean {
  const start = matchType === "prefix" ? 0 : namespace.length - path.length;
  if (start < 0) return false;
  return path.every((label, index) => label === "*" || label === namespace[start + index]);
}

function operatorsOf(wanted: unknown): (readonly [Comparison, unknown])[] | undefined {
  if (typeof wanted !== "object" || wanted === null) return undefined;
  const found = Object.entries(wanted).map(([name, operand]) => [comparisons.get(name), operand] as const);
  const known = found.flatMap(([compare, operand]) =>
    compare === undefined ? [] : [[compare, operand] as const],
  );
  return known.length > 0 && known.length === found.length ? known : undefined;
}
