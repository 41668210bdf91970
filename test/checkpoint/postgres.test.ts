import { EventEmitter } from "node:events";
import { inspect } from "node:util";
import { START, StateGraph } from "@langchain/langgraph";
import { PostgresSaver } from "@langchain/langgraph-checkpoint-postgres";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { createCheckpointer } from "../../src/checkpoint/index.js";
import { withPostgres } from "../support/with-postgres.js";
import { describeConformance } from "./conformance.js";
import { describeCheckpointer } from "./contract.js";

const postgres = withPostgres();
const url = () => postgres.createDatabase();

describeCheckpointer({ kind: "postgres", url, survivesClosing: true });
describeConformance({ name: "postgres", url });

describe("postgres", () => {
  it("is opened for the first time by eight at once", async () => {
    const address = await url();
    const opened = await Promise.all(Array.from({ length: 8 }, () => createCheckpointer(address)));
    for (const { checkpointer, close } of opened) {
      expect(await checkpointer.getTuple({ configurable: { thread_id: "1" } })).toBeUndefined();
      await close();
    }
  });

  it("goes on with a thread that LangGraph's own saver began", async () => {
    const address = await url();
    const { checkpointer, close } = await createCheckpointer(address);
    const graph = new StateGraph(z.object({ total: z.number() }))
      .addNode("add", ({ total }) => ({ total: total + 1 }))
      .addEdge(START, "add");
    const thread = { configurable: { thread_id: "1" } };
    const plain = PostgresSaver.fromConnString(address);
    await graph.compile({ checkpointer: plain }).invoke({ total: 1 }, thread);
    await plain.end();
    const ours = graph.compile({ checkpointer });
    expect(await ours.invoke({ total: 5 }, thread)).toEqual({ total: 6 });
    expect((await ours.getState(thread)).values).toEqual({ total: 6 });
    await close();
  });

  it("goes on after the server ended its idle connections", async () => {
    const { checkpointer, close } = await createCheckpointer(await url());
    const pool = poolOf(checkpointer);
    const lost = new Promise((resolve) => pool.once("remove", resolve));
    await postgres.dropConnections();
    await lost;
    expect(await checkpointer.getTuple({ configurable: { thread_id: "1" } })).toBeUndefined();
    await close();
  });

  it("says why it cannot be opened, and never the password", async () => {
    const address = new URL(await url());
    address.password = "s3cret";
    const wrong = await createCheckpointer(address.href).catch((error: unknown) => error);
    expect(wrong).toMatchObject({
      code: "CANNOT_OPEN",
      message: 'Cannot open the PostgreSQL checkpointer: password authentication failed for user "postgres"',
    });
    address.port = "1";
    const nobody = await createCheckpointer(address.href).catch((error: unknown) => error);
    expect(nobody).toMatchObject({ code: "CANNOT_OPEN", cause: { code: "ECONNREFUSED" } });
    const nonsense = await createCheckpointer("postgres://user:s3cret@:port:x").catch(
      (error: unknown) => error,
    );
    expect(nonsense).toMatchObject({ code: "CANNOT_OPEN" });
    for (const error of [wrong, nobody, nonsense]) {
      expect(inspect(error)).not.toContain("s3cret");
    }
  });
});

function poolOf(checkpointer: object): EventEmitter {
  const pool = "pool" in checkpointer ? checkpointer.pool : undefined;
  if (!(pool instanceof EventEmitter)) {
    throw new Error("no pool");
  }
  return pool;
}
