import { randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import { createEncryptedSerializer, createStore } from "../../src/checkpoint/index.js";
import { echo, plannedAgent } from "../support/agent-run.js";
import { withPostgres } from "../support/with-postgres.js";
import { describeStore } from "./store-contract.js";

const postgres = withPostgres();
const keys = [{ id: "2026a", key: randomBytes(32) }];
const serializer = createEncryptedSerializer({ keys });
const shared = { survivesClosing: false, serializer };

describeStore({ ...shared, kind: "memory", url: () => "memory:" });
describeStore({ ...shared, kind: "sqlite", url: () => "sqlite::memory:" });
describeStore({ ...shared, kind: "postgres", url: () => postgres.createDatabase(), survivesClosing: true });

describe("an encrypted store", () => {
  it("holds nothing of a run's outputs that can be read without the key", async () => {
    const url = await postgres.createDatabase();
    const [{ store, close }, bare] = [await createStore(url, { serializer }), await createStore(url)];
    const { agent } = plannedAgent([{ id: "a", tool: "echo", args: { value: "Quetzalcoatlus" } }], {
      tools: [echo],
      store,
    });
    await agent.invoke({ input: "go" }, { configurable: { thread_id: "1" } });
    expect(JSON.stringify(await store.search(["plan-execute"]))).toContain("Quetzalcoatlus");
    const raw = JSON.stringify(await bare.store.search(["plan-execute"]));
    expect(raw).toContain("encrypted");
    expect(raw).not.toContain("Quetzalcoatlus");
    await close();
    await bare.close();
  });

  it("refuses another key, and what was kept before, unless that is accepted", async () => {
    const url = await postgres.createDatabase();
    const bare = await createStore(url);
    await bare.store.put(["a"], "before", { n: 1 });
    const first = await createStore(url, { serializer });
    await first.store.put(["a"], "after", { n: 2 });
    await expect(first.store.get(["a"], "before")).rejects.toMatchObject({ code: "NOT_ENCRYPTED" });
    const lenient = await createStore(url, {
      serializer: createEncryptedSerializer({ keys, acceptPlaintext: true }),
    });
    expect((await lenient.store.get(["a"], "before"))?.value).toEqual({ n: 1 });
    const impostor = createEncryptedSerializer({ keys: [{ id: "2026a", key: randomBytes(32) }] });
    const other = await createStore(url, { serializer: impostor });
    await expect(other.store.get(["a"], "after")).rejects.toMatchObject({ code: "CANNOT_DECRYPT" });
    for (const { close } of [bare, first, lenient, other]) await close();
  });
});
