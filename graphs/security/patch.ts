import semver from "semver";
import { z } from "zod";

const CHANGE_FIELDS = {
  package: z.string().min(1).describe("Name of the package"),
  from: z.string().describe("The version that is installed and is to go, such as 1.2.3"),
  to: z.string().describe("The version that takes its place, such as 1.2.4"),
};

/** That a version of a package takes another one's place, wherever it is installed. */
export const changeSchema = z.object(CHANGE_FIELDS);

/** That a version of a package takes another one's place, wherever it is installed. */
export type Change = z.infer<typeof changeSchema>;

/** What mends one vulnerable version of a package: one decision of a person. */
export const patchSchema = z.object({
  ...CHANGE_FIELDS,
  together: z
    .array(changeSchema)
    .describe(
      "Packages that must be upgraded with it, since they accept no version that is patched; mostly none",
    ),
  resolves: z.array(z.string()).describe("Ids of the advisories that it mends"),
});

/** What mends one vulnerable version of a package: one decision of a person. */
export type Patch = z.infer<typeof patchSchema>;

/** All that a patch changes; the vulnerable package first. */
export function changesOf({ package: name, from, to, together }: Patch): Change[] {
  return [{ package: name, from, to }, ...together];
}

/** A patch as people read it, and what tells it from every other. */
export function labelOf(patch: Patch): string {
  const [first = "", ...more] = changesOf(patch).map(
    ({ package: name, from, to }) => `${name} ${from} to ${to}`,
  );
  return more.length === 0 ? first : `${first} together with ${more.join(", ")}`;
}

/** Whether a change goes to another major version, which may break what uses it. */
export function isBreaking({ from, to }: Change): boolean {
  return semver.valid(from) !== null && semver.valid(to) !== null && semver.major(from) !== semver.major(to);
}
