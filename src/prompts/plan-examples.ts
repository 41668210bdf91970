// Examples of plans for small models, which copy what they are shown. So an example uses tools that exist, in other ways
// each time, and values that no goal is about.
import { type BareSchema, toBareSchema } from "../models/index.js";
import type { CatalogueEntry } from "./catalogue-entry.js";

const FORMULA = /expression|formula/i;
const WORDS = /body|message|content|comment|text|note/i;

/** Values for arguments by what their names say, two of each. Paths are missing: models would look for the files. */
const VALUES: readonly (readonly [RegExp, readonly [string, string]])[] = [
  [/city|town|place|location|address/i, ["Rome", "Bern"]],
  [/country|region|nation/i, ["Peru", "Chad"]],
  [/query|question|search|topic|term|keyword/i, ["novel Emma", "novel Persuasion"]],
  [/^to$|mail|recipient/i, ["sam@example.org", "kim@example.org"]],
  [/subject|title|headline/i, ["Lamps", "Chairs"]],
  [WORDS, ["three lamps", "four chairs"]],
  [/currency/i, ["CHF", "JPY"]],
  [FORMULA, ["12 * 30", "7 * 45"]],
  [/date|day|time/i, ["2031-03-09", "2032-04-08"]],
  [/customer|user|account|member|name|id$/i, ["K-7", "K-9"]],
];

/** A tool that an example can show: all that it must be given has a natural value. */
interface Shown {
  readonly name: string;
  readonly readOnly: boolean;
  readonly args: readonly (readonly [string, readonly [Value, Value]])[];
  /** How natural its first argument is: a place in VALUES. */
  readonly rank: number;
  /** What kind of text its first argument is. */
  readonly takes: "formula" | "text" | "name";
  /** A field of its output; undefined if none is known. */
  readonly field: string | undefined;
}

type Value = string | number;

/** Writes some examples: plain calls, an output in another call, a condition, and a goal that needs no step. */
export function toPlanExamples(tools: readonly CatalogueEntry[]): string[] {
  const shown = tools.flatMap((tool) => toShown(tool) ?? []).sort((one, other) => one.rank - other.rank);
  const readers = shown.filter(({ readOnly, args }) => readOnly && args.length === 1);
  const [plain = shown[0]] = readers;
  if (plain === undefined) {
    return [];
  }
  // Without a known field, or a formula, what an example would do with an output is nothing that anybody wants.
  const source = readers.find(({ field, takes }) => field !== undefined && takes === "name");
  const formula = readers.find(({ takes }) => takes === "formula");
  const measured = source ?? formula ?? plain;
  const actor = shown.find((one) => !one.readOnly && one.args.length > 0);
  return [
    toPlain(plain),
    ...(source === undefined || formula === undefined ? [] : [toChain(source, formula)]),
    ...(actor === undefined ? [] : [toCondition(measured, actor)]),
    toExample("Thank you!", []),
  ];
}

function toShown({ name, parameters, readOnly, output = "" }: CatalogueEntry): Shown | undefined {
  const { properties = {}, required = [] } = toBareSchema(parameters);
  const args = required.map((key) => ({ key, rank: rankOf(key), schema: properties[key] }));
  const known = args.flatMap(({ key, rank, schema }) => {
    const values = valuesFor(rank, schema);
    return values === undefined ? [] : [[key, values] as const];
  });
  const fields = [...output.matchAll(/(?<=[{,] ?)(\w+)(?=\??[,:}])/g)].map(([field]) => field);
  const field = fields.find((one) => !required.includes(one));
  const rank = args[0]?.rank ?? VALUES.length;
  const [first = ""] = required;
  const takes = FORMULA.test(first) ? "formula" : WORDS.test(first) ? "text" : "name";
  return known.length === args.length ? { name, readOnly, args: known, rank, takes, field } : undefined;
}

function rankOf(key: string): number {
  const at = VALUES.findIndex(([pattern]) => pattern.test(key));
  return at < 0 ? VALUES.length : at;
}

function valuesFor(rank: number, schema: BareSchema | undefined): readonly [Value, Value] | undefined {
  const types = (schema?.anyOf ?? [schema]).map((one) => (one?.enum === undefined ? one?.type : "enum"));
  if (types.includes("string")) {
    return VALUES[rank]?.[1];
  }
  return types.some((type) => type === "number" || type === "integer") ? [30, 45] : undefined;
}

function toPlain(tool: Shown): string {
  return toExample(`${wordsOf(tool, 0)}, and for ${saidValue(tool, 1)}`, [toStep(tool, 0), toStep(tool, 1)]);
}

function toChain(source: Shown, target: Shown): string {
  const [[key] = [""]] = target.args;
  const description = `${toWords(target.name)} for its ${source.field ?? "result"} times 30`;
  const step = { description, tool: target.name, args: { [key]: `${referenceTo(source)} * 30` } };
  return toExample(`${wordsOf(source, 0)}, then ${description}`, [toStep(source, 0), step]);
}

function toCondition(source: Shown, actor: Shown): string {
  const part = source.field ?? "result";
  const goal = `If the ${part} of ${wordsOf(source, 1)} is above 50, ${wordsOf(actor, 0)}. Otherwise do nothing.`;
  const { description, ...call } = toStep(actor, 0);
  return toExample(goal, [toStep(source, 1), { description, if: `${referenceTo(source)} > 50`, ...call }]);
}

function referenceTo({ field }: Shown): string {
  return field === undefined ? "{{1}}" : `{{1.${field}}}`;
}

function saidValue({ args }: Shown, at: 0 | 1): string {
  return args.map(([, values]) => values[at]).join(", ");
}

function wordsOf(tool: Shown, at: 0 | 1): string {
  return `${toWords(tool.name)} for ${saidValue(tool, at)}`;
}

function toWords(name: string): string {
  return name
    .replaceAll(/[_-]+/g, " ")
    .replaceAll(/(?<=[a-z])(?=[A-Z])/g, " ")
    .toLowerCase();
}

function toStep(tool: Shown, at: 0 | 1) {
  const args = Object.fromEntries(tool.args.map(([key, values]) => [key, values[at]]));
  return { description: wordsOf(tool, at), tool: tool.name, args };
}

function toExample(goal: string, steps: readonly object[]): string {
  return `Example. Goal: ${JSON.stringify(goal)}\n${JSON.stringify({ steps })}`;
}
