import { cutText } from "../text/index.js";

/** Providers put whole pages into their errors. */
const MAX_ERROR_BYTES = 4_000;

/** What was thrown, as one sentence that has an end, whatever it was. */
export function describeError(thrown: unknown): string {
  if (thrown instanceof Error) return cutText(thrown.message || thrown.name, MAX_ERROR_BYTES);
  if (typeof thrown === "string" && thrown !== "") return cutText(thrown, MAX_ERROR_BYTES);
  return "it gave no reason";
}
