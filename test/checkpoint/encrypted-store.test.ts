import { randomBytes } from "node:crypto";
import { inspect } from "node:util";
import { MemorySaver } from "@langchain/langgraph";
import { describe, expect, it } from "vitest";
import {
  createEncryptedSerializer,
  createStore,
  type EncryptionKey,
  threadNamespace,
} from "../../src/checkpoint/index.js";
import { SerializedStore } from "../../src/checkpoint/serialized-store.js";
import { echo, journalTool, plannedAgent } from "../support/agent-run.js";
import { createJournal } from "../support/deferred.js";
import { withPostgres } from "../support/with-postgres.js";
import { describeStore } from "./store-contract.js";

const postgres = withPostgres();
const keys = [{ id: "2026a", key: randomBytes(32) }] as const;
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

  it("shows neither the ids of steps nor anything by which a guess at an output can be checked", async () => {
    const { store } = await createStore("memory:");
    const encrypted = new SerializedStore(store, serializer);
    const steps = [
      { id: "pin", tool: "echo", args: { value: "4711" } },
      { id: "use", tool: "echo", args: { value: "{{pin}}" } },
    ];
    const { agent } = plannedAgent(steps, { tools: [echo], store: encrypted });
    for (const thread_id of ["1", "2"]) {
      await agent.invoke({ input: "go" }, { configurable: { thread_id } });
    }
    const shown = async (threadId: string) => {
      const entries = await store.search(threadNamespace(threadId), { limit: 100 });
      return entries.map(({ key }) => key).toSorted();
    };
    const [first, second] = [await shown("1"), await shown("2")];
    // The two steps, and the secret that their names are made with.
    expect(first).toHaveLength(3);
    for (const key of first) {
      expect(key).not.toMatch(/pin|use|4711/);
    }
    // The same steps with the same outputs: a hash of them alone would be the same.
    expect(first.filter((key) => second.includes(key))).toEqual(["secret"]);
    const raw = inspect(await store.search(["plan-execute"], { limit: 100 }), { depth: 9 });
    const secrets = await encrypted.search(["plan-execute"], { limit: 100 });
    for (const { key, value } of secrets.filter((entry) => entry.key === "secret")) {
      expect([key, raw.includes(String(value.secret))]).toEqual(["secret", false]);
    }
  });

  it.each([
    ["finds what was kept under the old key as long as that is there", true],
    ["goes on without it where the old key is gone", false],
  ])("whose keys were rotated %s", async (_, isOldKeyThere) => {
    const [oldKey, newKey] = [...keys, { id: "2026b", key: randomBytes(32) }];
    const { store } = await createStore("memory:");
    const checkpointer = new MemorySaver();
    const thread = { configurable: { thread_id: "1" } };
    const journal = createJournal();
    const agentWith = (given: readonly EncryptionKey[]) =>
      plannedAgent([{ id: "a", tool: "charge", args: { who: "ann" } }], {
        tools: [journalTool(journal)],
        store: new SerializedStore(store, createEncryptedSerializer({ keys: given })),
        checkpointer,
      });
    await agentWith([oldKey]).agent.invoke({ input: "go" }, thread);
    const { agent, eventsOf } = agentWith(isOldKeyThere ? [newKey, oldKey] : [newKey]);
    const history = agent.getStateHistory(thread);
    let before = {};
    for await (const { next, config } of history) {
      if (next.includes("executor")) {
        before = config;
      }
    }
    expect(await agent.invoke(null, before)).toMatchObject({ status: "done" });
    expect(journal.entries).toEqual(isOldKeyThere ? ["ann"] : ["ann", "ann"]);
    expect(eventsOf("journal.failed").length > 0).toBe(!isOldKeyThere);
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
    for (const { close } of [bare, first, lenient, other]) {
      await close();
    }
  });
});
