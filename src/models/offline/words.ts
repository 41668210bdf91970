/** A list of phrases, written with "|" between them. */
export function phrases(text: string): readonly string[] {
  return text.split("|").map((phrase) => phrase.trim().replace(/\s+/g, " "));
}

/** What may stand before a request without changing it. Longer phrases first. */
export const LEADS: readonly string[] = [
  ...phrases(`can you please | could you please | would you please | can you | could you | would you | will you |
    i would like you to | i would like to know | i would like to | i would like | i want you to |
    i want to know | i want to | i want | i need you to | i need to know | i need to | i need |
    help me | please | kindly | just | hi | hello | hey | ok | okay | now | also | so | and | but | well`),

  ...phrases(`tell me | give me back | give me | show me | let me know | let us | go ahead and | get me |
    use the calculator to | using the calculator | first of all | first | firstly | second | secondly |
    third | thirdly | fourth | to begin with | to begin | to start with | to start | start by |
    begin by | begin with | lastly | finally | last | in the end | at the end | as a last step |
    as a final step | for that | do the math | quickly | in parallel | simultaneously | if i | if you |
    if we | suppose i | in addition | additionally | next | too | return me`),
];

/** What asks for a value, without saying which. */
export const ASKS: readonly string[] = [
  ...phrases(`what do i get if i | what do i get when i | what do you get if you | what do you get when you |
    what do we get if we | what do we get when we | what happens if i | what happens when you |
    what would i get if i | what is the result if i | what is the result when i |
    what is the result of | what is the answer to | what is the value of | what would be |
    what will be | what about | how about | what is | what are | what does | what was | what were |
    how much is | how much are | how much would be | calculate for me | calculate | compute |
    work out | figure out | find out | find me | find | determine | evaluate | get | report back | check |
    report | return | print | output | display | state | say | do | solve | take | start with |
    start from | begin from | begin with | the result of | the value of | the answer to | the outcome of`),

  ...phrases(`obtain | provide | show | tell | give | present | derive | calculating | computing | finding |
    equals | is | simplify | result of | value of | see | know | reveal | answer with | answer |
    respond with | reply with | end with | what`),
];

/** What may stand after a request without changing it. */
export const TAILS: readonly string[] =
  phrases(`for me | = | , please | , thanks | , thank you | in parallel | at the same time | side by side |
    simultaneously | please | together | as well | too | altogether | at the end | in the end | to me |
    equal to | equal | equals | give | thanks | thank you | now | first | finally | also |
    respectively | is | are | be | each | right | up | separately | next | to get the result |
    to get the final result | to get a final result | to get the answer | to get the final answer |
    to get a total | as the final answer | as the answer | as the final result | as the result |
    come to | make`);

/** Verbs that begin a request of their own. */
export const VERBS: ReadonlySet<string> = new Set(
  `add sum total subtract deduct take multiply divide double triple halve square cube raise round increase decrease reduce
  average calculate compute work find determine evaluate tell give show get report write save store put record read open
  load list count display print create make copy return export figure compare output start sort group filter display
  send search fetch look check convert book call email translate summarize summarise explain describe delete remove
  rename move download upload schedule use run provide state then say append note log dump persist place view cat
  post notify message order buy play draw plot solve prove let do see query estimate scale cut split share enter`.split(
    /\s+/,
  ),
);

/** Words that are verbs only before "the", "it", "all" and the like: "and sum the column", not "the min and sum". */
export const NOUN_VERBS: ReadonlySet<string> = new Set(
  phrases(`sum | total | average | count | double | square | cube | triple | list | order | record | report |
    note | log | book | call | message | play | plot | post | work | share | cut | split | use |
    start | query | estimate | scale | place | view`),
);

/** What follows a noun that is used as a verb. */
export const VERB_OBJECTS: ReadonlySet<string> = new Set(
  phrases(`the | them | both | it | its | that | this | all | up | everything | how | these | those | each |
    every | words | lines | characters | out | with | rows | me | a`),
);

/** Words that begin a question. */
export const QUESTIONS: ReadonlySet<string> = new Set(
  phrases(`what | how | which | who | when | where | why`),
);

const SMALL =
  "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split(
    " ",
  );
const TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split(" ");

/** "hundred", "million" and the like. */
export const SCALES: Readonly<Record<string, number>> = {
  hundred: 100,
  thousand: 1_000,
  million: 1_000_000,
  billion: 1_000_000_000,
  dozen: 12,
};

/** A number from zero to ninety-nine as a word, or undefined. */
export function smallNumber(word: string): number | undefined {
  const index = SMALL.indexOf(word);
  if (index >= 0) {
    return index;
  }
  const [ten = "", unit] = word.split("-");
  const tens = TENS.indexOf(ten);
  if (tens < 0) {
    return undefined;
  }
  if (unit === undefined) {
    return (tens + 2) * 10;
  }
  const units = SMALL.indexOf(unit);
  return units > 0 && units < 10 ? (tens + 2) * 10 + units : undefined;
}

const ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth".split(" ");

/** "first" and "1st" are 1; "last" is -1; undefined for any other word. */
export function ordinal(word: string): number | undefined {
  if (word === "last" || word === "final" || word === "latest") {
    return -1;
  }
  const digits = /^(\d+)(?:st|nd|rd|th)$/.exec(word);
  if (digits !== null) {
    return Number(digits[1]);
  }
  const index = ORDINALS.indexOf(word);
  return index < 0 ? undefined : index + 1;
}

/** The simple form of a plural: "cities" to "city", "sales" to "sale". */
export function singular(word: string): string {
  if (/(?:ss|us|is)$/.test(word)) {
    return word;
  }
  if (/ies$/.test(word) && word.length > 4) {
    return `${word.slice(0, -3)}y`;
  }
  if (/(?:ches|shes|xes|sses)$/.test(word)) {
    return word.slice(0, -2);
  }
  if (word === "people") {
    return "person";
  }
  return word.replace(/s$/, "");
}
