import { z } from "zod";

const rangesSchema = z.record(z.string(), z.string()).optional();

/** What an entry of a lock file's `packages` looks like. */
export const entrySchema = z.looseObject({
  name: z.string().optional(),
  version: z.string().optional(),
  resolved: z.string().optional(),
  link: z.boolean().optional(),
  dependencies: rangesSchema,
  devDependencies: rangesSchema,
  optionalDependencies: rangesSchema,
  peerDependencies: rangesSchema,
  peerDependenciesMeta: z.record(z.string(), z.looseObject({ optional: z.boolean().optional() })).optional(),
});

/** One installed package, or the project itself, as the lock file has it; fields that are not used here stay. */
export type LockEntry = z.infer<typeof entrySchema>;
