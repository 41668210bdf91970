// Words as the search compares them: `listWorkflowRuns`, `list_workflow_runs` and "the runs of a workflow" have the
// same.

const HUMP = /[\p{Ll}\p{N}](?=\p{Lu})|\p{Lu}(?=\p{Lu}\p{Ll})/gu;
const BETWEEN_WORDS = /[^\p{L}\p{N}]+/u;

/** Splits a text or a name into words. */
export function splitWords(text: string): string[] {
  return text
    .replaceAll(HUMP, "$& ")
    .toLowerCase()
    .split(BETWEEN_WORDS)
    .filter((word) => word !== "");
}

/** Words that say nothing of what a tool does. */
const EMPTY_WORDS: ReadonlySet<string> = new Set(
  "a an and are as at be been by can could did do does for from had has have he her him his how i if in into is it its me my of on or our s she so t than that the their them then there these they this those to us was we were will with would you your".split(
    " ",
  ),
);

export function saysNothing(word: string): boolean {
  return EMPTY_WORDS.has(word);
}

/** Endings of English words, and what stands in their place. The first that fits is taken. */
const ENDINGS: readonly (readonly [ending: string, instead: string])[] = [
  ["ations", "at"],
  ["ation", "at"],
  ["ities", "it"],
  ["ments", "ment"],
  ["ions", ""],
  ["ings", ""],
  ["ies", "y"],
  ["ion", ""],
  ["ing", ""],
  ["ity", "it"],
  ["ed", ""],
  ["es", ""],
  ["e", ""],
  ["s", ""],
];
const LEAST_STEM = 3;
const DOUBLED = /([bdglmnprt])\1$/;

/** Brings the forms of an English word together: "labels", "labelled" and "label". */
export function toTerm(word: string): string {
  const found = ENDINGS.find(
    ([ending]) => word.endsWith(ending) && word.length - ending.length >= LEAST_STEM,
  );
  const [ending, instead] = found ?? ["", ""];
  const stem = word.slice(0, word.length - ending.length) + instead;
  return DOUBLED.test(stem) ? stem.slice(0, -1) : stem;
}
