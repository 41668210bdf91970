import { describe, expect, it } from "vitest";
import { createVirtualClock, simulate } from "../../bench/virtual-time.js";

describe("createVirtualClock", () => {
  it("wakes sleepers in the order of their times, then in the order in which they asked", async () => {
    const clock = createVirtualClock();
    const log: string[] = [];
    const sleeper = async (name: string, durationMs: number) => {
      await clock.sleep(durationMs);
      log.push(`${name} at ${clock.now()}`);
    };
    await clock.run(Promise.all([sleeper("b", 5), sleeper("a", 1), sleeper("c", 5), sleeper("now", 0)]));
    expect(log).toEqual(["now at 0", "a at 1", "b at 5", "c at 5"]);
  });

  it("rejects where the work waits for something that never comes", async () => {
    await expect(createVirtualClock().run(new Promise(() => {}))).rejects.toThrow(
      "Nothing is left to happen at 0 ms",
    );
  });

  it("rejects where the work does", async () => {
    await expect(createVirtualClock().run(Promise.reject("broken"))).rejects.toBe("broken");
  });
});

describe("simulate", () => {
  it("gives the makespan of a plan", async () => {
    const steps = [
      { id: "a", dependsOn: [], durationMs: 3 },
      { id: "b", dependsOn: [], durationMs: 4 },
      { id: "c", dependsOn: ["a"], durationMs: 2 },
    ];
    expect((await simulate(steps)).makespanMs).toBe(5);
    expect((await simulate(steps, { concurrency: 1 })).makespanMs).toBe(9);
    expect((await simulate(steps, { order: "sequential" })).mostAtOnce).toBe(1);
  });
});
