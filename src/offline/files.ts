// Text files: what they say, their words and lines, which there are, and what is written to them.
import type { Value, Working } from "./working.js";

const UNIT = "(?:words?|lines?|characters?|sentences?)";
const FILLER =
  "(?:are|is|do|does|there|has|have|it|they|contains?|in|of|inside|for|its|the|file|text|sentence|phrase|string|called)";
const COUNT = new RegExp(
  `(?<![\\w-])(?:count )?(?:(?:the |all |total )*(?:number of )?|how many )(?:the |all |its )*(${UNIT}(?:(?:,| and)(?: the)? ${UNIT})*)(?: counts?)?(?: ${FILLER})*((?: ‹[pt]\\d+›)?(?:(?:,| and)(?: in| of)? ‹p\\d+›)*)(?: (?:have|has|contains?))?(?![\\w-])`,
  "i",
);
const FILE = "(?:the |a )?(?:new )?(?:text )?(?:file )?(?:called |named )?(?<path>‹p\\d+›)";
const WRITING = [
  `^(?:write|save|store|put) (?:to|into|in) ${FILE} (?<content>.*)$`,
  `^(?:write|save|store|put|record|note|export)(?: down)?(?: (?<content>.*?))? (?:to|into|in|as|under) ${FILE}$`,
  `^(?:create|make) ${FILE} (?:with|containing|that contains|holding)(?: (?:the )?(?:text|content))? (?<content>.*)$`,
  `^copy (?<content>‹p\\d+›) (?:to|into) ${FILE}$`,
  `^(?<content>.*) (?:saved|written|stored) (?:in|to|into) ${FILE}$`,
].map((source) => new RegExp(source, "i"));
const READING =
  /^(?<verb>after reading |read |open |load |get |fetch |take |use |using |look (?:at|into|in) |in |from |for |check )?(?:(?:the )?(?:contents?|text|data) (?:of|in|from) )?(?:the )?(?:file )?(?:called )?(?<path>‹p\d+›)(?:$|,? and |, | (?=what|how|which|count|compute|find))/i;
