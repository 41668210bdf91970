import { toSection, withoutTags } from "../models/index.js";
import type { SavedPlanEntry } from "../plan/index.js";
import { toBriefLine } from "./brief-tool.js";
import type { CatalogueEntry, PromptStyle, WorkerEntry } from "./catalogue-entry.js";
import { toQuoted } from "./open-schema.js";
import { toArgumentsText } from "./schema-text.js";

/** Marks a tool that may do more than read. */
export const ACTS = "[acts]";

/**
 * Writes the catalogue, one tool a line: as a signature, or as JSON if a signature cannot say what the tool takes; in a
 * short prompt with names and first sentences alone. The tools that are only named stand on a line at its end.
 */
export function toCatalogue(
  tools: readonly CatalogueEntry[],
  style: PromptStyle = "full",
  named: readonly string[] = [],
): string {
  const lines = tools.map(style === "short" ? toBriefLine : toLine);
  const rest = named.length === 0 ? [] : [`Not described: ${named.join(", ")}`];
  return toSection("tools", [...lines, ...rest].join("\n"));
}

/** Says how a step is given to a worker, and lists the workers, one a line. Says nothing if there are none. */
export function toWorkers(workers: readonly WorkerEntry[], style: PromptStyle): string[] {
  if (workers.length === 0) {
    return [];
  }
  const lines = workers.map(({ name, description }) => `${name}: ${toOneLine(description)}`);
  const step = '{"description":"…","worker":"…"}';
  const rule =
    style === "short"
      ? `A step may name a worker instead of a tool: ${step}.`
      : `A step may name a worker, an agent with tools of its own: ${step}. It is told the description and the outputs that the step sees, and nothing else, so the description says all that it is to do. Where a tool does, name the tool.`;
  return [rule, toSection("workers", lines.join("\n"))];
}

function toOneLine(text: string): string {
  return text.replaceAll(/\s+/g, " ").trim();
}

/** Says how to use a saved plan, and lists them, one a line. Says nothing if there are none. */
export function toSavedPlans(plans: readonly SavedPlanEntry[]): string[] {
  if (plans.length === 0) {
    return [];
  }
  const lines = plans.map(({ name, description, parameters, examples: [example] }) => {
    const about = example === undefined ? description : `${description} (${example})`;
    return toLine({ name, description: about, readOnly: true, parameters });
  });
  return [
    'If a saved plan does all that the goal asks, hand it in by its name, without steps: {"use":"name","with":{…its values}}.',
    toSection("saved_plans", lines.join("\n")),
  ];
}

/** Writes a tool on one line: `search(query: string "what to find", limit?: integer = 5) -> [{url}]: Searches the web.` */
function toLine({ name, description, readOnly, parameters, output }: CatalogueEntry): string {
  const inJson = JSON.stringify({
    name,
    description,
    ...(readOnly ? {} : { acts: true }),
    parameters,
    output,
  });
  const given = toArgumentsText(parameters);
  if (given === undefined) {
    return inJson;
  }
  const about = description === "" ? "" : `: ${isPlain(description) ? description : toQuoted(description)}`;
  const gives = output === undefined ? "" : ` -> ${output}`;
  const line = `${name}${given}${readOnly ? "" : ` ${ACTS}`}${gives}${about}`;
  // JSON can be shorter: it has each definition once, while a signature repeats it wherever it is used.
  return line.length < inJson.length ? line : inJson;
}

/** Whether a text fits on the rest of a line as it is, and cannot be taken for quoted text. */
function isPlain(text: string): boolean {
  return text.trim() === text && !text.startsWith('"') && !/[\p{Cc}\u2028\u2029]/u.test(text);
}

/** A tool as a bare definition, in the form that models accept. */
interface ToolDefinition {
  readonly name: string;
  readonly description: string;
  /** The JSON Schema of its arguments. */
  readonly schema: unknown;
}

/** Keywords of JSON Schema whose values are prose. */
const TELLING = new Set(["description", "title", "$comment"]);
/**
 * Keywords whose keys are names. Names, and the values of DATA, stay as they are, because the model has to write
 * them.
 */
const NAMED = new Set(["properties", "patternProperties", "$defs", "definitions", "dependentSchemas"]);
const DATA = new Set(["default", "const", "enum", "examples", "required"]);

/**
 * Returns what to bind to a model for a tool. If the words of the tool's author contain one of our tags, this is a
 * definition that says the same without the tag; otherwise it is the tool itself.
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
