import type { Sliced } from "../../src/tools/builtin/in-slices.js";

/** Does work that pauses, without a pause. */
export function atOnce<Result>(work: Sliced<Result>): Result {
  for (;;) {
    const next = work.next();
    if (next.done === true) {
      return next.value;
    }
  }
}
