// What the offline model knows of a support desk. It looks up what is named, reads what came of it, asks where that
// leaves a doubt, and else has the policy worked out, the refund made and the reply written. Words that come later
// (in the next turn, or while the refund waits) are read together with the earlier ones, and the plan is made anew.
import { isDeepStrictEqual } from "node:util";
import type {
  JsonValue,
  Playbook,
  PlaybookMove,
  PlaybookRequest,
  PlaybookStep,
} from "langgraph-plan-execute";
import { askItems, askOrder, askWho, tellOrders, tellPolicy, tellTrouble, toReason } from "./answers.js";
import { type Choice, chooseItems, fitsOthersBetter, namesAny } from "./choose-items.js";
import { isNumber, lastOf, lookUpsFor, type ShownOrder } from "./past-outputs.js";
import { isOfField, readMessage, saysMore } from "./read-message.js";
import { allWords, newWords, quoteWords } from "./said-words.js";
import { understand, type Wish } from "./understand.js";

const MOST_REFUNDS_TRIED = 2;

/** The rules of the support desk; undefined for goals that are none of its. */
export const supportPlaybook: Playbook = (request) => {
  const first = allWords(request).findIndex(isOfField);
  const goalAt = request.conversation.filter(({ from }) => from === "person").length;
  if (first < 0 || first > goalAt) {
    return undefined;
  }
  if (!isOfField(request.goal) && !saysMore(readMessage(request.goal)) && !wasAsked(request)) {
    return undefined;
  }
  const wish = understand(allWords(request).slice(first));
  if (wish.intent === "stop") {
    return { text: "Very well: nothing is refunded." };
  }
  if (wish.intent === "other") {
    return {
      text: "I can look up accounts, orders and the refund policy, check and prepare refunds, and draft replies. I cannot change orders or accounts.",
    };
  }
  return request.kind === "plan" ? lookUp(request, wish) : goOn(request, wish);
};

/** Whether the last thing said was a question of ours: whatever comes then is its answer. */
function wasAsked({ conversation }: PlaybookRequest): boolean {
  const last = conversation.at(-1);
  return last?.from === "agent" && /\?|Please tell me/.test(last.text);
}

/** The look-ups, side by side. */
function lookUp(request: PlaybookRequest, { intent, who, order }: Wish): PlaybookMove {
  const words = newWords(request);
  const id = (name: string) => freeId(request, name);
  const policy: PlaybookStep = {
    id: id("policy"),
    description: "Look up the refund policy",
    tool: "refund_policy",
    args: {},
  };
  if (intent === "policy") {
    return { steps: [policy] };
  }
  const of = who ?? "the customer who is logged in";
  const account: PlaybookStep = {
    id: id("account"),
    description: quoteWords(`Find the account of ${of}`, words),
    tool: "find_customer",
    args: accountArgs({ who }),
  };
  const orders: PlaybookStep = {
    id: id("orders"),
    description: quoteWords(`Look up the orders of ${of}`, words),
    tool: "order_history",
    args: historyArgs({ who, order }),
  };
  const isRefund = intent !== "orders" && lastOf(request, "refund_policy") === undefined;
  return { steps: [account, orders, ...(isRefund ? [policy] : [])].filter((step) => !isDone(request, step)) };
}

/** What follows from what has ended, and from what was said meanwhile. */
function goOn(request: PlaybookRequest, wish: Wish): PlaybookMove {
  const isTold = newWords(request) !== undefined;
  const trouble = isTold ? undefined : tellTrouble(request);
  if (trouble !== undefined) {
    return trouble;
  }
  if (wish.intent === "policy") {
    return tellPolicy(request);
  }
  const found = lookUpsFor(request, wish);
  if (found === undefined) {
    return lookUp(request, wish);
  }
  const doubt = askWho(found, wish);
  if (doubt !== undefined) {
    return doubt;
  }
  if (wish.intent === "orders") {
    return tellOrders(found, wish);
  }
  const refund = lastOf(request, "refund");
  if (!isTold && refund !== undefined && refund.status !== "done") {
    return afterRefund(request, wish, refund);
  }
  return settle(request, wish, found.orders);
}

/** What is done once the order and its items are clear; else the question that makes them so. */
function settle(request: PlaybookRequest, wish: Wish, orders: readonly ShownOrder[]): PlaybookMove {
  if (wish.orders.length > 1) {
    return {
      text: `I can deal with one order at a time: which of ${wish.orders.join(", ")} shall be first?`,
    };
  }
  const order = chooseOrder(wish, orders);
  if ("text" in order || "steps" in order) {
    return order;
  }
  const choice = chooseItems(order, wish.texts);
  const isOne = order.items.length === 1;
  if (choice.kind === "unclear") {
    return askItems(order, choice.names);
  }
  const others = orders.filter((other) => other !== order);
  const isElsewhere = choice.kind !== "all" && fitsOthersBetter(order, others, wish.texts);
  const isVague = choice.kind === "none" && !isOne && wish.reason !== "changed_mind";
  if (isElsewhere || isVague) {
    return askItems(order, []);
  }
  const { amount } = wish;
  if (amount?.currency !== undefined && amount.currency !== order.currency) {
    return {
      text: `Order ${order.order} was paid in ${order.currency}. How much is to be refunded in ${order.currency}?`,
    };
  }
  const part: Record<string, JsonValue> = amount === undefined ? {} : { amount: amount.value };
  return toSteps(request, wish.intent === "refund", {
    order: order.order,
    ...toItems(choice),
    reason: wish.reason,
    ...part,
  });
}

