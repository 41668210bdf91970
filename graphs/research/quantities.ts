import { isStopWord, stem, stemsOf } from "./words.js";

/** A number in a text, with what it counts or measures. */
export interface Quantity {
  /** In the base unit: metres for 1.2 km. */
  readonly value: number;
  /** The base unit, `year`, a currency, the stem of the noun behind the number, or "". */
  readonly unit: string;
  /** Whether the unit is one of measurement, so that no other can stand for it. */
  readonly isMeasured: boolean;
  /** As it stands in the text. */
  readonly text: string;
  /** What the words around it are about. */
  readonly near: ReadonlySet<string>;
}

const UNITS: readonly (readonly [unit: string, factor: number, names: string])[] = [
  ["m", 0.001, "mm millimetre millimetres millimeter millimeters"],
  ["m", 0.01, "cm centimetre centimetres centimeter centimeters"],
  ["m", 1, "m metre metres meter meters"],
  ["m", 1_000, "km kilometre kilometres kilometer kilometers"],
  ["kg", 0.001, "g gram grams gramme grammes"],
  ["kg", 1, "kg kilogram kilograms kilo kilos"],
  ["kg", 1_000, "t tonne tonnes ton tons"],
  ["W", 1, "W watt watts"],
  ["W", 1_000, "kW kilowatt kilowatts"],
  ["W", 1_000_000, "MW megawatt megawatts"],
  ["s", 1, "s second seconds"],
  ["s", 60, "min minute minutes"],
  ["s", 3_600, "h hour hours"],
  ["s", 86_400, "day days"],
  ["%", 1, "% percent"],
  ["°C", 1, "°C"],
];
const BY_NAME = new Map(
  UNITS.flatMap(([unit, factor, names]) => names.split(" ").map((name) => [name, { unit, factor }] as const)),
);
const MULTIPLES = new Map([
  ["thousand", 1e3],
  ["million", 1e6],
  ["billion", 1e9],
]);
/** "one" is left out: it is a pronoun as often as a number. */
const NUMBER_WORDS = [
  ..."zero - two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
    .split(" ")
    .map((word, value) => [word, value] as const),
  ...([
    ["seventeen", 17],
    ["eighteen", 18],
    ["nineteen", 19],
    ["twenty", 20],
    ["thirty", 30],
    ["forty", 40],
    ["fifty", 50],
    ["sixty", 60],
    ["seventy", 70],
    ["eighty", 80],
    ["ninety", 90],
  ] as const),
].filter(([word]) => word !== "-");
const WORD_VALUES = new Map(NUMBER_WORDS);
const PATTERN = new RegExp(
  `(?<![\\p{L}\\p{N}.,])([€$£])?(\\d{1,3}(?:,\\d{3})+(?!\\d)|\\d+)(\\.\\d+)?(?:\\s(thousand|million|billion))?(?:\\s?(%|°C|per cent\\b|\\p{L}+))?|\\b(${[...WORD_VALUES.keys()].join("|")})\\b(?:[\\s-](\\p{L}+))?`,
  "giu",
);
const NEAR_CHARACTERS = 40;

/** The numbers of a text, in digits or in words, in their order. */
export function quantitiesOf(text: string): Quantity[] {
  return [...text.matchAll(PATTERN)].map((match) => {
    const [whole, currency, digits, decimals = "", multiple, unitWord, word, countedWord] = match;
    const given =
      digits === undefined
        ? (WORD_VALUES.get(word?.toLowerCase() ?? "") ?? 0)
        : Number(digits.replaceAll(",", "") + decimals);
    const value = given * (MULTIPLES.get(multiple?.toLowerCase() ?? "") ?? 1);
    const around = text.slice(Math.max(0, match.index - NEAR_CHARACTERS), match.index);
    const behind = text.slice(match.index + whole.length, match.index + whole.length + NEAR_CHARACTERS);
    const facts = { text: whole.trim(), near: stemsOf(`${withoutHalves(around, behind)}`) };
    if (currency !== undefined) {
      return { value, unit: currency, isMeasured: true, ...facts };
    }
    const name = unitWord ?? countedWord ?? "";
    const measured = BY_NAME.get(name === "per cent" ? "%" : name) ?? BY_NAME.get(name.toLowerCase());
    if (measured !== undefined) {
      return { value: value * measured.factor, unit: measured.unit, isMeasured: true, ...facts };
    }
    const isYear = /^[12]\d{3}$/.test(digits ?? "") && decimals === "" && multiple === undefined;
    if (isYear) {
      return { value, unit: "year", isMeasured: true, ...facts };
    }
    return { value, unit: name === "" || isStopWord(name) ? "" : stem(name), isMeasured: false, ...facts };
  });
}

/** A text without its numbers and their units of measurement, so that the rest can be compared as words. */
export function withoutQuantities(text: string): string {
  return text.replace(PATTERN, (...match: (string | undefined)[]) => {
    const name = match[5] ?? match[7] ?? "";
    return BY_NAME.has(name) || BY_NAME.has(name.toLowerCase()) || name === "per cent" ? " " : ` ${name} `;
  });
}

/** Whether two numbers can be the same: the same value, and no two different units of measurement. */
export function isSameQuantity(one: Quantity, other: Quantity): boolean {
  const scale = Math.max(1e-9, Math.abs(one.value), Math.abs(other.value));
  if (Math.abs(one.value - other.value) / scale > 1e-9) {
    return false;
  }
  return !(one.isMeasured && other.isMeasured) || one.unit === other.unit;
}

/** The words around a number, the halves of words at both ends left out. */
function withoutHalves(before: string, behind: string): string {
  return `${before.replace(/^\S*\s/, "")} ${behind.replace(/\s\S*$/, "")}`;
}
