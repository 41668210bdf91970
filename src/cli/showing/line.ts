import { withoutControls } from "../write.js";

export type Look = "plain" | "dim" | "bold" | "good" | "bad" | "busy";

/** A piece of text with its look. Its control characters have been removed. */
export interface Piece {
  readonly text: string;
  readonly look: Look;
}

export type Line = readonly Piece[];

const CODES: Readonly<Record<Look, readonly [number, number] | undefined>> = {
  plain: undefined,
  dim: [2, 22],
  bold: [1, 22],
  good: [32, 39],
  bad: [31, 39],
  busy: [36, 39],
};

export function piece(text: string, look: Look = "plain"): Piece {
  return { text: withoutControls(text), look };
}

/** A line as characters, with or without colours. */
export function toText(line: Line, hasColor: boolean): string {
  return line.map(({ text, look }) => (hasColor ? paint(text, look) : text)).join("");
}

/** Cuts a line to at most `width` columns. */
export function fitLine(line: Line, width: number): Line {
  let left = width;
  const fitted: Piece[] = [];
  for (const { text, look } of line) {
    const fit = headOf(text, left);
    if (fit !== "") {
      fitted.push({ text: fit, look });
    }
    if (fit !== text) {
      return fitted;
    }
    left -= columnsOf(text);
  }
  return fitted;
}

/** Puts text on one line of at most `maxCharacters` characters. */
export function toOneLine(text: string, maxCharacters: number): string {
  const line = withoutControls(text.replaceAll(/\s+/g, " ")).trim();
  const characters = [...line];
  return characters.length <= maxCharacters ? line : `${characters.slice(0, maxCharacters - 1).join("")}…`;
}

function paint(text: string, look: Look): string {
  const codes = CODES[look];
  return codes === undefined || text === "" ? text : `\u001b[${codes[0]}m${text}\u001b[${codes[1]}m`;
}

function headOf(text: string, width: number): string {
  if (columnsOf(text) <= width) {
    return text;
  }
  let head = "";
  let columns = 1;
  for (const character of text) {
    columns += columnsOfCharacter(character);
    if (columns > width) {
      break;
    }
    head += character;
  }
  return width < 1 ? "" : `${head}…`;
}

function columnsOf(text: string): number {
  let columns = 0;
  for (const character of text) {
    columns += columnsOfCharacter(character);
  }
  return columns;
}

const WIDE =
  /[\p{sc=Han}\p{sc=Hangul}\p{sc=Hiragana}\p{sc=Katakana}\p{Emoji_Presentation}\u3000-\u303f\uff01-\uff60]/u;
const NO_WIDTH = /[\p{Mn}\p{Me}\p{Cf}]/u;

function columnsOfCharacter(character: string): number {
  if (NO_WIDTH.test(character)) {
    return 0;
  }
  return WIDE.test(character) ? 2 : 1;
}
