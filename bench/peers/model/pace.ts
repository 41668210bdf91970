import { setTimeout as sleep } from "node:timers/promises";
import type { ModelName } from "../cost-model.js";
import { secondsUntil } from "../cost-model.js";

/**
 * Tells how much of an answer has arrived. It goes by the clock since the request, so that late timers do not add up.
 */
export interface Pace {
  /** Waits until at least one more token has arrived. Returns how many have; at the end that is the whole answer. */
  next(sent: number): Promise<number>;
}

/** The pace of a model for an answer of this many tokens. */
export function createPace(model: ModelName, tokens: number, arrivedMs: number, scale: number): Pace {
  const dueMs = (count: number) => arrivedMs + secondsUntil(model, count) * scale * 1_000;
  return {
    async next(sent) {
      const waitMs = dueMs(Math.min(sent + 1, tokens)) - performance.now();
      if (waitMs > 0) {
        await sleep(waitMs);
      }
      let come = Math.min(sent + 1, tokens);
      while (come < tokens && dueMs(come + 1) <= performance.now()) {
        come += 1;
      }
      return come;
    },
  };
}
