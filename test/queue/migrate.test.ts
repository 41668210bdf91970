import { expect, test } from "vitest";
import { createQueue, migrateDatabase } from "../../src/queue/index.js";
import { callCommand, temporaryFolder } from "../cli/test-surroundings.js";
import { withPostgres } from "../support/with-postgres.js";

const server = withPostgres();

test("a database is brought up to date by hand, and then lacks nothing that a queue needs", async () => {
  const url = await server.createDatabase();
  const tables = async () => {
    const rows = await server.query(
      url,
      "select table_schema || '.' || table_name as name from information_schema.tables where table_schema in ('public', 'pgboss') order by 1",
    );
    return rows.map(({ name }) => name);
  };
  const { missing } = await migrateDatabase(url, { isDryRun: true });
  expect(new Set(missing.map(({ part }) => part))).toEqual(new Set(["events", "queue"]));
  expect(await tables()).toEqual([]);

  expect((await migrateDatabase(url)).missing).toEqual(missing);
  expect((await migrateDatabase(url)).missing).toEqual([]);
  const made = await tables();
  expect(made).toEqual(expect.arrayContaining(["public.checkpoints", "public.store", "pgboss.job"]));
  await using _ = await createQueue({ url });
  expect(await tables()).toEqual(made);
});

test("the script of a dry run does the same as the migration, and nothing is done twice", async () => {
  const [byHand, byItself] = await Promise.all([server.createDatabase(), server.createDatabase()]);
  const { sql } = await migrateDatabase(byHand, { isDryRun: true });
  await server.query(byHand, sql);
  expect(await migrateDatabase(byHand, { isDryRun: true })).toEqual({ missing: [], sql: "" });
  await migrateDatabase(byItself);
  const columns = `select table_name, column_name, data_type, is_nullable, column_default from information_schema.columns
    where table_name like 'plan_execute%' order by 1, 2`;
  expect(await server.query(byHand, columns)).toEqual(await server.query(byItself, columns));
});

test("tables from before there were versions are taken over", async () => {
  const url = await server.createDatabase();
  await server.query(url, "create table plan_execute_tenants (tenant text primary key, tag bigint not null)");
  await server.query(url, "insert into plan_execute_tenants values ('acme', 7)");
  await migrateDatabase(url);
  expect(await server.query(url, "select tag from plan_execute_tenants")).toEqual([{ tag: "7" }]);
});

test("the command prints what is missing, does it, and wants a database of PostgreSQL", async () => {
  const url = await server.createDatabase();
  const folder = temporaryFolder();
  const call = (...words: string[]) => callCommand(["migrate", ...words], { folder });
  const printed = await call("--checkpointer", url, "--print");
  expect(printed).toMatchObject({ exitCode: 0, stderr: "" });
  expect(printed.stdout).toBe((await migrateDatabase(url, { isDryRun: true })).sql);
  const done = await call("--checkpointer", url);
  expect(done.stdout).toMatch(/^The database is up to date\. New here: events 1, .*queue 1, /);
  expect((await call("--checkpointer", url)).stdout).toBe("The database is up to date. New here: nothing\n");
  expect(JSON.parse((await call("--checkpointer", url, "--json")).stdout)).toEqual({ missing: [] });
  expect(await call("--checkpointer", "sqlite:threads.db")).toMatchObject({ exitCode: 2 });
});
