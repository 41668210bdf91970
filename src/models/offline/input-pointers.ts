import { z } from "zod";
import type { JsonValue } from "../../base/index.js";
import { fillReferences } from "../../plan/index.js";
import { plainValue } from "./earlier-turns.js";
import { toTokens } from "./tokens.js";
import { readJsonLines } from "./tool-card.js";

/** A task in whose text one token, which no rule reads, stands for each value that the task points to. */
export interface PointedTask {
  readonly text: string;
  /** Puts the values where their tokens are. */
  fill(args: Record<string, JsonValue>): Record<string, JsonValue>;
}

const POINTER = /\((?:output of step|the(?= item\b)) ([^()]+)\)/g;
const PLACE = /\ue000(\d+)\ue000/g;
/** What may stand in the task itself: it is one token, and no word. */
const PLAIN_KINDS: readonly string[] = ["number", "path", "url", "email", "date"];

const inputSchema = z.object({
  id: z.string(),
  output: z.json(),
  parts: z.record(z.string(), z.json()).default({}),
});

/** Reads what a task points to, "(output of step 1, rows.0.name)", out of the inputs. It is data, and is not read as words. */
export function pointAtInputs(task: string, inputs: string | undefined): PointedTask {
  const outputs = outputsIn(inputs ?? "");
  const values: string[] = [];
  const text = task.replaceAll("\ue000", "").replace(POINTER, (pointer, inside: string) => {
    const value = plainValue(findValue(inside, outputs));
    if (value === undefined) {
      return pointer;
    }
    return isPlain(value) ? value : `\ue000${values.push(value) - 1}\ue000`;
  });
  return { text, fill: (args) => fillEntries(args, values) };
}

function outputsIn(inputs: string): ReadonlyMap<string, JsonValue> {
  const lines = readJsonLines(inputs).flatMap((line) => inputSchema.safeParse(line).data ?? []);
  return new Map(lines.flatMap(({ id, output, parts }) => [[id, output] as const, ...Object.entries(parts)]));
}

/** The value of "1", of "1, rows.0.name", of "item, name". */
function findValue(inside: string, outputs: ReadonlyMap<string, JsonValue>): JsonValue | undefined {
  const filled = [inside, inside.replace(/, (?=\[)/, ""), inside.replace(", ", ".")]
    .map((expression) => fillReferences(`{{${expression}}}`, outputs))
    .find(({ ok }) => ok);
  return filled?.ok ? filled.value : undefined;
}

function isPlain(value: string): boolean {
  const [token, ...others] = toTokens(value).filter(({ kind }) => kind !== "item");
  return others.length === 0 && token?.raw === value && PLAIN_KINDS.includes(token.kind);
}

function fillEntries(
  entries: Readonly<Record<string, JsonValue>>,
  values: readonly string[],
): Record<string, JsonValue> {
  return Object.fromEntries(Object.entries(entries).map(([key, entry]) => [key, fillPlaces(entry, values)]));
}

function fillPlaces(value: JsonValue, values: readonly string[]): JsonValue {
  if (typeof value === "string") {
    return value.replace(PLACE, (place, at: string) => values[Number(at)] ?? place);
  }
  if (Array.isArray(value)) {
    return value.map((entry) => fillPlaces(entry, values));
  }
  return typeof value === "object" && value !== null ? fillEntries(value, values) : value;
}
