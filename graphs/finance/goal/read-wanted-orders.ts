import type { Opportunity } from "../trading/opportunity.js";

const NOT_WANTED =
  /\b(?:do not|don't|dont|without|no|never|not)\s+(?:yet\s+)?(?:plac\w*|mak\w*|submit\w*|execut\w*|send\w*)?\s*(?:any\s+|the\s+)?(?:orders?|trad(?:e|es|ing)|buy(?:ing)?|sell(?:ing)?)\b/i;
const WANTED =
  /\b(?:place|placing|submit|execute|put in|enter|make|send|book|prepare|propose)\b[^.;?]*?\b(?:orders?|trades?)\b|\b(?:buy|sell|trade|act on)\s+(?:them|it|those|these|what|whatever|the\b|up to|as (?:much|many))|\border\s+(?:them|those|what)\b/i;
const NO_SYMBOL =
  /^(?:shares?|stocks?|of|the|and|or|each|days?|per|percent|units?|orders?|signals?|them|it|at|most|symbols?|positions?)$/i;

/** Whether the goal wants orders placed: that it speaks of buying is not enough. */
export function wantsOrders(goal: string): boolean {
  if (NOT_WANTED.test(goal)) return false;
  return WANTED.test(goal) || readNamedOrders(goal).length > 0;
}

/** The orders that the goal names itself: "buy 10 ACME and 5 GLOBEX, sell all INITECH". */
export function readNamedOrders(goal: string): Opportunity[] {
  if (NOT_WANTED.test(goal)) return [];
  const parts = goal.split(/\b(?=(?:buy|sell)\b)/i).filter((part) => /^(?:buy|sell)\b/i.test(part));
  return parts.flatMap((part) => {
    const side = /^buy/i.test(part) ? "buy" : "sell";
    const sentence =
      part.slice(side.length).split(/[.;?!](?:\s|$)|\bthen\b|\bwith\b|\bif\b|\bwhere\b/i, 1)[0] ?? "";
    const counted = [
      ...sentence.matchAll(/\b(\d[\d,]*)\s+(?:shares?\s+)?(?:of\s+|in\s+)?([A-Za-z][\w.-]*)/g),
    ];
    const whole =
      side === "sell"
        ? [...sentence.matchAll(/\b(?:all|everything)\s+(?:of\s+|in\s+)?(?:the\s+|my\s+)?([A-Z][\w.-]*)/g)]
        : [];
    const named = [
      ...counted.map(([, quantity = "", symbol = ""]) => ({
        symbol,
        quantity: Number(quantity.replaceAll(",", "")),
      })),
      ...whole.map(([, symbol = ""]) => ({ symbol, quantity: undefined })),
    ];
    return named.flatMap(({ symbol, quantity }): Opportunity[] => {
      const name = symbol.replace(/[.-]+$/, "");
      if (NO_SYMBOL.test(name) || quantity === 0) return [];
      return [
        {
          symbol: name,
          side,
          ...(quantity === undefined ? {} : { quantity }),
          reasons: ["asked for in the goal"],
        },
      ];
    });
  });
}

/** How many shares of each are wanted: "50 shares of each". */
export function readQuantity(goal: string): number | undefined {
  const [, quantity] = /\b(\d+)\s+shares?\s+(?:of\s+)?(?:each|every|per)\b/i.exec(goal) ?? [];
  return quantity === undefined || Number(quantity) === 0 ? undefined : Number(quantity);
}

/** Which sides are wanted, where only one is. */
export function readSides(goal: string): ("buy" | "sell")[] | undefined {
  if (
    /\b(?:only|just)\s+buy|\bbuys?\s+only|\bbuy(?:ing)?\s+(?:signals?|opportunit|orders?|candidates?)/i.test(
      goal,
    )
  ) {
    return /\bsell/i.test(goal) ? undefined : ["buy"];
  }
  if (
    /\b(?:only|just)\s+sell|\bsells?\s+only|\bsell(?:ing)?\s+(?:signals?|opportunit|orders?|candidates?)/i.test(
      goal,
    )
  ) {
    return /\bbuy/i.test(goal) ? undefined : ["sell"];
  }
  return undefined;
}
