// Point 20: somebody who reads an encrypted store without its key learns neither what was done nor its results.
import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type BaseStore, MemorySaver } from "@langchain/langgraph";
import { z } from "zod";
import { createCheckpointer, createEncryptedSerializer, createStore } from "../../../src/index.js";
import { areaOf, assertSetUp, judge } from "../case.js";
import { Victim } from "../victim.js";

const keysOf = () => [{ id: "2026a", key: randomBytes(32) }];
const STEP = "transfer-to-the-secret-account";
const steps = [
  { id: "pin", description: "Look the PIN up", tool: "pin", args: {} },
  { id: STEP, description: "Use it", tool: "use_it", args: { what: "{{pin}}" }, dependsOn: ["pin"] },
];

/** What an encrypted database gives away. */
export const encryptionCases = areaOf("encryption", [
  {
    name: "An encrypted store is searched for the ids of steps",
    expected: "none of them",
    async run({ folder }) {
      await runWith(folder, keysOf(), "4711");
      const bytes = bytesIn(folder);
      assertSetUp(bytes.includes("plan-execute"), "the store is empty");
      return judge(!bytes.includes(STEP), bytes.includes(STEP) ? "the id is there" : "not there");
    },
  },
  {
    name: "An encrypted store is searched for arguments and outputs",
    expected: "none of them",
    async run({ folder }) {
      await runWith(folder, keysOf(), "my-secret-output");
      const bytes = bytesIn(folder);
      return judge(!bytes.includes("my-secret-output") && !bytes.includes("use_it"), "searched");
    },
  },
  {
    name: "The names of a store's entries under one key are compared with those under another",
    expected: "no name is the same",
    async run({ folder }) {
      const names = [
        await runWith(join(folder, "a"), keysOf(), "4711"),
        await runWith(join(folder, "b"), keysOf(), "4711"),
      ].map((entries) => new Set(entries));
      const [first, second] = names;
      assertSetUp((first?.size ?? 0) > 0 && (second?.size ?? 0) > 0, "the store is empty");
      // A name that is not a digest says nothing about a step.
      const same = [...(first ?? [])].filter((name) => name.length >= 16 && second?.has(name));
      return judge(same.length === 0, same.length === 0 ? "all differ" : `the same: ${same.join(", ")}`);
    },
  },
  {
    name: "A four-digit output is guessed by running the same steps in a store of one's own",
    expected: "no guess is confirmed",
    deadlineMs: 20_000,
    async run({ folder }) {
      const seen = new Set(await runWith(join(folder, "victim"), keysOf(), "1042"));
      assertSetUp(seen.size > 0, "the store is empty");
      const confirmed: number[] = [];
      for (let guess = 1_030; guess < 1_060; guess += 1) {
        const own = await createStore("memory:");
        const names = await namesAfter(own.store, String(guess));
        await own.close();
        if (names.some((name) => name.includes(STEP) && seen.has(name))) {
          confirmed.push(guess);
        }
      }
      return judge(confirmed.length === 0, `confirmed: ${confirmed.join(", ") || "none"}`);
    },
  },
  {
    name: "A finished step is looked for under the same key after the thread was changed from outside",
    expected: "found, not done again",
    async run({ folder }) {
      const keys = keysOf();
      const opened = await createStore(`sqlite:${join(folder, "store.db")}`, {
        serializer: createEncryptedSerializer({ keys }),
      });
      const victim = spending("4711", opened.store);
      await victim.begin();
      const configs: object[] = [];
      for await (const { config, next } of victim.agent.getStateHistory(victim.thread)) {
        if (next[0] === "executor") {
          configs.push(config);
        }
      }
      const [earliest] = configs.reverse();
      assertSetUp(earliest !== undefined, "there is no checkpoint before the executor");
      await victim.goOn(earliest);
      await opened.close();
      return judge(
        victim.callsOf("pin").length === 1,
        `the PIN was looked up ${victim.callsOf("pin").length} times`,
      );
    },
  },
  {
    name: "Another key, and no key, are used on an encrypted store and on encrypted checkpoints",
    expected: "refused, each time",
    async run({ folder }) {
      await runWith(folder, keysOf(), "4711");
      const url = `sqlite:${join(folder, "store.db")}`;
      const other = createEncryptedSerializer({ keys: keysOf() });
      const told: string[] = [];
      for (const serializer of [other, undefined]) {
        const { store, close } = await createStore(url, { serializer });
        const found = await store.search(["plan-execute"]).then(
          (items) => JSON.stringify(items),
          (error: unknown) => `refused: ${String(error)}`,
        );
        told.push(found.includes("4711") ? "read" : "not read");
        await close();
      }
      return judge(!told.includes("read"), told.join(", "));
    },
  },
  {
    name: "Encrypted checkpoints are searched for goals, plans and decisions",
    expected: "none of them",
    async run({ folder }) {
      const opened = await createCheckpointer(`sqlite:${join(folder, "threads.db")}`, {
        serializer: createEncryptedSerializer({ keys: keysOf() }),
      });
      const victim = new Victim({ checkpointer: opened.checkpointer, approval: { tools: { pay: true } } });
      await victim.beginToWait();
      await victim.decide([{ type: "reject", message: "the-words-of-a-person" }]);
      await opened.close();
      const bytes = bytesIn(folder);
      const found = ["the-words-of-a-person", "Pay the bill", "acme"].filter((word) => bytes.includes(word));
      return judge(found.length === 0, `found: ${found.join(", ") || "none"}`);
    },
  },
]);

/** Runs the two steps with an encrypted store in a file. Returns the names of its entries, as they stand there. */
async function runWith(folder: string, keys: ReturnType<typeof keysOf>, pin: string): Promise<string[]> {
  const url = `sqlite:${join(folder, "store.db")}`;
  const opened = await createStore(url, { serializer: createEncryptedSerializer({ keys }) });
  const names = await namesAfter(opened.store, pin);
  await opened.close();
  return names;
}

async function namesAfter(store: BaseStore, pin: string): Promise<string[]> {
  const victim = spending(pin, store);
  await victim.begin();
  const items = await store.search(["plan-execute"], { limit: 1_000 });
  return items.map(({ key }) => key);
}

function spending(pin: string, store: BaseStore): Victim {
  return new Victim({
    steps,
    store,
    checkpointer: new MemorySaver(),
    moreTools: (spied) => [
      spied.spy("pin", z.object({}), () => pin),
      spied.spy("use_it", z.object({ what: z.any() }), () => "used"),
    ],
  });
}

function bytesIn(folder: string): string {
  return readdirSync(folder)
    .filter((name) => name.includes(".db"))
    .map((name) => readFileSync(join(folder, name), "latin1"))
    .join("");
}
