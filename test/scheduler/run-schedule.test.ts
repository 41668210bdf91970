import { describe, expect, it, vi } from "vitest";
import { createSlots, runSchedule, type ScheduledStep, type Settlement } from "../../src/scheduler/index.js";
import type { ScheduleOptions, ScheduleResult } from "../../src/scheduler/schedule.js";
import { createDeferredSteps, toSteps, untilQuiet } from "./deferred-steps.js";

type Options = Partial<ScheduleOptions<ScheduledStep, Settlement>> & { readonly concurrency?: number };

/** A schedule of steps that end when the test says so. */
function start(steps: ScheduledStep[], { concurrency = 8, ...options }: Options = {}) {
  const port = createDeferredSteps();
  const slots = createSlots(concurrency);
  const schedule = runSchedule({ steps, slots, ...port, ...options });
  return { ...port, slots, schedule };
}

const ids = (steps: readonly ScheduledStep[]) => steps.map((step) => step.id);

function summaryOf(result: ScheduleResult<ScheduledStep, Settlement>) {
  return {
    results: [...result.results.keys()].join(" "),
    skipped: result.skipped.map(({ step, because }) => `${step.id} because of ${because}`),
    abandoned: result.abandoned.map(({ step, error }) => [step.id, error]),
    notStarted: ids(result.notStarted).join(" "),
    stopped: result.stopped,
    aborted: result.aborted,
  };
}

const nothing = { results: "", skipped: [], abandoned: [], notStarted: "", stopped: false, aborted: false };

