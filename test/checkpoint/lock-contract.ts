import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  type CheckpointerKind,
  createCheckpointer,
  type OpenCheckpointer,
  withThreadLock,
} from "../../src/checkpoint/index.js";
import { createDeferred } from "../support/deferred.js";
import { LockProcess } from "./lock-process.js";

/** What the contract of all locks is run on. */
export interface LockContractOptions {
  readonly kind: CheckpointerKind;
  /** The URL of an empty store, asked for before each test. */
  readonly url: () => string | Promise<string>;
  /** Whether other processes can reach it. */
  readonly isShared: boolean;
}

/** What holds of a thread's lock, whatever keeps the checkpoints. */
export function describeThreadLock({ kind, url, isShared }: LockContractOptions): void {
  describe(`the contract of all thread locks, on ${kind}`, () => {
    let address: string;
    let opened: OpenCheckpointer;

    beforeEach(async () => {
      address = await url();
      opened = await createCheckpointer(address);
    });
    afterEach(() => opened.close());

    it("gives what the work gives, again and again", async () => {
      for (const result of ["first", "second"]) {
        expect(await withThreadLock(opened, "1", async () => result)).toBe(result);
      }
    });

    it("turns a second call away while the first works, says who works, and lets other threads be", async () => {
      const { promise, resolve } = createDeferred();
      const before = Date.now();
      const first = holding(opened, "1", promise);
      await first.begun;
      const error = await withThreadLock(opened, "1", neverCalled).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({
        name: "ThreadBusyError",
        code: "THREAD_BUSY",
        threadId: "1",
        holder: { pid: process.pid },
        message: expect.stringMatching(/^Somebody is at work on the thread "1": process \d+ on .+, since 20/),
      });
      expect(Reflect.get(Object(error), "holder").since.getTime()).toBeGreaterThanOrEqual(before);
      expect(await withThreadLock(opened, "2", async () => "free")).toBe("free");
      resolve();
      await first.done;
      expect(await withThreadLock(opened, "1", async () => "free again")).toBe("free again");
    });

    it("lets one of many that come together work", async () => {
      const { promise, resolve } = createDeferred<string>();
      const calls = Array.from({ length: 20 }, () => withThreadLock(opened, "1", () => promise));
      const turnedAway = Promise.allSettled(calls);
      await Promise.race(calls.map((call) => call.catch(() => {})));
      resolve("worked");
      const ends = (await turnedAway).map((end) =>
        end.status === "fulfilled" ? end.value : end.reason.code,
      );
      expect(ends.sort()).toEqual([...Array(19).fill("THREAD_BUSY"), "worked"]);
    });

    it("holds fifty threads side by side", async () => {
      const { promise, resolve } = createDeferred();
      const held = Array.from({ length: 50 }, (_, index) => holding(opened, `thread ${index}`, promise));
      await Promise.all(held.map(({ begun }) => begun));
      resolve();
      await Promise.all(held.map(({ done }) => done));
    });

    it("lets go when the work fails, and hands its error on", async () => {
      const broken = new Error("broken");
      await expect(withThreadLock(opened, "1", () => Promise.reject(broken))).rejects.toBe(broken);
      expect(await withThreadLock(opened, "1", async () => "free")).toBe("free");
    });

    it("hands the caller's abort to the work, and begins nothing after it", async () => {
      const controller = new AbortController();
      const { begun, done } = holding(opened, "1", untilAborted, { signal: controller.signal });
      await begun;
      controller.abort(new Error("enough"));
      await expect(done).rejects.toThrow("enough");
      await expect(withThreadLock(opened, "1", neverCalled, controller)).rejects.toThrow("enough");
      expect(await withThreadLock(opened, "1", async () => "free")).toBe("free");
    });

    it("is lost when the checkpointer is closed, and the work is told", async () => {
      const { begun, done } = holding(opened, "1", untilAborted);
      await begun;
      await opened.close();
      await expect(done).rejects.toMatchObject({
        code: "THREAD_LOCK_LOST",
        message: expect.stringContaining('of the thread "1" was lost: the checkpointer was closed'),
      });
    });

    it("is lost when the checkpointer is closed while the lock is still being taken", async () => {
      const done = withThreadLock(opened, "1", async (signal) => {
        await untilAborted(signal);
      });
      await opened.close();
      await expect(done).rejects.toMatchObject({ code: "THREAD_LOCK_LOST" });
    });

    it("refuses a time that is none", async () => {
      for (const staleAfterMs of [0, 99, Number.NaN, 3_600_001]) {
        await expect(withThreadLock(opened, "1", neverCalled, { staleAfterMs })).rejects.toMatchObject({
          code: "INVALID_OPTIONS",
        });
      }
    });

    if (isShared) {
      describeAcrossProcesses(() => address);
    }
  });
}

function describeAcrossProcesses(address: () => string): void {
  const processes: LockProcess[] = [];
  const start = async (options?: Parameters<typeof LockProcess.start>[1]) => {
    const started = await LockProcess.start(address(), options);
    processes.push(started);
    return started;
  };
  afterEach(async () => {
    for (const started of processes.splice(0)) {
      await started.kill();
    }
  });

  it("lets one of four processes work, tells the others which, and then the next", async () => {
    const started = await Promise.all([start(), start(), start(), start()]);
    const answers = await Promise.all(started.map((one) => one.tell("take")));
    expect(answers.map((answer) => answer.is).sort()).toEqual(["busy", "busy", "busy", "held"]);
    const owner = started[answers.findIndex((answer) => answer.is === "held")];
    const others = started.filter((one) => one !== owner);
    for (const { is, pid, message } of answers.filter((answer) => answer.is === "busy")) {
      expect([is, pid]).toEqual(["busy", owner?.pid]);
      expect(message).toContain(`process ${owner?.pid} on `);
    }
    expect((await owner?.tell("release"))?.is).toBe("released");
    expect((await others[0]?.tell("take"))?.is).toBe("held");
  }, 60_000);

  it("is free at once when its owner is killed", async () => {
    const [owner, next] = await Promise.all([start(), start()]);
    expect((await owner.tell("take")).is).toBe("held");
    expect((await next.tell("take")).is).toBe("busy");
    await owner.kill();
    const killedAt = Date.now();
    await expect.poll(async () => (await next.tell("take")).is, { interval: 20 }).toBe("held");
    expect(Date.now() - killedAt).toBeLessThan(1_000);
  }, 60_000);
}

function holding(
  opened: OpenCheckpointer,
  threadId: string,
  until: Promise<void> | ((signal: AbortSignal) => Promise<void>),
  options?: { readonly signal: AbortSignal },
) {
  const { promise: begun, resolve: begin, reject } = createDeferred();
  const work = (signal: AbortSignal) => {
    begin();
    return typeof until === "function" ? until(signal) : until;
  };
  const done = withThreadLock(opened, threadId, work, options);
  done.catch(reject);
  return { begun, done };
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
}

async function neverCalled(): Promise<never> {
  throw new Error("the work began");
}
