import { z } from "zod";
import { type PostgresPool, setupBesideOthers } from "./database.js";

/** How the tables of one part of this package came about. A statement that was released is never changed. */
export interface Migrations {
  /** Names the part in the table of migrations. */
  readonly part: string;
  /** One statement for each version, from version 1. */
  readonly statements: readonly string[];
}

const versionSchema = z.tuple([z.object({ version: z.number() })]);

const CREATE_TABLE = `create table if not exists plan_execute_migrations
  (part text, version int, primary key (part, version))`;

/** Runs the statements that a database has not seen, each with its version in one transaction. */
export async function migrate(pool: PostgresPool, { part, statements }: Migrations): Promise<void> {
  await setupBesideOthers(async () => {
    const [{ version }] = versionSchema.parse(await readVersion(pool, part));
    for (const [index, statement] of statements.entries()) {
      if (index >= version) {
        await runOnce(pool, statement, [part, index + 1]);
      }
    }
  });
}

/** Reads how far a part has come. Whoever may not make tables needs none where all is up to date. */
async function readVersion(pool: PostgresPool, part: string): Promise<readonly unknown[]> {
  const { rows: tables } = await pool.query(
    "select 1 where to_regclass('plan_execute_migrations') is not null",
  );
  if (tables.length === 0) {
    await pool.query(CREATE_TABLE);
  }
  const { rows } = await pool.query(
    "select coalesce(max(version), 0)::int as version from plan_execute_migrations where part = $1",
    [part],
  );
  return rows;
}

async function runOnce(pool: PostgresPool, statement: string, version: readonly unknown[]): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query("begin");
    // Who comes second waits here, and then fails, because the version is there.
    await client.query("insert into plan_execute_migrations values ($1, $2)", version);
    await client.query(statement);
    await client.query("commit");
  } catch (error) {
    await client.query("rollback").catch(() => {});
    throw error;
  } finally {
    client.release();
  }
}
