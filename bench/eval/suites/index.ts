import type { Suite } from "../task.js";
import { createLookUpSuite } from "./look-up.js";
import { nestful } from "./nestful.js";
import { more, own } from "./own.js";
import { toolGraphs } from "./tool-graphs.js";

/** All suites. */
export const suites: readonly Suite[] = [
  own,
  more,
  createLookUpSuite(
    "parallelqa",
    "several look-ups, then arithmetic over what they gave",
    "Answer with the name or the number alone.",
  ),
  createLookUpSuite("hotpotqa", "two look-ups, compared", "Answer with the name, yes or no alone."),
  createLookUpSuite("movies", "eight look-ups, then a choice", "Answer with one of the options alone."),
  nestful,
  toolGraphs,
];
