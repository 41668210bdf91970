import { existsSync, readdirSync } from "node:fs";
import { basename, extname, join } from "node:path";
import { openDatabase } from "../shared/open-database.js";
import { readJsonTables } from "./read-json.js";
import { RULES_FILE } from "./rules.js";

/** A table in one of the files of the data folder. */
export interface Source {
  /** What it is called: its file's name, or its own inside a file of several; unlike any other's. */
  readonly name: string;
  readonly file: string;
  readonly kind: "csv" | "json" | "sqlite";
  /** Which table of the file it is, where there are several. */
  readonly table?: string;
}

const KINDS: Readonly<Record<string, Source["kind"]>> = {
  ".csv": "csv",
  ".tsv": "csv",
  ".json": "json",
  ".jsonl": "json",
  ".ndjson": "json",
  ".db": "sqlite",
  ".sqlite": "sqlite",
  ".sqlite3": "sqlite",
};

/** All tables in the files of a folder, in the order of their files. */
export async function findSources(data: string): Promise<Source[]> {
  if (!existsSync(data)) {
    throw new Error(`The data folder ${data} is not there. Make it, or set another.`);
  }
  const files = readdirSync(data, { withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.startsWith(".") && entry.name !== RULES_FILE)
    .map(({ name }) => name)
    .sort();
  const found: Source[] = [];
  for (const file of files) {
    found.push(...(await tablesOf(data, file)));
  }
  return withOwnNames(found);
}

async function tablesOf(data: string, file: string): Promise<Source[]> {
  const kind = KINDS[extname(file).toLowerCase()];
  const name = basename(file, extname(file));
  if (kind === undefined) {
    return [];
  }
  if (kind === "csv") {
    return [{ name, file, kind }];
  }
  if (kind === "sqlite") {
    const tables = await namesOr(() => tablesOfDatabase(join(data, file)));
    return tables.map((table) => ({ name: table ?? name, file, kind, table: table ?? name }));
  }
  const tables = await namesOr(() => [...readJsonTables(join(data, file)).keys()]);
  return tables.map((table) => ({ name: table ?? name, file, kind, ...(table !== undefined && { table }) }));
}

/** A file that cannot be read is a source all the same: who asks for it is told why it cannot. */
async function namesOr<Name>(read: () => Name[] | Promise<Name[]>): Promise<(Name | undefined)[]> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof Error) {
      return [undefined];
    }
    throw error;
  }
}

async function tablesOfDatabase(path: string): Promise<string[]> {
  const database = await openDatabase(path, { readOnly: true });
  try {
    const sql =
      "select name from sqlite_schema where type in ('table', 'view') and name not like 'sqlite\\_%' escape '\\' order by name";
    return database
      .prepare(sql)
      .all()
      .map(({ name }) => String(name));
  } finally {
    database.close();
  }
}

/** Sources of one name are told apart by their files. */
function withOwnNames(sources: readonly Source[]): Source[] {
  const count = (name: string) => sources.filter((source) => isSame(source.name, name)).length;
  return sources.map((source) => {
    if (count(source.name) === 1) {
      return source;
    }
    const name = source.table === undefined ? source.file : `${source.file}:${source.table}`;
    return { ...source, name };
  });
}

/** The sources that are asked for by name, file or table, in one number or the other; all where none are. */
export function chooseSources(sources: readonly Source[], wanted: readonly string[]): Source[] {
  if (wanted.length === 0) {
    return [...sources];
  }
  return [...new Set(wanted.flatMap((name) => chooseOne(sources, name)))];
}

function chooseOne(sources: readonly Source[], wanted: string): Source[] {
  const exact = sources.filter((source) => isSame(source.name, wanted));
  if (exact.length > 0) {
    return exact;
  }
  const inFile = sources.filter((source) => isSame(source.file, wanted));
  if (inFile.length > 0) {
    return inFile;
  }
  const alike = sources.filter((source) => namesOf(source).some((name) => isAlike(name, wanted)));
  const [only, ...others] = alike;
  if (only !== undefined && others.length === 0) {
    return [only];
  }
  const names = (alike.length > 0 ? alike : sources).map(({ name, file }) =>
    name === file ? name : `${name} (${file})`,
  );
  if (alike.length > 0) {
    throw new Error(`"${wanted}" may be any of these: ${names.join(", ")}. Say which.`);
  }
  throw new Error(`There is no source "${wanted}". The data folder has ${names.join(", ") || "none"}.`);
}

function namesOf({ name, file, table }: Source): string[] {
  return [name, basename(file, extname(file)), ...(table === undefined ? [] : [table])];
}

function isSame(left: string, right: string): boolean {
  return left.toLowerCase() === right.toLowerCase();
}

function isAlike(left: string, right: string): boolean {
  const plain = (text: string) => toSingular(text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, ""));
  return plain(left) === plain(right);
}

/** A word in the singular, as far as English endings tell. */
export function toSingular(word: string): string {
  const irregular = { people: "person", children: "child", men: "man", women: "woman" }[word.toLowerCase()];
  if (irregular !== undefined) {
    return irregular;
  }
  if (/ies$/i.test(word)) {
    return word.replace(/ies$/i, "y");
  }
  if (/(?:ss|sh|ch|x|z)es$/i.test(word)) {
    return word.replace(/es$/i, "");
  }
  return /[^s]s$/i.test(word) ? word.slice(0, -1) : word;
}
