import { z } from "zod";

/**
 * Text, or what an earlier step's output was read as: a plan says `{{step}}`, and a step that gave "391" or a
 * JSON document has given a number or an object.
 */
export const textSchema = z.union([
  z.string(),
  z.number(),
  z.boolean(),
  z.array(z.unknown()),
  z.record(z.string(), z.unknown()),
]);

/** The text of such an argument: text as it is, anything else as JSON. */
export function textOf(value: z.infer<typeof textSchema>): string {
  if (typeof value === "string") return value;
  return typeof value === "object" ? JSON.stringify(value, null, 2) : String(value);
}
