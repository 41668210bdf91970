import { z } from "zod";
import { option } from "./option.js";
import { POSITIVE } from "./values.js";

/** The limits of a turn. Their type must be that of `Limits` in `usage`, and a test compares the two. */
export const LIMITS = {
  maxModelCalls: option(POSITIVE, {
    name: "maxModelCalls",
    context: "The most model calls of a turn.",
    flag: { group: "limits", argument: "<n>", help: "model calls" },
  }),
  maxTokens: option(POSITIVE, {
    name: "maxTokens",
    context: "The most tokens of a turn.",
    flag: { group: "limits", argument: "<n>", help: "tokens, in and out" },
  }),
  maxCostUsd: option(z.number().positive(), {
    name: "maxCostUsd",
    context: "The most US dollars of a turn.",
    flag: { group: "limits", argument: "<dollars>", help: "dollars; each model needs a --price" },
  }),
  maxSteps: option(POSITIVE, {
    name: "maxTurnSteps",
    context: "The most steps that a turn may begin, items of for-each steps included.",
    flag: { group: "limits", argument: "<n>", help: "steps, each item of a for-each step counted" },
  }),
  maxDurationMs: option(POSITIVE, {
    name: "maxDurationMs",
    context: "The longest time of a turn, in milliseconds.",
    flag: { group: "limits", argument: "<n>", help: "milliseconds" },
  }),
};
