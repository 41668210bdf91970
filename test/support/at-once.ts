import type { Sliced } from "../../src/tools/builtin/in-slices.js";

/** Runs sliced work to its end without pausing. */
export function atOnce<Result>(work: Sliced<Result>): Result {
  for (;;) {
    const next = work.next();
    if (next.done === true) {
      return next.value;
    }
  }
}
