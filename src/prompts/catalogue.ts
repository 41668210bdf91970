import { toSection } from "../models/index.js";
import { toQuoted } from "./open-schema.js";
import { toArgumentsText } from "./schema-text.js";

/** A tool as the catalogue shows it. */
export interface CatalogueEntry {
  readonly name: string;
  readonly description: string;
  readonly readOnly: boolean;
  /** JSON Schema of the arguments. */
  readonly parameters: unknown;
}

/** Marks a tool that may do more than read. */
export const ACTS = "[acts]";

/** The catalogue of tools, one a line: a signature, or JSON where a signature cannot say what the tool takes. */
export function toCatalogue(tools: readonly CatalogueEntry[]): string {
  return toSection("tools", tools.map(toLine).join("\n"));
}

/** A tool on one line: `search(query: string "what to find", limit?: integer = 5): Searches the web.` */
function toLine({ name, description, readOnly, parameters }: CatalogueEntry): string {
  const inJson = JSON.stringify({ name, description, ...(readOnly ? {} : { acts: true }), parameters });
  const given = toArgumentsText(parameters);
  if (given === undefined) return inJson;
  const about = description === "" ? "" : `: ${isPlain(description) ? description : toQuoted(description)}`;
  const line = `${name}${given}${readOnly ? "" : ` ${ACTS}`}${about}`;
  // Definitions that are used again and again are shorter in one place.
  return line.length < inJson.length ? line : inJson;
}

/** Whether a text reads the same on the rest of a line, and cannot be taken for one in quotes. */
function isPlain(text: string): boolean {
  return text.trim() === text && !text.startsWith('"') && !/[\p{Cc}\u2028\u2029]/u.test(text);
}
