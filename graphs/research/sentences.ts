// Sentences of Markdown and plain text. A sentence keeps its words as they stand; only markup goes.

/** A sentence of a passage. */
export interface Sentence {
  /** Without markup and without the mark of its source. */
  readonly text: string;
  /** The files that it names as its source, as they are written. */
  readonly cites: readonly string[];
}

const LIST_ITEM = /^\s*(?:[-*+]|\d+[.)])\s+/;
const FILE_NAME = /[\p{L}\p{N}_][\p{L}\p{N}_.\-/]*\.(?:md|markdown|txt)\b/giu;
/** What ends with a full stop and is no sentence's end: abbreviations, and the initials of a name. */
const ABBREVIATION = /\b(?:e\.g|i\.e|etc|approx|ca|cf|vs|no|nr|st|dr|mr|mrs|ms|prof|fig)\.$/i;
const INITIAL = /(?:^|[\s.(])\p{Lu}\.$/u;

/** The sentences of a passage; each item of a list and each row of a table is one of its own, at least. */
export function sentencesOf(passage: string): Sentence[] {
  return blocksOf(passage)
    .flatMap(splitSentences)
    .map(toSentence)
    .filter(({ text }) => /[\p{L}\p{N}]/u.test(text));
}

/** Text without Markdown's marks: links become their words, what looks like HTML goes. */
export function withoutMarkup(text: string): string {
  return text
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replace(/<[^>\n]{1,200}>/g, "")
    .replace(/[*_`]{1,3}(?=\S)|(?<=\S)[*_`]{1,3}/g, (mark) => (mark === "_" ? mark : ""))
    .replace(/\s+/g, " ")
    .trim();
}

function blocksOf(passage: string): string[] {
  const blocks: string[] = [];
  let open = false;
  for (const raw of passage.split("\n")) {
    const line = raw.replace(/^\s*(?:>\s?)+/, "");
    const startsAnew = LIST_ITEM.test(line) || /^\s*\|/.test(line) || /^\s*#/.test(line);
    const text = line
      .replace(LIST_ITEM, "")
      .replace(/^\s*#+\s*/, "")
      .trim();
    if (text === "" || /^[|\s:-]+$/.test(text)) {
      open = false;
      continue;
    }
    if (open && !startsAnew) {
      blocks.push(`${blocks.pop()} ${text}`);
    } else {
      blocks.push(text);
    }
    open = !/^\s*\|/.test(line);
  }
  return blocks;
}

function splitSentences(block: string): string[] {
  const sentences: string[] = [];
  let start = 0;
  for (const match of block.matchAll(/[.!?]+["'”’)\]]*\s+(?=["'“‘([]?[\p{Lu}\p{N}])/gu)) {
    const end = match.index + match[0].length;
    const head = block.slice(start, end).trim();
    if (ABBREVIATION.test(head) || INITIAL.test(head)) {
      continue;
    }
    sentences.push(head);
    start = end;
  }
  sentences.push(block.slice(start).trim());
  return sentences.filter((sentence) => sentence !== "");
}

function toSentence(raw: string): Sentence {
  const cites = [...new Set(raw.match(FILE_NAME) ?? [])].filter((name) => !/^https?:/.test(name));
  if (cites.length === 0) {
    return { text: withoutMarkup(raw), cites };
  }
  const bare = raw
    .replace(
      /\s*\((?:see|source:?|from|in)?\s*(?:!?\[[^\]]*\]\([^)]*\)|[^\s()]+\.(?:md|markdown|txt)\S*?)\s*\)/giu,
      "",
    )
    .replace(/^(?:according to|as stated in|as reported in|source:)\s[^,:]*[,:]\s*/iu, "");
  const text = withoutMarkup(bare);
  return { text: text.charAt(0).toUpperCase() + text.slice(1), cites };
}
