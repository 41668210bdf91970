// Arithmetic in words. A rule turns a phrase into a number; what no rule takes is left over, and so refused.
import { Refusal, type Value, type Working } from "./working.js";

/**
 * One rule a line, in the order in which they bind; a line of dashes ends those that bind equally. N is a number, S a
 * share (15%, 3/4), L a list of numbers; $1 the first of them; it what was worked out last; the last word a name for it.
 */
const RULES = `
N squared => ($1) ^ 2
N cubed => ($1) ^ 3
square root of N => sqrt($1)
square of N => ($1) ^ 2
cube of N => ($1) ^ 3
half (?:of )?N => $1 / 2
(?:one )?third of N => $1 / 3
(?:one )?quarter of N => $1 / 4
(?:twice|double of) N => 2 * $1
S of N => $1 * $2
S off (?:of )?N => $2 * (1 - $1)
S (?:tip|tax|discount) on N => $1 * $2
what percent(?:age)? of N is N => $2 / $1 * 100
N is what percent(?:age)? of N => $1 / $2 * 100
(?:raise )?N to (?:the )?power of N => ($1) ^ ($2)
N to (?:the )?N(?:st|nd|rd|th)? power => ($1) ^ ($2)
---
(?:sum|total)F L => sum($1) = sum
productF L => product($1) = product
(?:average|mean)F L => avg($1) = average
medianF L => median($1) = median
differenceF N and N => abs($1 - $2) = difference
quotientF N and N => $1 / $2 = quotient
(?:larg|great|bigg|high)(?:er|est)F L => max($1) = larger
max(?:imum)?F L => max($1) = larger
(?:small|low)(?:er|est)F L => min($1) = smaller
min(?:imum)?F L => min($1) = smaller
(?:sum|total)(?: up)?(?: of)?(?: all)?(?: the)?(?: (?:numbers|integers))?(?: from)? N (?:to|through) N => range($1, $2) = sum
add(?: up)?(?: all)?(?: the)? (?:numbers|integers)(?: from)? N (?:to|through) N => range($1, $2) = sum
remainder (?:of|when|if) N (?:is )?(?:divided )?by N => $1 % $2
N mod(?:ulo)? N => $1 % $2
---
(?<!by )N (?:times|multiplied (?:by|with)|[*×]) N => $1 * $2 = product
(?<!by )N (?:divided by|over|[/÷]) N => $1 / $2 = quotient
---
N,? (?:plus|added to|\\+) N => $1 + $2 = sum
N,? (?:minus|less|[-−]) N => $1 - $2 = difference
N,? (?:plus|\\+) S => $1 * (1 + $2)
N,? (?:minus|less|[-−]) S => $1 * (1 - $2)
N, (?:times|multiplied by) N => $1 * $2 = product
N, divided by N => $1 / $2 = quotient
---
(?:add|sum|total)(?: up)? L => sum($1) = sum
add N to N => $2 + $1 = sum
add S to N => $2 * (1 + $1)
subtract N from N => $2 - $1 = difference
subtract S from N => $2 * (1 - $1)
take (?:away )?N (?:away )?from N => $2 - $1 = difference
multiply N (?:by|with|times) N => $1 * $2 = product
multiply L => product($1) = product
average L => avg($1) = average
divide N by N => $1 / $2 = quotient
raise N to (?:the )?(?:power of )?N => ($1) ^ ($2)
(?:increase|raise) N by S => $1 * (1 + $2)
(?:increase) N by N => $1 + $2
(?:decrease|reduce) N by S => $1 * (1 - $2)
(?:decrease|reduce) N by N => $1 - $2
double N => 2 * $1
triple N => 3 * $1
halve N => $1 / 2
square N => ($1) ^ 2
cube N => ($1) ^ 3
(?:round )?N,? (?:rounded )?to (?:the )?nearest (?:integer|whole number) => round($1)
(?:round )?N,? (?:rounded )?to N (?:decimal places?|decimals?|digits) => round($1, $2)
round N => round($1)
---
^(?:add|plus) (?:another )?N$ => it + $1 = sum
^(?:add|plus) S$ => it * (1 + $1)
^(?:subtract|minus|take away) N$ => it - $1 = difference
^(?:subtract|minus|take away) S$ => it * (1 - $1)
^(?:multiply|multiplied|times) (?:by )?N$ => it * $1 = product
^divided? by N$ => it / $1 = quotient
^S$ => it * $1
`;
/** Several numbers: "‹n1›, ‹n2› and ‹n3›". */
const LIST = "((?:‹n\\d+›(?:,? (?:and|or) |, ))+‹n\\d+›)";
const FUNCTION =
  "(?: (?:one|number|result|value))?(?:,| is| of| between| from| among)*(?: the| these)?(?: numbers?)?";
