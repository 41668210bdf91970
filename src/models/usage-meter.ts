import { addUsage, emptyUsage, type Usage } from "../usage/index.js";

/** Adds up what calls cost. */
export interface UsageMeter {
  add(usage: Usage): void;
  total(): Usage;
}

/** A meter that stands at nothing, or at what it is begun with. */
export function createUsageMeter(begin: Usage = emptyUsage()): UsageMeter {
  let total = begin;
  return {
    add(usage) {
      total = addUsage(total, usage);
    },
    total: () => total,
  };
}
