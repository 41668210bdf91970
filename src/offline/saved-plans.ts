// Saved plans, and tools, that a goal calls by name, or in the words of an example.
import { isRecord, type JsonValue } from "../base/index.js";
import type { PlanReply, PlanRequest } from "../prompts/index.js";

/** Words in a slot that say more than one thing. */
const MORE = /[;\n]|(?<!\w)(?:then|unless|if|except)(?!\w)/i;
const ONE_WORD = /^(?:"[^"]*"|'[^']*'|\S+)$/;

/** What a goal calls, if it is a call: a saved plan, or a step of one tool. */
export function callByName({ goal, plans, tools }: PlanRequest): PlanReply | undefined {
  const said = goal
    .trim()
    .replace(/[\s.!?]+$/, "")
    .replace(/^please\s+/i, "");
  const matches = plans.flatMap(({ name, examples, parameters }) =>
    examples.flatMap((example) => {
      const given = readValues(matchExample(said, example), parameters);
      return given === undefined ? [] : [{ name, given, plain: example.replace(/\{\w+\}/g, "").length }];
    }),
  );
  // The example that says most in its own words is the closest.
  const [best, ...others] = matches.sort((one, other) => other.plain - one.plain);
  const rival = others.find(({ name, plain }) => name !== best?.name && plain === best?.plain);
  if (best !== undefined && rival !== undefined) {
    return {
      refused: `Two saved plans are for this: "${best.name}" and "${rival.name}". Call one by its name.`,
    };
  }
  if (best !== undefined) {
    return { use: best.name, with: best.given };
  }
  const named = [...plans, ...tools].flatMap((one) => {
    const given = readValues(matchName(said, one.name, one.parameters), one.parameters);
    return given === undefined ? [] : [{ ...one, given }];
  })[0];
  if (named === undefined) {
    return undefined;
  }
  const { name, given } = named;
  const left = requiredOf(named.parameters).filter((key) => given[key] === undefined);
  if (left.length > 0) {
    return {
      refused: `"${name}" needs ${left.join(" and ")}: say ${[name, ...left.map((key) => `${key}=…`)].join(" ")}`,
    };
  }
  const isPlan = "examples" in named;
  return isPlan
    ? { use: name, with: given }
    : { steps: [{ id: "1", description: said, tool: name, args: given }] };
}

type Words = readonly (readonly [key: string, words: string])[];

/** "refund order {orderId}" takes "Refund order 7". */
function matchExample(goal: string, example: string): Words | undefined {
  const pieces = example
    .trim()
    .replace(/[\s.!?]+$/, "")
    .split(/\{(\w+)\}/);
  const pattern = pieces.map((piece, at) => (at % 2 === 1 ? "(.+?)" : toPattern(piece))).join("");
  const found = new RegExp(`^${pattern}$`, "i").exec(goal);
  const keys = pieces.filter((_, at) => at % 2 === 1);
  return found === null ? undefined : keys.map((key, at) => [key, found[at + 1] ?? ""]);
}

/** "refund-order with orderId=7 and reason=damaged"; one value alone goes to the only parameter that is needed. */
function matchName(goal: string, name: string, parameters: unknown): Words | undefined {
  const called = toPattern(name).replace(/[-_]|\\s\+/g, "[-_\\s]");
  const verb = "(?:(?:run|use|start|execute|do|call)\\s+)?(?:the\\s+)?(?:saved\\s+)?(?:plan\\s+|tool\\s+)?";
  const found = new RegExp(`^${verb}${called}(?:\\s+plan)?(?:\\s+(?:with|for|on))?(?:\\s+(.+))?$`, "i").exec(
    goal,
  );
  const rest = found?.[1];
  if (found === null || rest === undefined) {
    return found === null ? undefined : [];
  }
  const keys = Object.keys(propertiesOf(parameters));
  const key = new RegExp(
    `(?:^|,\\s*|\\s+and\\s+|\\s+)(${keys.map(toPattern).join("|") || "(?!)"})\\s*[=:]\\s*`,
    "i",
  );
  const [before = "", ...parts] = rest.split(key);
  if (before === "" && parts.length > 0) {
    return parts.flatMap((part, at) => {
      const own = keys.find((one) => one.toLowerCase() === part.toLowerCase());
      return at % 2 === 0 && own !== undefined ? [[own, parts[at + 1] ?? ""] as const] : [];
    });
  }
  const [only, ...others] = requiredOf(parameters);
  return only !== undefined && others.length === 0 && ONE_WORD.test(rest) ? [[only, rest]] : undefined;
}

function toPattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&").replace(/\s+/g, "\\s+");
}

/** The values as the schema wants them; undefined if one cannot be that. */
function readValues(words: Words | undefined, parameters: unknown): Record<string, JsonValue> | undefined {
  const given: Record<string, JsonValue> = {};
  for (const [key, said] of words ?? []) {
    const value = readValue(said.trim(), propertiesOf(parameters)[key]);
    if (value === undefined) {
      return undefined;
    }
    given[key] = value;
  }
  return words === undefined ? undefined : given;
}

function readValue(said: string, schema: unknown): JsonValue | undefined {
  const text = said.replace(/^(["'])(.*)\1$/, "$2");
  const { type, enum: choices }: Record<string, unknown> = isRecord(schema) ? schema : {};
  if (text === "" || (MORE.test(text) && text === said)) {
    return undefined;
  }
  if (type === "number" || type === "integer") {
    const amount = Number(text.replace(/^[$€£]\s?|,(?=\d{3}(?!\d))/g, ""));
    return Number.isFinite(amount) && (type === "number" || Number.isInteger(amount)) ? amount : undefined;
  }
  if (type === "boolean") {
    return /^(?:yes|true)$/i.test(text) || (/^(?:no|false)$/i.test(text) ? false : undefined);
  }
  if (type === "array") {
    return text.split(/,\s*(?:and\s+)?|\s+and\s+/);
  }
  const isOneOf = (one: unknown): one is string =>
    typeof one === "string" && one.toLowerCase() === text.toLowerCase();
  return Array.isArray(choices) ? choices.find(isOneOf) : text;
}

function propertiesOf(parameters: unknown): Readonly<Record<string, unknown>> {
  return isRecord(parameters) && isRecord(parameters.properties) ? parameters.properties : {};
}

/** What has to be said: what is required and has no default. */
function requiredOf(parameters: unknown): string[] {
  const required =
    isRecord(parameters) && Array.isArray(parameters.required) ? parameters.required.map(String) : [];
  return required.filter((key) => {
    const schema = propertiesOf(parameters)[key];
    return !isRecord(schema) || schema.default === undefined;
  });
}
