// What a customer's words say, read by rule: for the offline model alone. A real model reads them itself.
import type { Reason } from "./policy.js";

/** What is wanted: a refund made, only what one would come to, an account and its orders, or the policy. */
export type Intent = "refund" | "check" | "orders" | "policy" | "stop" | "other";

/** What one message says; what it does not say is left out. */
export interface Message {
  readonly text: string;
  readonly intent?: Intent;
  /** An e-mail address or a customer number. */
  readonly customer?: string;
  /** Numbers of orders, in the order in which they are named. */
  readonly orders: readonly string[];
  /** Codes that stand alone: an order's number, or a customer's. */
  readonly codes: readonly string[];
  readonly reason?: Reason;
  readonly amount?: { readonly value: number; readonly currency?: string };
  readonly isWholeOrder: boolean;
}

const CODE = "[A-Za-z]{0,5}-?\\d[\\w-]*";
const EMAIL = /[\w.+-]+@[\w-]+(?:\.[\w-]+)+/;
const ORDERS = new RegExp(
  `(?:(?<!\\bin\\s)\\borders?(?:\\s+(?:number|no\\.?|nr\\.?))?\\s*[#:]?\\s*|#)(${CODE})((?:\\s*(?:,|and|&)\\s*#?${CODE})*)`,
  "gi",
);
const CUSTOMER = new RegExp(
  `\\b(?:customer|account|client)(?:\\s+(?:number|no\\.?|id))?\\s*[#:]?\\s*(${CODE})`,
  "i",
);
const CURRENCY = "€|\\$|£|[A-Z]{3}\\b|euros?\\b|dollars?\\b|pounds?\\b";
const AMOUNT = new RegExp(
  `(?:(${CURRENCY})\\s?(\\d+(?:[.,]\\d{1,2})?)(?![\\d-])|(\\d+(?:[.,]\\d{1,2})?)\\s?(${CURRENCY}))`,
  "g",
);
const DATE = /\b\d{4}-\d{2}-\d{2}\b/g;
const ALONE = new RegExp(
  `^\\W*(?:(?:it|it's|its|is|was|sorry|actually|number|no\\.?)\\W+)*(${CODE})\\W*$`,
  "i",
);
const NOT_BROKEN =
  /\b(?:not|never|isn't|wasn't|aren't|weren't)\s+(?:really\s+|at all\s+)?(?:broken|damaged|defective|faulty)\b/gi;
const NOT_THIS = new RegExp(`\\b(?:not|instead of|rather than)\\s+(?:for\\s+)?(?:order\\s+)?#?${CODE}`, "gi");