const CONTENTS =
  /^(?:(?:show|display|print|give|read)(?: me)?|what does|what is in|what's in|its|get|fetch)? ?(?:the )?(?:contents?|text)?(?: of)?(?: the)?(?: file)? ?(‹p\d+›)?(?: (?:say|contain))?$/i;
const FOLDER =
  "(?:the )?(?:folder |directory )?(‹p\\d+›|(?!this\\b|the\\b|current\\b)[\\w-]+)(?: folder| directory)?";
const LISTING = new RegExp(
  `^(?:(?:list|show|which|what|count|how many)(?: me)?(?: all)?(?: the)?) files(?: are| are there| there are)?(?: here| there| in (?:this|the current) (?:folder|directory)| in ${FOLDER})?$`,
  "i",
);
const EACH = new RegExp(
  `^for (?:each|every) file in ${FOLDER},? count (?:the |its )?(${UNIT})$|^count (?:the )?(${UNIT}) (?:of|in) (?:each|every) file in ${FOLDER}$`,
  "i",
);

/** Splits "write X to FILE" into X and the mark of the file. */
export function findWriting(clause: string): { readonly content: string; readonly path: string } | undefined {
  const found = WRITING.map((pattern) => pattern.exec(clause)?.groups).find((groups) => groups !== undefined);
  return found?.path === undefined ? undefined : { content: found.content ?? "", path: found.path };
}

/** Writes values to a file, one a line. */
export function writeFile(values: readonly Value[], mark: string, working: Working): void {
  const path = working.textOf(mark);
  const words = values.map((value) => value.words).join(", ");
  const content = values.map(({ text }) => text).join("\n");
  const id = working.addStep("write_file", `Write ${words} to ${path}`, { path, content });
  working.unread.delete(path);
  const isShort = values.every(({ kind, text }) => kind === "n" || (kind === "t" && !text.startsWith("{{")));
  working.notes.push(`Wrote ${isShort ? content.replaceAll("\n", ", ") : words} to {{${id}.path}}.`);
}

/** Takes "in sales.csv," or "read notes.txt and" from the beginning of a clause: what follows is about that file. */
export function takeReading(clause: string, working: Working): string {
  const { path, verb } = READING.exec(clause)?.groups ?? {};
  if (path === undefined) {
    return clause;
  }
  working.file = working.textOf(path);
  if (/^(?:read|open|load|get|fetch|take|check|look)/i.test(verb ?? "")) {
    working.unread.add(working.file);
  }
  return clause.replace(READING, "");
}

/** Reads a file as text. */
export function readFile(path: string, working: Working): Value {
  working.unread.delete(path);
  return { kind: "t", text: `{{${working.addStep("read_file", `Read ${path}`, { path })}}}`, words: path };
}

/** Works out the contents, lists and counts that a clause asks for. */
export function reduceFiles(clause: string, working: Working): string {
  const contents = CONTENTS.exec(clause);
  const named = contents?.[1] === undefined ? working.file : working.textOf(contents[1]);
  if (
    contents !== null &&
    named !== undefined &&
    (contents[1] ?? /^(?:its|the) /i.exec(clause)) !== undefined &&
    !/^$|^‹p\d+›$/.test(clause)
  ) {
    return working.put(readFile(named, working));
  }
  const listing = LISTING.exec(clause);
  if (listing !== null) {
    return working.put(listFiles(listing[1], working));
  }
  const each = EACH.exec(clause);
  const folder = each?.[1] ?? each?.[4];
  if (each !== null && folder !== undefined) {
    const list = listFiles(folder, working);
    const texts = working.addStep("read_file", "Read each file", { path: "{{item.path}}" }, list.text);
    const words = `${each[2] ?? each[3]} of each file in ${working.restore(folder)}`;
    const id = working.addStep("text_stats", words, { text: "{{item}}" }, `{{${texts}}}`);
    return working.put({ kind: "r", text: `{{${id}}}`, words });
  }
  return reduceCounts(clause, working);
}

function listFiles(folder: string | undefined, working: Working): Value {
  const path = folder === undefined ? undefined : working.textOf(folder);
  const words = `Files in ${path ?? "this folder"}`;
  return {
    kind: "r",
    text: `{{${working.addStep("list_files", words, path === undefined ? {} : { path })}}}`,
    words,
  };
}

function reduceCounts(clause: string, working: Working): string {
  const found = COUNT.exec(clause);
  const [words = "", units = "", source = ""] = found ?? [];
  const named = working.all(source);
  const { file } = working;
  const texts: readonly Value[] =
    named.length === 0 && file !== undefined ? [{ kind: "p", text: file, words: file }] : named;
  if (found === null || texts.length === 0 || texts.some(({ kind, text }) => kind === "p" && isTable(text))) {
    return clause;
  }
  const marks = texts.flatMap((text) =>
    units.split(/(?:,| and)(?: the)? /).map((unit) => working.put(countIn(text, unit, working))),
  );
  return (
    clause.slice(0, found.index) +
    marks.join(" and ") +
    reduceCounts(clause.slice(found.index + words.length), working)
  );
}

function countIn({ kind, text, words }: Value, unit: string, working: Working): Value {
  const name = `${unit.toLowerCase().replace(/s$/, "")}s`;
  if (kind === "p") {
    working.file = text;
  }
  const source = kind === "p" ? readFile(text, working).text : text;
  const id = working.addStep("text_stats", `Count the ${name} in ${words}`, { text: source });
  return { kind: "n", text: `{{${id}.${name}}}`, words: `${name} in ${words}`, label: "count" };
}

/** Whether a path is that of a table. */
export function isTable(path: string | undefined): boolean {
  return /\.(?:csv|tsv|json)$/i.test(path ?? "");
}
