import { isRecord } from "../base/index.js";

/** Shorter values are in every other word. */
const MIN_LENGTH = 4;
/** Keys whose texts are secrets, and variables that hold one. */
const SECRET_KEY = /(?:key|token|secret|passw(?:or)?d|credentials?|authorization|cookie)$/i;
/** What stands for a secret that the file itself spells out. */
const HIDDEN = "***";

/** Creates a function that takes secrets out of a text. */
export function createHiding(secrets: ReadonlyMap<string, string>): (text: string) => string {
  // The longest first, because one may be a part of another.
  const sorted = [...secrets].sort(([one], [other]) => other.length - one.length);
  return (text) => sorted.reduce((told, [value, shown]) => told.replaceAll(value, shown), text);
}

/** The variables that hold a secret, by their names. */
export function secretVariables(variables: ReadonlyMap<string, string>): Map<string, string> {
  return new Map([...variables].filter(([name]) => SECRET_KEY.test(name)));
}

/**
 * Finds the secrets of a file: the values of these variables, what stands under keys such as `apiKey` or `token`, and
 * the passwords of addresses. Gives each with what is shown in its place.
 */
export function findSecrets(data: unknown, variables: ReadonlyMap<string, string>): Map<string, string> {
  const found = new Map<string, string>();
  const note = (value: string, shown = HIDDEN) => {
    // In JSON it may be spelt otherwise.
    for (const spelling of [value, JSON.stringify(value).slice(1, -1)]) {
      if (spelling.length >= MIN_LENGTH && !found.has(spelling)) {
        found.set(spelling, shown);
      }
    }
  };
  for (const [name, value] of variables) {
    note(value, `\${${name}}`);
  }
  const visit = (value: unknown, isSecret: boolean): void => {
    if (typeof value === "string") {
      const { password = "" } = URL.canParse(value) ? new URL(value) : {};
      note(password);
      note(decodeOrSame(password));
      if (isSecret) {
        note(value);
        // Of "Bearer abc" only the second word is secret, and it may be told alone.
        note(value.split(" ").at(-1) ?? "");
      }
    } else if (Array.isArray(value)) {
      for (const item of value) {
        visit(item, isSecret);
      }
    } else if (isRecord(value)) {
      for (const [key, inner] of Object.entries(value)) {
        visit(inner, isSecret || SECRET_KEY.test(key));
      }
    }
  };
  visit(data, false);
  return found;
}

function decodeOrSame(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (error instanceof URIError) {
      return text;
    }
    throw error;
  }
}
