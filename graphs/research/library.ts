// A folder of documents with full-text search: SQLite's FTS5 in memory, ranked by bm25, made again when the folder has
// changed. All reading of the index is done without a pause in between, so that no change comes into it.
import { type Database, openDatabase } from "../shared/open-database.js";
import { type Finding, ResearchError } from "./finding.js";
import { fingerprintOf, listDocuments, readDocument } from "./read-documents.js";
import { splitDocument } from "./split-document.js";
import { isStopWord, wordsOf } from "./words.js";

/** Passages that have less of what is asked for are no findings: see `coverageOf`. */
const LEAST_COVERAGE = 0.5;
const MAX_TERMS = 24;
/** Letters that a beginning of a word needs, where beginnings count. */
const LEAST_BEGINNING = 4;

/** What a search of the folder is asked. */
export interface LibraryQuery {
  readonly query: string;
  readonly limit: number;
  /** Documents that are left out. */
  readonly exclude?: readonly string[];
  /** Whether the beginning of a word counts for the word: more is found. */
  readonly loose?: boolean;
}

/** The documents of a folder as they are now. */
export interface Library {
  /** The passages that fit best, best first. */
  search(query: LibraryQuery): Promise<{ findings: Finding[]; unreadable: string[] }>;
  /** The passage of this id, or all passages of this document; a name without its folder will do where it is the only one. */
  passages(source: string): Promise<Finding[]>;
}

/** The library of a folder; nothing is opened before it is asked. */
export function createLibrary(folder: string): Library {
  let database: Promise<Database> | undefined;
  let passages: readonly Finding[] = [];
  let unreadable: string[] = [];
  let fingerprint: string | undefined;

  const refresh = async (): Promise<Database> => {
    database ??= openDatabase(":memory:");
    const opened = await database;
    const files = await listDocuments(folder);
    const now = fingerprintOf(files);
    if (now === fingerprint) {
      return opened;
    }
    const contents = await Promise.all(files.map(readDocument));
    unreadable = contents.filter((content) => content instanceof ResearchError).map(({ message }) => message);
    passages = files.flatMap(({ document }, at) => {
      const content = contents[at];
      return typeof content === "string" ? splitDocument(document, content) : [];
    });
    fill(opened, passages);
    fingerprint = now;
    return opened;
  };
  // One at a time, or two would fill the index side by side; all that wait meanwhile share the next look at the folder.
  let running: Promise<unknown> = Promise.resolve();
  let waiting: Promise<Database> | undefined;
  const upToDate = (): Promise<Database> => {
    waiting ??= running.then(() => {
      waiting = undefined;
      const look = refresh();
      running = look.catch(() => undefined);
      return look;
    });
    return waiting;
  };
  return {
    search: (query) =>
      upToDate().then((opened) => ({
        findings: search(opened, passages, query),
        unreadable: [...unreadable],
      })),
    passages: (source) =>
      upToDate().then(() => {
        const named = passages.filter(({ id, document }) => id === source || document === source);
        if (named.length > 0) {
          return named;
        }
        const path = source.replace(/^(?:\.{1,2}\/)+/, "").toLowerCase();
        const ending = passages.filter(({ document }) => `/${document}`.toLowerCase().endsWith(`/${path}`));
        return new Set(ending.map(({ document }) => document)).size === 1 ? ending : [];
      }),
  };
}

function fill(database: Database, passages: readonly Finding[]): void {
  database.transaction(() => {
    database.exec(`
      drop table if exists passage;
      create virtual table passage using fts5(title, section, text, tokenize = 'porter unicode61 remove_diacritics 2');
    `);
    const insert = database.prepare("insert into passage (rowid, title, section, text) values (?, ?, ?, ?)");
    for (const [at, { title, section = "", text }] of passages.entries()) {
      insert.run(at, title, section, text);
    }
  });
}

function search(database: Database, passages: readonly Finding[], asked: LibraryQuery): Finding[] {
  const terms = termsOf(asked);
  if (terms.length === 0 || passages.length === 0) {
    return [];
  }
  const having = database.prepare("select rowid as at from passage where passage match ?");
  const ranked = database.prepare(
    "select rowid as at from passage where passage match ? order by bm25(passage, 2.0, 1.5, 1.0), rowid",
  );
  const found = terms.map((term) => new Set(having.all(term).map(({ at }) => Number(at))));
  const coverage = coverageOf(found, passages.length);
  return ranked
    .all(terms.join(" OR "))
    .map(({ at }) => Number(at))
    .filter((at) => coverage(at) >= LEAST_COVERAGE)
    .flatMap((at) => passages[at] ?? [])
    .filter(({ document }) => !asked.exclude?.includes(document))
    .slice(0, asked.limit);
}

/** The words of a query as terms of FTS5; quoted, since a query is text and no syntax. */
function termsOf({ query, loose = false }: LibraryQuery): string[] {
  const words = [...new Set((query.match(/[\p{L}\p{N}]+/gu) ?? []).map((word) => word.toLowerCase()))];
  const telling = words.filter((word) => !isStopWord(word));
  const terms = telling.length > 0 ? telling : wordsOf(query).map((word) => word.toLowerCase());
  return terms.slice(0, MAX_TERMS).map((word) => {
    const beginning = word.slice(0, Math.max(LEAST_BEGINNING, Math.ceil(word.length * 0.6)));
    return loose && word.length > LEAST_BEGINNING ? `"${beginning}"*` : `"${word}"`;
  });
}

/**
 * How much of a query a passage has, 0 to 1: each term weighs ln(1 + N / (n + 1)) for n of N passages that have it, so
 * a rare word, and most of all one that no passage has, weighs more than a common one.
 */
function coverageOf(found: readonly ReadonlySet<number>[], total: number): (at: number) => number {
  const weights = found.map((rows) => Math.log(1 + total / (rows.size + 1)));
  const whole = weights.reduce((sum, weight) => sum + weight, 0);
  return (at) => {
    const has = weights.filter((_, index) => found[index]?.has(at));
    return has.reduce((sum, weight) => sum + weight, 0) / whole;
  };
}