const INTENTS: readonly (readonly [Intent, RegExp])[] = [
  [
    "stop",
    /\b(?:never ?mind|forget (?:it|about)|no refund|(?:do not|don't) refund|cancel (?:it|this|the refund))\b/i,
  ],
  [
    "check",
    /\b(?:can|could|may) (?:i|we|she|he|they)\b[^.!]*\b(?:return|refund|money back|send)|\b(?:how much|is it possible|am i|is (?:he|she)|eligible|entitled)\b[^.!]*\b(?:return|refund|eligible|entitled|back)/i,
  ],
  ["policy", /\b(?:refund|return|returns) (?:policy|policies|rules|conditions)\b|\bpolic(?:y|ies)\b/i],
  [
    "refund",
    /\brefund\w*|\bmoney back\b|\breimburse\w*|\breturn(?:ing)?\b|\bsend\w* (?:it|them|this|that|the \w+) back\b/i,
  ],
  ["other", /\b(?:change|update|delete|exchange|replace(?:ment)?|reship|resend|reorder)\b/i],
  [
    "orders",
    /\b(?:orders?|account|purchases?|bought|delivered|delivery|arrived|history)\b[^.!]*\?|\b(?:show|list|find|look up|what|which|where|when|has|have|did)\b[^.!]*\b(?:orders?|ordered|account|customer|purchases?|delivered|delivery|history)\b/i,
  ],
];

const REASON_WORDS: readonly (readonly [Reason, RegExp])[] = [
  [
    "wrong_item",
    /\b(?:wrong (?:item|thing|one|colou?r|size|product|article|model)|not what (?:i|we|she|he) ordered|something else than)\b/i,
  ],
  [
    "damaged",
    /\b(?:broken?|broke|damaged?|defect(?:ive)?|faulty|cracked|smashed|shattered|torn|scratched|dead|(?:does|do|did)(?:n't| not) work|not working|stopped working|leaks?|leaking)\b/i,
  ],
  [
    "changed_mind",
    /\b(?:changed (?:my|his|her|our|their) mind|(?:no longer|not) (?:need|want)\w*|(?:do not|don't|does not|doesn't) (?:like|fit|need|want)|too (?:small|big|large|long|short|heavy)|returns? without a fault)\b/i,
  ],
];

/** Reads one message. */
export function readMessage(text: string): Message {
  const plain = text.replace(DATE, " ").replace(NOT_THIS, " ");
  const email = EMAIL.exec(plain)?.[0];
  const number = CUSTOMER.exec(plain)?.[1];
  const orders = [...plain.matchAll(ORDERS)].flatMap(([, first = "", more = ""]) => [
    first,
    ...(more.match(new RegExp(CODE, "g")) ?? []),
  ]);
  const amount = amountOf(plain);
  const rest = plain
    .replace(new RegExp(EMAIL.source, "g"), " ")
    .replace(ORDERS, " ")
    .replace(CUSTOMER, " ")
    .replace(AMOUNT, " ");
  const codes =
    rest.match(/(?<![\w.,-])(?:[A-Za-z]{1,5}-\d[\w-]*|[A-Za-z]{1,3}\d{3,}|\d{4,})(?![\w.,]*\w)/g) ?? [];
  const alone = orders.length > 0 ? undefined : ALONE.exec(rest)?.[1];
  const intent = INTENTS.find(([, words]) => words.test(text))?.[0];
  const reason = REASON_WORDS.find(([, words]) => words.test(text.replace(NOT_BROKEN, " ")))?.[0];
  // "Can I return it?" asks about a return without a fault, whatever was broken before.
  const isReturn = intent === "check" && /\breturn/i.test(text);
  return {
    text,
    intent,
    customer: email ?? number,
    orders: [...new Set(orders)],
    codes: [...new Set(alone === undefined ? codes : [alone])],
    reason: reason ?? (isReturn ? "changed_mind" : undefined),
    amount,
    isWholeOrder:
      /\b(?:everything|all of (?:it|them)|(?:the )?(?:whole|entire|complete|full) order|all (?:the )?items)\b/i.test(
        text,
      ),
  };
}

/** Whether a message is about a shop's customers, orders or refunds. */
export function isOfField(text: string): boolean {
  const { intent, customer, orders, reason } = readMessage(text);
  if (intent !== undefined && intent !== "other" && intent !== "stop") {
    return true;
  }
  return (
    orders.length > 0 ||
    (customer !== undefined && intent !== undefined) ||
    (reason !== undefined && /\border/i.test(text))
  );
}

/** Whether a message says anything that changes what was wanted before. */
export function saysMore({
  intent,
  customer,
  orders,
  codes,
  reason,
  amount,
  isWholeOrder,
  text,
}: Message): boolean {
  if (intent !== undefined || customer !== undefined || reason !== undefined || amount !== undefined) {
    return true;
  }
  if (orders.length + codes.length > 0 || isWholeOrder) {
    return true;
  }
  return /\b(?:only|just|actually|instead|also|both|yes|please do|go ahead|it was|not the)\b/i.test(text);
}

/** The amount that is asked for; what something cost is none. */
function amountOf(text: string): Message["amount"] {
  for (const { 0: found, 1: before, 2: after, 3: first, 4: behind, index } of text.matchAll(AMOUNT)) {
    const lead = text.slice(Math.max(0, index - 20), index);
    if (/\b(?:paid|pay|costs?|charged|worth|price\w*|for)\s+(?:\w+\s+)?$/i.test(lead)) {
      continue;
    }
    const sign = before ?? behind ?? "";
    const value = Number((after ?? first ?? found).replace(",", "."));
    const currency = /^[A-Z]{3}$/.test(sign) ? sign : undefined;
    if (value > 0) {
      return { value, ...(currency === undefined ? {} : { currency }) };
    }
  }
  return undefined;
}
