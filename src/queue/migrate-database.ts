import {
  type CheckpointerOptions,
  CREATE_MIGRATIONS,
  createCheckpointer,
  createStore,
  findMissing,
  type MissingMigration,
  openPostgres,
} from "../checkpoint/index.js";
import { importPackage } from "../langgraph/index.js";
import { EVENT_MIGRATIONS } from "../streams/index.js";
import { loadPgBoss } from "./pg-boss.js";
import { QUEUE_MIGRATIONS } from "./tables.js";

/** How to bring a database up to date. */
export interface MigrateOptions extends Pick<CheckpointerOptions, "load"> {
  /** Whether to only report what is missing, without changing anything. @default false */
  readonly isDryRun?: boolean;
}

/** What was missing in a database. */
export interface DatabaseChanges {
  /** This package's own statements. */
  readonly missing: readonly MissingMigration[];
  /** Those as a script, each with its version in one transaction. */
  readonly sql: string;
}

const OWN = [EVENT_MIGRATIONS, QUEUE_MIGRATIONS];

/**
 * Brings all tables of a PostgreSQL database up to date: this package's own, those of LangGraph's checkpointer and store,
 * and those of pg-boss. Opening the database does the same. Call this if only another role than the workers' may create
 * tables. A dry run reports what this package's own tables lack.
 * @throws CheckpointerError PACKAGE_MISSING, UNKNOWN_URL or CANNOT_OPEN; QueueError PACKAGE_MISSING.
 */
export async function migrateDatabase(
  url: string,
  { load = importPackage, isDryRun = false }: MigrateOptions = {},
): Promise<DatabaseChanges> {
  const { pool, close } = await openPostgres(url, [], load);
  let missing: MissingMigration[];
  try {
    missing = (await Promise.all(OWN.map((part) => findMissing(pool, part)))).flat();
  } finally {
    await close();
  }
  if (!isDryRun) {
    await migrateAll(url, load);
  }
  return { missing, sql: toScript(missing) };
}

async function migrateAll(url: string, load: NonNullable<CheckpointerOptions["load"]>): Promise<void> {
  const openings = [
    () => openPostgres(url, OWN, load),
    () => createCheckpointer(url, { load }),
    () => createStore(url, { load }),
  ];
  for (const open of openings) {
    const opened = await open();
    await opened.close();
  }
  const PgBoss = await loadPgBoss(load);
  const boss = new PgBoss({
    connectionString: url,
    supervise: false,
    schedule: false,
    registerInstance: false,
  });
  try {
    await boss.start();
  } finally {
    await boss.stop({ graceful: false, timeout: 0 });
  }
}

function toScript(missing: readonly MissingMigration[]): string {
  return missing.length === 0
    ? ""
    : [
        `${CREATE_MIGRATIONS};`,
        ...missing.map(
          ({ part, version, statement }) =>
            `begin;\ninsert into plan_execute_migrations values ('${part}', ${version});\n${statement};\ncommit;`,
        ),
        "",
      ].join("\n");
}
