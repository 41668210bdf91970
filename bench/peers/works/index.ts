import type { Work } from "../work.js";
import { hotpotQa, movie, parallelQa } from "./compiler-shapes.js";
import { failing, needsModel, twentySteps } from "./larger-shapes.js";
import { chain, diamond, flat, ragged, twoLevels } from "./small-shapes.js";

/** All works that the architectures do. */
export const works: readonly Work[] = [
  chain,
  twoLevels,
  flat,
  ragged,
  diamond,
  twentySteps,
  failing,
  needsModel,
  parallelQa,
  movie,
  hotpotQa,
];
/** Two of them, for a quick look. */
export const shortWorks: readonly Work[] = [twoLevels, failing];

/** A work by its name. Throws if there is none. */
export function workNamed(name: string): Work {
  const work = works.find((candidate) => candidate.name === name);
  if (work === undefined) {
    throw new Error(`There is no work "${name}"; there are ${works.map((one) => one.name).join(", ")}.`);
  }
  return work;
}
