// A YAML text, and where in it things are. Problems are collected, because whoever writes a file wants to hear of all
// of them at once.
import { basename } from "node:path";
import { type Document, isMap, isNode, isScalar, isSeq, LineCounter, parseDocument } from "yaml";
import { OptionsError } from "../options/index.js";

/** Where in a file something is: keys, and positions in lists. */
export type Path = readonly (string | number)[];

/** The largest file that is read. */
const MAX_CHARACTERS = 1_000_000;
/** The most problems that are told. */
const MAX_PROBLEMS = 30;

/** A file that was read. */
export class YamlSource {
  readonly #file: string;
  readonly #what: string;
  readonly #counter = new LineCounter();
  readonly #document: Document | undefined;
  readonly #problems: { readonly at: number; readonly text: string }[] = [];
  readonly #wrongPaths: Path[] = [];
  /** Names of options that stand in the file under other names, with the paths of those. */
  #origins: ReadonlyMap<string, Path> = new Map();
  /** Takes secrets out of what is told. */
  #hide = (text: string) => text;

  /**
   * @param text - undefined if there is no file, and the problems are about something else of this name
   * @param what - what the file is, for messages
   */
  constructor(file: string, text: string | undefined, what = "The agent file") {
    this.#file = file;
    this.#what = what;
    if (text === undefined) {
      return;
    }
    if (text.length > MAX_CHARACTERS) {
      throw new OptionsError(`${what} ${file}`, [`it has more than ${MAX_CHARACTERS} characters`]);
    }
    // Pretty errors would show the line, and a secret may stand in it.
    const options = { lineCounter: this.#counter, prettyErrors: false, stringKeys: true };
    this.#document = parseDocument(text, options);
    // One mistake makes the parser stumble several times.
    const [first] = this.#document.errors;
    if (first !== undefined) {
      const line = text.split("\n")[this.#counter.linePos(first.pos[0]).line - 1] ?? "";
      const hint = /[{[].*\$\{/.test(line) ? `; between { } and [ ], a text with \${NAME} needs quotes` : "";
      this.#tell(first.pos[0], `it is no YAML: ${first.message.replace(/: ".*$/s, "")}${hint}`);
    }
  }

  /** The data of the file. Throws if it is no YAML. */
  data(): unknown {
    this.assertRight();
    try {
      const data: unknown = this.#document?.toJS({ maxAliasCount: 100 });
      return data;
    } catch (error) {
      if (!(error instanceof ReferenceError)) {
        throw error;
      }
      this.#tell(0, "its aliases stand for too much: write it out");
      return this.assertRight();
    }
  }

  /** From now on, what is said of an option is said of that place in the file. */
  setOrigins(origins: ReadonlyMap<string, Path>): void {
    this.#origins = origins;
  }

  /** From now on, what is told goes through this function. */
  setHiding(hide: (text: string) => string): void {
    this.#hide = hide;
  }

  /** Notes a problem of a value, or of a key. */
  add(path: Path, message: string, of: "value" | "key" = "value"): void {
    const own = this.#originOf(path);
    const name = own.map(String).join(".");
    this.#wrongPaths.push(path);
    this.#tell(this.#offsetOf(own, of), name === "" ? message : `${name}: ${message}`);
  }

  /** Whether a problem was noted of what is at a path or in it. */
  isWrongAt(path: Path): boolean {
    return this.#wrongPaths.some((wrong) =>
      path.every((step, index) => String(wrong[index]) === String(step)),
    );
  }

  /** Notes a problem that begins with the name of an option: `planner.maxSteps: must be …`. */
  addSentence(sentence: string): void {
    const [, name = "", message = sentence] = /^([\w.-]+):? (.*)$/s.exec(sentence) ?? [];
    const path = this.#pathOf(name);
    if (path.length === 0) {
      this.#tell(0, sentence);
    } else {
      const own = this.#originOf(path);
      const told = own === path ? name : own.map(String).join(".");
      this.#tell(this.#offsetOf(own, "value"), `${told}: ${message}`);
    }
  }

  /** Throws an `OptionsError` with all problems, in the order of the file. */
  assertRight(): void {
    if (this.#problems.length === 0) {
      return;
    }
    const sorted = this.#problems.toSorted((one, other) => one.at - other.at);
    const told = sorted
      .slice(0, MAX_PROBLEMS)
      .map(({ at, text }) => this.#hide(`${this.#placeOf(at)}${text}`));
    throw new OptionsError(`${this.#what} ${this.#file}`, [...new Set(told)]);
  }

  /** A sentence with the place that it is about. */
  toWarning(path: Path, message: string): string {
    const name = path.map(String).join(".");
    return this.#hide(`${this.#placeOf(this.#offsetOf(path, "key"))}${name}: ${message}`);
  }

  #tell(at: number, text: string): void {
    this.#problems.push({ at, text });
  }

  #placeOf(offset: number): string {
    const { line, col } = this.#counter.linePos(offset);
    return this.#document === undefined ? "" : `${basename(this.#file)}:${line}:${col}: `;
  }

  #originOf(path: Path): Path {
    for (let length = path.length; length > 0; length -= 1) {
      const origin = this.#origins.get(path.slice(0, length).join("."));
      if (origin !== undefined) {
        return origin;
      }
    }
    return path;
  }

  /** Finds the path that a name with dots means. Keys may have dots too, so the longest that is there wins. */
  #pathOf(name: string): Path {
    const parts = name.split(".");
    const path: string[] = [];
    while (parts.length > 0) {
      const lengths = parts.map((_, index) => parts.length - index);
      const length = lengths.find((one) => this.#has([...path, parts.slice(0, one).join(".")]));
      if (length === undefined) {
        const isOrigin = path.length === 0 && this.#originOf(parts) !== parts;
        return isOrigin ? parts : path;
      }
      path.push(parts.splice(0, length).join("."));
    }
    return path;
  }

  #has(path: Path): boolean {
    return this.#document?.hasIn(path) === true;
  }

  /** The offset of the deepest part of a path that is there. */
  #offsetOf(path: Path, of: "value" | "key"): number {
    let node: unknown = this.#document?.contents;
    let offset = isNode(node) ? (node.range?.[0] ?? 0) : 0;
    for (const [index, step] of path.entries()) {
      if (isMap(node)) {
        const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(step));
        if (pair === undefined) {
          return offset;
        }
        const isAsked = of === "key" && index === path.length - 1;
        const shown =
          isAsked || !isNode(pair.value) || pair.value.range === undefined ? pair.key : pair.value;
        offset = isNode(shown) ? (shown.range?.[0] ?? offset) : offset;
        node = pair.value;
      } else if (isSeq(node)) {
        node = node.items[Number(step)];
        offset = isNode(node) ? (node.range?.[0] ?? offset) : offset;
      } else {
        return offset;
      }
    }
    return offset;
  }
}
