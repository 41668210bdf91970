import { afterEach, describe, expect, it, vi } from "vitest";
import { Pace, type Sliced } from "../../../src/tools/builtin/in-slices.js";

function* endless(rounds: { count: number }): Sliced<never> {
  for (;;) {
    rounds.count += 1;
    yield;
  }
}

describe("work in slices", () => {
  afterEach(() => vi.restoreAllMocks());

  it("lets everything else have its turn", async () => {
    const rounds = { count: 0 };
    const abort = new AbortController();
    const seen: number[] = [];
    const timer = setInterval(() => {
      seen.push(rounds.count);
      if (seen.length === 3) {
        abort.abort(new Error("enough"));
      }
    }, 1);
    await expect(new Pace(abort.signal).carryOut(endless(rounds))).rejects.toThrow("enough");
    clearInterval(timer);
    expect(seen).toHaveLength(3);
    expect(rounds.count).toBeGreaterThan(seen[0] ?? 0);
  });

  it("ends where it takes too long, and says how long it was", async () => {
    let now = 0;
    vi.spyOn(performance, "now").mockImplementation(() => (now += 1_000));
    const rounds = { count: 0 };
    await expect(new Pace(undefined).carryOut(endless(rounds))).rejects.toMatchObject({
      code: "TOO_LARGE",
      message: expect.stringMatching(/^It took 3\d{4} ms of work; 30000 are the most\./),
    });
    expect(rounds.count).toBeLessThan(40);
  });
});
