import { changeProject, pathsOf, UnpatchableError } from "./change-lock.js";
import { changesOf, labelOf, type Patch } from "./patch.js";
import { type ProjectFiles, toTexts } from "./project-files.js";
import { hashFiles, nextRevision } from "./revisions.js";
import type { TrailFact } from "./trail.js";
import { findFaults } from "./verify.js";
import { type ProjectCopy, readRevision, revisionFolder } from "./workbench.js";

/** Makes a patch on the last state of a copy, once. It does not hold before it was verified. */
export function makePatch(copy: ProjectCopy, patch: Patch, step: string): TrailFact {
  const { state, trail, grounds } = copy;
  const label = labelOf(patch);
  const done = trail.entries().find(({ key }) => key === `patched:${label}` || key === `not-needed:${label}`);
  if (done !== undefined) {
    return done.fact;
  }
  const before = readRevision(copy, state.tip);
  const isThere = ({ package: name, from }: { package: string; from: string }) =>
    pathsOf(before, name, from).length > 0;
  if (!isThere(patch)) {
    return recordNotNeeded(copy, patch);
  }
  const missing = patch.together.find((change) => !isThere(change));
  if (missing !== undefined) {
    throw new Error(
      `${missing.package}@${missing.from} is not installed, so it cannot be upgraded together.`,
    );
  }
  const after = changeProject(before, changesOf(patch), grounds.registry);
  const revision = state.last + 1;
  const hashes = writeRevision(copy, state.tip, revision, after);
  const fact = { kind: "patched", patch, step, base: state.tip, revision, ...hashes } as const;
  return trail.record(`patched:${label}`, fact).fact;
}

/** Verifies one patch, once, against the last state that holds; where it is right its state holds from now on. */
export function verifyPatch(copy: ProjectCopy, patch: Patch, round: number): TrailFact {
  const { trail, grounds, state } = copy;
  const label = labelOf(patch);
  const verdicts = ["verified", "refused", "not-needed"].map((verdict) => `${verdict}:${label}`);
  const given = trail.entries().find(({ key }) => verdicts.includes(key));
  if (given !== undefined) {
    return given.fact;
  }
  const before = readRevision(copy, state.head);
  if (pathsOf(before, patch.package, patch.from).length === 0) {
    return recordNotNeeded(copy, patch);
  }
  const made = state.open.find((open) => labelOf(open.patch) === label);
  // A patch that was made on a state that does not hold is made anew on the one that does.
  const onHead = made?.base === state.head ? made : undefined;
  try {
    const after =
      onHead === undefined
        ? changeProject(before, changesOf(patch), grounds.registry)
        : readRevision(copy, onHead.revision);
    const problems = findFaults(before, after, patch, grounds);
    if (problems.length > 0) {
      return recordRefusal(copy, patch, round, problems);
    }
    const revision = onHead?.revision ?? state.last + 1;
    const hashes =
      onHead === undefined
        ? writeRevision(copy, state.head, revision, after)
        : { before: hashFiles(revisionFolder(copy, state.head)), after: onHead.after };
    return trail.record(`verified:${label}`, { kind: "verified", patch, round, revision, ...hashes }).fact;
  } catch (error) {
    if (!(error instanceof UnpatchableError)) {
      throw error;
    }
    return recordRefusal(copy, patch, round, [error.message]);
  }
}

function recordRefusal(copy: ProjectCopy, patch: Patch, round: number, problems: string[]): TrailFact {
  return copy.trail.record(`refused:${labelOf(patch)}`, { kind: "refused", patch, round, problems }).fact;
}

function recordNotNeeded(copy: ProjectCopy, patch: Patch): TrailFact {
  const { package: name, from } = patch;
  if (pathsOf(readRevision(copy, 0), name, from).length === 0) {
    throw new Error(
      `${name}@${from} is not installed in ${copy.state.copied.project}, so there is nothing to patch.`,
    );
  }
  const reason = `${name}@${from} is gone already: another patch took it away.`;
  return copy.trail.record(`not-needed:${labelOf(patch)}`, { kind: "not-needed", patch, reason }).fact;
}

function writeRevision(copy: ProjectCopy, from: number, to: number, files: ProjectFiles) {
  const [before, target] = [revisionFolder(copy, from), revisionFolder(copy, to)];
  nextRevision(before, target, toTexts(files));
  return { before: hashFiles(before), after: hashFiles(target) };
}
