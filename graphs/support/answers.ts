import type { PlaybookMove, PlaybookRequest } from "langgraph-plan-execute";
import { formatMoney } from "./money.js";
import { isNumber, type LookUps, lastOf, policiesFound, type ShownOrder } from "./past-outputs.js";
import { nameReason } from "./policy.js";
import type { Wish } from "./understand.js";

/** What is asked, or said, where the look-ups leave no one customer; undefined where they do. */
export function askWho({ customers: matches }: LookUps, { who }: Wish): PlaybookMove | undefined {
  if (matches.length === 1) {
    return undefined;
  }
  if (who === undefined) {
    return {
      text: "Who is the customer? Please tell me the e-mail address, the customer number or the order's number.",
    };
  }
  if (matches.length > 1) {
    return {
      text: `${matches.length} customers are known under ${who}. Which one is it? Please tell me the customer number or the order's number.`,
    };
  }
  return {
    text: `I find no customer and no order under ${who}. Please check the e-mail address, the customer number or the order's number.`,
  };
}

/** The question which order is meant. */
export function askOrder(orders: readonly ShownOrder[], why: string): PlaybookMove {
  if (orders.length === 0) {
    return { text: `${why} There are no orders on this account.` };
  }
  return {
    text: [`${why} Which order is it?`, "", ...orders.map((order) => `- ${describeOrder(order)}`)].join("\n"),
  };
}

/** The question which items are meant. */
export function askItems(order: ShownOrder, names: readonly string[]): PlaybookMove {
  const which = names.length > 0 ? names : order.items.map(({ name }) => name);
  return {
    text: `Which items of order ${order.order} is it about: ${which.join(", ")}? Please name them, or say “the whole order”.`,
  };
}

/** A customer's account and orders. */
export function tellOrders({ customers: [customer], orders, older }: LookUps, wish: Wish): PlaybookMove {
  const named = orders.filter((order) => isNumber(order, wish.order ?? wish.who));
  if (wish.order !== undefined && named.length === 0) {
    return askOrder(orders, `There is no order ${wish.order} on this account.`);
  }
  const shown = named.length > 0 ? named : orders;
  const lines = shown.map((order) => `- ${describeOrder(order)}`);
  const more = named.length > 0 || older === 0 ? [] : [`${older} older orders are not shown.`];
  return {
    text: [
      `${customer?.name} (${customer?.customer}, ${customer?.email}):`,
      "",
      ...(lines.length > 0 ? lines : ["No orders."]),
      ...more,
    ].join("\n"),
  };
}

/** The rows of the policy, in words. */
export function tellPolicy(request: PlaybookRequest): PlaybookMove {
  const policies = policiesFound(request) ?? [];
  const words = request.goal.toLowerCase();
  const named = policies.filter(({ category }) =>
    words.includes(category.toLowerCase().replaceAll("_", " ")),
  );
  const shown = named.filter(({ category }) => category !== "any");
  const rows =
    shown.length > 0
      ? policies.filter(
          ({ category }) => category === "any" || shown.some((row) => row.category === category),
        )
      : policies;
  const lines = rows.map((row) => {
    const what = `- ${row.category === "any" ? "Everything else" : row.category}, ${nameReason(row.reason)}: `;
    if (!row.refundable) {
      return `${what}not refunded. ${row.note}`.trim();
    }
    const fee = row.feePercent === null || row.feePercent === 0 ? "no fee" : `a fee of ${row.feePercent} %`;
    return `${what}within ${row.windowDays} days of delivery, ${fee}.${row.note === "" ? "" : ` ${row.note}`}`;
  });
  return { text: ["Our refund policy:", "", ...lines].join("\n") };
}

/** What is said where a look-up, the check or the reply did not come out; undefined where they did. */
export function tellTrouble(request: PlaybookRequest): PlaybookMove | undefined {
  const tools = ["find_customer", "order_history", "refund_policy", "check_refund", "draft_reply"];
  const wrong = tools
    .map((tool) => lastOf(request, tool))
    .filter((step) => step !== undefined && step.status !== "done" && step.status !== "skipped");
  if (wrong.length === 0) {
    return undefined;
  }
  const reasons = new Set(wrong.map((step) => toReason(step?.error?.message ?? "it gave no reason")));
  return { text: `I could not do this. ${[...reasons].join(" ")}` };
}

/** What a tool itself said of why it failed. */
export function toReason(message: string): string {
  return message.replace(/^The tool "\w+" (?:failed|refused its arguments): /, "");
}

function describeOrder({ order, ordered, delivered, currency, paid, refunded, items }: ShownOrder): string {
  const what = items
    .map(({ name, quantity }) => (quantity === 1 ? name : `${quantity} × ${name}`))
    .join(", ");
  const when = delivered === null ? "not delivered yet" : `delivered on ${delivered}`;
  const back = refunded === 0 ? "" : `, ${formatMoney(refunded, currency)} of it refunded`;
  return `${order}: ${what}; ordered on ${ordered}, ${when}; ${formatMoney(paid, currency)} paid${back}`;
}
