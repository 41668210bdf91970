import type { Cursor } from "./cursor.js";
import type { PlanDraft } from "./plan-draft.js";
import { takeArguments } from "./take-arguments.js";
import type { Token } from "./tokens.js";
import type { ToolCard } from "./tool-card.js";
import type { Value } from "./values.js";
import { phrases, singular } from "./words.js";

/** Tools that have rules of their own. */
const WITH_RULES = new Set(
  phrases(`calculator | current_time | date_math | read_file | write_file | list_files | text_stats |
    csv_query | json_query`),
);
/** Words of a tool's name that say nothing about what it is for. */
const EMPTY_WORDS = new Set(
  "get fetch do run tool query lookup look up find api make call the a an of for by to in current retrieve use http with from and or this that is it given returns return gives given your text string value".split(
    " ",
  ),
);

/** Gives a part of the goal to the tool whose name, or else description, it speaks of. */
export function takeToolCall({ tokens, source, at }: Cursor, draft: PlanDraft): readonly Value[] | undefined {
  const words = new Set(
    tokens.slice(at).flatMap((token) => (token.kind === "word" ? [token.text, stem(token.text)] : [])),
  );
  if (tokens.some((token) => token.kind === "url")) {
    words.add("url");
  }
  const scored = [...draft.tools.values()]
    .filter((card) => !WITH_RULES.has(card.name))
    .map((card) => ({ card, score: scoreOf(card, words) }))
    .filter(({ score }) => score > 0)
    .toSorted((a, b) => b.score - a.score);
  for (const { card } of scored) {
    const called = draft.attempt(() => callTool(card, tokens.slice(at), source, draft));
    if (called !== undefined) {
      return called;
    }
  }
  return undefined;
}

function callTool(
  card: ToolCard,
  tokens: readonly Token[],
  source: string,
  draft: PlanDraft,
): readonly Value[] | undefined {
  const several = takeArguments(card, tokens, source, draft, knownWords(card));
  if (several === undefined) {
    return undefined;
  }
  const first = tokens[0];
  const last = tokens.at(-1);
  const said = first === undefined || last === undefined ? card.name : source.slice(first.start, last.end);
  const values: Value[] = [];
  for (const args of several) {
    const description =
      several.length === 1 ? said : `${card.name.replace(/_/g, " ")}: ${Object.values(args).join(", ")}`;
    const id = draft.addStep(card.name, args, description);
    if (id === undefined) {
      return undefined;
    }
    values.push({ text: `{{${id}}}`, atomic: true, kind: "number" });
  }
  return values;
}

/** The words that a tool's name and description explain: in a request for it they need no argument. */
export function knownWords(card: ToolCard): ReadonlySet<string> {
  const words = `${nameWords(card.name).join(" ")} ${card.description.toLowerCase()}`.split(/[^a-z]+/);
  return new Set(words.flatMap((word) => [word, stem(word), singular(word), `${word}s`]));
}

function scoreOf(card: ToolCard, words: ReadonlySet<string>): number {
  const all = nameWords(card.name);
  const telling = all.filter((word) => !EMPTY_WORDS.has(word));
  const named = telling.filter((word) => words.has(word) || words.has(stem(word)));
  const noun = telling.at(-1);
  if (named.length > 0 && (named.length === telling.length || (noun !== undefined && named.includes(noun)))) {
    return 10 + named.length;
  }
  if (card.name === "http_get" && words.has("url")) {
    return 10;
  }
  const described = card.description
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter((word) => word.length > 2 && !EMPTY_WORDS.has(word));
  const hits = new Set(described.filter((word) => words.has(word) || words.has(stem(word))));
  return hits.size >= 2 ? hits.size : 0;
}

function nameWords(name: string): string[] {
  return name
    .replace(/([a-z])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== "");
}

/** "searching", "sends", "translated": the verb without its ending. */
function stem(word: string): string {
  return singular(word).replace(/(?<=\w{3})(?:ing|ed|e)$/, "");
}
