// Chooses the tools that a model is told of, where there are too many for a prompt.
//
//   (1) What is kept is described: tools that a plan uses already, and tools that a text names.
//   (2) Then come those that the words find and, if there are embeddings, those that the meaning finds. The first of
//       them bring the tools that they need.
//   (3) The rest of the room is filled in the order in which the tools were given. So the first ones are there even if a
//       goal is written in words that no tool has.
//   (4) A part has the order in which the tools were given, and the same texts give the same part. So prompts cache.
import type { EmbeddingsInterface } from "@langchain/core/embeddings";
import { describeError, startDeadline } from "../../base/index.js";
import { FIND_TOOL } from "../../prompts/index.js";
import type { ToolRegistry } from "../registry.js";
import { ToolRegistryError } from "../tool-errors.js";
import { createMeaningSearch, type MeaningSearch } from "./meaning-search.js";
import { createFindNeeded, type FindNeeded } from "./needed-tools.js";
import { splitWords } from "./tool-words.js";
import { createWordSearch, type WordSearch } from "./word-search.js";

/** What the choice depends on. */
export interface ToolSearchSettings {
  /** From how many tools on a part is chosen. */
  readonly from: number;
  /** How many tools a part describes. */
  readonly limit: number;
  readonly embeddings?: EmbeddingsInterface;
  /** How long the embeddings may take. */
  readonly timeoutMs: number;
}

/** What tools are chosen for. */
export interface ToolQuery {
  /** What is to be done, the most important text first. */
  readonly texts: readonly string[];
  /** The tools that may be chosen. */
  readonly among: ToolRegistry;
  /** Names of tools that are described in any case. Others than tools are ignored. @default none */
  readonly kept?: readonly string[];
  readonly signal?: AbortSignal;
  /** Learns why the embeddings gave nothing. The words then choose alone. */
  onFault(error: string): void;
}

/** The part of the tools that a model is told of. */
export interface ToolPart {
  /** The tools that are described. */
  readonly described: readonly string[];
  /** Further tools of which the name is told. */
  readonly named: readonly string[];
  /** How many tools there are beside. */
  readonly hidden: number;
}

/** Chooses among the tools of one agent. Its index is made when it is first needed. */
export interface ToolChooser {
  /** Chooses a part; undefined if there are so few tools that all are told. */
  choose(query: ToolQuery): Promise<ToolPart | undefined>;
  /** Finds the tools that the texts name, or else those that do what they say, with what these need. */
  find(query: ToolQuery): Promise<string[]>;
}

/** How many further tools a part names. A name takes about a tenth of the room of a description. */
const MAX_NAMED = 100;
/** How many tools are described because something names them. A text from outside may name all. */
const MAX_KEPT = 100;
/** How many of the found tools bring what they need. */
const BRINGING = 10;
/** How many tools one search finds, beside those that they need. */
const MAX_FOUND = 8;
/** The larger it is, the less it counts in how many places a tool is ahead of another. */
const RANK_DAMPING = 10;

interface ToolIndex {
  readonly byWords: WordSearch;
  readonly byMeaning: MeaningSearch | undefined;
  readonly needed: FindNeeded;
}

/** Creates the chooser for these tools. It may be asked to choose among any of them. */
export function createToolChooser(registry: ToolRegistry, settings: ToolSearchSettings): ToolChooser {
  const { from, limit, embeddings } = settings;
  if (registry.names.length >= from && registry.has(FIND_TOOL)) {
    throw new ToolRegistryError(
      "RESERVED_NAME",
      `The tool "${FIND_TOOL}" has a name that the agent uses itself where it has ${from} tools or more (toolSearch.from). Rename it.`,
      FIND_TOOL,
    );
  }
  let made: Promise<ToolIndex> | undefined;
  const index = () => {
    made ??= createIndex(registry, embeddings);
    return made;
  };
  const rank = async ({ texts, among, signal, onFault }: ToolQuery): Promise<string[]> => {
    const { byWords, byMeaning, needed } = await index();
    const rankings = texts.map((text, at) => ({ names: byWords(text), weight: 1 / (at + 1) }));
    const near = byMeaning && (await inTime(byMeaning, texts, settings, { signal, onFault }));
    const ranked = fuse([...rankings, { names: near ?? [], weight: 1 }]).filter(among.has);
    const first = ranked.slice(0, BRINGING).flatMap((name) => [name, ...needed(name).filter(among.has)]);
    return [...new Set([...first, ...ranked])];
  };
  return {
    async choose(query) {
      const { texts, among, kept = [] } = query;
      const { names } = among;
      if (names.length < from || names.length <= limit) {
        return undefined;
      }
      const ranked = [...(await rank(query)), ...names];
      const certain = new Set([...kept, ...namesIn(texts)].filter(among.has));
      const described = new Set([...certain].slice(0, MAX_KEPT));
      for (const name of ranked) {
        if (described.size >= limit) {
          break;
        }
        described.add(name);
      }
      const others = new Set(ranked.filter((name) => !described.has(name)));
      const named = new Set([...others].slice(0, MAX_NAMED));
      return {
        described: names.filter((name) => described.has(name)),
        named: names.filter((name) => named.has(name)),
        hidden: others.size - named.size,
      };
    },
    async find(query) {
      const { texts, among } = query;
      const { needed } = await index();
      const named = namesIn(texts).filter(among.has);
      const best = (named.length > 0 ? named : await rank(query)).slice(0, MAX_FOUND);
      return [...new Set([...best, ...best.flatMap(needed).filter(among.has)])];
    },
  };
}

async function createIndex(
  registry: ToolRegistry,
  embeddings: EmbeddingsInterface | undefined,
): Promise<ToolIndex> {
  const outputs = new Map(registry.planTools().map(({ name, output }) => [name, output]));
  const tools = registry.describe().map((tool) => ({ ...tool, shape: outputs.get(tool.name) }));
  return {
    byWords: await createWordSearch(tools),
    byMeaning: embeddings && createMeaningSearch(tools, embeddings),
    needed: createFindNeeded(tools),
  };
}

/** Searches by meaning. If the embeddings fail or take too long, that is reported and nothing is found. */
async function inTime(
  search: MeaningSearch,
  texts: readonly string[],
  { timeoutMs }: ToolSearchSettings,
  { signal, onFault }: Pick<ToolQuery, "signal" | "onFault">,
): Promise<string[]> {
  const late = `The embeddings gave nothing within ${timeoutMs} ms (modelTimeoutMs).`;
  try {
    return await startDeadline(timeoutMs, late, signal).race(() => search(texts.join("\n")));
  } catch (error) {
    signal?.throwIfAborted();
    onFault(describeError(error));
    return [];
  }
}

/** Joins rankings to one: a tool counts the more, the further ahead it stands in each. */
function fuse(rankings: readonly { readonly names: readonly string[]; readonly weight: number }[]): string[] {
  const scores = new Map<string, number>();
  for (const { names, weight } of rankings) {
    for (const [at, name] of names.entries()) {
      scores.set(name, (scores.get(name) ?? 0) + weight / (RANK_DAMPING + at));
    }
  }
  return [...scores].sort(([, one], [, other]) => other - one).map(([name]) => name);
}

/** What may be a tool's name in texts. One plain word is more often just that word. */
function namesIn(texts: readonly string[]): string[] {
  const words = texts.flatMap((text) => text.match(/[\w-]+/g) ?? []);
  return words.filter((word) => splitWords(word).length > 1);
}
