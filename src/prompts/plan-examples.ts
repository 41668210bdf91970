// Examples of plans for small models, which copy what they are shown. So an example uses tools that exist, in other ways
// each time, and values that no goal is about.
import { type BareSchema, toBareSchema } from "../models/index.js";
import type { CatalogueEntry } from "./catalogue-entry.js";

const FORMULA = /expression|formula/i;
/** Fields of outputs that hold a number, by their names: what a sum or a condition is about. */
const MEASURE = /celsius|degree|temp|amount|price|cost|count|total|size|rate|stock|quantity|balance|score/i;

/** Values for arguments by what their names say, two of each. Paths are missing: models would look for the files. */
const VALUES: readonly (readonly [RegExp, readonly [string, string]])[] = [
  [/city|town|place|location|address/i, ["Rome", "Bern"]],
  [/country|region|nation/i, ["Peru", "Chad"]],
  [/query|question|search|topic|term|keyword/i, ["novel Emma author", "novel Persuasion"]],
  [/^to$|mail|recipient/i, ["sam@example.org", "kim@example.org"]],
  [/subject|title|headline/i, ["Lamps", "Chairs"]],
  [/body|message|content|comment|text|note/i, ["The lamps are there", "The chairs are gone"]],
  [/currency/i, ["CHF", "JPY"]],
  [FORMULA, ["12 * 30", "7 * 45"]],
  [/date|day|time/i, ["2031-03-09", "2032-04-08"]],
  [/customer|user|account|member|name|id$/i, ["K-7", "K-9"]],
];
/** The place of what is searched for. */
const QUERY = rankOf("query");
/** The place of who gets mail. */
const MAIL = rankOf("to");
const NAME = /name|person|who/i;

/** A tool that an example can show: all that it must be given has a natural value. */
interface Shown {
  readonly name: string;
  readonly readOnly: boolean;
  readonly args: readonly (readonly [string, readonly [Value, Value]])[];
  /** How natural its first argument is: a place in VALUES. */
  readonly rank: number;
  readonly output: string;
}

type Value = string | number;

/** Writes some examples: a look-up that needs another, an output in a call, a sum, and a condition. */
export function toPlanExamples(tools: readonly CatalogueEntry[]): string[] {
  const shown = tools.flatMap((tool) => toShown(tool) ?? []).sort((one, other) => one.rank - other.rank);
  const readers = shown.filter(({ readOnly, args }) => readOnly && args.length === 1);
  const search = readers.find(({ rank }) => rank === QUERY);
  const formula = readers.find(({ args: [[key] = [""]] }) => FORMULA.test(key));
  const source = readers.find(({ output }) => measureIn(output) !== undefined);
  const [actor, ...actors] = shown.filter(({ readOnly, args }) => !readOnly && args.length > 0);
  const payer = actors.find(({ args }) => args.some(([, [value]]) => typeof value === "number"));
  const table = tools.find(isTable);
  const judged = source ?? formula;
  const addresses = readers.find(({ args: [[key] = [""]], output }) => NAME.test(key) && addressIn(output));
  const [plain] = readers;
  const fact =
    search === undefined ? [] : [`Facts about people, places and things are found with ${search.name}.`];
  const examples = [
    ...(formula === undefined ? [] : [toFormula(formula, payer)]),
    ...(table === undefined ? [] : [toTotal(table)]),
    ...(formula === undefined || source === undefined ? [] : [toAverage(source, formula)]),
    ...(actor?.rank !== MAIL || addresses === undefined ? [] : [toAddressed(addresses, actor)]),
    ...(actor === undefined || judged === undefined ? [] : [toCondition(judged, actor)]),
    ...(search === undefined ? [] : [toLookUp(search)]),
  ];
  const chosen = examples.length > 0 || plain === undefined ? examples : [toPlain(plain)];
  // The last example counts most, so it is not the one in which nothing is done.
  return chosen.length === 0 ? [] : [...fact, ...chosen.toSpliced(-1, 0, toExample("Thank you!", []))];
}

