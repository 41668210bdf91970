import type { Budget } from "./ledger.js";

/** Makes one budget of two: a call is allowed if both allow it. */
export function joinBudgets(one: Budget | undefined, other: Budget | undefined): Budget | undefined {
  if (one === undefined || other === undefined) {
    return one ?? other;
  }
  return {
    limits: other.limits,
    refuse(call) {
      const refusals = [one, other].flatMap((budget) => budget.refuse(call) ?? []);
      return refusals.find(({ mayPass }) => !mayPass) ?? refusals[0];
    },
    open(reservation) {
      one.open(reservation);
      other.open(reservation);
    },
    settle(reservation, used) {
      const wasOpen = one.settle(reservation, used);
      return other.settle(reservation, used) || wasOpen;
    },
    nextSettled: () => Promise.race([one.nextSettled(), other.nextSettled()]),
    spent: () => other.spent(),
  };
}
