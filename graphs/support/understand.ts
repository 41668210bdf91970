import type { Reason } from "./policy.js";
import { type Intent, type Message, readMessage } from "./read-message.js";

/** What a customer wants, as all that they have said comes to. */
export interface Wish {
  readonly intent: Intent;
  /** An e-mail address, a customer number, or where neither was said the order's number. */
  readonly who?: string;
  readonly order?: string;
  /** All orders that the last message that names one names. */
  readonly orders: readonly string[];
  readonly reason: Reason;
  readonly amount?: Message["amount"];
  /** What was said, the newest first: items are looked for in it, once the order is known. */
  readonly texts: readonly string[];
}

/** What all that was said comes to: what is newer stands, and another customer begins anew. */
export function understand(texts: readonly string[]): Wish {
  let messages: Message[] = [];
  let customer: string | undefined;
  for (const message of texts.map(readMessage)) {
    const isOther = message.customer !== undefined && customer !== undefined && message.customer !== customer;
    const isWhole =
      message.intent === "refund" && message.orders.length > 0 && message.customer === undefined;
    if (isOther || isWhole) {
      messages = [];
      customer = undefined;
    }
    customer = message.customer ?? customer;
    messages.push(message);
  }
  const newest = messages.toReversed();
  const last = <Value>(pick: (message: Message) => Value | undefined) =>
    newest.map(pick).find((value) => value !== undefined);
  const orders = last(({ orders: named }) => (named.length > 0 ? named : undefined));
  const codes = last(({ codes: alone }) => (alone.length > 0 ? alone : undefined));
  // A code that stands alone is an order's number where the customer is known, or an order was named before.
  const code = codes?.[0];
  const isOrder = code !== undefined && (customer !== undefined || orders !== undefined);
  const isNewer =
    newest.findIndex((message) => message.codes.length > 0) <
    newest.findIndex((message) => message.orders.length > 0);
  const order = isOrder && (orders === undefined || isNewer) ? code : orders?.[0];
  const who = customer ?? order ?? code;
  const amount = last((message) => message.amount);
  return {
    intent: intentOf(newest),
    ...(who === undefined ? {} : { who }),
    ...(order === undefined ? {} : { order }),
    orders: order === orders?.[0] ? (orders ?? []) : [],
    reason: last(({ reason }) => reason) ?? "changed_mind",
    ...(amount === undefined ? {} : { amount }),
    texts: newest.map(({ text }) => text),
  };
}

function intentOf(newest: readonly Message[]): Intent {
  const [last] = newest;
  const stated = newest.find(({ intent }) => intent !== undefined)?.intent;
  // "Yes, please" after "Can I send it back?" is the wish to do so.
  if (
    last?.intent === undefined &&
    stated === "check" &&
    /^\s*(?:yes|please|go ahead|ok)/i.test(last?.text ?? "")
  ) {
    return "refund";
  }
  return stated ?? (newest.some(({ reason }) => reason !== undefined) ? "refund" : "orders");
}
