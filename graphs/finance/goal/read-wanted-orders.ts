import type { Opportunity } from "../trading/opportunity.js";

const NOT_WANTED =
  /\b(?:do not|don't|dont|without|no|never|not)\s+(?:yet\s+)?(?:plac\w*|mak\w*|submit\w*|execut\w*|send\w*)?\s*(?:any\s+|the\s+)?(?:orders?|trad(?:e|es|ing)|buy(?:ing)?|sell(?:ing)?)\b/i;
const WANTED =
  /\b(?:place|placing|submit|execute|put in|enter|make|send|book|prepare|propose)\b[^.;?]*?\b(?:orders?|trades?)\b|\b(?:buy|sell|trade|act on)\s+(?:them|it|those|these|what|whatever|the\b|up to|as (?:much|many))|\border\s+(?:them|those|what)\b/i;
const NO_SYMBOL =
  /^(?:shares?|stocks?|of|the|and|or|each|days?|per|percent|units?|orders?|signals?|them|it|at|most|symbols?|positions?|a|an|is|opportunit\w*|RSI|MACD)$/i;

/** Whether the goal wants orders placed: that it speaks of buying is not enough. */
export function wantsOrders(goal: string): boolean {
  if (NOT_WANTED.test(goal)) {
    return false;
  }
  return WANTED.test(goal) || readNamedOrders(goal).length > 0;
}

const SHARES = String.raw`(?:shares?\s+)?(?:of\s+|in\s+)?`;
const COUNTED = new RegExp(String.raw`^(\d[\d,]*)\s+${SHARES}([A-Za-z][\w.-]*)`);
const WHOLE = new RegExp(String.raw`^(?:all|everything)\s+(?:my\s+|the\s+)?${SHARES}([A-Z][\w.-]*)`);
const BARE = /^([A-Z][A-Z0-9.-]+)\b/;
const JOINT = /^(?:\s*,\s*(?:and\s+)?|\s+and\s+)/;

/** The orders that the goal names itself: "buy 10 ACME and 5 GLOBEX, sell all INITECH"; no question is an order. */
export function readNamedOrders(goal: string): Opportunity[] {
  if (NOT_WANTED.test(goal)) {
    return [];
  }
  const verbs = [...goal.matchAll(/\b(buy|sell)\s+(?:up to\s+|another\s+)?/gi)];
  return verbs.flatMap((verb) => {
    const side = /^b/i.test(verb[1] ?? "") ? "buy" : "sell";
    const isCommand = /(?:^|[.;,:]|\bthen|\band|\bplease|\bto)\s*$/i.test(goal.slice(0, verb.index));
    const orders: Opportunity[] = [];
    let rest = goal.slice(verb.index + verb[0].length);
    for (;;) {
      const counted = COUNTED.exec(rest);
      const named = counted ?? (isCommand ? (WHOLE.exec(rest) ?? BARE.exec(rest)) : null);
      const symbol = (counted?.[2] ?? named?.[1] ?? "").replace(/[.-]+$/, "");
      if (named === null || symbol === "" || NO_SYMBOL.test(symbol)) {
        return orders;
      }
      const quantity = counted === null ? undefined : Number(counted[1]?.replaceAll(",", ""));
      const reasons = ["asked for in the goal"];
      if (quantity !== 0) {
        orders.push({ symbol, side, ...(quantity === undefined ? {} : { quantity }), reasons });
      }
      rest = rest.slice(named[0].length);
      const joint = JOINT.exec(rest);
      if (joint === null) {
        return orders;
      }
      rest = rest.slice(joint[0].length);
    }
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