function chooseOrder(wish: Wish, orders: readonly ShownOrder[]): ShownOrder | PlaybookMove {
  // A number that came alone is the customer's or the order's: the look-ups tell.
  const named = orders.find((order) => isNumber(order, wish.order ?? wish.who));
  if (named !== undefined) {
    return named;
  }
  if (wish.order !== undefined) {
    return askOrder(orders, `There is no order ${wish.order} on this account.`);
  }
  const [only, ...others] = orders;
  if (only !== undefined && others.length === 0) {
    return only;
  }
  const [meant, ...further] = orders.filter((order) => {
    const rest = orders.filter((other) => other !== order);
    return namesAny(order, wish.texts) && !fitsOthersBetter(order, rest, wish.texts);
  });
  if (meant !== undefined && further.length === 0) {
    return meant;
  }
  return askOrder(orders, "I cannot tell which order is meant.");
}

function toItems(choice: Choice): { readonly items?: JsonValue } {
  return choice.kind === "items" ? { items: choice.items.map((item) => ({ ...item })) } : {};
}

/** Check, refund and reply. What was checked before is not checked again. */
function toSteps(
  request: PlaybookRequest,
  isRefund: boolean,
  asked: Readonly<Record<string, JsonValue>>,
): PlaybookMove {
  const words = newWords(request);
  const planned: PlaybookStep = {
    id: freeId(request, "check"),
    description: quoteWords(`Check what the policy allows for order ${asked.order}`, words),
    tool: "check_refund",
    args: asked,
  };
  const known = isDone(request, planned);
  const check = known?.id ?? planned.id;
  const { amount: _, ...what } = asked;
  const refund: PlaybookStep = {
    id: freeId(request, "refund"),
    description: quoteWords("Refund it, once a person has approved", words),
    tool: "refund",
    args: { ...what, amount: `{{${check}.amount}}`, currency: `{{${check}.currency}}` },
    if: `{{${check}.refundable}}`,
  };
  const reply: PlaybookStep = {
    id: freeId(request, "reply"),
    description: "Write the reply to the customer",
    tool: "draft_reply",
    args: { check: `{{${check}}}`, ...(isRefund ? { refund: `{{${refund.id}}}` } : {}) },
  };
  return {
    steps: [...(known === undefined ? [planned] : []), ...(isRefund ? [refund] : []), reply],
    answer: reply.id,
  };
}

/** A refund that was not made: a person rejected it, less was left than was to be refunded, or it may not be. */
function afterRefund(
  request: PlaybookRequest,
  wish: Wish,
  refund: PlaybookRequest["pastSteps"][number],
): PlaybookMove {
  const check = lastOf(request, "check_refund");
  const message = toReason(refund.error?.message ?? "");
  if (refund.status === "rejected" && check !== undefined) {
    const declined = message === "A person rejected this action." ? "" : message;
    const args = { check: `{{${check.id}}}`, declined };
    const id = freeId(request, "reply");
    return {
      steps: [{ id, description: "Write the reply to the customer", tool: "draft_reply", args }],
      answer: id,
    };
  }
  const tried = request.pastSteps.filter(({ tool }) => tool === "refund").length;
  const left = /only (\d+\.\d\d) [A-Z]{3} is left/.exec(message)?.[1];
  if (left !== undefined && tried < MOST_REFUNDS_TRIED && check?.args !== undefined) {
    return toSteps(request, wish.intent === "refund", { ...check.args, amount: Number(left) });
  }
  return { text: `Nothing was refunded. ${message}` };
}

function accountArgs({ who }: Pick<Wish, "who">): Record<string, string> {
  return who === undefined ? {} : { who };
}

function historyArgs({ who, order }: Pick<Wish, "who" | "order">): Record<string, string> {
  return { ...accountArgs({ who }), ...(order === undefined ? {} : { order }) };
}

function isDone({ pastSteps }: PlaybookRequest, { tool, args }: PlaybookStep) {
  return pastSteps.find(
    (step) => step.status === "done" && step.tool === tool && isDeepStrictEqual(step.args, args),
  );
}

/** A name that no step has: what is planned anew is never taken for what was planned before. */
function freeId({ pastSteps, remaining }: PlaybookRequest, name: string): string {
  const taken = new Set([...pastSteps, ...remaining].map(({ id }) => id));
  if (!taken.has(name)) {
    return name;
  }
  for (let count = 2; ; count += 1) {
    if (!taken.has(`${name}-${count}`)) {
      return `${name}-${count}`;
    }
  }
}
