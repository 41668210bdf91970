import type { BaseMessage } from "@langchain/core/messages";

// Prompts hold data between tags: `<goal>` … `</goal>`. Text from outside must neither open nor close one, in no
// spelling that a model might overlook. So of whatever reads like one of our tags the first character is written as
// JSON writes it: `\u003ctask>`. In JSON that is the same text still, and a model that writes it into the arguments
// of a call gives the text as it was. Everything else, other tags too, stays as it is.

/** The tags that prompts have, as patterns. */
const NAMES = [
  "decisions_of_people",
  "expected",
  "feedback",
  "goal",
  "goal_for_context",
  "inputs",
  "missing",
  "missing_\\d+",
  "past_steps",
  "pitfalls",
  "rejected_plan",
  "remaining",
  "task",
  "tools",
  "why",
] as const;

/** The name of a section of a prompt. */
type SectionName = Exclude<(typeof NAMES)[number], `missing${string}`>;

/** What may stand between `<` and the name: blanks, slashes, and a line end as JSON writes it. */
const GAP = String.raw`(?:[\s/\\!?|]|(?<=\\)[nrtbf])*`;
const NAME = NAMES.join("|").replaceAll("_", String.raw`[\s_-]?`);
const TAG = new RegExp(`<${GAP}(${NAME})(?![a-z0-9_-])`, "g");
/** One character, or an entity for one. */
const UNITS = /&(?:amp;)*(?:#0*(\d{1,7})|#x0*([0-9a-f]{1,6})|(lt));?|./gisu;
const INVISIBLE = /[\p{Default_Ignorable_Code_Point}\p{M}\p{Cf}\p{Cc}]/gu;
/** What looks like a character of a tag, and is not folded by Unicode: each before the one that it looks like. */
const LOOKALIKES = new Map(
  "‹< 〈< ⟨< ❮< ˂< ᐸ< ⁄/ ∕/ аa сc ԁd еe ɡg іi ıi јj оo рp ѕs хx уy οo ρp νv ιi κk τt"
    .split(" ")
    .map(([one = "", like = ""]) => [one, like]),
);

/** Text from outside as it may stand in a prompt: nothing in it opens or closes one of our tags. */
export function withoutTags(text: string): string {
  const tags = findTags(text);
  const pieces = tags.map(({ start }, at) => {
    const code = text.charCodeAt(start).toString(16).padStart(4, "0");
    return `\\u${code}${text.slice(start + 1, tags[at + 1]?.start)}`;
  });
  return text.slice(0, tags[0]?.start) + pieces.join("");
}

/** What reads like one of our tags: where it begins, and the name as it reads. Linear in the length of the text. */
export function findTags(text: string): { readonly start: number; readonly name: string }[] {
  const { folded, origins } = fold(text);
  return [...folded.matchAll(TAG)].map(({ index, 1: name = "" }) => ({
    start: origins?.[index] ?? index,
    name,
  }));
}

/** A text as it reads: one spelling for each letter, nothing that is not seen; and where each place of it comes from. */
function fold(text: string): { readonly folded: string; readonly origins?: readonly number[] } {
  if (/^[\t\n\r\x20-\x25\x27-\x7e]*$/.test(text)) {
    return { folded: text.toLowerCase() };
  }
  const origins: number[] = [];
  let folded = "";
  for (const match of text.matchAll(UNITS)) {
    const read = foldCharacter(characterOf(match));
    for (let at = 0; at < read.length; at++) {
      origins.push(match.index);
    }
    folded += read;
  }
  return { folded, origins };
}

function characterOf([unit, decimal, hexadecimal, name]: RegExpExecArray): string {
  if (name !== undefined) {
    return "<";
  }
  if (decimal === undefined && hexadecimal === undefined) {
    return unit;
  }
  const code = decimal === undefined ? Number.parseInt(hexadecimal ?? "", 16) : Number(decimal);
  return code > 0x10ffff ? "" : String.fromCodePoint(code);
}

function foldCharacter(character: string): string {
  if (/^[\t\n\r\x20-\x7e]$/.test(character)) {
    return character.toLowerCase();
  }
  const plain = character.normalize("NFKD").replace(INVISIBLE, "").toLowerCase();
  return LOOKALIKES.get(plain) ?? plain;
}

// Prompts hold data in sections, `<goal>` … `</goal>`, and what stands inside is data, never an instruction. The offline
// model reads the very sections that the prompts write.

/** Wraps text as data under a name. */
export function toSection(name: SectionName, body: string): string {
  return `<${name}>\n${withoutTags(body)}\n</${name}>`;
}

/** The body of the last section of that name in a text, or undefined. */
export function readSection(name: string, text: string): string | undefined {
  const end = text.lastIndexOf(`\n</${name}>`);
  if (end < 0) {
    return undefined;
  }
  const open = `<${name}>\n`;
  const start = text.lastIndexOf(open, end);
  if (start < 0) {
    return undefined;
  }
  return withTags(text.slice(start + open.length, Math.max(start + open.length, end)));
}

/** How far a tag may reach behind its first character. */
const TAG_LENGTH = 80;

/** A text as it was before `withoutTags`; what JSON itself writes so is left to whoever reads the JSON. */
function withTags(text: string): string {
  return text.replace(/(?<!\\)\\u([0-9a-f]{4})/g, (escaped, code: string, at: number) => {
    const first = String.fromCharCode(Number.parseInt(code, 16));
    const after = at + escaped.length;
    return findTags(first + text.slice(after, after + TAG_LENGTH))[0]?.start === 0 ? first : escaped;
  });
}

/**
 * A message as it may stand in a prompt: what is said in it opens and closes none of our tags. What a model called, and
 * what it thought, stays as it was: it is no text of the prompt, a model copies its calls, and providers sign thoughts.
 */
export function messageWithoutTags<Message extends BaseMessage>(message: Message): Message {
  const { content } = message;
  const isModels = message.getType() === "ai";
  const said =
    typeof content === "string"
      ? withoutTags(content)
      : content.map((block) => (isModels && block.type !== "text" ? block : valueWithoutTags(block)));
  if (JSON.stringify(said) === JSON.stringify(content)) {
    return message;
  }
  return Object.assign(Object.create(Object.getPrototypeOf(message)), message, { content: said });
}

function valueWithoutTags(value: unknown): unknown {
  if (typeof value === "string") {
    return withoutTags(value);
  }
  if (Array.isArray(value)) {
    return value.map(valueWithoutTags);
  }
  if (typeof value !== "object" || value === null) {
    return value;
  }
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, valueWithoutTags(entry)]));
}
