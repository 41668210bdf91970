// Dates and the time in words, for the tools date_math and current_time.
import { type Args, Refusal, type Value, type Working } from "./working.js";

/**
 * One rule a line. D is a date, N a number, U a unit; $1 is the first of them; it is the date that was worked out last.
 * What is done: add or subtract DATE AMOUNT UNIT, difference DATE OTHER UNIT, weekday DATE, or now FIELD.
 */
const RULES = `
what time is it(?: now)?$ => now time
what time is it(?: now)? in ([a-z ]+)$ => now time $1
(?:what day|which day|what weekday|what day of the week) is (?:it )?today$ => now weekday
(?:what is |what's )?(?:the )?(?:today's date|date today|current date)$ => now date
what date is it(?: today)?$ => now date
(?:how many |number of )?U (?:are |are there |lie |there are )?(?:between|from) D (?:and|to|until|till) D => difference $2 $3 $1
(?:how many |number of )?U(?: are)?(?: left)?(?: is it| are there| there are)? (?:until|till) D from D => difference $3 $2 $1
(?:how many |number of )?U(?: are)?(?: left)?(?: is it| are there| there are)? (?:until|till) D => difference today $2 $1
how long is it from D (?:to|until|till) D in U => difference $1 $2 $3
how many U(?: have passed| has it been| is it)? since D => difference $2 today $1
add N U to D => add $3 $1 $2
subtract N U from D => subtract $3 $1 $2
N U (?:from|after) D => add $3 $1 $2
N U before D => subtract $3 $1 $2
D (?:plus|\\+) N U => add $1 $2 $3
D (?:minus|-) N U => subtract $1 $2 $3
(?:what (?:date|day) (?:will it be|is it) )?in N U$ => add today $1 $2
N U from now$ => add today $1 $2
(?:what (?:date|day) was (?:it )?)?N U ago$ => subtract today $1 $2
N U (?:later|after that|more)$ => add it $1 $2
N U (?:earlier|before that)$ => subtract it $1 $2
add N U(?: to it)?$ => add it $1 $2
subtract N U(?: from it)?$ => subtract it $1 $2
(?:what|which) (?:day of the week|weekday) (?:is |was |will )?D(?: be)? => weekday $1
(?:what|which) (?:day of the week|weekday) (?:will it be|is it|was it|is|was) on D => weekday $1
(?:the )?(?:weekday|day of the week) (?:of|on|for) D => weekday $1
(?:what|which) day (?:is|was) D => weekday $1
(?:what|which) (?:day of the week|weekday) (?:is (?:that|it)|that is|it is)$ => weekday it
`;
const UNIT = "(minute|hour|day|week|month|year)s?";
const SPELLED: Readonly<Record<string, string>> = { D: "(‹d\\d+›)", N: "(‹n\\d+›)", U: UNIT };
const PARSED = RULES.trim()
  .split("\n")
  .map((line) => {
    const [phrase = "", meaning = ""] = line.split(" => ");
    const spelled = phrase.replace(/[DNU](?![a-z])/g, (letter) => SPELLED[letter] ?? letter);
    return { pattern: new RegExp(`(?<![\\w-])(?:${spelled})(?![\\w-])`, "i"), meaning: meaning.split(" ") };
  });
/** Days that are on the same date each year. */
const HOLIDAYS: Readonly<Record<string, string>> = {
  christmas: "12-25",
  "christmas eve": "12-24",
  "new year": "01-01",
  "new year's eve": "12-31",
  halloween: "10-31",
};
const HOLIDAY =
  /\b(christmas eve|christmas|new year's eve|new year|halloween)\b(?:'s)?(?: day)?(?: (‹n\d+›))?/gi;

/** Works out the dates of a clause. */
export function reduceDates(clause: string, working: Working, today: Date): string {
  let text =
    /^wh(?:at|ich).* today$|today's/i.test(clause) && !/\d/.test(clause)
      ? clause
      : nameDays(clause, working, today);
  for (const { pattern, meaning } of PARSED) {
    for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
      const [words, ...groups] = match;
      const parts = meaning.map((part) =>
        part.startsWith("$") ? (groups[Number(part[1]) - 1] ?? "") : part,
      );
      const mark = working.put({ words: working.restore(words), ...askDate(parts, working) });
      text = text.slice(0, match.index) + mark + text.slice(match.index + words.length);
    }
  }
  return text;
}

function askDate(
  [operation = "", first = "", second = "", third = ""]: readonly string[],
  working: Working,
): Omit<Value, "words"> {
  if (operation === "now") {
    const id = working.addStep("current_time", "The time", second === "" ? {} : { timezone: zoneOf(second) });
    return { kind: "t", text: `{{${id}.${first}}}` };
  }
  const date =
    first === "it"
      ? working.get(
          working.use(
            working.last.find(({ value }) => value.kind === "d"),
            "it",
          ),
        ).text
      : working.textOf(first);
  const args: Args = { operation, date };
  if (operation === "difference") {
    Object.assign(args, { other: working.textOf(second), unit: `${third.toLowerCase()}s` });
  } else if (operation !== "weekday") {
    const amount = Number(working.textOf(second));
    if (Number.isNaN(amount)) {
      throw new Refusal(working.restore(second));
    }
    Object.assign(args, { amount, unit: `${third.toLowerCase()}s` });
  }
  const id = working.addStep(
    "date_math",
    `${operation} ${working.restore([first, second, third].join(" "))}`.trim(),
    args,
  );
  return { kind: operation === "difference" ? "n" : operation === "weekday" ? "t" : "d", text: `{{${id}}}` };
}

/** Marks today and the like. A holiday is the next one after a date that the clause names, or after today. */
function nameDays(clause: string, working: Working, today: Date): string {
  const named = working.all(clause).find(({ kind, text }) => kind === "d" && /^\d{4}-/.test(text));
  const after = (named?.text ?? today.toISOString()).slice(0, 10);
  return clause
    .replace(HOLIDAY, (words, name: string, year?: string) => {
      const day = HOLIDAYS[name.toLowerCase()] ?? "";
      const next = Number(after.slice(0, 4)) + (day < after.slice(5) ? 1 : 0);
      const date = `${year === undefined ? next : working.textOf(year)}-${day}`;
      return working.put({ kind: "d", text: date, words: `${working.restore(words)} (${date})` });
    })
    .replace(/\b(?:today|tomorrow|yesterday)\b/gi, (words) =>
      working.put({ kind: "d", text: words.toLowerCase(), words }),
    );
}

function zoneOf(place: string): string {
  const name = place.trim().replaceAll(" ", "_").toLowerCase();
  const [zone, ...others] = Intl.supportedValuesOf("timeZone").filter(
    (one) => one.toLowerCase().split("/").at(-1) === name,
  );
  if (zone === undefined || others.length > 0) {
    throw new Refusal(place, "Say the time zone as Europe/Berlin.");
  }
  return zone;
}
