// The frozen databases as files, and copies of them in which a test may continue.
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { gunzipSync, gzipSync } from "node:zlib";
import { type Facts, factsSchema } from "./shown.js";

/** The databases that threads are frozen in. */
export type DatabaseKind = "sqlite" | "postgres";

/** The part of pg that we use. Its types are not installed. */
interface PgClient {
  connect(): Promise<unknown>;
  query(text: string): Promise<{ readonly rows: readonly Record<string, unknown>[] }>;
  end(): Promise<unknown>;
  escapeLiteral(text: string): string;
  escapeIdentifier(text: string): string;
}
interface PgModule {
  readonly Client: new (url: string) => PgClient;
}
const { Client }: PgModule = createRequire(import.meta.url)("pg");

const recorded = (name: string) => new URL(`./recorded/${name}`, import.meta.url);
const databaseFile = { sqlite: recorded("sqlite.db.gz"), postgres: recorded("postgres.sql.gz") } as const;
const factsFile = (kind: DatabaseKind) => recorded(`${kind}.json.gz`);

/** The facts about each thread of a database. */
export function readFacts(kind: DatabaseKind): Readonly<Record<string, Facts>> {
  return factsSchema.parse(JSON.parse(gunzipSync(readFileSync(factsFile(kind))).toString()));
}

/** Writes the facts about each thread down. */
export function writeFacts(kind: DatabaseKind, facts: Readonly<Record<string, Facts>>): void {
  writeFileSync(factsFile(kind), gzipSync(JSON.stringify(facts), { level: 9 }));
}

/** Makes a copy of the SQLite file at a path. */
export function copySqlite(path: string): void {
  writeFileSync(path, gunzipSync(readFileSync(databaseFile.sqlite)));
}

/** Keeps a SQLite file. Nothing may have it open. */
export function keepSqlite(path: string): void {
  writeFileSync(databaseFile.sqlite, gzipSync(readFileSync(path), { level: 9 }));
}

/** Fills an empty database with the contents of the PostgreSQL database. */
export async function copyPostgres(url: string): Promise<void> {
  const dump = gunzipSync(readFileSync(databaseFile.postgres)).toString();
  await withClient(url, (client) => client.query(dump));
}

/** Keeps a PostgreSQL database as plain SQL: first its tables, then its rows, then its keys and indexes. */
export async function keepPostgres(url: string): Promise<void> {
  const lines = await withClient(url, dumpDatabase);
  writeFileSync(databaseFile.postgres, gzipSync(`${lines.join("\n")}\n`, { level: 9 }));
}

async function withClient<Result>(url: string, use: (client: PgClient) => Promise<Result>): Promise<Result> {
  const client = new Client(url);
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}

async function dumpDatabase(client: PgClient): Promise<string[]> {
  const column = async (text: string): Promise<string[]> =>
    (await client.query(text)).rows.map(({ value }) => String(value));
  const lines: string[] = [];
  const tables = await column(
    "select c.oid::regclass::text as value from pg_class c join pg_namespace n on n.oid = c.relnamespace " +
      "where c.relkind = 'r' and n.nspname = 'public' order by 1",
  );
  for (const table of tables) {
    const of = `'${table}'::regclass`;
    const columns = await column(
      "select format('%I %s%s%s', a.attname, format_type(a.atttypid, a.atttypmod), " +
        "case when a.attnotnull then ' not null' else '' end, " +
        "coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '')) as value from pg_attribute a " +
        "left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum " +
        `where a.attrelid = ${of} and a.attnum > 0 and not a.attisdropped order by a.attnum`,
    );
    lines.push(`create table ${table} (${columns.join(", ")});`);
    const rows = await column(`select format('%L', t) as value from ${table} t`);
    lines.push(...rows.map((row) => `insert into ${table} select (${row}::${table}).*;`));
    const keys = await column(
      "select format('alter table %s add constraint %I %s;', conrelid::regclass, conname, " +
        `pg_get_constraintdef(oid)) as value from pg_constraint where conrelid = ${of} and contype in ('p', 'u')`,
    );
    const indexes = await column(
      `select pg_get_indexdef(indexrelid) || ';' as value from pg_index where indrelid = ${of} ` +
        "and indexrelid not in (select conindid from pg_constraint)",
    );
    lines.push(...keys, ...indexes);
  }
  return lines;
}
