import { withoutTags } from "../models/index.js";
import type { CatalogueEntry } from "./catalogue.js";

/** A tool by its definition alone, as models take it. */
export interface ToolDefinition {
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
  if (told === undefined) return tool;
  const description = withoutTags(told.description);
  const schema = schemaWithoutTags(told.parameters);
  const isSame =
    description === told.description && JSON.stringify(schema) === JSON.stringify(told.parameters);
  return isSame ? tool : { name: told.name, description, schema };
}

function schemaWithoutTags(value: unknown, hasNames = false): unknown {
  if (Array.isArray(value)) return value.map((one) => schemaWithoutTags(one));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, entry]: [string, unknown]) => {
    if (hasNames) return [key, schemaWithoutTags(entry)];
    if (TELLING.has(key) && typeof entry === "string") return [key, withoutTags(entry)];
    return [key, DATA.has(key) ? entry : schemaWithoutTags(entry, NAMED.has(key))];
  });
  return Object.fromEntries(entries);
}
