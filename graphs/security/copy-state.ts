import { labelOf, type Patch } from "./patch.js";
import type { RefusedPatch } from "./propose.js";
import type { TrailEntry, TrailFact } from "./trail.js";

type FactOf<Kind extends TrailFact["kind"]> = Extract<TrailFact, { kind: Kind }>;

/** How far a copy has come, read from its trail. */
export interface CopyState {
  readonly copied: FactOf<"copied">;
  /** The last state of the project that was verified; 0 is the project as it was copied. */
  readonly head: number;
  /** The last state there is: the head, or with patches on it that are still to be verified. */
  readonly tip: number;
  /** The highest number that a state has. */
  readonly last: number;
  /** Patches that were made and are still to be verified, in their order. */
  readonly open: readonly FactOf<"patched">[];
  readonly verified: readonly FactOf<"verified">[];
  readonly refused: readonly RefusedPatch[];
  /** Rejections by people, and the patches that they were shown. */
  readonly rejections: readonly FactOf<"decided">[];
  readonly proposals: readonly FactOf<"proposed">[];
}

/** Reads from a trail how far its copy has come; undefined where nothing was copied yet. */
export function readState(entries: readonly TrailEntry[]): CopyState | undefined {
  const facts = entries.map(({ fact }) => fact);
  const all = <Kind extends TrailFact["kind"]>(kind: Kind) =>
    facts.filter((fact): fact is FactOf<Kind> => fact.kind === kind);
  const [copied] = all("copied");
  if (copied === undefined) {
    return undefined;
  }
  const settled = new Set(
    facts.flatMap((fact) =>
      fact.kind === "verified" || fact.kind === "refused" || fact.kind === "not-needed"
        ? [labelOf(fact.patch)]
        : [],
    ),
  );
  const verified = all("verified");
  const patched = all("patched");
  const open = patched.filter(({ patch }) => !settled.has(labelOf(patch)));
  const head = verified.at(-1)?.revision ?? 0;
  return {
    copied,
    head,
    tip: open.at(-1)?.revision ?? head,
    last: Math.max(
      0,
      ...patched.map(({ revision }) => revision),
      ...verified.map(({ revision }) => revision),
    ),
    open,
    verified,
    refused: all("refused"),
    rejections: all("decided").filter(({ decision }) => decision === "reject"),
    proposals: all("proposed"),
  };
}

/** Whether a patch is among those that a person was shown and rejected: no other version of it is asked for. */
export function rejectionOf(
  { rejections }: CopyState,
  of: Pick<Patch, "package" | "from">,
): FactOf<"decided"> | undefined {
  return rejections.find(({ shown }) => {
    const args = typeof shown === "object" && shown !== null ? Reflect.get(shown, "args") : undefined;
    if (typeof args !== "object" || args === null) {
      return false;
    }
    return Reflect.get(args, "package") === of.package && Reflect.get(args, "from") === of.from;
  });
}
