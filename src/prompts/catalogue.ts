import { toSection, withoutTags } from "../models/index.js";
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
  if (given === undefined) {
    return inJson;
  }
  const about = description === "" ? "" : `: ${isPlain(description) ? description : toQuoted(description)}`;
  const line = `${name}${given}${readOnly ? "" : ` ${ACTS}`}${about}`;
  // Definitions that are used again and again are shorter in one place.
  return line.length < inJson.length ? line : inJson;
}

/** Whether a text reads the same on the rest of a line, and cannot be taken for one in quotes. */
function isPlain(text: string): boolean {
  return text.trim() === text && !text.startsWith('"') && !/[\p{Cc}\u2028\u2029]/u.test(text);
}

/** A tool by its definition alone, as models take it. */
interface ToolDefinition {
  readonly name: string;
  readonly description: string;
  /** JSON Schema of the arguments. */
  readonly schema: unknown;
}

/** Keywords of JSON Schema that say something in words. */
const TELLING = new Set(["description", "title", "$comment"]);
/** Keywords whose keys are names. Names and values stay as they are: the model has to write them. */
const NAMED = new Set(["properties", "patternProperties", "$defs", "definitions", "dependentSchemas"]);
const DATA = new Set(["default", "const", "enum", "examples", "required"]);

/**
 * A tool as it is bound to a model. Where its author's words hold a tag of ours it is bound by a definition that says the
 * same without it; any other is bound as it is.
 */
export function toBoundTool<Tool>(tool: Tool, told: CatalogueEntry | undefined): Tool | ToolDefinition {
  if (told === undefined) {
    return tool;
  }
  const description = withoutTags(told.description);
  const schema = schemaWithoutTags(told.parameters);
  const isSame =
    description === told.description && JSON.stringify(schema) === JSON.stringify(told.parameters);
  return isSame ? tool : { name: told.name, description, schema };
}

function schemaWithoutTags(value: unknown, hasNames = false): unknown {
  if (Array.isArray(value)) {
    return value.map((one) => schemaWithoutTags(one));
  }
  if (typeof value !== "object" || value === null) {
    return value;
  }
  const entries = Object.entries(value).map(([key, entry]: [string, unknown]) => {
    if (hasNames) {
      return [key, schemaWithoutTags(entry)];
    }
    if (TELLING.has(key) && typeof entry === "string") {
      return [key, withoutTags(entry)];
    }
    return [key, DATA.has(key) ? entry : schemaWithoutTags(entry, NAMED.has(key))];
  });
  return Object.fromEntries(entries);
}
