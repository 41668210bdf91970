// The compliance trail: a file to which lines of JSON are added and nothing is ever changed. Each entry names the hash
// of the one before it, so that a line which was changed or taken out is seen. Adding an entry is the moment at which
// what it says holds: what was prepared before it and not recorded is as if it had never been. A line without an end
// is what a kill left of an entry: it was never taken for one, and goes with the next.
import { createHash } from "node:crypto";
import { closeSync, existsSync, fsyncSync, ftruncateSync, openSync, readFileSync, writeSync } from "node:fs";
import { z } from "zod";
import { makePrivateFile } from "../shared/private-files.js";
import { patchSchema } from "./patch.js";

const hashes = z.record(z.string(), z.string());

const factSchema = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("copied"),
    project: z.string(),
    turn: z.string(),
    advisoryFile: z.string(),
    /** SHA-256 of the files that the audit rests on. */
    sources: hashes,
    hashes,
  }),
  z.object({
    kind: z.literal("proposed"),
    round: z.int(),
    patches: z.array(patchSchema),
    left: z.array(
      z.object({
        package: z.string(),
        version: z.string(),
        advisories: z.array(z.string()),
        reason: z.string(),
      }),
    ),
  }),
  z.object({
    kind: z.literal("decided"),
    decision: z.enum(["approve", "edit", "reject"]),
    by: z.string().optional(),
    decidedAt: z.string(),
    step: z.string().optional(),
    tool: z.string().optional(),
    shown: z.unknown().optional(),
    instead: z.unknown().optional(),
    words: z.string().optional(),
  }),
  z.object({
    kind: z.literal("patched"),
    patch: patchSchema,
    step: z.string(),
    base: z.int(),
    revision: z.int(),
    before: hashes,
    after: hashes,
  }),
  z.object({ kind: z.literal("not-needed"), patch: patchSchema, reason: z.string() }),
  z.object({
    kind: z.literal("verified"),
    patch: patchSchema,
    round: z.int(),
    revision: z.int(),
    before: hashes,
    after: hashes,
  }),
  z.object({ kind: z.literal("refused"), patch: patchSchema, round: z.int(), problems: z.array(z.string()) }),
  z.object({ kind: z.literal("reported"), report: z.string(), sha256: z.string() }),
]);

/** What happened. */
export type TrailFact = z.infer<typeof factSchema>;

const entrySchema = z.object({
  n: z.int(),
  at: z.string(),
  key: z.string(),
  previous: z.string(),
  fact: factSchema,
});

/** One entry of the trail: what happened, when, the hash of the entry before, and its own. */
export type TrailEntry = z.infer<typeof entrySchema> & { readonly hash: string };

/** A compliance trail on disk. */
export interface Trail {
  readonly file: string;
  entries(): readonly TrailEntry[];
  /** Adds what happened, once for each key, and gives the entry. */
  record(key: string, fact: TrailFact): TrailEntry;
}

/** The trail in a file, which is made with the first entry. */
export function openTrail(file: string, now: () => Date): Trail {
  return {
    file,
    entries: () => readTrail(file),
    record(key, fact) {
      const entries = readTrail(file);
      const before = entries.find((entry) => entry.key === key);
      if (before !== undefined) {
        return before;
      }
      const previous = entries.at(-1)?.hash ?? sha256("");
      const entry = { n: entries.length + 1, at: now().toISOString(), key, previous, fact };
      const line = JSON.stringify(entry);
      append(file, `${line}\n`);
      return { ...entry, hash: sha256(line) };
    },
  };
}

/** SHA-256 of a text, in hexadecimal. */
export function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** Reads a trail; throws an error that names the first line that is not what was written. */
function readTrail(file: string): TrailEntry[] {
  let previous = sha256("");
  return wholeLines(file).map((line, index) => {
    const where = `${file}, line ${index + 1}`;
    const entry = entrySchema.safeParse(parse(line, where));
    if (!entry.success) {
      throw new Error(`${where}: this is no entry of a trail:\n${z.prettifyError(entry.error)}`);
    }
    if (entry.data.previous !== previous || entry.data.n !== index + 1) {
      throw new Error(`${where}: the trail was changed: this entry does not follow the one before it.`);
    }
    previous = sha256(line);
    return { ...entry.data, hash: previous };
  });
}

function wholeLines(file: string): string[] {
  return existsSync(file) ? readFileSync(file, "utf8").split("\n").slice(0, -1) : [];
}

function append(file: string, line: string): void {
  const whole = wholeLines(file)
    .map((before) => `${before}\n`)
    .join("");
  makePrivateFile(file);
  const descriptor = openSync(file, "r+");
  try {
    const length = Buffer.byteLength(whole);
    ftruncateSync(descriptor, length);
    writeSync(descriptor, line, length);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function parse(line: string, where: string): unknown {
  try {
    return JSON.parse(line);
  } catch (cause) {
    throw new Error(`${where}: the trail was changed: this is no JSON.`, { cause });
  }
}
