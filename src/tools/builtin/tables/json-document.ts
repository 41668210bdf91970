// JSON.parse handles a whole text at once: 10 MB may block the process for a second and take 300 MB. So a
// document is first scanned for its size, and a large one is then parsed part by part.
import type { JsonValue } from "../../../base/index.js";
import { BuiltinToolError } from "../../tool-errors.js";
import type { Sliced } from "../in-slices.js";
import { tooLarge } from "./table.js";

/** Characters to parse at once. */
const PIECE = 16_384;
const MAX_VALUES = 250_000;
const MAX_DEPTH = 100;
const MARKS = new Set([..."[]{},:"].map((mark) => mark.charCodeAt(0)));

/** Parses a JSON document. Throws if the text is not JSON, or is larger than we handle. */
export function* parseJsonDocument(text: string, path: string): Sliced<JsonValue> {
  yield* assertSize(text, path);
  try {
    return yield* parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) {
      throw error;
    }
    const reason = `"${path}" is no JSON document: ${error.message}.`;
    throw new BuiltinToolError("INVALID_DOCUMENT", reason, false, { cause: error });
  }
}

function* assertSize(text: string, path: string): Sliced<void> {
  let values = 1;
  let depth = 0;
  for (const index of marksIn(text)) {
    const mark = index < 0 ? "" : text.charAt(index);
    if (mark === "") {
      yield;
    } else if (mark === "]" || mark === "}") {
      depth -= 1;
    } else if (mark !== ":") {
      values += 1;
    }
    if (mark === "[" || mark === "{") {
      depth += 1;
    }
    if (depth > MAX_DEPTH) {
      throw tooLarge(`"${path}" is nested deeper than ${MAX_DEPTH} levels, the most for a document.`);
    }
  }
  if (values <= MAX_VALUES) {
    return;
  }
  throw tooLarge(
    `"${path}" has about ${values} values; ${MAX_VALUES} are the most for a document. Split it into smaller files.`,
  );
}

/** Yields the positions of brackets, commas and colons outside strings, and -1 when it is time for a pause. */
function* marksIn(text: string): Generator<number> {
  let isInText = false;
  let pauseAt = 0;
  for (let index = 0; index < text.length; index += 1) {
    if (index >= pauseAt) {
      pauseAt += PIECE;
      yield -1;
    }
    const code = text.charCodeAt(index);
    if (code === 0x5c) {
      index += 1;
    } else if (code === 0x22) {
      isInText = !isInText;
    } else if (!isInText && MARKS.has(code)) {
      yield index;
    }
  }
}

/** Parses a text. A large list or object is assembled from its members. */
function* parse(given: string): Sliced<JsonValue> {
  yield;
  const text = withoutBlanks(given);
  const [open = ""] = text;
  if (text.length <= PIECE || (open !== "[" && open !== "{")) {
    return JSON.parse(text);
  }
  const close = open === "[" ? "]" : "}";
  if (!text.endsWith(close)) {
    throw new SyntaxError("Unexpected end of JSON input");
  }
  const inner = withoutBlanks(text.slice(1, -1));
  if (inner === "") {
    return JSON.parse(open + close);
  }
  const list: JsonValue[] = [];
  const object: { [key: string]: JsonValue } = {};
  /** Parses several small members at once. */
  const take = (members: string) => {
    const taken: { [key: string]: JsonValue } = JSON.parse(open + members + close);
    const entries = Object.entries(taken);
    if (entries.length === 0) {
      throw new SyntaxError("Unexpected token ','");
    }
    for (const [key, value] of entries) {
      put(key, value);
    }
  };
  const put = (key: string, value: JsonValue) => {
    if (open === "[") {
      list.push(value);
    } else if (key !== "__proto__") {
      object[key] = value;
    } else {
      Object.defineProperty(object, key, { value, enumerable: true, writable: true, configurable: true });
    }
  };
  let start = 0;
  for (const { from, colon, to } of membersOf(inner)) {
    if (to === undefined) {
      yield;
    } else if (to - from > PIECE) {
      if (from > start) {
        take(inner.slice(start, from - 1));
      }
      const key = open === "[" ? "" : readKey(inner.slice(from, colon ?? from));
      put(key, yield* parse(inner.slice(open === "[" || colon === undefined ? from : colon + 1, to)));
      start = to + 1;
    } else if (to - start > PIECE || to === inner.length) {
      take(inner.slice(start, to));
      start = to + 1;
    }
  }
  return open === "[" ? list : object;
}

interface Member {
  readonly from: number;
  /** Position of the member's first colon that is not nested in anything. */
  readonly colon?: number;
  /** Where the member ends; left out when it is time for a pause. */
  readonly to?: number;
}

/** Yields the members of a list or an object as positions in the text between its brackets. */
function* membersOf(inner: string): Generator<Member> {
  let depth = 0;
  let from = 0;
  let colon: number | undefined;
  for (const index of marksIn(inner)) {
    const mark = index < 0 ? "" : inner.charAt(index);
    if (mark === "") {
      yield { from };
    } else if (mark === "[" || mark === "{") {
      depth += 1;
    } else if (mark === "]" || mark === "}") {
      depth -= 1;
    } else if (depth === 0 && mark === ":") {
      colon ??= index;
    } else if (depth === 0) {
      yield { from, colon, to: index };
      from = index + 1;
      colon = undefined;
    }
    if (depth < 0) {
      throw new SyntaxError(`Unexpected token '${mark}'`);
    }
  }
  if (depth > 0) {
    throw new SyntaxError("Unexpected end of JSON input");
  }
  yield { from, colon, to: inner.length };
}

function readKey(text: string): string {
  const key: unknown = JSON.parse(text);
  if (typeof key === "string") {
    return key;
  }
  throw new SyntaxError("A key is no text");
}

function withoutBlanks(text: string): string {
  let start = 0;
  let end = text.length;
  while (isBlank(text.charCodeAt(start))) {
    start += 1;
  }
  while (end > start && isBlank(text.charCodeAt(end - 1))) {
    end -= 1;
  }
  return text.slice(start, end);
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
}
