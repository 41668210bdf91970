import { setImmediate as nextTurn } from "node:timers/promises";
import { afterEach, beforeEach, expect } from "vitest";

/** Turns of the event loop that we wait, so that late trouble can show. */
const TURNS = 5;

/** Makes each test of the file fail if the process reports one of these while it runs or right after. */
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
