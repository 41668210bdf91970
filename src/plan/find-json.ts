// Models put their JSON between fences or sentences. Work is bounded: a few starts are tried, each of which
// is looked at once.

/** A JSON value found in a text. */
export type FoundJson = {
  readonly value: unknown;
  /** Whether the text, or a fenced block of it, is nothing but this value. */
  readonly isWhole: boolean;
};

const maxStarts = 50;
const fencePattern = /```[a-zA-Z]{0,20}([^`]*)```/g;
const startPattern = /\{\s*["}]|\[\s*[{["]/g;

/** The JSON objects and lists in a text, likeliest first: the text itself, fenced blocks, then any. */
export function findJson(text: string): FoundJson[] {
  const whole = parseStructure(text);
  if (whole !== undefined) return [{ value: whole, isWhole: true }];
  const fenced = [...text.matchAll(fencePattern)]
    .slice(0, maxStarts)
    .map((match) => parseStructure(match[1] ?? ""));
  const blocks = fenced.filter((value) => value !== undefined).map((value) => ({ value, isWhole: true }));
  return [...blocks, ...findEmbedded(text)];
}

/** A text as the JSON object or list that it is; undefined when it is none. */
export function parseStructure(text: string): unknown {
  if (!/^\s*[{[]/.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    // Most texts are no JSON: that is an answer, not a failure.
    return undefined;
  }
}

function findEmbedded(text: string): FoundJson[] {
  const found: FoundJson[] = [];
  const pattern = new RegExp(startPattern);
  for (let tries = 0; tries < maxStarts; tries += 1) {
    const match = pattern.exec(text);
    if (match === null) break;
    const end = findEnd(text, match.index);
    const value = end === undefined ? undefined : parseStructure(text.slice(match.index, end));
    if (value !== undefined) found.push({ value, isWhole: false });
    pattern.lastIndex = value !== undefined && end !== undefined ? end : match.index + 1;
  }
  return found;
}

/** Where the object, list or string that begins at a place ends; undefined when it does not. */
export function findEnd(text: string, start: number): number | undefined {
  let depth = 0;
  let isInString = false;
  for (let index = start; index < text.length; index += 1) {
    const character = text[index];
    if (isInString) {
      if (character === "\\") index += 1;
      else if (character === '"') {
        isInString = false;
        if (depth === 0) return index + 1;
      }
    } else if (character === '"') isInString = true;
    else if (character === "{" || character === "[") depth += 1;
    else if (character === "}" || character === "]") {
      depth -= 1;
      if (depth === 0) return index + 1;
    }
  }
  return undefined;
}
