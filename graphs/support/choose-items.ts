/** An order as the look-ups show it, as far as items are chosen from it. */
export interface ChoosableOrder {
  readonly order: string;
  readonly items: readonly { readonly item: string; readonly name: string; readonly quantity: number }[];
}

/** What of an order is meant: all of it, some items, or words that may mean several. */
export type Choice =
  | { readonly kind: "all" }
  | {
      readonly kind: "items";
      readonly items: readonly { readonly item: string; readonly quantity?: number }[];
    }
  | { readonly kind: "unclear"; readonly names: readonly string[] }
  | { readonly kind: "none" };

const NUMBERS: Readonly<Record<string, number>> = { one: 1, two: 2, three: 3, four: 4, five: 5, six: 6 };
const NUMBER = `(?:${Object.keys(NUMBERS).join("|")}|\\d{1,3})`;
const WHOLE =
  /\b(?:everything|all of (?:it|them)|(?:whole|entire|complete|full) order|all (?:the )?items)\b/i;
const ALL_OF_THEM = /\b(?:both|all)\b/i;
const IN_ORDER =
  /\b(?:(?:is|are|was|were) (?:fine|okay|ok|good|alright|perfect)|works? (?:fine|well)|i(?:'ll)? keep)\b/i;

/** Chooses items by the newest of the texts (the newest first) that names one, or all of the order. */
export function chooseItems(order: ChoosableOrder, texts: readonly string[]): Choice {
  for (const text of texts) {
    if (WHOLE.test(text)) {
      return { kind: "all" };
    }
    const meant = text
      .split(/[.;,!?\n]|\bbut\b|\band\b(?=[^.;,!?]*\b(?:is|are|was|were|works?)\b)/i)
      .filter((clause) => !IN_ORDER.test(clause))
      .join(" | ");
    const named = order.items.map((item) => ({ item, words: wordsIn(meant, item.name, item.item) }));
    const hit = named.filter(({ words }) => words.length > 0);
    const clear = hit.filter(
      ({ words }) =>
        !hit.some(
          (other) => other.words.length > words.length && words.every((word) => other.words.includes(word)),
        ),
    );
    const twins = clear.filter(({ words }, at) =>
      clear.some((other, place) => place !== at && other.words.join() === words.join()),
    );
    if (twins.length > 0 && !ALL_OF_THEM.test(meant)) {
      return { kind: "unclear", names: twins.map(({ item }) => item.name) };
    }
    if (clear.length > 0) {
      return {
        kind: "items",
        items: clear.map(({ item, words }) => {
          const quantity = quantityIn(meant, words, item.quantity);
          return { item: item.item, ...(quantity === undefined ? {} : { quantity }) };
        }),
      };
    }
  }
  return { kind: "none" };
}

/** Whether any of the texts names an item of the order. */
export function namesAny(order: ChoosableOrder, texts: readonly string[]): boolean {
  return ["items", "unclear"].includes(chooseItems(order, texts).kind);
}

/** Whether the texts name items of other orders better than they name any of this one. */
export function fitsOthersBetter(
  order: ChoosableOrder,
  others: readonly ChoosableOrder[],
  texts: readonly string[],
): boolean {
  const items = [order, ...others].flatMap((from) =>
    from.items.map((item) => ({ ...item, item: `${from.order} ${item.item}` })),
  );
  const choice = chooseItems({ order: order.order, items }, texts);
  return choice.kind === "items" && choice.items.every(({ item }) => !item.startsWith(`${order.order} `));
}

/** The words of an item's name that stand in a text, one or many of them meant; its code counts as all of them. */
function wordsIn(text: string, name: string, code: string): string[] {
  const words = [...new Set(name.toLowerCase().match(/[\p{L}\d]{3,}/gu) ?? [])];
  if (new RegExp(`(?<![\\w-])${escapePattern(code)}(?![\\w-])`, "i").test(text)) {
    return [...words, code];
  }
  return words.filter((word) => new RegExp(`(?<![\\p{L}\\d])${stem(word)}(?![\\p{L}\\d])`, "iu").test(text));
}

/** How many are meant, where the words say so and it is fewer than there are. */
function quantityIn(text: string, words: readonly string[], most: number): number | undefined {
  const word = `(?:${words.map(stem).join("|")})`;
  const pattern = new RegExp(
    `\\b(${NUMBER})\\s+(?:of\\s+(?:the|my|those|these|his|her)\\s+(?:${NUMBER}\\s+)?)?(?:[\\p{L}-]+\\s+){0,2}?${word}(?![\\p{L}\\d])`,
    "iu",
  );
  const found = pattern.exec(text)?.[1]?.toLowerCase();
  if (found === undefined) {
    return undefined;
  }
  const count = NUMBERS[found] ?? Number(found);
  return count > 0 && count < most ? count : undefined;
}

function stem(word: string): string {
  return `${escapePattern(word.replace(/(?<=..)s$/, ""))}(?:s|es)?`;
}

function escapePattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
