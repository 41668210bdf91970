import { randomUUID } from "node:crypto";
import type { BaseStore } from "@langchain/langgraph";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  type CheckpointerKind,
  createStore,
  type OpenStore,
  type StoreOptions,
} from "../../src/checkpoint/index.js";

/** What the contract of all stores is run on. */
export interface StoreContractOptions {
  readonly kind: CheckpointerKind;
  /** The URL of an empty store, asked for before each test. */
  readonly url: () => string | Promise<string>;
  /** Whether what was kept is there again after closing and opening. */
  readonly survivesClosing: boolean;
  /** What values go through; they cannot be searched then. */
  readonly serializer?: StoreOptions["serializer"];
}

/** What an agent may rely on, whatever keeps its store. */
export function describeStore({ kind, url, survivesClosing, serializer }: StoreContractOptions): void {
  const through = serializer === undefined ? "" : ", through a serializer";
  describe(`the contract of all stores, on ${kind}${through}`, () => {
    let address: string;
    let opened: OpenStore;
    let store: BaseStore;

    beforeEach(async () => {
      address = await url();
      opened = await createStore(address, { serializer });
      store = opened.store;
    });
    afterEach(() => opened.close());

    it("says what it is", () => expect(opened.kind).toBe(kind));

    it("knows nothing of what was never put", async () => {
      expect(await store.get(["users", "1"], "name")).toBeNull();
      expect(await store.search(["users"])).toEqual([]);
      expect(await store.listNamespaces()).toEqual([]);
      await expect(store.delete(["users", "1"], "name")).resolves.toBeUndefined();
    });

    it("keeps a value with its place and times", async () => {
      const before = Date.now() - 1_000;
      const value = { text: 'zwei "· 三', list: [1, null, { deep: true }], none: null };
      await store.put(["users", "a b"], "the/key", value);
      const item = await store.get(["users", "a b"], "the/key");
      expect(item).toMatchObject({ namespace: ["users", "a b"], key: "the/key", value });
      expect(item?.createdAt.getTime()).toBeGreaterThan(before);
      expect(item?.updatedAt.getTime()).toBeGreaterThanOrEqual(item?.createdAt.getTime() ?? Number.NaN);
    });

    it("replaces a value and keeps when it was made", async () => {
      await store.put(["users"], "name", { first: "Ann", left: "over" });
      const first = await store.get(["users"], "name");
      await store.put(["users"], "name", { first: "Bob" });
      const second = await store.get(["users"], "name");
      expect(second?.value).toEqual({ first: "Bob" });
      expect(second?.createdAt).toEqual(first?.createdAt);
      expect(await store.search(["users"])).toHaveLength(1);
    });

    it("deletes one entry and no other", async () => {
      await store.put(["users"], "a", { n: 1 });
      await store.put(["users"], "b", { n: 2 });
      await store.put(["users", "a"], "a", { n: 3 });
      await store.delete(["users"], "a");
      expect(await store.get(["users"], "a")).toBeNull();
      expect(valuesOf(await store.search(["users"]))).toEqual([2, 3]);
    });

    it("tells namespaces apart by their labels", async () => {
      await store.put(["a", "bc"], "key", { n: 1 });
      await store.put(["ab", "c"], "key", { n: 2 });
      await store.put(["a", "b"], "c", { n: 3 });
      expect((await store.get(["a", "bc"], "key"))?.value).toEqual({ n: 1 });
      expect((await store.get(["ab", "c"], "key"))?.value).toEqual({ n: 2 });
    });

    it("finds everything below a namespace", async () => {
      await store.put(["a"], "key", { n: 1 });
      await store.put(["a", "b"], "key", { n: 2 });
      await store.put(["a", "b", "c"], "key", { n: 3 });
      await store.put(["d", "a"], "key", { n: 4 });
      expect(valuesOf(await store.search(["a"]))).toEqual([1, 2, 3]);
      expect(valuesOf(await store.search(["a", "b"]))).toEqual([2, 3]);
    });

    if (serializer === undefined) {
      it("finds by equal values and by operators", async () => {
        for (const n of [1, 2, 3]) {
          await store.put(["a"], String(n), { n, kind: n === 2 ? "even" : "odd" });
        }
        const found = async (filter: Record<string, unknown>) =>
          valuesOf(await store.search(["a"], { filter }));
        expect(await found({ kind: "odd" })).toEqual([1, 3]);
        expect(await found({ kind: "odd", n: { $gt: 1 } })).toEqual([3]);
        expect(await found({ n: { $gte: 2, $lt: 3 } })).toEqual([2]);
        expect(await found({ n: { $lte: 2 }, kind: { $ne: "even" } })).toEqual([1]);
        expect(await found({ kind: { $eq: "even" } })).toEqual([2]);
        expect(await found({ kind: { $in: ["even", "none"] } })).toEqual([2]);
        expect(await found({ kind: { $nin: ["even", "none"] } })).toEqual([1, 3]);
        expect(await found({ other: "x" })).toEqual([]);
        const last = { limit: 5, offset: 1, filter: { kind: "odd" } };
        expect(await store.search(["a"], last)).toHaveLength(1);
      });
    } else {
      it("refuses to search in values that it cannot read", async () => {
        const refused = { code: "QUERY_UNSUPPORTED" };
        await expect(store.search(["a"], { filter: { n: 1 } })).rejects.toMatchObject(refused);
        await expect(store.search(["a"], { query: "n" })).rejects.toMatchObject(refused);
      });
    }

    it("finds ten where no limit is given, and page by page all of them, each once", async () => {
      for (let n = 0; n < 25; n += 1) {
        await store.put(["a"], String(n).padStart(2, "0"), { n });
      }
      expect(await store.search(["a"])).toHaveLength(10);
      const pages = [0, 10, 20].map((offset) => store.search(["a"], { limit: 10, offset }));
      const found = (await Promise.all(pages)).map(valuesOf);
      expect(found.map(({ length }) => length)).toEqual([10, 10, 5]);
      expect(found.flat().sort((left, right) => left - right)).toEqual(
        Array.from({ length: 25 }, (_, n) => n),
      );
      expect(await store.search(["a"], { limit: 5, offset: 23 })).toHaveLength(2);
    });

    it("lists namespaces, by prefix and by suffix", async () => {
      for (const namespace of [
        ["a", "x"],
        ["a", "y"],
        ["b", "x"],
      ]) {
        await store.put(namespace, "1", { n: 1 });
        await store.put(namespace, "2", { n: 2 });
      }
      expect(await store.listNamespaces()).toEqual([
        ["a", "x"],
        ["a", "y"],
        ["b", "x"],
      ]);
      expect(await store.listNamespaces({ prefix: ["a"] })).toEqual([
        ["a", "x"],
        ["a", "y"],
      ]);
      expect(await store.listNamespaces({ suffix: ["x"] })).toEqual([
        ["a", "x"],
        ["b", "x"],
      ]);
      expect(await store.listNamespaces({ prefix: ["a"], suffix: ["x"] })).toEqual([["a", "x"]]);
      expect(await store.listNamespaces({ limit: 1, offset: 1 })).toEqual([["a", "y"]]);
    });

    it("does a batch, with a result for each operation", async () => {
      await store.put(["a"], "1", { n: 1 });
      const results = await store.batch([
        { namespace: ["a"], key: "1" },
        { namespace: ["b"], key: "2", value: { n: 2 } },
        { namespacePrefix: ["a"], limit: 10, offset: 0 },
        { namespace: ["a"], key: "none" },
      ]);
      expect(results[0]).toMatchObject({ value: { n: 1 } });
      expect(results[2]).toMatchObject([{ key: "1" }]);
      expect(results[3]).toBeNull();
      expect((await store.get(["b"], "2"))?.value).toEqual({ n: 2 });
      await store.batch([{ namespace: ["b"], key: "2", value: null }]);
      expect(await store.get(["b"], "2")).toBeNull();
    });

    it("keeps what many put at the same time", async () => {
      const keys = Array.from({ length: 40 }, () => randomUUID());
      await Promise.all(keys.map((key, n) => store.put(["a"], key, { n })));
      expect(valuesOf(await store.search(["a"], { limit: 100 }))).toEqual(keys.map((_, n) => n));
    });

    it("can be closed twice", async () => {
      await opened.close();
      await expect(opened.close()).resolves.toBeUndefined();
    });

    if (survivesClosing) {
      it("has what was put after it was closed and opened again, and for others meanwhile", async () => {
        await store.put(["a"], "1", { n: 1 });
        const other = await createStore(address, { serializer });
        expect((await other.store.get(["a"], "1"))?.value).toEqual({ n: 1 });
        await other.close();
        await opened.close();
        opened = await createStore(address, { serializer });
        expect((await opened.store.get(["a"], "1"))?.value).toEqual({ n: 1 });
      });
    }
  });
}

function valuesOf(items: readonly { readonly value: { readonly n?: unknown } }[]): number[] {
  return items.map(({ value }) => Number(value.n)).sort((left, right) => left - right);
}
