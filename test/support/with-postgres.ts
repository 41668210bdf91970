import { afterAll, beforeAll } from "vitest";
import { startPostgres, type TestPostgres } from "./postgres.js";

/** Gives a test file a PostgreSQL server of its own for the time of its tests. */
export function withPostgres(): Omit<TestPostgres, "stop"> {
  let postgres: TestPostgres | undefined;
  const running = () => {
    if (postgres === undefined) {
      throw new Error("PostgreSQL runs only while tests do.");
    }
    return postgres;
  };
  beforeAll(async () => {
    postgres = await startPostgres();
  }, 60_000);
  afterAll(() => postgres?.stop());
  return {
    createDatabase: async () => running().createDatabase(),
    query: async (...given) => running().query(...given),
    dropConnections: async () => running().dropConnections(),
  };
}
