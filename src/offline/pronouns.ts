// What "it", "the two results" and "the first one" stand for: results of earlier clauses, or of the last answer.
import { Refusal, type Working } from "./working.js";

const THING = "(?:result|answer|outcome|number|value|figure)";
const COUNTS: Readonly<Record<string, number>> = { both: 2, two: 2, three: 3, four: 4, five: 5 };
const ORDINALS = ["first", "second", "third", "fourth", "fifth"];
const NUMBERED = "(two|three|four|five|‹n\\d+›)";
const THINGS = `(?:${THING}|product|sum|count|mean|square|amount)s`;
/** "both results", "all three", "the two", "them". */
const PLURAL = toPattern(
  [
    `(both|all|the|these|those)(?: of)?(?: (?:the|these|those))? (?:${NUMBERED} )?${THINGS}(?! (?:from )?‹n| in | column| of step)`,
    `(both|all|the|these|those) ${NUMBERED}(?: of them)?(?= (?:and|by|from|to|together|up|side|in)\\b|$|,)`,
    "(both)(?: of them)?|them(?: all)?|all of them|those(?= together|$)",
  ].join("|"),
);
const NAME =
  "(sum|total|product|average|mean|median|difference|quotient|maximum|minimum|(?:larg|great|bigg|high|small|low)(?:er|est))";
/** Phrases that are about all results, and what they ask for. */
const OF_ALL: readonly (readonly [RegExp, string])[] = [
  [
    toPattern(
      `^(?:(?:find|give me|show me|get|report|compute|calculate|what is|what's) )?(?:the )?${NAME}(?: one| ${THING})?$`,
    ),
    "$1 of",
  ],
  [
    toPattern(`(?:which|what) (?:one |of the two |of them )?is (?:the )?${NAME}(?: one| ${THING})?$`),
    "$1 of",
  ],
  [toPattern("(?:what )?(?:do )?they add up to$"), "sum of"],
  [toPattern("(?:by )?how much (?:do )?they differ(?: by)?$"), "difference of"],
  [toPattern("subtract (?:the )?smaller(?: \\w+)? from (?:the )?larger(?: \\w+)?$"), "difference of"],
  [toPattern(`their ${NAME}`), "$1 of"],
  [toPattern("add their results"), "sum of"],
];
const ONE = toPattern(
  `(?:the|this|that) ${THING}(?! of\\b| column\\b| ‹)|it|(?:this|that)(?! (?:have|has|are|is(?!$)|were|was|contain|start|day|date)\\b)`,
);
const NAMED = toPattern(
  "(?:the|that|this) (sum|total|product|difference|quotient|average|mean|median|count|(?:word|line) count|date)(?! of\\b| (?:in|column|amount|for)\\b| [a-z]+ (?:in|of|by|column)\\b)",
);
const LABELS: Readonly<Record<string, string>> = {
  total: "sum",
  mean: "average",
  "word count": "count",
  "line count": "count",
};

function toPattern(source: string): RegExp {
  return new RegExp(`(?<![\\w-])(?:${source})(?![\\w-])`, "gi");
}

/** Replaces what points to earlier results by their marks. */
export function resolvePronouns(clause: string, working: Working): string {
  const own = working.results.filter(({ clause: at }) => at >= 0);
  const counted = own.length > 0 ? own : working.results;
  return OF_ALL.reduce(
    (text, [pattern, asked]) =>
      text.replace(pattern, (words, name: string) =>
        working.pending.length > 1
          ? `${asked.replace("$1", name)} ${listOf(working, undefined, "the results")}`
          : words,
      ),
    clause,
  )
    .replace(toPattern("its (square root|square|cube)"), "$1 of it")
    .replace(toPattern("subtract (?:the )?smaller from (?:the )?larger of"), "difference of")
    .replace(PLURAL, (words, first?: string, number = first, other?: string, many = other, both?: string) => {
      const said = String(number ?? many ?? both ?? "").toLowerCase();
      return listOf(working, said.startsWith("‹") ? Number(working.textOf(said)) : COUNTS[said], words);
    })
    .replace(
      toPattern("(?:the )?(?:results? of )?(?:steps?|result) (‹n\\d+›)(?: and (?:step |result )?(‹n\\d+›))?"),
      (words, one: string, two?: string) =>
        [one, two]
          .flatMap((mark) => (mark ? working.use(own[Number(working.textOf(mark)) - 1], words) : []))
          .join(" and "),
    )
    .replace(
      toPattern(`the (${ORDINALS.join("|")})(?: one| ${THING})?(?= (?:from|by|to|and|with)\\b|$|,)`),
      (words, name: string) => working.use(counted[ORDINALS.indexOf(name.toLowerCase())], words),
    )
    .replace(NAMED, (words, name: string) => {
      const label = LABELS[name.toLowerCase()] ?? name.toLowerCase();
      const isIt = label === "date" || (/^(?:that|this)/i.test(words) && label === "count");
      const found = working.results.findLast(
        ({ value }) => value.label === label || (isIt && value.kind === "d"),
      );
      return found === undefined ? words : working.use(found, words);
    })
    .replace(ONE, (words) => working.use(working.last.length === 1 ? working.last[0] : undefined, words));
}

/** The marks of several results: all that are pending, or those of the last clause if only so their count is right. */
function listOf(working: Working, count: number | undefined, words: string): string {
  const found = [working.pending, working.last].find(
    (group) => group.length > 1 && (count === undefined || group.length === count),
  );
  if (found === undefined) {
    throw new Refusal("the results", `There are ${working.pending.length} results to take.`);
  }
  const marks = found.map((result) => working.use(result, ""));
  const list = `${marks.slice(0, -1).join(", ")} and ${marks.at(-1)}`;
  working.lists.set(list, working.restore(words));
  return list;
}
