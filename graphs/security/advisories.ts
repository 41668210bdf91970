import semver from "semver";
import { z } from "zod";
import { fromJson } from "./json-file.js";
import { SEVERITIES, type Severity, severityOfScore } from "./severity.js";

const rangesSchema = z
  .union([z.string(), z.array(z.string())])
  .transform((ranges) => (typeof ranges === "string" ? [ranges] : ranges));

const advisorySchema = z
  .looseObject({
    id: z.string().min(1),
    package: z.string().min(1),
    title: z.string().min(1),
    severity: z
      .enum([...SEVERITIES, "medium"])
      .transform((word): Severity => (word === "medium" ? "moderate" : word))
      .optional(),
    cvss: z.number().min(0).max(10).optional(),
    vulnerable: rangesSchema,
    patched: rangesSchema.optional(),
    url: z.string().optional(),
    withdrawn: z.union([z.string(), z.boolean()]).optional(),
  })
  .refine(({ severity, cvss }) => severity !== undefined || cvss !== undefined, {
    error: "needs a severity or a CVSS score",
  });

/** What is known to be wrong with some versions of a package. */
export interface Advisory {
  readonly id: string;
  readonly package: string;
  readonly title: string;
  readonly severity: Severity;
  /** The CVSS base score, where the advisory has one. */
  readonly score: number | undefined;
  /** Semver ranges; a version that is in any of them is affected. */
  readonly vulnerable: readonly string[];
  /** Semver ranges of the versions that it is mended in; empty: there are none. */
  readonly patched: readonly string[];
}

/** Reads a file of advisories; throws an error that names each advisory that is broken. Withdrawn ones are left out. */
export function readAdvisories(text: string, file: string): Advisory[] {
  const { value } = fromJson(text, file);
  const list = z
    .union([z.object({ advisories: z.array(z.unknown()) }), z.array(z.unknown())])
    .safeParse(value);
  if (!list.success) {
    throw new Error(`${file} must be { "advisories": [...] }.`);
  }
  const entries = Array.isArray(list.data) ? list.data : list.data.advisories;
  const faults: string[] = [];
  const ids = new Set<string>();
  const advisories = entries.flatMap((entry, index): Advisory[] => {
    const parsed = advisorySchema.safeParse(entry);
    if (!parsed.success) {
      faults.push(`${nameOf(entry, index)}: ${parsed.error.issues.map(toLine).join("; ")}`);
      return [];
    }
    const { id, vulnerable, patched = [], cvss, severity, withdrawn, ...facts } = parsed.data;
    const broken = [...vulnerable, ...patched].filter((range) => !isRange(range));
    for (const range of broken) {
      faults.push(`${id}: "${range}" is no semver range`);
    }
    if (vulnerable.length === 0) {
      faults.push(`${id}: it names no vulnerable versions`);
    }
    if (ids.has(id)) {
      faults.push(`${id}: the id is there twice`);
    }
    ids.add(id);
    if (withdrawn !== undefined && withdrawn !== false) {
      return [];
    }
    const { package: name, title } = facts;
    const own = { id, package: name, title, vulnerable, patched, score: cvss };
    return [{ ...own, severity: severity ?? severityOfScore(cvss ?? 0) }];
  });
  if (faults.length > 0) {
    throw new Error(
      `${file} has broken advisories, and nothing is matched until they are mended: ${faults.join(". ")}.`,
    );
  }
  return advisories;
}

/** Whether an advisory is about this version: a prerelease of the first patched version is still affected. */
export function isAffected(advisory: Advisory, version: string): boolean {
  return advisory.vulnerable.some((range) => isInRange(version, range));
}

/** Whether a version is one that the advisory is mended in. */
export function isPatched(advisory: Advisory, version: string): boolean {
  return advisory.patched.some((range) => isInRange(version, range)) && !isAffected(advisory, version);
}

/** Prereleases are compared by their place in the order of versions, which is what advisories mean, and npm does. */
function isInRange(version: string, range: string): boolean {
  const parsed = semver.parse(version, { loose: true }) ?? version;
  return semver.satisfies(parsed, range, { includePrerelease: true });
}

/**
 * An empty text would mean every version, and is more likely a mistake. Never loosely: then a comparator that cannot be
 * read is dropped, and ">=1.0.0 <two" would mean everything from 1.0.0.
 */
function isRange(range: string): boolean {
  return range.trim() !== "" && semver.validRange(range) !== null;
}

function nameOf(entry: unknown, index: number): string {
  const named = z.looseObject({ id: z.string().min(1) }).safeParse(entry);
  return named.success ? named.data.id : `advisory ${index + 1} (it has no id)`;
}

function toLine({ path, message }: z.core.$ZodIssue): string {
  return path.length === 0 ? message : `${path.map(String).join(".")}: ${message}`;
}
