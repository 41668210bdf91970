// Turns a recorded run into text that is the same each time. A difference is easy to read, because each event, step
// or call has its own line.
import type { RecordedRun } from "./recording.js";

const ID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
const TIME = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g;
/** Keys whose values depend on the clock. */
const DURATIONS = new Set(["durationMs", "waitedMs", "delayMs"]);
/** The deepest level whose values get lines of their own. */
const DEEPEST_LINES = 5;
const LINE_LENGTH = 110;

/** Keys that tell what something is. They come first, in this order; all others follow by the alphabet. */
const FIRST_KEYS = ["did", "type", "id", "stepId", "name", "description", "status", "tool"];
/** Keys that come last, because their values are long. */
const LAST_KEYS = ["calls", "output", "error", "told", "at", "turnId", "threadId", "startedAt", "endedAt"];

/**
 * A run as the text of its golden file. The original order of keys means nothing. Ids are numbered in the order of
 * their first appearance.
 */
export function toGoldenText({ parts, calls }: RecordedRun): string {
  const text = JSON.stringify({ parts, calls }, (key, value: unknown) =>
    DURATIONS.has(key) && typeof value === "number" ? "<ms>" : value,
  );
  const ids = new Map<string, string>();
  const numbered = text.replace(TIME, "<time>").replace(ID, (id) => {
    const name = ids.get(id) ?? `<id ${ids.size + 1}>`;
    ids.set(id, name);
    return name;
  });
  return `${toLines(inOrder(JSON.parse(numbered)), 0)}\n`;
}

function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(inOrder);
  }
  if (typeof value !== "object" || value === null) {
    return value;
  }
  const entries = Object.entries(value).sort(
    ([one], [other]) => placeOf(one) - placeOf(other) || (one < other ? -1 : 1),
  );
  return Object.fromEntries(entries.map(([key, entry]) => [key, inOrder(entry)]));
}

function placeOf(key: string): number {
  const place = FIRST_KEYS.indexOf(key);
  return place >= 0 ? place : FIRST_KEYS.length + 1 + LAST_KEYS.indexOf(key);
}

function toLines(value: unknown, depth: number): string {
  const line = JSON.stringify(value);
  const isOneLine = typeof value !== "object" || value === null || depth >= DEEPEST_LINES || isEvent(value);
  // Lists of what happened have one line for each entry, however short they are.
  if (isOneLine || (line.length <= LINE_LENGTH && !line.includes("{"))) {
    return line;
  }
  const indent = "  ".repeat(depth + 1);
  const [open, close, entries] = Array.isArray(value)
    ? ["[", "]", value.map((entry) => toLines(entry, depth + 1))]
    : [
        "{",
        "}",
        Object.entries(value).map(([key, entry]) => `${JSON.stringify(key)}: ${toLines(entry, depth + 1)}`),
      ];
  return `${open}\n${entries.map((entry) => indent + entry).join(",\n")}\n${"  ".repeat(depth)}${close}`;
}

function isEvent(value: object): boolean {
  return "type" in value || "tool" in value;
}
