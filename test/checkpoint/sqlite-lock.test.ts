import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { createCheckpointer, withThreadLock } from "../../src/checkpoint/index.js";
import { createDeferred } from "../support/deferred.js";
import { describeThreadLock } from "./lock-contract.js";
import { LockProcess } from "./lock-process.js";

const folder = mkdtempSync(join(tmpdir(), "plan-execute-sqlite-lock-"));
let files = 0;
const url = () => {
  files += 1;
  return `sqlite:${join(folder, `${files}.db`)}`;
};

afterAll(() => rmSync(folder, { recursive: true }));

describeThreadLock({ kind: "sqlite", url, isShared: true });

describe("a lock in SQLite", () => {
  it("is taken over when its owner's signs of life have stopped, and the owner is told when it wakes", async () => {
    const address = url();
    const owner = await LockProcess.start(address, { staleAfterMs: 500 });
    const next = await LockProcess.start(address, { staleAfterMs: 500 });
    try {
      expect((await owner.tell("take")).is).toBe("held");
      owner.signal("SIGSTOP");
      const stoppedAt = Date.now();
      expect((await next.tell("take")).is).toBe("busy");
      await expect
        .poll(async () => (await next.tell("take")).is, { interval: 50, timeout: 10_000 })
        .toBe("held");
      expect(Date.now() - stoppedAt).toBeGreaterThan(350);
      owner.signal("SIGCONT");
      const woken = await owner.answer();
      expect(woken.is).toBe("THREAD_LOCK_LOST");
      expect(woken.message).toContain("another process took it over");
      expect((await next.tell("release")).is).toBe("released");
    } finally {
      await owner.kill();
      await next.kill();
    }
  }, 60_000);

  it("is held for longer than the stale time by an owner who lives, and goes by the clock that it is given", async () => {
    const address = url();
    const [opened, other] = [await createCheckpointer(address), await createCheckpointer(address)];
    const { promise, resolve } = createDeferred();
    const { promise: begun, resolve: begin } = createDeferred();
    let nowMs = 1_000_000;
    const clock = { now: () => nowMs, staleAfterMs: 3_600_000 };
    const work = () => {
      begin();
      return promise;
    };
    const first = withThreadLock(opened, "1", work, clock);
    await begun;
    nowMs += 3_600_000;
    await expect(withThreadLock(other, "1", async () => "stale", clock)).rejects.toMatchObject({
      code: "THREAD_BUSY",
      holder: { since: new Date(1_000_000) },
    });
    nowMs += 1;
    expect(await withThreadLock(other, "1", async () => "stale", clock)).toBe("stale");
    resolve();
    await first;
    await opened.close();
    await other.close();
  });

  it("leaves no row behind", async () => {
    const address = url();
    const opened = await createCheckpointer(address);
    await withThreadLock(opened, "1", async () => expect(locks(opened.checkpointer)).toHaveLength(1));
    await withThreadLock(opened, "1", async () => Promise.reject(new Error("broken"))).catch(() => {});
    expect(locks(opened.checkpointer)).toEqual([]);
    await opened.close();
  });
});

function locks(checkpointer: object): unknown {
  const db = "db" in checkpointer ? checkpointer.db : undefined;
  if (!(db instanceof Object) || !("prepare" in db) || typeof db.prepare !== "function") {
    throw new Error("no database");
  }
  return db.prepare("select * from plan_execute_locks").all();
}
