import { copyJson, type JsonValue, parseJson } from "../base/index.js";

// Finds the JSON in what a model wrote. Models put their JSON between fences or sentences. The work is bounded: only so
// many starts are tried, each of them once.

/** A JSON value found in a text. */
interface FoundJson {
  readonly value: unknown;
  /** Whether the text, or a fenced block of it, is nothing but this value. */
  readonly isWhole: boolean;
}

const MAX_STARTS = 50;
const FENCE_PATTERN = /```[a-zA-Z]{0,20}([^`]*)```/g;
const START_PATTERN = /\{\s*["}]|\[\s*[{["]/g;

/** Finds the JSON objects and lists in a text, the likeliest first: the whole text, fenced blocks, then any other. */
export function findJson(text: string): FoundJson[] {
  const whole = parseStructure(text);
  if (whole !== undefined) {
    return [{ value: whole, isWhole: true }];
  }
  const fenced = [...text.matchAll(FENCE_PATTERN)]
    .slice(0, MAX_STARTS)
    .map((match) => parseStructure(match[1] ?? ""));
  const blocks = fenced.filter((value) => value !== undefined).map((value) => ({ value, isWhole: true }));
  return [...blocks, ...findEmbedded(text)];
}

/** Reads the JSON object or list that is all of a text, or its only fenced block; undefined if there is none. */
export function readWholeJson(text: string): JsonValue | undefined {
  const [found, ...others] = findJson(text).filter(({ isWhole }) => isWhole);
  const copy = found === undefined || others.length > 0 ? undefined : copyJson(found.value);
  return copy?.ok ? copy.value : undefined;
}

/** Parses a text that is a JSON object or list; undefined if it is not one. */
export function parseStructure(text: string): unknown {
  return /^\s*[{[]/.test(text) ? parseJson(text) : undefined;
}

function findEmbedded(text: string): FoundJson[] {
  const found: FoundJson[] = [];
  const pattern = new RegExp(START_PATTERN);
  for (let tries = 0; tries < MAX_STARTS; tries += 1) {
    const match = pattern.exec(text);
    if (match === null) {
      break;
    }
    const end = findEnd(text, match.index);
    const value = end === undefined ? undefined : parseStructure(text.slice(match.index, end));
    if (value !== undefined) {
      found.push({ value, isWhole: false });
    }
    pattern.lastIndex = value !== undefined && end !== undefined ? end : match.index + 1;
  }
  return found;
}

/** Finds where the object, list or string that begins at `start` ends; undefined if it does not end. */
export function findEnd(text: string, start: number): number | undefined {
  let depth = 0;
  let isInString = false;
  for (let index = start; index < text.length; index += 1) {
    const character = text[index];
    if (isInString) {
      if (character === "\\") {
        index += 1;
      } else if (character === '"') {
        isInString = false;
        if (depth === 0) {
          return index + 1;
        }
      }
    } else if (character === '"') {
      isInString = true;
    } else if (character === "{" || character === "[") {
      depth += 1;
    } else if (character === "}" || character === "]") {
      depth -= 1;
      if (depth === 0) {
        return index + 1;
      }
    }
  }
  return undefined;
}

/** How JSON that has members begins, or a list of it. */
const BEGINNING_PATTERN = /^\s*(?:\[\s*)?\{\s*(?:"|$)/;
const JSON_FENCE = "```json";

/** Whether a text is JSON, or ends in a block of it, that breaks off before it closes. */
export function isUnclosedJson(text: string): boolean {
  const fence = text.lastIndexOf(JSON_FENCE);
  const json = fence < 0 ? text : text.slice(fence + JSON_FENCE.length);
  return BEGINNING_PATTERN.test(json) && findEnd(json, json.search(/\S/)) === undefined;
}