describe("runSchedule", () => {
  it("ends at once with no steps", async () => {
    const { schedule } = start([]);
    expect(summaryOf(await schedule)).toEqual(nothing);
  });

  it("gives the results in the order in which the steps settled", async () => {
    const { schedule, end } = start(toSteps("a", "b", "c"));
    await end("c a b");
    const result = await schedule;
    expect(summaryOf(result)).toEqual({ ...nothing, results: "c a b" });
    expect(result.results.get("a")).toBe("settled");
  });

  it("(1) starts a step once, whether one dependency names it twice or two do", async () => {
    const { schedule, end, log } = start(toSteps("a", "b", "c < a a b"));
    await end("a b c");
    expect(log).toEqual(["+a", "+b", "-a", "-b", "+c", "-c"]);
    expect(summaryOf(await schedule)).toEqual({ ...nothing, results: "a b c" });
  });

  it("(1) of two steps with one id starts the first and leaves the second", async () => {
    const { schedule, end, log } = start(toSteps("a", "a", "b < a", "a < b"));
    await end("a b");
    expect(summaryOf(await schedule)).toEqual({ ...nothing, results: "a b", notStarted: "a a" });
    expect(log).toEqual(["+a", "-a", "+b", "-b"]);
  });

  it("(1) does not run what settled before, and takes it for a dependency that is met", async () => {
    const settled = new Set(["a", "elsewhere"]);
    const { schedule, end, log } = start(toSteps("a", "b < a elsewhere", "c < b"), { settled });
    await end("b c");
    expect(log).toEqual(["+b", "-b", "+c", "-c"]);
    expect(summaryOf(await schedule)).toEqual({ ...nothing, results: "b c" });
  });

  it("(2) starts a step when its last dependency settles, while others still run", async () => {
    const { schedule, end, log } = start(toSteps("slow", "a", "b < a", "c < b", "d < c slow"));
    await end("a b c slow d");
    await schedule;
    expect(log).toEqual(["+a", "+slow", "-a", "+b", "-b", "+c", "-c", "-slow", "+d", "-d"]);
  });

  it("(2) starts a step in the very turn in which its last dependency settles", async () => {
    const order: string[] = [];
    const first = Promise.resolve("settled" as const);
    const schedule = runSchedule({
      steps: toSteps("a", "b < a"),
      slots: createSlots(1),
      settlementOf: (result: Settlement) => result,
      runStep: (step) => {
        order.push(step.id);
        return first;
      },
    });
    first.then(() => order.push("one turn later"));
    expect(order).toEqual(["a"]);
    await schedule;
    expect(order).toEqual(["a", "b", "one turn later"]);
  });

  it("(2) takes steps that stand before what they depend on", async () => {
    const { schedule, end, log } = start(toSteps("c < b", "b < a", "a"));
    await end("a b c");
    await schedule;
    expect(log).toEqual(["+a", "-a", "+b", "-b", "+c", "-c"]);
  });

  it("(3) runs no more steps than there are slots", async () => {
    const { schedule, end, running, slots } = start(toSteps("a", "b", "c", "d"), { concurrency: 2 });
    expect(running()).toEqual(["a", "b"]);
    expect(slots).toMatchObject({ taken: 2, waiting: 2 });
    await end("b");
    expect(running()).toEqual(["a", "c"]);
    await end("a c d");
    await schedule;
    expect(slots).toMatchObject({ taken: 0, waiting: 0 });
  });

  it("(3) shares its slots with whoever else takes them", async () => {
    const slots = createSlots(1);
    const release = await slots.acquire({ rank: 0, index: 0 });
    const { schedule, end, running } = start(toSteps("a"), { slots });
    expect(running()).toEqual([]);
    release();
    expect(running()).toEqual(["a"]);
    await end("a");
    await schedule;
  });

  it("(3) starts a step that takes no slot although none is free", async () => {
    const takesSlot = vi.fn((step: ScheduledStep) => !step.id.startsWith("each"));
    const steps = toSteps("a", "each1", "b", "each2 < a");
    const { schedule, end, running, slots } = start(steps, { concurrency: 1, takesSlot });
    expect(running().sort()).toEqual(["a", "each1"]);
    expect(takesSlot).toHaveBeenCalledTimes(4);
    await end("a");
    expect(running().sort()).toEqual(["b", "each1", "each2"]);
    expect(slots.taken).toBe(1);
    await end("b each1 each2");
    await schedule;
    expect(slots.taken).toBe(0);
  });

  it("(4) lets the longest way ahead go first, then plan order", async () => {
    const steps = toSteps("short", "other", "long", "x < long", "y < x", "middle", "z < middle");
    const { schedule, end, log } = start(steps, { concurrency: 1 });
    await end("long x middle short other y z");
    await schedule;
    expect(log.filter((entry) => entry.startsWith("+"))).toEqual([
      "+long",
      "+x",
      "+middle",
      "+short",
      "+other",
      "+y",
      "+z",
    ]);
  });

  it("(4) decides who goes next when a slot becomes free, among those ready by then", async () => {
    const { schedule, end, running } = start(toSteps("a", "b", "late < a", "end < late"), { concurrency: 1 });
    expect(running()).toEqual(["a"]);
    await end("a");
    expect(running()).toEqual(["late"]);
    await end("late b end");
    await schedule;
  });

  it("(4) counts no step that can never start into the way ahead", async () => {
    const { schedule, end, running } = start(toSteps("a", "x < a nobody", "y < x", "z < y", "b", "c < b"), {
      concurrency: 1,
    });
    expect(running()).toEqual(["b"]);
    await end("b a c");
    expect(summaryOf(await schedule)).toMatchObject({ results: "b a c", notStarted: "x y z" });
  });

  it("(4) tells the port the step's priority", async () => {
    const { schedule, end, priorityOf } = start(toSteps("done", "a", "b < a", "c < b"), {
      settled: new Set(["done"]),
    });
    expect(priorityOf("a")).toEqual({ rank: 3, index: 1 });
    await end("a");
    expect(priorityOf("b")).toEqual({ rank: 2, index: 2 });
    await end("b c");
    await schedule;
  });

  it("(4) in sequential order runs one step at a time, the first in plan order that could start", async () => {
    const steps = toSteps("d < c", "a", "b", "c", "e < a");
    const { schedule, end, running, log, priorityOf } = start(steps, { order: "sequential" });
    expect(running()).toEqual(["a"]);
    expect(priorityOf("a")).toEqual({ rank: 0, index: 1 });
    await end("a");
    expect(running()).toEqual(["b"]);
    await end("b c d e");
    await schedule;
    expect(log.filter((entry) => entry.startsWith("+"))).toEqual(["+a", "+b", "+c", "+d", "+e"]);
  });

  it("(4) in sequential order lets nothing overtake a step that waits for its slot, slotless or not", async () => {
    const slots = createSlots(1);
    const release = await slots.acquire({ rank: 0, index: 0 });
    const takesSlot = (step: ScheduledStep) => step.id !== "each";
    const { schedule, end, running } = start(toSteps("a", "each", "b"), {
      slots,
      takesSlot,
      order: "sequential",
    });
    expect(running()).toEqual([]);
    expect(slots.waiting).toBe(1);
    release();
    await end("a");
    expect(running()).toEqual(["each"]);
    await end("each b");
    await schedule;
  });

  it("(5) skips what depends on a failed step, by however many steps, at once", async () => {
    const { schedule, end, running } = start(
      toSteps("other", "a", "b < a", "c < b other", "d < other", "e < c", "f < b e"),
    );
    await end("a", "failed");
    expect(running()).toEqual(["other"]);
    await end("other d");
    expect(summaryOf(await schedule)).toEqual({
      ...nothing,
      results: "a other d",
      skipped: ["b because of a", "c because of a", "f because of a", "e because of a"],
    });
  });

  it("(5) names the step that failed first where two did", async () => {
    const { schedule, end } = start(toSteps("a", "b", "c < a b", "d < c", "e < b"));
    await end("b a", "failed");
    expect(summaryOf(await schedule).skipped).toEqual(["c because of b", "e because of b", "d because of b"]);
  });

  it("(5) keeps the results of failed steps", async () => {
    const { schedule, end } = start(toSteps("a"));
    await end("a", "failed");
    expect((await schedule).results.get("a")).toBe("failed");
  });

  it("(6) an abort reaches every running step, starts nothing more and waits for those that run", async () => {
    const controller = new AbortController();
    const { signal } = controller;
    const { schedule, end, signalOf, running, slots } = start(toSteps("a", "b", "c", "d < a"), {
      concurrency: 2,
      signal,
    });
    const signals = [signalOf("a"), signalOf("b")];
    expect(signals.map((one) => one?.aborted)).toEqual([false, false]);
    controller.abort("enough");
    expect(signals.map((one) => one?.reason)).toEqual(["enough", "enough"]);
    expect(slots.waiting).toBe(0);
    let ended = false;
    schedule.then(() => {
      ended = true;
    });
    await end("a");
    expect(ended).toBe(false);
    expect(running()).toEqual(["b"]);
    await end("b");
    expect(summaryOf(await schedule)).toEqual({
      ...nothing,
      results: "a b",
      notStarted: "c d",
      aborted: true,
    });
    expect(slots.taken).toBe(0);
  });

  it("(6) a step that rejects after the abort is abandoned", async () => {
    const controller = new AbortController();
    const { schedule, reject } = start(toSteps("a", "b < a"), { signal: controller.signal });
    controller.abort();
    await reject("a", "gave up");
    expect(summaryOf(await schedule)).toEqual({
      ...nothing,
      abandoned: [["a", "gave up"]],
      notStarted: "b",
      aborted: true,
    });
  });

  it("(6) an abort ends a schedule of which nothing runs yet", async () => {
    const controller = new AbortController();
    const slots = createSlots(1);
    await slots.acquire({ rank: 0, index: 0 });
    const { schedule } = start(toSteps("a", "b"), { slots, signal: controller.signal });
    controller.abort();
    expect(summaryOf(await schedule)).toEqual({ ...nothing, notStarted: "a b", aborted: true });
    expect(slots).toMatchObject({ taken: 1, waiting: 0 });
  });

  it("(6) an abort out of a step that is just starting stops those that are to start after it", async () => {
    const controller = new AbortController();
    const started: string[] = [];
    const result = await runSchedule({
      steps: toSteps("a", "b", "c"),
      slots: createSlots(8),
      signal: controller.signal,
      settlementOf: (settlement: Settlement) => settlement,
      async runStep(step, signal): Promise<Settlement> {
        started.push(step.id);
        if (step.id === "b") {
          controller.abort();
        }
        expect(signal.aborted).toBe(step.id === "b");
        return "settled";
      },
    });
    expect(started).toEqual(["a", "b"]);
    expect(summaryOf(result)).toEqual({ ...nothing, results: "a b", notStarted: "c", aborted: true });
  });

  it("(6) each step has a signal of its own, so that nothing piles up on one", async () => {
    const { schedule, end, signalOf } = start(toSteps("a", "b"));
    expect(signalOf("a")).not.toBe(signalOf("b"));
    await end("a b");
    await schedule;
  });

  it("(7) starts nothing more when shouldStop says yes, and waits for what runs", async () => {
    const seen: string[] = [];
    const { schedule, end, running, slots } = start(toSteps("a", "b", "c", "d < a", "e < b"), {
      concurrency: 2,
      shouldStop(results) {
        seen.push([...results.keys()].join(" "));
        return results.size === 1;
      },
    });
    await end("a");
    expect(running()).toEqual(["b"]);
    expect(slots.waiting).toBe(0);
    await end("b");
    expect(summaryOf(await schedule)).toEqual({
      ...nothing,
      results: "a b",
      notStarted: "c d e",
      stopped: true,
    });
    expect(seen).toEqual(["a"]);
  });

  it("(7) asks shouldStop each time a step settles, however it settles", async () => {
    const shouldStop = vi.fn(() => false);
    const { schedule, end } = start(toSteps("a", "b", "c", "d < a"), { shouldStop });
    await end("a");
    await end("b", "failed");
    await end("c", "held");
    await end("d");
    expect((await schedule).stopped).toBe(false);
    expect(shouldStop).toHaveBeenCalledTimes(4);
  });

  it("(7) does not ask shouldStop after an abort", async () => {
    const controller = new AbortController();
    const shouldStop = vi.fn(() => true);
    const { schedule, end } = start(toSteps("a"), { shouldStop, signal: controller.signal });
    controller.abort();
    await end("a");
    expect(await schedule).toMatchObject({ stopped: false, aborted: true });
    expect(shouldStop).not.toHaveBeenCalled();
  });

  it("(7) still skips what is behind a step that fails while it stops", async () => {
    const { schedule, end } = start(toSteps("a", "b", "c < b"), { shouldStop: () => true });
    await end("a");
    await end("b", "failed");
    expect(summaryOf(await schedule)).toEqual({
      ...nothing,
      results: "a b",
      skipped: ["c because of b"],
      stopped: true,
    });
  });

  it("(8) a held step blocks its dependents and nothing else", async () => {
    const { schedule, end, running } = start(toSteps("a", "b", "c < a", "d < c", "e < b"));
    await end("a", "held");
    await end("b");
    expect(running()).toEqual(["e"]);
    await end("e");
    expect(summaryOf(await schedule)).toEqual({ ...nothing, results: "a b e", notStarted: "c d" });
  });

  it("(8) a step behind a held and a failed one is skipped", async () => {
    const { schedule, end } = start(toSteps("a", "b", "c < a b"));
    await end("a", "held");
    await end("b", "failed");
    expect(summaryOf(await schedule)).toMatchObject({ skipped: ["c because of b"], notStarted: "" });
  });

  it("(9) rejects with a step's error once what runs has ended, and starts nothing more", async () => {
    const { schedule, end, reject, running, signalOf, slots } = start(toSteps("a", "b", "c", "d < b"), {
      concurrency: 2,
    });
    const ended = vi.fn();
    schedule.then(ended, ended);
    const error = new Error("broken");
    await reject("a", error);
    expect(running()).toEqual(["b"]);
    expect(signalOf("b")?.aborted).toBe(false);
    expect(slots.waiting).toBe(0);
    expect(ended).not.toHaveBeenCalled();
    await end("b");
    await expect(schedule).rejects.toBe(error);
    expect(slots.taken).toBe(0);
  });

  it("(9) rejects with the first error where several steps reject", async () => {
    const { schedule, reject } = start(toSteps("a", "b"));
    schedule.catch(() => {});
    await reject("b", "first");
    await reject("a", "second");
    await expect(schedule).rejects.toBe("first");
  });

  it("(9) an error before an abort stays an error", async () => {
    const controller = new AbortController();
    const { schedule, reject } = start(toSteps("a", "b"), { signal: controller.signal });
    schedule.catch(() => {});
    await reject("a", undefined);
    controller.abort();
    await reject("b", "aborted");
    await expect(schedule).rejects.toBe(undefined);
  });

  it.each(["runStep", "settlementOf", "shouldStop", "takesSlot"])(
    "(9) rejects where %s throws",
    async (name) => {
      const error = new Error(name);
      const schedule = runSchedule({
        steps: toSteps("a", "b < a"),
        slots: createSlots(1),
        runStep: async () => "settled" as const,
        settlementOf: (settlement: Settlement) => settlement,
        [name]: () => {
          throw error;
        },
      });
      await expect(schedule).rejects.toBe(error);
    },
  );

  it("(10) a signal that has already aborted starts nothing", async () => {
    const { schedule, log } = start(toSteps("a", "b < a"), { signal: AbortSignal.abort() });
    expect(summaryOf(await schedule)).toEqual({ ...nothing, notStarted: "a b", aborted: true });
    expect(log).toEqual([]);
  });

  it("(11) does not start cycles, what is behind them, or what depends on an unknown step", async () => {
    const steps = toSteps("a", "x < y a", "y < x", "behind < y", "self < self", "lost < nobody", "b < a");
    const { schedule, end } = start(steps);
    await end("a b");
    expect(summaryOf(await schedule)).toEqual({
      ...nothing,
      results: "a b",
      notStarted: "x y behind self lost",
    });
  });

  it("(11) skips a cycle behind a failed step, and ends", async () => {
    const { schedule, end } = start(toSteps("a", "x < y a", "y < x"));
    await end("a", "failed");
    expect(summaryOf(await schedule).skipped).toEqual(["x because of a", "y because of a"]);
  });

  it("(12) leaves no listener on the caller's signal, however it ends", async () => {
    const controller = new AbortController();
    const { signal } = controller;
    const added = vi.spyOn(signal, "addEventListener");
    const removed = vi.spyOn(signal, "removeEventListener");
    const good = start(toSteps("a", "b", "c"), { signal });
    await good.end("a b c");
    await good.schedule;
    const bad = start(toSteps("a"), { signal });
    bad.schedule.catch(() => {});
    await bad.reject("a", "broken");
    await expect(bad.schedule).rejects.toBe("broken");
    expect(added).toHaveBeenCalledTimes(2);
    expect(removed.mock.calls).toEqual(added.mock.calls.map(([type, listener]) => [type, listener]));
  });

  it("(12) a thousand steps that listen on their signals cause no warning", async () => {
    const warnings: string[] = [];
    const onWarning = (warning: Error) => warnings.push(warning.name);
    process.on("warning", onWarning);
    const { signal } = new AbortController();
    const steps = Array.from({ length: 1000 }, (_, index) => ({ id: `s${index}`, dependsOn: [] }));
    await runSchedule({
      steps,
      slots: createSlots(Infinity),
      signal,
      settlementOf: () => "settled",
      async runStep(_step, own) {
        own.addEventListener("abort", () => {});
        await untilQuiet();
      },
    });
    await untilQuiet();
    process.off("warning", onWarning);
    expect(warnings).toEqual([]);
  });
});
