import type { ApprovalRule } from "langgraph-plan-execute";
import { refundSchema } from "./make-refund.js";
import { formatMoney } from "./money.js";
import { nameReason } from "./policy.js";

/** Every refund waits for a person; a caller's rule may say how it is shown and answered, not that it does not. */
export function approveRefund(given: boolean | ApprovalRule | undefined): ApprovalRule {
  const { when: _, ...rule } = typeof given === "object" ? given : {};
  return {
    description: (args) => {
      const { amount, currency, order, items, reason } = refundSchema.parse(args);
      const what =
        items === undefined
          ? ""
          : ` for ${items.map(({ item, quantity }) => (quantity === undefined ? item : `${quantity} of ${item}`)).join(", ")}`;
      return `Refund ${formatMoney(amount, currency)} of order ${order}${what} (${nameReason(reason)}). What you say when you reject it is told to the customer.`;
    },
    ...rule,
  };
}
