import { Writable } from "node:stream";
import { createHiding } from "../agent-file/index.js";
import { toVisible, toVisibleJson } from "../base/index.js";
import type { OutputStream } from "./surroundings.js";

// What models, tools and files say must not move the cursor, change the title, or hide or reverse what stands
// there. In JSON, and in everything that people decide on, such characters are written out instead
// (`base/visible-text.ts`).

/** Characters that a terminal acts upon or that nobody sees, except line ends and tabs. */
const CONTROL = String.raw`[^\P{Cc}\n\t]|[\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800\ufff9-\ufffb]`;
/** Without these, emoji fall apart and Persian and Hindi are misspelt. Latin letters have no use for them. */
const JOINER = String.raw`(?<=^|[^\u0000-\u02ff\u200c\u200d])[\u200c\u200d\ufe0e\ufe0f]`;

const CONTROLS_BUT_JOINERS = new RegExp(`(?!${JOINER})(?:${CONTROL})`, "gu");

/** Removes controls from text. For answers, and for lines that people only read. */
export function withoutControls(text: string): string {
  return text.replaceAll(CONTROLS_BUT_JOINERS, "");
}

const PLAIN_WORD = /^[\w@%+=:,./-]+$/;

/** Quotes words for a shell. */
export function toShellWords(words: readonly string[]): string {
  return words.map(toShellWord).join(" ");
}

/** Quotes a word for a shell. If it holds invisible characters, it gets escapes, which bash and zsh know. */
export function toShellWord(word: string): string {
  if (PLAIN_WORD.test(word)) {
    return word;
  }
  const visible = toVisible(word);
  if (visible === word && !/[\n\t]/.test(word)) {
    return `'${word.replaceAll("'", "'\\''")}'`;
  }
  const escaped = word.replaceAll(/[\\']/g, "\\$&").replaceAll("\n", "\\n").replaceAll("\t", "\\t");
  return `$'${toVisible(escaped)}'`;
}

/** Writes text for a person, with invisible characters written out. */
export function writeText(out: OutputStream, text: string): void {
  out.write(toVisible(text));
}

/** Writes a model's answer without its invisible characters. */
export function writeAnswer(out: OutputStream, text: string): void {
  out.write(withoutControls(text));
}

/** Writes a value as JSON, on one line unless it is indented. */
export function writeJson(out: OutputStream, value: unknown, indent?: number): void {
  out.write(`${toVisibleJson(value, indent)}\n`);
}

/**
 * Returns the stream without the secrets in what is written to it. An answer comes in pieces, so what may become a
 * secret waits for the next piece.
 */
export function withoutSecrets(out: OutputStream, secrets: ReadonlyMap<string, string>): OutputStream {
  if (secrets.size === 0) {
    return out;
  }
  const hide = createHiding(secrets);
  const values = [...secrets.keys()];
  let held = "";
  const write = (text: unknown, done?: (error?: Error | null) => void) => {
    const clean = hide(held + String(text));
    const lengths = values.map((value) => longestBeginning(value, clean));
    const length = Math.max(...lengths);
    held = clean.slice(clean.length - length);
    return out.write(clean.slice(0, clean.length - length), done);
  };
  return Object.assign(Object.create(out), { write });
}

/** Keeps an output for the protocol. What anything else writes there, such as a tool's `console.log`, goes to stderr. */
export function takeOutput(stdout: OutputStream, stderr: OutputStream) {
  const { write } = stdout;
  const protocol = new Writable({
    write: (chunk, encoding, done) => {
      write.call(stdout, chunk, encoding, done);
    },
  });
  stdout.write = stderr.write.bind(stderr);
  return {
    protocol,
    release() {
      stdout.write = write;
    },
  };
}

/** Takes the secrets out of an error, which somebody else will write. */
export function hideSecrets(error: Error, secrets: ReadonlyMap<string, string>): void {
  const hide = createHiding(secrets);
  error.message = hide(error.message);
  error.stack = hide(error.stack ?? "");
}

/** How many characters at the end of a text are the beginning of a value, but not all of it. */
function longestBeginning(value: string, text: string): number {
  for (let length = Math.min(value.length - 1, text.length); length > 0; length -= 1) {
    if (text.endsWith(value.slice(0, length))) {
      return length;
    }
  }
  return 0;
}