function toShown({ name, parameters, readOnly, output = "" }: CatalogueEntry): Shown | undefined {
  const { properties = {}, required = [] } = toBareSchema(parameters);
  const args = required.flatMap((key) => {
    const values = valuesFor(rankOf(key), properties[key]);
    return values === undefined ? [] : [[key, values] as const];
  });
  const rank = rankOf(required[0] ?? "");
  return args.length === required.length ? { name, readOnly, args, rank, output } : undefined;
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

/** The names of the fields in a written shape. */
function fieldsIn(output: string): string[] {
  return [...output.matchAll(/(?<=[{,] ?)(\w+)(?=\??[,:}])/g)].map(([field]) => field);
}

function measureIn(output: string): string | undefined {
  return output.startsWith("{") ? fieldsIn(output).find((field) => MEASURE.test(field)) : undefined;
}

/** A second look-up that goes by what the first one found, if it is known where that stands. */
function toLookUp(search: Shown): string {
  const first = toStep(search, "the novel Emma");
  const fields = search.output.startsWith("[{") ? fieldsIn(search.output) : [];
  const field = fields.find((one) => /title|name/i.test(one)) ?? fields[0];
  if (field === undefined) {
    return toExample("Who wrote the novel Emma?", [first]);
  }
  const [[key] = [""]] = search.args;
  const second = {
    description: "the author's year of birth",
    tool: search.name,
    args: { [key]: `{{1.0.${field}}} born` },
  };
  return toExample("Who wrote the novel Emma, and in which year was its author born?", [first, second]);
}

/** Braces around outputs, and none around numbers. */
function toFormula(formula: Shown, payer: Shown | undefined): string {
  const [[key] = [""]] = formula.args;
  const step = { description: "3 times 4.50", tool: formula.name, args: { [key]: "3 * 4.50" } };
  if (payer === undefined) {
    return toExample("What is 3 times 4.50?", [step]);
  }
  const args = payer.args.map(([name, [value]]) => [name, typeof value === "number" ? "{{1}}" : value]);
  const goal = `${saidCall(payer)}.`.replace("30", "3 times 4.50");
  return toExample(goal, [step, { ...toStep(payer, saidTarget(payer)), args: Object.fromEntries(args) }]);
}

function toAverage(source: Shown, formula: Shown): string {
  const field = measureIn(source.output) ?? "";
  const [one, other] = [saidValue(source, 0), saidValue(source, 1)];
  const [[key] = [""]] = formula.args;
  return toExample(`What is the average ${field} of ${one} and ${other}, plus 10 percent?`, [
    toStep(source, `${field} in ${one}`),
    toStep(source, `${field} in ${other}`, 1),
    {
      description: "their average, plus 10 percent",
      tool: formula.name,
      args: { [key]: `({{1.${field}}} + {{2.${field}}}) / 2 * 1.1` },
    },
  ]);
}

/** How examples name a table, by the tools that ask it. */
const TABLES: Readonly<Record<string, { readonly path: string; readonly at?: string }>> = {
  csv_query: { path: "items.csv" },
  json_query: { path: "shop.json", at: "items" },
};

function isTable({ name }: CatalogueEntry): boolean {
  return Object.hasOwn(TABLES, name);
}

function toTotal({ name: tool }: CatalogueEntry): string {
  const table = TABLES[tool] ?? { path: "" };
  const where = [{ column: "item", op: "=", value: "lamp" }];
  return toExample(`Who makes the lamps in ${table.path}, and how many are there?`, [
    { description: "who makes the lamps", tool, args: { ...table, select: ["maker"], where } },
    {
      description: "number of lamps",
      tool,
      args: { ...table, where, aggregates: [{ op: "sum", column: "number" }] },
    },
  ]);
}

/** A call whose address another one finds. */
function toAddressed(addresses: Shown, mailer: Shown): string {
  const [[name] = [""]] = addresses.args;
  const [[to] = [""], ...others] = mailer.args;
  const said = others.map(([key, [, value]]) => `${key} ${value}`).join(", ");
  const step = toStep(mailer, `${toWords(mailer.name)} to Kim Lee`, 1);
  return toExample(`${step.description}: ${said}.`, [
    { description: "the address of Kim Lee", tool: addresses.name, args: { [name]: "Kim Lee" } },
    { ...step, args: { ...step.args, [to]: `{{1.${addressIn(addresses.output)}}}` } },
  ]);
}

/** The field of an output that is an address of mail. */
function addressIn(output: string): string | undefined {
  return output.startsWith("{") ? fieldsIn(output).find((field) => /mail/i.test(field)) : undefined;
}

function toCondition(judged: Shown, actor: Shown): string {
  const field = measureIn(judged.output);
  const what = `${field === undefined ? "" : `${field} of `}${saidValue(judged, 1)}`;
  return toExample(`If the ${what} is above 50, ${saidCall(actor)}. Otherwise do nothing.`, [
    toStep(judged, what, 1),
    { ...toStep(actor, saidTarget(actor)), if: `{{1${field === undefined ? "" : `.${field}`}}} > 50` },
  ]);
}

function toPlain(tool: Shown): string {
  const [one, other] = [saidTarget(tool), saidValue(tool, 1)];
  return toExample(`${one} and ${other}`, [
    toStep(tool, one),
    toStep(tool, `${toWords(tool.name)} for ${other}`, 1),
  ]);
}

function saidValue({ args }: Shown, at: 0 | 1): string {
  return args.map(([, values]) => values[at]).join(", ");
}

/** A call in words, such as `send email to sam@example.org: subject Lamps`. */
function saidCall(actor: Shown): string {
  const others = actor.args.slice(1).map(([key, [value]]) => `${key} ${value}`);
  return `${saidTarget(actor)}${others.length === 0 ? "" : `: ${others.join(", ")}`}`;
}

/** What a call does to whom, such as `send email to sam@example.org`. */
function saidTarget({ name, args }: Shown): string {
  const [[key, [value]] = ["", [""]]] = args;
  return `${toWords(name)} ${key === "to" ? "to" : "for"} ${value}`;
}

function toWords(name: string): string {
  return name
    .replaceAll(/[_-]+/g, " ")
    .replaceAll(/(?<=[a-z])(?=[A-Z])/g, " ")
    .toLowerCase();
}

function toStep(tool: Shown, description: string, at: 0 | 1 = 0) {
  const args = Object.fromEntries(tool.args.map(([key, values]) => [key, values[at]]));
  return { description, tool: tool.name, args };
}

function toExample(goal: string, steps: readonly object[]): string {
  return `Example. Goal: ${JSON.stringify(goal)}\n${JSON.stringify({ steps })}`;
}
