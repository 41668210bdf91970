// Numbers as texts write them: 1,299.50, 1.2 km, € 5 million, "twelve". Two that mean the same are equal.

/** A number in a text. */
export interface Quantity {
  /** In the base unit: 1,200 for 1.2 km. */
  readonly value: number;
  /** The base unit, such as "m" or "€". Undefined if the number counts something, or is a year. */
  readonly unit: string | undefined;
  /** As it stands in the text. */
  readonly text: string;
  /** Whether it may count nothing: "the two mills". */
  readonly isVague: boolean;
}

const UNITS: readonly (readonly [base: string, factor: number, names: string])[] = [
  ["m", 0.001, "mm millimetre millimetres millimeter millimeters"],
  ["m", 0.01, "cm centimetre centimetres centimeter centimeters"],
  ["m", 1, "m metre metres meter meters"],
  ["m", 1_000, "km kilometre kilometres kilometer kilometers"],
  ["kg", 0.001, "g gram grams"],
  ["kg", 1, "kg kilogram kilograms kilo kilos"],
  ["kg", 1_000, "t tonne tonnes ton tons"],
  ["W", 1, "W watt watts"],
  ["W", 1_000, "kW kilowatt kilowatts"],
  ["W", 1_000_000, "MW megawatt megawatts"],
  ["s", 1, "s second seconds"],
  ["s", 60, "min minute minutes"],
  ["s", 3_600, "h hour hours"],
  ["%", 1, "% percent"],
  ["°C", 1, "°C"],
  ["€", 1, "€ EUR euro euros"],
  ["$", 1, "$ USD dollar dollars"],
  ["£", 1, "£ GBP pound pounds"],
];
const UNIT_BY_NAME = new Map(
  UNITS.flatMap(([base, factor, names]) => names.split(" ").map((name) => [name, { base, factor }] as const)),
);
const MULTIPLES = new Map([
  ["thousand", 1e3],
  ["million", 1e6],
  ["billion", 1e9],
]);
const WORDS = new Map(
  "- one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty"
    .split(" ")
    .map((word, value) => [word, value] as const)
    .filter(([word]) => word !== "-"),
);
const PATTERN = new RegExp(
  [
    String.raw`(?<![\p{L}\p{N}.,])([€$£]\s?)?(\d{1,3}(?:,\d{3})+(?!\d)|\d+)(\.\d+)?(?:\s(thousand|million|billion)\b)?(?:\s?(%|°C|€|\p{L}+))?`,
    String.raw`\b(${[...WORDS.keys()].join("|")})\b`,
  ].join("|"),
  "giu",
);

/** Finds the numbers of a text, in their order. */
export function quantitiesOf(text: string): Quantity[] {
  return [...text.matchAll(PATTERN)].map((match) => {
    const [whole, currency = "", digits = "", decimals = "", multiple = "", unitName = "", word] = match;
    if (word !== undefined) {
      const value = WORDS.get(word.toLowerCase()) ?? 0;
      return { value, unit: undefined, text: word, isVague: value <= 2 };
    }
    const value =
      Number(digits.replaceAll(",", "") + decimals) * (MULTIPLES.get(multiple.toLowerCase()) ?? 1);
    const name = currency.trim() || unitName;
    const unit = UNIT_BY_NAME.get(name) ?? UNIT_BY_NAME.get(name.toLowerCase());
    const shown = unit === undefined ? whole.slice(0, whole.length - unitName.length) : whole;
    // Elsewhere a dash may be anything.
    const sign = /=\s?[-−]$/.test(text.slice(Math.max(0, match.index - 3), match.index)) ? -1 : 1;
    return {
      value: sign * value * (unit?.factor ?? 1),
      unit: unit?.base,
      text: shown.trim(),
      isVague: false,
    };
  });
}

/** Whether two numbers can be the same: the same value, and no two different units. */
export function isSameQuantity(one: Quantity, other: Quantity): boolean {
  const scale = Math.max(Math.abs(one.value), Math.abs(other.value));
  const isClose = Math.abs(one.value - other.value) <= scale * 1e-9;
  return isClose && (one.unit === undefined || other.unit === undefined || one.unit === other.unit);
}
