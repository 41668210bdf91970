import MiniSearch from "minisearch";
import { synonymsOf } from "./synonyms.js";
import { saysNothing, splitWords, toTerm } from "./tool-words.js";

/** A tool as words. */
interface WordedTool {
  readonly name: string;
  readonly description: string;
  /** The JSON Schema of its arguments. Only their names are searched. */
  readonly parameters: unknown;
}

/** Ranks tools by the words of a text: returns the names of those that have any of them, the best first. */
export type WordSearch = (text: string) => string[];

/** How much a word counts by the place where it stands. */
const BOOST = { name: 2, description: 1.5, argumentNames: 0.25 } as const;
/** How much another word for a person's word counts. */
const SYNONYM_BOOST = 0.3;
/** How many tools are read before everything else gets its turn. */
const CHUNK = 50;

/** Makes the index of these tools' words. */
export async function createWordSearch(tools: readonly WordedTool[]): Promise<WordSearch> {
  const index = new MiniSearch({
    idField: "name",
    fields: Object.keys(BOOST),
    tokenize: splitWords,
    processTerm: (word) => (saysNothing(word) ? null : toTerm(word)),
  });
  await index.addAllAsync(tools.map(toWords), { chunkSize: CHUNK });
  return (text) => {
    const words = splitWords(text).filter((word) => !saysNothing(word));
    const asked = new Set(words.map(toTerm));
    const terms = new Set([...asked].flatMap((term) => [term, ...synonymsOf(term)]));
    const found = index.search([...terms].join(" "), {
      tokenize: (joined) => joined.split(" "),
      processTerm: (term) => term,
      boost: BOOST,
      boostTerm: (term) => (asked.has(term) ? 1 : SYNONYM_BOOST),
    });
    return found.map(({ id }) => String(id));
  };
}

function toWords({ name, description, parameters }: WordedTool) {
  const { properties }: { properties?: unknown } = Object(parameters);
  return { name, description, argumentNames: Object.keys(Object(properties)).join(" ") };
}
