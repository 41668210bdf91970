import type { Finding } from "./finding.js";

/** A passage is closed at the first line end behind so many characters. */
const PASSAGE_CHARACTERS = 900;

/** The passages of a document: its paragraphs, each under its heading, with the lines where it stands. */
export function splitDocument(document: string, content: string): Finding[] {
  const lines = content.split(/\r\n|\n|\r/);
  const isMarkdown = !/\.txt$/i.test(document);
  const title = titleOf(document, lines, isMarkdown);
  // The title of a text stands in its first line, which says nothing else; without more it is all there is.
  const hasMore = lines.slice(1).some((line) => line.trim() !== "");
  const titleLine = !isMarkdown && hasMore && lines[0]?.trim() === title ? 0 : -1;
  const passages: Finding[] = [];
  const headings: string[] = [];
  let first = 0;
  let text: string[] = [];
  let isCode = false;
  const close = () => {
    if (text.length === 0) {
      return;
    }
    const section = headings.slice(1).filter(Boolean).join(" › ");
    const place: [number, number] = [first, first + text.length - 1];
    for (const piece of splitLong(text.join("\n"))) {
      const taken = passages.filter(({ lines: range }) => range?.[0] === first).length;
      const id = `${document}#L${first}${taken === 0 ? "" : `.${taken + 1}`}`;
      const under = section === "" ? {} : { section };
      passages.push({ id, provider: "documents", document, title, ...under, lines: place, text: piece });
    }
    text = [];
  };
  for (const [index, line] of lines.entries()) {
    if (isMarkdown && /^\s*(?:```|~~~)/.test(line)) {
      isCode = !isCode;
    }
    const heading = isMarkdown && !isCode ? /^(#{1,6})\s+(.*?)\s*#*$/.exec(line) : null;
    if (heading !== null) {
      close();
      const level = heading[1]?.length ?? 1;
      headings.length = level;
      headings[level - 1] = heading[2] ?? "";
    } else if (line.trim() === "" || index === titleLine) {
      close();
    } else {
      if (text.length === 0) {
        first = index + 1;
      }
      text.push(line);
      if (text.join("\n").length > PASSAGE_CHARACTERS) {
        close();
      }
    }
  }
  close();
  return passages;
}

/** A line that is a page long: cut between sentences, else where the length is reached. */
function splitLong(text: string): string[] {
  if (text.length <= 2 * PASSAGE_CHARACTERS) {
    return [text];
  }
  const pattern = new RegExp(
    `[\\s\\S]{1,${PASSAGE_CHARACTERS}}(?:(?<=[.!?])\\s|$)|[\\s\\S]{1,${PASSAGE_CHARACTERS}}`,
    "g",
  );
  return (text.match(pattern) ?? []).map((piece) => piece.trim()).filter((piece) => piece !== "");
}

function titleOf(document: string, lines: readonly string[], isMarkdown: boolean): string {
  const heading = isMarkdown ? lines.find((line) => /^#\s+\S/.test(line))?.replace(/^#\s+/, "") : undefined;
  const [first = "", second = ""] = lines;
  const line = !isMarkdown && second.trim() === "" && first.length <= 120 ? first : "";
  const name = document.replace(/^.*\//, "").replace(/\.[^.]+$/, "");
  return (heading ?? line).trim() || name;
}
