import type { BaseMessage } from "@langchain/core/messages";
import { mapTexts } from "../base/index.js";

// Prompts hold data between tags: `<goal>` … `</goal>`. Text from outside must not open or close one, in any spelling
// that a model might take for it. So if something reads like one of our tags, its first character is written as a JSON
// escape: `\u003ctask>`. In JSON that is still the same text, and a model that copies it into the arguments of a call
// gives the text as it was. Everything else stays as it is, other tags too.

/** The names of the tags in prompts, as patterns. */
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
  "facts",
  "pitfalls",
  "reached",
  "reached_\\d+",
  "rejected_plan",
  "remaining",
  "saved_plans",
  "seen",
  "task",
  "tools",
  "unfinished_turn",
  "why",
  "workers",
] as const;

/** The name of a section of a prompt. */
type SectionName = Exclude<(typeof NAMES)[number], `missing${string}` | `reached${string}`>;

/** The names of the sections of prompts. */
export const SECTION_NAMES: ReadonlySet<string> = new Set(
  NAMES.filter((name) => !/^(?:missing|reached)/.test(name)),
);

/** What may come between `<` and the name: blanks, slashes, and a line end as a JSON escape. */
const GAP = String.raw`(?:[\s/\\!?|]|(?<=\\)[nrtbf])*`;
const NAME = NAMES.join("|").replaceAll("_", String.raw`[\s_-]?`);
const TAG = new RegExp(`<${GAP}(${NAME})(?![a-z0-9_-])`, "g");
/** One character, or an entity for one. */
const UNITS = /&(?:amp;)*(?:#0*(\d{1,7})|#x0*([0-9a-f]{1,6})|(lt));?|./gisu;
const INVISIBLE = /[\p{Default_Ignorable_Code_Point}\p{M}\p{Cf}\p{Cc}]/gu;
/**
 * Characters that look like one in a tag but that Unicode does not fold, each followed by the one that it looks like.
 */
const LOOKALIKES = new Map(
  "‹< 〈< ⟨< ❮< ˂< ᐸ< ⁄/ ∕/ аa сc ԁd еe ɡg іi ıi јj оo рp ѕs хx уy οo ρp νv ιi κk τt"
    .split(" ")
    .map(([one = "", like = ""]) => [one, like]),
);

/** Makes text from outside safe for a prompt, so that nothing in it opens or closes one of our tags. */
export function withoutTags(text: string): string {
  const tags = findTags(text);
  const pieces = tags.map(({ start }, at) => {
    const code = text.charCodeAt(start).toString(16).padStart(4, "0");
    return `\\u${code}${text.slice(start + 1, tags[at + 1]?.start)}`;
  });
  return text.slice(0, tags[0]?.start) + pieces.join("");
}

/** Finds whatever reads like one of our tags: where it begins, and the name as it reads. Takes linear time. */
export function findTags(text: string): { readonly start: number; readonly name: string }[] {
  const { folded, origins } = fold(text);
  return [...folded.matchAll(TAG)].map(({ index, 1: name = "" }) => ({
    start: origins?.[index] ?? index,
    name,
  }));
}

/** Whether two texts open and close the same tags of ours, in the same order. */
export function hasSameTags(one: string, other: string): boolean {
  const [tags, others] = [findTags(one), findTags(other)];
  return tags.length === others.length && tags.every(({ name }, at) => name === others[at]?.name);
}

/**
 * Folds a text to how it reads: one spelling for each letter, and nothing invisible. `origins` gives the place in the
 * text that each place of the result comes from; it is left out if they are the same.
 */
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

// The sections themselves.

/** Wraps text as data in a section of this name. */
export function toSection(name: SectionName, body: string): string {
  return `<${name}>\n${withoutTags(body)}\n</${name}>`;
}

/**
 * Makes a message safe for a prompt, so that its words neither open nor close one of our tags. A model's calls and
 * thoughts stay as they were: they are no text of the prompt, models copy their calls, and providers sign thoughts.
 */
export function messageWithoutTags<Message extends BaseMessage>(message: Message): Message {
  const { content } = message;
  const isModels = message.getType() === "ai";
  const said =
    typeof content === "string"
      ? withoutTags(content)
      : content.map((block) => (isModels && block.type !== "text" ? block : mapTexts(block, withoutTags)));
  if (JSON.stringify(said) === JSON.stringify(content)) {
    return message;
  }
  return Object.assign(Object.create(Object.getPrototypeOf(message)), message, { content: said });
}
