import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, describe, expect, it } from "vitest";
import { createCheckpointer, createStore } from "../../src/checkpoint/index.js";
import { bundleProgram } from "../support/program-file.js";
import { describeStore } from "./store-contract.js";

const folder = mkdtempSync(join(tmpdir(), "plan-execute-sqlite-store-"));
let files = 0;
const url = () => {
  files += 1;
  return `sqlite:${join(folder, `${files}.db`)}`;
};

afterAll(() => rmSync(folder, { recursive: true }));

describeStore({ kind: "sqlite", url, survivesClosing: true });

describe("the SQLite store", () => {
  it("refuses a search by meaning, which it does not have", async () => {
    const { store, close } = await createStore("sqlite::memory:");
    await expect(store.search(["a"], { query: "like this" })).rejects.toMatchObject({
      code: "QUERY_UNSUPPORTED",
      message: expect.stringContaining("use `filter`"),
    });
    await close();
  });

  it("shares a file with a checkpointer", async () => {
    const address = url();
    const { checkpointer, close } = await createCheckpointer(address);
    const opened = await createStore(address);
    await opened.store.put(["a"], "1", { n: 1 });
    expect(await checkpointer.getTuple({ configurable: { thread_id: "1" } })).toBeUndefined();
    await opened.close();
    await close();
  });

  it("does all of a batch or nothing of it", async () => {
    const { store, close } = await createStore("sqlite::memory:");
    const circular: Record<string, unknown> = {};
    circular.itself = circular;
    const batch = store.batch([
      { namespace: ["a"], key: "1", value: { n: 1 } },
      { namespace: ["a"], key: "2", value: circular },
    ]);
    await expect(batch).rejects.toThrow("circular");
    expect(await store.get(["a"], "1")).toBeNull();
    await close();
  });

  it("takes a prefix by whole labels, and any label that LangGraph lets through as it is", async () => {
    const { store, close } = await createStore("sqlite::memory:");
    const labels = ["1", "10", "1]", '1"', "1,", "%", "_", "\\", "日本"];
    for (const label of labels) {
      await store.put([label, "steps"], "key", { label });
    }
    for (const label of labels) {
      expect((await store.search([label])).map(({ namespace }) => namespace)).toEqual([[label, "steps"]]);
    }
    expect(await store.search([], { limit: 100 })).toHaveLength(labels.length);
    await close();
  });

  it("refuses labels that LangGraph refuses", async () => {
    const { store, close } = await createStore("sqlite::memory:");
    for (const label of ["", "a.b", "a:b", "a\u0000b"]) {
      await expect(store.put(["users", label], "key", { n: 1 })).rejects.toThrow("label");
    }
    await close();
  });

  it("lists namespaces by stars and to a depth, each once", async () => {
    const { store, close } = await createStore("sqlite::memory:");
    for (const namespace of [["a", "x", "1"], ["a", "x", "2"], ["a", "y", "1"], ["b"]]) {
      await store.put(namespace, "key", {});
    }
    expect(await store.listNamespaces({ maxDepth: 2 })).toEqual([["a", "x"], ["a", "y"], ["b"]]);
    expect(await store.listNamespaces({ suffix: ["*", "1"] })).toEqual([
      ["a", "x", "1"],
      ["a", "y", "1"],
    ]);
    await close();
  });

  it("has every entry that three processes had put, when all were killed", async () => {
    const address = url();
    const names = ["a", "b", "c"];
    const said = await Promise.all(names.map((name) => writeUntilKilled(address, name, 100)));
    const { store, close } = await createStore(address);
    for (const [index, name] of names.entries()) {
      const kept = await store.search(["written", name], { limit: 100_000 });
      const numbers = kept.map(({ value }) => Number(value.number)).sort((left, right) => left - right);
      expect(numbers).toEqual(numbers.map((_, number) => number));
      expect(numbers.length).toBeGreaterThan(said[index] ?? Number.POSITIVE_INFINITY);
    }
    await close();
  });
});

const writer = bundleProgram(new URL("./fixtures/store-writer.ts", import.meta.url));

/** Lets a process write until it has said so many entries, kills it, and returns the number that it said last. */
async function writeUntilKilled(address: string, name: string, entries: number): Promise<number> {
  const child = spawn(process.execPath, [writer, address, name], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  let last = -1;
  for await (const line of createInterface(child.stdout)) {
    last = Number(line);
    if (last === entries) {
      child.kill("SIGKILL");
    }
  }
  expect(last).toBeGreaterThanOrEqual(entries);
  return last;
}
