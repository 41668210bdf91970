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

/** JSON that is longer is not written for people: what is nested deeply takes a hundred times as much then. */
const MAX_INDENTED = 100_000;

/** The text of such an argument: text as it is, anything else as JSON. */
export function textOf(value: z.infer<typeof textSchema>): string {
  if (typeof value === "string") return value;
  if (typeof value !== "object") return String(value);
  const text = JSON.stringify(value);
  return text.length > MAX_INDENTED ? text : JSON.stringify(value, null, 2);
}
