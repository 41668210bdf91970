// Which tools another one needs: those that give what it must be told. `ping_hook(hook_id)` needs `list_hooks`, because
// no person knows a hook's id. Two things tell:
//
//   (1) A description that names another tool: "the id that list_hooks gives".
//   (2) A required argument that is a kind of id. The tool that gives it has it among its output's fields, or is about
//       the same thing and gives an id. It must not ask for that id itself.
import { isRecord } from "../../base/index.js";
import type { OutputShape } from "../../plan/index.js";
import { saysNothing, splitWords, toTerm } from "./tool-words.js";

/** A tool, as far as its needs go. */
export interface LinkedTool {
  readonly name: string;
  readonly description: string;
  readonly readOnly: boolean;
  /** The JSON Schema of its arguments. */
  readonly parameters: unknown;
  /** What is known of its output. */
  readonly shape?: OutputShape;
}

/** Returns the names of the tools that give what this one must be told. */
export type FindNeeded = (name: string) => readonly string[];

/** Words at the end of an argument's name which say that it is a kind of id. */
const ID_WORDS = new Set(["id", "ids", "uuid", "guid", "key", "sha", "slug", "number"]);
/** Beginnings of names of tools that list or find things. */
const FINDS = new Set(["list", "search", "find", "query"]);
const MAX_SHAPE_DEPTH = 4;
/** What a tool is rated that gives an id and of which nothing else is known. */
const MIDDLE = 2;
/** What it counts if two tools have names of the same words. */
const LIKENESS = 6;

/** A tool with what is compared, worked out once. */
interface Facts {
  readonly tool: LinkedTool;
  readonly terms: ReadonlySet<string>;
  /** Whether it lists or finds things. */
  readonly finds: boolean;
  readonly required: readonly string[];
  /** The fields of its output; undefined if they are not known. */
  readonly fields: ReadonlySet<string> | undefined;
}

/** Finds the needs of tools among each other. Each tool's are worked out when they are asked for, and kept. */
export function createFindNeeded(tools: readonly LinkedTool[]): FindNeeded {
  const all = new Map(tools.map((tool) => [tool.name, toFacts(tool)]));
  const known = new Map<string, readonly string[]>();
  return (name) => {
    const facts = all.get(name);
    if (facts === undefined) {
      return [];
    }
    const needed = known.get(name) ?? neededBy(facts, all);
    known.set(name, needed);
    return needed;
  };
}

function toFacts(tool: LinkedTool): Facts {
  const { required }: { required?: unknown } = Object(tool.parameters);
  const fields = new Set<string>();
  const isKnown = tool.shape !== undefined && collectFields(tool.shape, fields, 0);
  const words = splitWords(tool.name).filter((word) => !saysNothing(word));
  return {
    tool,
    terms: new Set(words.map(toTerm)),
    finds: words.some((word) => FINDS.has(word)),
    required: Array.isArray(required) ? required.map(String) : [],
    fields: isKnown ? fields : undefined,
  };
}

/** Collects the names of all fields, as words with blanks between them. Returns whether there are any. */
function collectFields(shape: OutputShape, into: Set<string>, depth: number): boolean {
  if (depth > MAX_SHAPE_DEPTH) {
    return into.size > 0;
  }
  if (shape.kind === "list") {
    return collectFields(shape.item, into, depth + 1);
  }
  if (shape.kind === "object") {
    for (const [name, field] of shape.fields) {
      into.add(toKey(name));
      collectFields(field.shape, into, depth + 1);
    }
  }
  return into.size > 0;
}

/** Makes `hookId`, `hook_id` and `hook-ids` the same. */
function toKey(name: string): string {
  return splitWords(name).map(toTerm).join(" ");
}

function neededBy(facts: Facts, all: ReadonlyMap<string, Facts>): string[] {
  const given = facts.required.flatMap((argument) => giverOf(argument, facts, all) ?? []);
  return [...new Set([...namedIn(facts, all), ...given])].filter((name) => name !== facts.tool.name);
}

/** The tools that a tool's own words name. A name that is one plain word may be that word, so it does not count. */
function namedIn({ tool }: Facts, all: ReadonlyMap<string, Facts>): string[] {
  const texts = [tool.description, ...descriptionsIn(tool.parameters)];
  const words = texts.flatMap((text) => text.match(/[\w-]+/g) ?? []);
  return words.filter((word) => all.has(word) && splitWords(word).length > 1);
}

function descriptionsIn(parameters: unknown): string[] {
  const { properties }: { properties?: unknown } = Object(parameters);
  return Object.values(Object(properties)).flatMap((argument) =>
    isRecord(argument) && typeof argument.description === "string" ? [argument.description] : [],
  );
}

/** The tool that gives a required argument, if the argument is a kind of id. */
function giverOf(argument: string, taker: Facts, all: ReadonlyMap<string, Facts>): string | undefined {
  const words = splitWords(argument);
  const kind = words.at(-1) ?? "";
  const isId = ID_WORDS.has(kind) || (kind === "name" && words.length > 1);
  if (!isId) {
    return undefined;
  }
  const wanted: WantedId = {
    key: toKey(argument),
    kind: toTerm(kind),
    subject: words.slice(0, -1).map(toTerm),
  };
  let best: { readonly name: string; readonly score: number } | undefined;
  for (const [name, giver] of all) {
    const score = giver === taker ? undefined : rate(giver, taker, argument, wanted);
    if (score !== undefined && score > (best?.score ?? 0)) {
      best = { name, score };
    }
  }
  return best?.name;
}

/** An id: `hook_id` is the "id" of a "hook". */
interface WantedId {
  readonly key: string;
  readonly kind: string;
  readonly subject: readonly string[];
}

/** Rates how likely it is that a tool gives the id; undefined if it cannot. */
function rate(giver: Facts, taker: Facts, argument: string, wanted: WantedId): number | undefined {
  const { tool, fields, terms, finds, required } = giver;
  if (!tool.readOnly || required.includes(argument)) {
    return undefined;
  }
  const isNamed = fields?.has(wanted.key) === true;
  const isAbout = wanted.subject.length > 0 && wanted.subject.every((term) => isIn(term, terms));
  const mayGive = fields === undefined || fields.has(wanted.kind);
  if (!isNamed && !(isAbout && mayGive)) {
    return undefined;
  }
  const shared = required.filter((one) => taker.required.includes(one)).length;
  const further = required.length - shared;
  return (
    MIDDLE +
    (isNamed ? 1 : 0) +
    (isAbout ? 2 : 0) +
    (finds ? 1 : 0) +
    shared / 2 -
    2 * further +
    LIKENESS * likeness(terms, taker.terms)
  );
}

/** Whether a term is among others, also as the end of one: "hook" is in "webhook". */
function isIn(term: string, terms: ReadonlySet<string>): boolean {
  return terms.has(term) || (term.length > 3 && [...terms].some((one) => one.endsWith(term)));
}

/** How much two sets of terms have in common, from 0 to 1. */
function likeness(one: ReadonlySet<string>, other: ReadonlySet<string>): number {
  const common = [...one].filter((term) => other.has(term)).length;
  return common / (one.size + other.size - common);
}
