import { parseJson } from "../../base/index.js";

/** What stands before a result's text in a filled-in form. */
const BEGIN = /^\s*\{\s*(?:"known"\s*:\s*"(?:[^"\\]|\\.)*"\s*,\s*)?"result"\s*:\s*"/s;
/** The whole characters at the beginning of a JSON string. */
const CHARACTERS = /^(?:[^"\\]|\\(?:["\\/bfnrt]|u[\da-f]{4}))*/i;

/**
 * Reads the text of a result out of a form that is being written, so that people see the text and not the JSON around it.
 * A call, and a result that is no text, has none.
 */
export class ResultText {
  #rest = "";
  #hasBegun = false;
  #hasEnded = false;

  /** Takes the next piece of the form, and gives the next piece of the text. */
  read(piece: string): string {
    if (this.#hasEnded) {
      return "";
    }
    this.#rest += piece;
    if (!this.#hasBegun) {
      const begin = BEGIN.exec(this.#rest)?.[0];
      this.#hasBegun = begin !== undefined;
      this.#rest = this.#rest.slice(begin?.length);
    }
    if (!this.#hasBegun) {
      return "";
    }
    const written = CHARACTERS.exec(this.#rest)?.[0] ?? "";
    this.#rest = this.#rest.slice(written.length);
    this.#hasEnded = this.#rest.startsWith('"');
    return String(parseJson(`"${written}"`) ?? "");
  }
}
