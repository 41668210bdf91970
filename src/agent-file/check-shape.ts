import type { z } from "zod";
import { createNearestName, isRecord } from "../base/index.js";
import { AGENT_FILE } from "./file-schema.js";
import { keysAt, optionsCalled } from "./json-schema.js";
import type { Path, YamlSource } from "./yaml-source.js";

/** The most names that a message lists. */
const MAX_NAMES = 12;

/**
 * Checks a file's data against the schema, and notes what is wrong. Where an option wants a number or a switch, a text
 * that is nothing but a variable of the environment is read as one.
 */
export function checkShape(data: unknown, whole: ReadonlySet<string>, source: YamlSource): unknown {
  const first = AGENT_FILE.safeParse(data);
  const isRead = (issue: z.core.$ZodIssue) =>
    issue.code === "invalid_type" && whole.has(issue.path.map(String).join("."));
  const paths = (first.error?.issues ?? []).filter(isRead).map(({ path }) => path);
  const read = paths.reduce((before, path) => readAt(before, path), data);
  const { error } = paths.length === 0 ? first : AGENT_FILE.safeParse(read);
  // What a module was to give and did not is told already.
  const untold = (error?.issues ?? []).filter(
    (issue) => issue.path.length === 0 || !source.isWrongAt(issue.path.map(String)),
  );
  for (const issue of untold) {
    tell(issue, [], read, source);
  }
  return read;
}

/** Reads the text at a path as a number or a switch, where it is one. */
function readAt(value: unknown, [step, ...rest]: readonly PropertyKey[]): unknown {
  if (step === undefined) {
    const text = String(value).trim();
    const isNumber = text !== "" && Number.isFinite(Number(text));
    return isNumber ? Number(text) : text === "true" ? true : text === "false" ? false : value;
  }
  if (Array.isArray(value)) {
    return value.map((item, index) => (index === Number(step) ? readAt(item, rest) : item));
  }
  return isRecord(value) ? { ...value, [String(step)]: readAt(value[String(step)], rest) } : value;
}

function tell(issue: z.core.$ZodIssue, before: Path, data: unknown, source: YamlSource): void {
  const path: Path = [
    ...before,
    ...issue.path.map((step) => (typeof step === "number" ? step : String(step))),
  ];
  switch (issue.code) {
    case "unrecognized_keys":
      for (const key of issue.keys) {
        source.add([...path, key], adviceOn(key, path), "key");
      }
      return;
    case "invalid_value":
      source.add(path, describeChoice(issue.values.map(String), valueAt(data, path)));
      return;
    case "invalid_key":
      source.add(path, issue.message, "key");
      return;
    case "invalid_type":
      if (valueAt(data, path) === undefined) {
        source.add(path, "is missing");
        return;
      }
      source.add(path, `must be ${nameOf(issue.expected)}, not ${kindOf(valueAt(data, path))}`);
      return;
    case "invalid_union": {
      const inner = branchMeant(issue.errors);
      if (inner === undefined || !isRecord(valueAt(data, path))) {
        source.add(path, describeUnion(issue, valueAt(data, path)));
      } else {
        for (const one of inner) {
          tell(one, path, data, source);
        }
      }
      return;
    }
    default:
      source.add(path, issue.message);
  }
}

/** What to write in place of a key that is not there. */
function adviceOn(key: string, path: Path): string {
  const known = keysAt(path);
  const plain = key.replaceAll(/[_-]/g, "");
  const [elsewhere] = path.length === 0 ? optionsCalled(plain) : [];
  if (elsewhere !== undefined) {
    return `there is no such option here; did you mean ${elsewhere}?`;
  }
  const meant = createNearestName()(plain, known);
  const names = known.slice(0, MAX_NAMES).join(", ");
  const others = known.length > MAX_NAMES ? ` and ${known.length - MAX_NAMES} more` : "";
  const hint = meant === undefined ? `there are ${names}${others}` : `did you mean ${meant}?`;
  return `there is no such option; ${hint}`;
}

function describeChoice(choices: readonly string[], value: unknown): string {
  const meant = typeof value === "string" ? createNearestName()(value, choices) : undefined;
  const hint = meant === undefined ? "" : `; did you mean ${meant}?`;
  return `must be ${choices.join(" or ")}, not ${JSON.stringify(value)}${hint}`;
}

function describeUnion({ message, errors }: z.core.$ZodIssueInvalidUnion, value: unknown): string {
  if (message !== "Invalid input") {
    return message;
  }
  const choices = errors
    .flat()
    .flatMap((issue) => (issue.code === "invalid_value" ? issue.values.map(String) : []));
  return typeof value === "string" && choices.length > 0
    ? describeChoice(choices, value)
    : `cannot be ${kindOf(value)}`;
}

/** The branch of a union that somebody tried to write: the one that only its inner parts break. */
function branchMeant(
  errors: readonly (readonly z.core.$ZodIssue[])[],
): readonly z.core.$ZodIssue[] | undefined {
  return errors.find((issues) =>
    issues.every(({ path, code }) => path.length > 0 || code === "unrecognized_keys"),
  );
}

function valueAt(data: unknown, path: Path): unknown {
  return path.reduce<unknown>((inner, step) => Reflect.get(Object(inner), step), data);
}

const NAMES: Readonly<Record<string, string>> = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "a map of names and values",
  record: "a map of names and values",
};

function nameOf(expected: string): string {
  return NAMES[expected] ?? expected;
}

function kindOf(value: unknown): string {
  if (value === null) {
    return "empty";
  }
  return Array.isArray(value) ? "a list" : typeof value === "boolean" ? String(value) : nameOf(typeof value);
}
