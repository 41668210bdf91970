import { Client } from "@langchain/langgraph-sdk";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { userNamespace } from "../../src/index.js";
import { withDevServer } from "./with-dev-server.js";

const GRAPH = "plan_execute";
const users = { "token of ann": { identity: "ann" }, "token of bob": { identity: "bob" } };
let ann: Client;
let bob: Client;
let nobody: Client;

withDevServer(
  (_, { url: apiUrl }) => {
    const once = { maxRetries: 0 };
    ann = new Client({ apiUrl, apiKey: "token of ann", callerOptions: once });
    const defaultHeaders = { authorization: "Bearer token of bob" };
    bob = new Client({ apiUrl, defaultHeaders, callerOptions: once });
    nobody = new Client({ apiUrl, apiKey: "token of nobody", callerOptions: once });
  },
  { PLAN_EXECUTE_USERS: JSON.stringify(users) },
);

const context = { approveTools: ["calculator"] };
const resume = { command: { resume: { decisions: [{ type: "approve" }] } }, context };
const placeOf = (identity: string) => userNamespace({ configurable: { langgraph_auth_user_id: identity } });

/** A thread of Ann's that waits for her word. */
async function waitingThread(): Promise<string> {
  const { thread_id } = await ann.threads.create();
  await ann.runs.wait(thread_id, GRAPH, { input: { input: "Calculate 6*7" }, context });
  expect((await ann.threads.get(thread_id)).status).toBe("interrupted");
  return thread_id;
}

describe("a server whose users are known", () => {
  it("lets in nobody whom it does not know", async () => {
    await expect(nobody.threads.create()).rejects.toThrow("401");
    await expect(nobody.assistants.search()).rejects.toThrow("401");
  });

  it("keeps a user's threads from all others: no look, no change, no answer to what waits", async () => {
    const thread = await waitingThread();
    const attempts = {
      get: () => bob.threads.get(thread),
      state: () => bob.threads.getState(thread),
      history: () => bob.threads.getHistory(thread),
      resume: () => bob.runs.wait(thread, GRAPH, resume),
      stream: async () => {
        for await (const _ of bob.runs.stream(thread, GRAPH, resume)) {
        }
      },
      begin: () => bob.runs.create(thread, GRAPH, { input: { input: "Calculate 1+1" } }),
      change: () => bob.threads.updateState(thread, { values: { input: "x" } }),
      patch: () => bob.threads.update(thread, { metadata: { owner: "bob" } }),
      copy: () => bob.threads.copy(thread),
      remove: () => bob.threads.delete(thread),
      runs: async () => {
        const found = await bob.runs.list(thread);
        if (found.length === 0) {
          throw new Error("nothing was found");
        }
      },
    };
    for (const [name, attempt] of Object.entries(attempts)) {
      await expect(attempt(), name).rejects.toThrow();
    }
    expect(await bob.threads.search()).toEqual([]);
    expect((await ann.threads.search()).map(({ thread_id }) => thread_id)).toContain(thread);
    expect((await ann.threads.get(thread)).status).toBe("interrupted");

    await ann.runs.wait(thread, GRAPH, resume);
    const { values } = await ann.threads.getState(thread);
    expect(values).toMatchObject({ status: "done", decisions: [{ type: "approve", by: "ann" }] });
  });

  it("tells in the events for whom a run works", async () => {
    const { thread_id } = await bob.threads.create();
    const seen = new Set<string | undefined>();
    const stream = bob.runs.stream(thread_id, GRAPH, {
      input: { input: "Calculate 6*7" },
      config: { configurable: { langgraph_auth_user_id: "ann" } },
      streamMode: ["custom"],
    });
    for await (const { event, data } of stream) {
      if (event === "custom") {
        seen.add(z.object({ userId: z.string().optional() }).parse(data).userId);
      }
    }
    expect([...seen]).toEqual(["bob"]);
  });

  it("keeps each user's entries of the store in a place of their own", async () => {
    await ann.store.putItem([...placeOf("ann"), "notes"], "a", { text: "mine" });
    expect((await ann.store.getItem([...placeOf("ann"), "notes"], "a"))?.value).toEqual({ text: "mine" });
    await expect(bob.store.getItem([...placeOf("ann"), "notes"], "a")).rejects.toThrow("403");
    await expect(bob.store.searchItems([])).rejects.toThrow("403");
    await expect(bob.store.putItem(["plan-execute", "x"], "a", {})).rejects.toThrow("403");
    expect((await bob.store.searchItems(placeOf("bob"))).items).toEqual([]);
  });

  it("lets everybody use an assistant, and only its maker change it", async () => {
    const made = await ann.assistants.create({ graphId: GRAPH, context: { maxSteps: 3 }, name: "short" });
    expect((await bob.assistants.get(made.assistant_id)).context).toEqual({ maxSteps: 3 });
    await expect(bob.assistants.update(made.assistant_id, { name: "bob's" })).rejects.toThrow();
    await expect(bob.assistants.delete(made.assistant_id)).rejects.toThrow();
    expect((await ann.assistants.update(made.assistant_id, { name: "shorter" })).name).toBe("shorter");
  });
});
