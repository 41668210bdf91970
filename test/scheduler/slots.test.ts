import { getEventListeners } from "node:events";
import { describe, expect, it, vi } from "vitest";
import { createSlots, type Release } from "../../src/scheduler/index.js";
import { untilQuiet } from "./deferred-steps.js";

const first = { rank: 0, index: 0 };

/** Asks for slots under names and notes in which order they are granted. */
function createAsker(concurrency: number) {
  const slots = createSlots(concurrency);
  const granted: string[] = [];
  const releases = new Map<string, Release>();
  return {
    slots,
    granted,
    ask: (name: string, rank = 0, index = 0) =>
      slots.request({ rank, index }, (release) => {
        granted.push(name);
        releases.set(name, release);
      }),
    release: (name: string) => releases.get(name)?.(),
  };
}

describe("createSlots", () => {
  it.each([0, -1, 0.5, 1.5, Number.NaN, -Infinity])("refuses a concurrency of %s", (concurrency) => {
    expect(() => createSlots(concurrency)).toThrow(
      new RangeError(`concurrency is ${concurrency}: set a whole number from 1, or Infinity for no limit.`),
    );
  });

  it.each([1, 2, Infinity])("takes a concurrency of %s", (concurrency) => {
    expect(createSlots(concurrency)).toMatchObject({ concurrency, taken: 0, waiting: 0 });
  });

  it("(a) hands out no more slots than there are", () => {
    const { slots, granted, ask, release } = createAsker(2);
    for (const name of ["a", "b", "c", "d"]) {
      ask(name);
    }
    expect(granted).toEqual(["a", "b"]);
    expect(slots).toMatchObject({ taken: 2, waiting: 2 });
    release("b");
    expect(granted).toEqual(["a", "b", "c"]);
    expect(slots).toMatchObject({ taken: 2, waiting: 1 });
  });

  it("(a) a slot that is released twice is free once", () => {
    const { slots, granted, ask, release } = createAsker(1);
    for (const name of ["a", "b", "c"]) {
      ask(name);
    }
    release("a");
    release("a");
    expect(granted).toEqual(["a", "b"]);
    expect(slots).toMatchObject({ taken: 1, waiting: 1 });
  });

  it("(b) serves the higher rank first, then the lower index, then who asked first", () => {
    const { granted, ask, release } = createAsker(1);
    ask("holder");
    ask("third again", 1, 2);
    ask("last", 0, 0);
    ask("second", 1, 1);
    ask("third and last", 1, 2);
    ask("first", 2, 9);
    for (let served = 0; served < 6; served += 1) {
      release(granted.at(-1) ?? "");
    }
    expect(granted).toEqual(["holder", "first", "second", "third again", "third and last", "last"]);
  });

  it("(b) serves those of one priority in the order in which they asked, however many", () => {
    const { granted, ask, release } = createAsker(1);
    const names = Array.from({ length: 50 }, (_, index) => `n${index}`);
    for (const name of names) {
      ask(name, 3, 4);
    }
    for (const name of names) {
      release(name);
    }
    expect(granted).toEqual(names);
  });

  it("(c) hands a slot over inside the call that frees it", () => {
    const { granted, ask, release } = createAsker(1);
    ask("a");
    ask("b");
    expect(granted).toEqual(["a"]);
    release("a");
    expect(granted).toEqual(["a", "b"]);
  });

  it("(c) serves holders that release at once, without a stack as deep as the queue", () => {
    const slots = createSlots(1);
    let served = 0;
    let holder: Release = () => {};
    slots.request(first, (release) => {
      holder = release;
    });
    for (let index = 0; index < 50_000; index += 1) {
      slots.request(first, (release) => {
        served += 1;
        release();
      });
    }
    holder();
    expect(served).toBe(50_000);
    expect(slots.taken).toBe(0);
  });

  it("(c) serves a request that is made while another is served", () => {
    const slots = createSlots(2);
    const order: string[] = [];
    slots.request(first, () => {
      order.push("outer");
      slots.request(first, () => order.push("inner"));
      order.push("outer goes on");
    });
    expect(order).toEqual(["outer", "outer goes on", "inner"]);
  });

  it("(d) a request that is taken back is not served", () => {
    const { slots, granted, ask, release } = createAsker(1);
    ask("a");
    const cancel = ask("b", 5);
    ask("c");
    cancel();
    cancel();
    expect(slots.waiting).toBe(1);
    release("a");
    expect(granted).toEqual(["a", "c"]);
  });

  it("(d) taking back a request that was granted changes nothing", () => {
    const { slots, ask } = createAsker(1);
    const cancel = ask("a");
    ask("b");
    cancel();
    expect(slots).toMatchObject({ taken: 1, waiting: 1 });
  });
});

