/** So many characters of one short piece, again and again, are no answer any more. */
const REPEATED_CHARACTERS = 4_000;
const MAX_PIECE_CHARACTERS = 100;
/** So many blanks and line ends in a row neither. Models that must give JSON or a call write them without end. */
const BLANK_CHARACTERS = 1_000;
/** Line ends are told sooner: no text has so many, and a slow model takes minutes for a thousand. */
const LINE_ENDS = 50;
const EMPTY_LINES = "\n".repeat(LINE_ENDS);
const CHECK_EVERY = 250;

/** Notices that a text that is being written only repeats itself. */
export class RepetitionWatch {
  #tail = "";
  #unread = 0;

  /** Reads on. Returns whether the text has been repeating itself for long. */
  read(piece: string): boolean {
    this.#tail = (this.#tail + piece).slice(-REPEATED_CHARACTERS);
    if (this.#tail.endsWith(EMPTY_LINES)) {
      return true;
    }
    this.#unread += piece.length;
    if (this.#unread < CHECK_EVERY) {
      return false;
    }
    this.#unread = 0;
    return isBlank(this.#tail) || isRepeated(this.#tail);
  }
}

function isBlank(tail: string): boolean {
  return tail.length >= BLANK_CHARACTERS && tail.slice(-BLANK_CHARACTERS).trim() === "";
}

/** A text that repeats a piece is the same text if it is moved by that piece. */
function isRepeated(tail: string): boolean {
  const pieces = Array.from({ length: MAX_PIECE_CHARACTERS }, (_, index) => index + 1);
  return tail.length === REPEATED_CHARACTERS && pieces.some((piece) => tail.startsWith(tail.slice(piece)));
}
