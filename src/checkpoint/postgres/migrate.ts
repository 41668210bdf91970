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

/** Makes the table of migrations. */
export const CREATE_MIGRATIONS = `create table if not exists plan_execute_migrations
  (part text, version int, primary key (part, version))`;

/** A statement that a database has not seen. */
export interface MissingMigration {
  readonly part: string;
  readonly version: number;
  readonly statement: string;
}

/** Runs the statements that a database has not seen, each with its version in one transaction. */
export async function migrate(pool: PostgresPool, migrations: Migrations): Promise<void> {
  await setupBesideOthers(async () => {
    const missing = await findMissing(pool, migrations);
    if (missing.length > 0) {
      await pool.query(CREATE_MIGRATIONS);
    }
    for (const { part, version, statement } of missing) {
      await runOnce(pool, statement, [part, version]);
    }
  });
}

/** Finds the statements that a database has not seen. It changes nothing, so whoever may make no tables may ask. */
export async function findMissing(
  pool: PostgresPool,
  { part, statements }: Migrations,
): Promise<MissingMigration[]> {
  const { rows: tables } = await pool.query(
    "select 1 where to_regclass('plan_execute_migrations') is not null",
  );
  const { rows } =
    tables.length === 0
      ? { rows: [{ version: 0 }] }
      : await pool.query(
          "select coalesce(max(version), 0)::int as version from plan_execute_migrations where part = $1",
          [part],
        );
  const [{ version: last }] = versionSchema.parse(rows);
  return statements
    .map((statement, index) => ({ part, version: index + 1, statement }))
    .filter(({ version }) => version > last);
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