describe("acquire", () => {
  it("resolves to the release, with and without a signal", async () => {
    const slots = createSlots(2);
    const releases = [await slots.acquire(first), await slots.acquire(first, new AbortController().signal)];
    expect(slots.taken).toBe(2);
    for (const release of releases) {
      release();
    }
    expect(slots.taken).toBe(0);
  });

  it("(d) rejects with the signal's reason and leaves the queue", async () => {
    const slots = createSlots(1);
    const release = await slots.acquire(first);
    const controller = new AbortController();
    const waiting = slots.acquire(first, controller.signal);
    expect(slots.waiting).toBe(1);
    controller.abort("no more");
    await expect(waiting).rejects.toBe("no more");
    expect(slots.waiting).toBe(0);
    release();
    expect(slots.taken).toBe(0);
  });

  it("(d) rejects at once where the signal has aborted, although a slot is free", async () => {
    const slots = createSlots(1);
    await expect(slots.acquire(first, AbortSignal.abort("gone"))).rejects.toBe("gone");
    expect(slots).toMatchObject({ taken: 0, waiting: 0 });
  });

  it("(d) an abort after the slot was granted changes nothing", async () => {
    const slots = createSlots(1);
    const controller = new AbortController();
    await slots.acquire(first, controller.signal);
    controller.abort();
    expect(slots.taken).toBe(1);
  });

  it("(d) keeps one listener on a signal while any wait on it, and none after", async () => {
    const slots = createSlots(1);
    const release = await slots.acquire(first);
    const { signal } = new AbortController();
    const listeners = () => getEventListeners(signal, "abort").length;
    const waiting = Array.from({ length: 100 }, () => slots.run(first, untilQuiet, signal));
    expect(listeners()).toBe(1);
    release();
    await waiting[0];
    expect(listeners()).toBe(1);
    await Promise.all(waiting);
    expect(listeners()).toBe(0);
    await slots.run(first, untilQuiet, signal);
    expect(listeners()).toBe(0);
    expect(slots.taken).toBe(0);
  });

  it("(d) an abort reaches all who wait on the signal, and nobody who waits on another", async () => {
    const slots = createSlots(1);
    const release = await slots.acquire(first);
    const controller = new AbortController();
    const aborted = [1, 2, 3].map(() => slots.acquire(first, controller.signal));
    const other = slots.acquire(first, new AbortController().signal);
    controller.abort("all");
    expect(slots.waiting).toBe(1);
    expect(getEventListeners(controller.signal, "abort")).toEqual([]);
    for (const waiting of aborted) {
      await expect(waiting).rejects.toBe("all");
    }
    release();
    await expect(other).resolves.toBeTypeOf("function");
  });
});

describe("run", () => {
  it("holds a slot while the work runs and gives what the work gives", async () => {
    const slots = createSlots(1);
    const seen: number[] = [];
    const work = async () => {
      seen.push(slots.taken);
      return "done";
    };
    await expect(Promise.all([slots.run(first, work), slots.run(first, work)])).resolves.toEqual([
      "done",
      "done",
    ]);
    expect(seen).toEqual([1, 1]);
    expect(slots.taken).toBe(0);
  });

  it("gives the slot back where the work rejects or throws", async () => {
    const slots = createSlots(1);
    await expect(slots.run(first, () => Promise.reject("rejected"))).rejects.toBe("rejected");
    const thrower = (): Promise<void> => {
      throw new Error("thrown");
    };
    await expect(slots.run(first, thrower)).rejects.toThrow("thrown");
    expect(slots.taken).toBe(0);
  });

  it("does not begin the work where the signal aborts between the grant and the beginning", async () => {
    const slots = createSlots(1);
    const controller = new AbortController();
    const work = vi.fn(async () => {});
    const run = slots.run(first, work, controller.signal);
    expect(slots.taken).toBe(1);
    controller.abort("too late");
    await expect(run).rejects.toBe("too late");
    expect(work).not.toHaveBeenCalled();
    expect(slots.taken).toBe(0);
  });
});
