import { setImmediate as nextTurn } from "node:timers/promises";
import { afterEach, beforeEach, expect } from "vitest";

/** Turns in which what was left behind comes out. */
const TURNS = 5;

/** Each test of the file fails where the process is told of one of these while it runs, or right after. */
export function expectNone(
  ...events: readonly ("unhandledRejection" | "uncaughtException" | "warning")[]
): void {
  const told: unknown[] = [];
  const listen = (what: unknown) => told.push(what);
  beforeEach(() => {
    told.length = 0;
    for (const event of events) {
      process.on(event, listen);
    }
  });
  afterEach(async () => {
    for (let turn = 0; turn < TURNS; turn += 1) {
      await nextTurn();
    }
    for (const event of events) {
      process.off(event, listen);
    }
    expect(told).toEqual([]);
  });
}
