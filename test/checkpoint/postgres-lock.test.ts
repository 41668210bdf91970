import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { describe, expect, it } from "vitest";
import { createCheckpointer, type OpenCheckpointer, withThreadLock } from "../../src/checkpoint/index.js";
import { createDeferred } from "../support/deferred.js";
import { withPostgres } from "../support/with-postgres.js";
import { describeThreadLock } from "./lock-contract.js";

const postgres = withPostgres();
const url = () => postgres.createDatabase();

describeThreadLock({ kind: "postgres", url, isShared: true });

describe("a lock in PostgreSQL", () => {
  it("is lost when its connection is, the work is told, and then it can be taken again", async () => {
    const opened = await createCheckpointer(await url());
    const { begun, done } = workUntilAborted(opened);
    await begun;
    await postgres.dropConnections();
    await expect(done).rejects.toMatchObject({
      code: "THREAD_LOCK_LOST",
      message: expect.stringContaining("was lost: the connection that held it broke"),
    });
    expect(await withThreadLock(opened, "1", async () => "again")).toBe("again");
    await opened.close();
  });

  it("is lost when its connection falls silent", async () => {
    const silence = await silenceable(await url());
    const opened = await createCheckpointer(silence.url);
    const { begun, done } = workUntilAborted(opened, 500);
    await begun;
    silence.begin();
    await expect(done).rejects.toMatchObject({ code: "THREAD_LOCK_LOST" });
    silence.end();
    await opened.close();
  });

  it("is not kept if the answer that gives it comes too late", async () => {
    const direct = await url();
    const silence = await silenceable(direct);
    const [opened, other] = await Promise.all([createCheckpointer(silence.url), createCheckpointer(direct)]);
    const { promise, resolve } = createDeferred();
    const begun = createDeferred();
    // Keeps the connection.
    const holding = withThreadLock(
      opened,
      "1",
      () => {
        begun.resolve();
        return promise;
      },
      { staleAfterMs: 1_000 },
    );
    await begun.promise;
    silence.hold();
    await expect(withThreadLock(opened, "2", async () => "taken")).rejects.toThrow("timeout");
    silence.letGo();
    const take = () => withThreadLock(other, "2", async () => "taken").catch(({ code }) => code);
    await expect.poll(take, { timeout: 5_000 }).toBe("taken");
    resolve();
    await holding;
    await Promise.all([opened.close(), other.close()]);
    silence.end();
  });

  it("needs one connection for any number of threads, and none when nothing is held", async () => {
    const opened = await createCheckpointer(await url());
    const { promise, resolve } = createDeferred();
    const begun = Array.from({ length: 30 }, () => createDeferred());
    const done = begun.map(({ resolve: begin }, index) =>
      withThreadLock(opened, String(index), () => {
        begin();
        return promise;
      }),
    );
    await Promise.all(begun.map((one) => one.promise));
    expect(await sessions(opened)).toBe(1);
    resolve();
    await Promise.all(done);
    await expect.poll(() => sessions(opened)).toBe(0);
    await opened.close();
  });

  it("says why it cannot be taken where no more connections are to be had", async () => {
    const silence = await silenceable(await url());
    const opened = await createCheckpointer(silence.url);
    silence.end();
    await expect(withThreadLock(opened, "1", async () => "taken")).rejects.toMatchObject({
      code: "CANNOT_OPEN",
      message: expect.stringContaining("Cannot open a PostgreSQL connection for locks: "),
    });
    await opened.close();
  });
});

function workUntilAborted(opened: OpenCheckpointer, staleAfterMs = 5_000) {
  const { promise: begun, resolve: begin } = createDeferred();
  const work = (signal: AbortSignal) =>
    new Promise((_, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason));
      begin();
    });
  const done = withThreadLock(opened, "1", work, { staleAfterMs });
  done.catch(() => {});
  return { begun, done };
}

/** The number of connections for locks. */
async function sessions({ checkpointer }: OpenCheckpointer): Promise<number> {
  const pool = "pool" in checkpointer ? checkpointer.pool : undefined;
  if (!(pool instanceof Object) || !("query" in pool) || typeof pool.query !== "function") {
    throw new Error("no pool");
  }
  const { rows } = await pool.query(
    "select 1 from pg_stat_activity where datname = current_database() and application_name like 'langgraph-plan-execute %'",
  );
  return rows.length;
}

/** A way to a server on which nothing arrives any more when it is told so; ending it ends all its connections. */
async function silenceable(address: string) {
  const target = new URL(address);
  const serverPort = Number(target.port);
  const sockets: Socket[] = [];
  const answering: Socket[] = [];
  const proxy = createServer((near) => {
    const far = connect(serverPort, target.hostname);
    sockets.push(near, far);
    answering.push(far);
    for (const socket of [near, far]) {
      socket.on("error", () => {});
    }
    near.pipe(far).pipe(near);
  }).listen(0, "127.0.0.1");
  await once(proxy, "listening");
  const bound = proxy.address();
  if (bound === null || typeof bound === "string") {
    throw new Error("the proxy has no port");
  }
  target.port = String(bound.port);
  return {
    url: target.href,
    begin() {
      for (const socket of sockets) {
        socket.unpipe().pause();
      }
    },
    /** Keeps back what the server answers, until it is let go. */
    hold: () => answering.forEach((socket) => void socket.pause()),
    letGo: () => answering.forEach((socket) => void socket.resume()),
    end() {
      proxy.close();
      for (const socket of sockets) {
        socket.destroy();
      }
    },
  };
}
