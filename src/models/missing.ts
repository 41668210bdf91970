/**
 * Whoever is asked for the answer may say instead that the goal is not reached: by what is missing, between these
 * marks, at the beginning of a line. Words before it do not count: then it is no answer.
 */
const OPEN = "<missing>";
const CLOSE = "</missing>";

/** What models put before a word that they want to stand out. */
const DECORATION = "[ \\t\\r*_`>#]*";
const MARKED = new RegExp(`(?:^|\\n)${DECORATION}${OPEN}([^]*?)(?:${CLOSE}|$)`, "i");
const DECORATED = new RegExp(`^${DECORATION}`);

/** What is missing, as a model says it. */
export function toMissing(what: string): string {
  return `${OPEN}${what}${CLOSE}`;
}

/** What a text says is missing; undefined where it is an answer. */
export function readMissing(text: string): string | undefined {
  return MARKED.exec(text)?.[1]?.trim();
}

/** Whether a text that is still being written may come to say that something is missing, by how its last line begins. */
export function mayBecomeMissing(text: string): boolean {
  const line = text.slice(text.lastIndexOf("\n") + 1).replace(DECORATED, "");
  return OPEN.startsWith(line.toLowerCase());
}