const SPELLED: Readonly<Record<string, string>> = {
  N: "(‹n\\d+›)",
  S: "(‹s\\d+›)",
  L: `${LIST}(?: together)?(?! times | [+*/×-])`,
  F: FUNCTION,
};

interface Rule {
  readonly pattern: RegExp;
  readonly expression: string;
  readonly label: string | undefined;
}

const TIERS: readonly (readonly Rule[])[] = RULES.trim()
  .split("\n---\n")
  .map((tier) => tier.split("\n").map(toRule));

function toRule(line: string): Rule {
  const [phrase = "", meaning = ""] = line.split(" => ");
  const [expression = "", label] = meaning.split(" = ");
  const spelled = phrase.replace(/[NSLF](?![a-z])/g, (letter) => SPELLED[letter] ?? letter);
  return { pattern: new RegExp(`(?<![\\w-])(?:${spelled})(?![\\w-])`, "i"), expression, label };
}

/** Works out all that a clause says in words, as far as it is understood. */
export function reduceArithmetic(clause: string, working: Working): string {
  const shares = clause.replace(/(‹n\d+›) (?:percent|per cent)(?![\w-])/gi, (words, mark: string) =>
    working.put({ kind: "s", text: `${operand(working.get(mark))} / 100`, words: working.restore(words) }),
  );
  return TIERS.reduce((text, tier) => reduceTier(text, tier, working), shares);
}

/** Applies the rules of a tier from left to right, until none is left that fits. */
function reduceTier(text: string, tier: readonly Rule[], working: Working): string {
  const [first] = tier
    .flatMap((rule) => {
      const match = rule.pattern.exec(text);
      return match === null ? [] : [{ ...rule, match }];
    })
    .sort((one, other) => one.match.index - other.match.index || other.match[0].length - one.match[0].length);
  if (first === undefined) {
    return text;
  }
  const [words, ...groups] = first.match;
  const expression = fill(first.expression, groups, words, working);
  const mark = working.put({
    kind: "n",
    text: expression,
    words: working.restore(words),
    label: first.label,
  });
  const { index } = first.match;
  return reduceTier(text.slice(0, index) + mark + text.slice(index + words.length), tier, working);
}

function fill(expression: string, groups: readonly string[], words: string, working: Working): string {
  const values = groups.map((group) => working.all(group));
  if (
    values.some(
      (list, at) =>
        list.length > 2 && (groups[at]?.match(/ (?:and|or) /g)?.length ?? 0) > 1 && list.some(isMade),
    )
  ) {
    throw new Refusal(working.restore(words), "It can be read in two ways.");
  }
  if (expression.startsWith("product")) {
    return values.flat().map(operand).join(" * ");
  }
  if (expression.startsWith("range")) {
    const [low = "", high = ""] = values.flat().map(({ text }) => text);
    if (!/^\d+$/.test(low) || !/^\d+$/.test(high) || Number(low) > Number(high)) {
      throw new Refusal(working.restore(words));
    }
    return `(${low} + ${high}) * (${high} - ${low} + 1) / 2`;
  }
  return expression
    .replace(/\bit\b/, () =>
      operand(working.get(working.use(working.last.length === 1 ? working.last[0] : undefined, words))),
    )
    .replace(/\$(\d)/g, (_, place: string) => (values[Number(place) - 1] ?? []).map(operand).join(", "));
}

const isMade = ({ text }: Value) => !/^[\d.,]+$/.test(text);

/** A value as a part of an expression. */
function operand({ text }: Value): string {
  return /^(?:\{\{[^{}]*\}\}|[\d.]+)$/.test(text) ? text : `(${text})`;
}
