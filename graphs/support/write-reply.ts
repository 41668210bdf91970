import { z } from "zod";
import { type RefundCheck, refundCheckSchema } from "./check-refund.js";
import { madeRefundSchema } from "./make-refund.js";
import { formatMoney } from "./money.js";
import { nameReason } from "./policy.js";

/** What a reply is written from. */
export const replySchema = z.object({
  check: refundCheckSchema.describe('The output of check_refund, as a reference: "{{check}}"'),
  refund: madeRefundSchema
    .nullish()
    .describe('The output of refund, as a reference: "{{refund}}"; null where nothing was refunded'),
  declined: z.string().optional().describe("The words of the person who rejected the refund, where one did"),
});

/** Writes the message to the customer: what was refunded, what was not and why, with the amounts of the check. */
export function writeReply({ check, refund, declined }: z.infer<typeof replySchema>): string {
  const parts = [
    `Dear ${check.name},`,
    `thank you for your message about order ${check.order}.`,
    ...toOutcome(check, refund ?? undefined, declined),
    "Kind regards,\nCustomer support",
  ];
  return parts.join("\n\n");
}

function toOutcome(
  check: RefundCheck,
  refund: z.infer<typeof madeRefundSchema> | undefined,
  declined: string | undefined,
): string[] {
  const money = (amount: number) => formatMoney(amount, check.currency);
  const granted = check.lines.filter(({ amount }) => amount > 0);
  const refused = check.lines.filter(({ amount }) => amount === 0);
  const refusals =
    refused.length === 0
      ? []
      : ["We cannot refund:", ...refused.map(({ name, why }) => `- ${name}: ${why}.`)];
  if (refund !== undefined) {
    const isAsChecked = refund.amount === check.allowed;
    const lines = isAsChecked ? granted.map((line) => toLine(line, check)) : [];
    return [
      [`We have refunded ${money(refund.amount)} to you.`, ...compare(refund.amount, check), ...lines].join(
        "\n",
      ),
      ...(refusals.length === 0 ? [] : [refusals.join("\n")]),
    ];
  }
  if (declined !== undefined) {
    const words = declined.trim();
    return [
      `We have looked into a refund of ${money(check.amount)}, and it was not approved${words === "" ? "." : `: ${words.replace(/[.\s]+$/, "")}.`} Nothing was refunded.`,
    ];
  }
  if (!check.refundable) {
    return [`We cannot refund anything of it.`, refusals.slice(1).join("\n")];
  }
  return [
    [
      `${money(check.amount)} can be refunded for it (${nameReason(check.reason)}). It has not been refunded yet.`,
      ...granted.map((line) => toLine(line, check)),
    ].join("\n"),
    ...(refusals.length === 0 ? [] : [refusals.join("\n")]),
  ];
}

/** What is said where the amount is not what the policy comes to. */
function compare(amount: number, { allowed, amount: asked, currency }: RefundCheck): string[] {
  const byPolicy = formatMoney(allowed, currency);
  if (amount > allowed) {
    return [`By our policy it would have been ${byPolicy}.`];
  }
  if (amount < allowed && amount !== asked) {
    return [`By our policy it could have been up to ${byPolicy}.`];
  }
  return [];
}

function toLine(line: RefundCheck["lines"][number], { currency }: RefundCheck): string {
  const { name, quantity, paid, fee, amount } = line;
  const money = (value: number) => formatMoney(value, currency);
  const what = quantity === 1 ? name : `${quantity} × ${name}`;
  const less = [
    ...(fee > 0 ? [`less a restocking fee of ${money(fee)}`] : []),
    ...(paid - fee - amount > 0.001 ? ["less what was refunded before"] : []),
  ];
  return `- ${what}: ${money(amount)} (${[`${money(paid)} paid`, ...less].join(", ")})`;
}
