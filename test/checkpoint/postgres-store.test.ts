import { describe, expect, it } from "vitest";
import { createCheckpointer, createStore } from "../../src/checkpoint/index.js";
import { withPostgres } from "../support/with-postgres.js";
import { describeStore } from "./store-contract.js";

const postgres = withPostgres();
const url = () => postgres.createDatabase();

describeStore({ kind: "postgres", url, survivesClosing: true });

describe("the PostgreSQL store", () => {
  it("is opened for the first time by eight at once", async () => {
    const address = await url();
    const opened = await Promise.all(Array.from({ length: 8 }, () => createStore(address)));
    await opened[0]?.store.put(["a"], "1", { n: 1 });
    for (const { store, close } of opened) {
      expect((await store.get(["a"], "1"))?.value).toEqual({ n: 1 });
      await close();
    }
  });

  it("shares a database with a checkpointer", async () => {
    const address = await url();
    const opened = await Promise.all([createStore(address), createCheckpointer(address)]);
    for (const { close } of opened) {
      await close();
    }
  });

  it("goes on after the server ended its idle connections", async () => {
    const { store, close } = await createStore(await url());
    await postgres.dropConnections();
    await expect.poll(() => store.get(["a"], "1").catch(() => "lost")).toBeNull();
    await close();
  });

  it("says why it cannot be opened, and never the password", async () => {
    const address = new URL(await url());
    address.password = "s3cret";
    await expect(createStore(address.href)).rejects.toMatchObject({
      code: "CANNOT_OPEN",
      message: 'Cannot open the PostgreSQL store: password authentication failed for user "postgres"',
    });
  });
});
