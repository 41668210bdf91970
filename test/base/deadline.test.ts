import { getEventListeners } from "node:events";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { inTime, startDeadline } from "../../src/base/index.js";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const listeners = ({ signal }: AbortController) => getEventListeners(signal, "abort").length;

describe("a deadline", () => {
  it("aborts its signal when the time is over, and says why", () => {
    const deadline = startDeadline(100, "too late");
    vi.advanceTimersByTime(99);
    expect([deadline.signal.aborted, deadline.isOver]).toEqual([false, false]);
    vi.advanceTimersByTime(1);
    expect([deadline.signal.aborted, deadline.isOver]).toEqual([true, true]);
    expect(deadline.signal.reason).toMatchObject({ name: "TimeoutError", message: "too late" });
  });

  it("aborts with a signal that it is linked to, which is not its own time", () => {
    const run = new AbortController();
    const deadline = startDeadline(100, "too late", undefined, run.signal);
    run.abort("cancelled");
    vi.advanceTimersByTime(100);
    expect(deadline.signal.reason).toBe("cancelled");
    expect(deadline.isOver).toBe(false);
  });

  it("leaves nothing behind when it has ended", () => {
    const run = new AbortController();
    const deadline = startDeadline(100, "too late", run.signal);
    deadline.end();
    expect([listeners(run), vi.getTimerCount()]).toEqual([0, 0]);
    run.abort("cancelled");
    expect(deadline.signal.aborted).toBe(false);
  });

  it("that is longer than a timer can wait never ends, and is not over at once", () => {
    const deadline = startDeadline(Number.POSITIVE_INFINITY, "too late");
    vi.advanceTimersByTime(2 ** 31);
    expect(deadline.signal.aborted).toBe(false);
  });

  it("races work that heeds nothing, and ends with it", async () => {
    const run = new AbortController();
    const deadline = startDeadline(100, "too late", run.signal);
    const outcome = expect(deadline.race(() => new Promise(() => {}))).rejects.toThrow("too late");
    await vi.advanceTimersByTimeAsync(100);
    await outcome;
    expect([listeners(run), vi.getTimerCount()]).toEqual([0, 0]);
    await expect(startDeadline(100, "too late").race(async () => "done")).resolves.toBe("done");
    expect(vi.getTimerCount()).toBe(0);
  });

  it("speaks for work that notices the abort first, and not for work that fails by itself", async () => {
    const noticing = startDeadline(100, "too late").race(
      (signal) =>
        new Promise((_, reject) => {
          signal.addEventListener("abort", () => reject(new Error("aborted")));
        }),
    );
    const outcome = expect(noticing).rejects.toThrow("too late");
    await vi.advanceTimersByTimeAsync(100);
    await outcome;
    const failing = startDeadline(100, "too late").race(() => Promise.reject(new Error("no luck")));
    await expect(failing).rejects.toThrow("no luck");
  });
});

describe("inTime", () => {
  it("gives what the work gives, and leaves no timer", async () => {
    await expect(inTime(Promise.resolve(1), 100, "too late")).resolves.toBe(1);
    await expect(inTime(Promise.reject(new Error("no luck")), 100, "too late")).rejects.toThrow("no luck");
    expect(vi.getTimerCount()).toBe(0);
  });

  it("rejects when the time is over, whatever the work does then", async () => {
    const outcome = expect(inTime(new Promise(() => {}), 100, "too late")).rejects.toThrow("too late");
    await vi.advanceTimersByTimeAsync(100);
    await outcome;
  });
});
