// A ledger adds up what model calls use, and says before each call whether its limits allow it.
//
//   (1) An allowed call counts at once, at the most that it may use, until it is settled. So calls that run side by
//       side cannot break a limit together that each of them would keep alone.
//   (2) What a call used replaces what was reserved for it. Nothing is refunded twice or counted twice.
//   (3) A limit may be reached but not exceeded: a call that would go beyond it is refused.
//   (4) If only reservations stand in a call's way, it may be allowed once they are settled. The caller can wait.
//   (5) Under maxCostUsd, a model whose price is not known is not called.

import type { z } from "zod";
import {
  type Commitment,
  findRefusal,
  type LimitOwner,
  type Limits,
  type PricedCall,
  type Refusal,
} from "./limits.js";
import { addCosts, usageCountSchema } from "./usage.js";

/** The schema of the usage that counts against limits. */
export const spendingSchema = usageCountSchema.pick({
  calls: true,
  inputTokens: true,
  outputTokens: true,
  costUsd: true,
});

/** The usage that counts against limits. */
export type Spending = z.infer<typeof spendingSchema>;

/** The most that one call may use, set aside for it. */
export type Reservation = PricedCall;

/** Why a call may not be made now. `mayPass`: it may be allowed once the calls under way have ended. */
export interface LedgerRefusal extends Refusal {
  readonly mayPass: boolean;
}

/** Holds model calls to limits. */
export interface Ledger {
  /** Says why a call must not be made; undefined if it may be made. */
  refuse(call: PricedCall): LedgerRefusal | undefined;
  /** Sets aside the most that an allowed call may use. */
  open(reservation: Reservation): void;
  /** Ends a reservation with what the call used. Returns whether the reservation was open; otherwise nothing counts. */
  settle(reservation: Reservation, used: Omit<Spending, "calls">): boolean;
  /** Resolves when the next reservation ends. */
  nextSettled(): Promise<void>;
  /** Returns what has been used, without reservations. */
  spent(): Spending;
}

/** What the runs that share a budget may use together; what is left out has no limit. */
export type BudgetLimits = Pick<Limits, "maxModelCalls" | "maxTokens" | "maxCostUsd">;

/** A budget that runs share: the option `budget` of every agent that takes part. */
export interface Budget extends Ledger {
  readonly limits: BudgetLimits;
}

/** Returns what is used before the first call. */
export function noSpending(): Spending {
  return { calls: 0, inputTokens: 0, outputTokens: 0, costUsd: 0 };
}

/** Creates a ledger that starts from what was spent before. `elapsedMs` tells the time that counts. */
export function createLedger(
  limits: Limits,
  owner: LimitOwner,
  spentBefore: Spending,
  elapsedMs: () => number,
): Ledger {
  const reservations = new Set<Reservation>();
  const waiting: (() => void)[] = [];
  let spending = spentBefore;

  function committed(): Commitment {
    let { calls, costUsd } = spending;
    let tokens = spending.inputTokens + spending.outputTokens;
    for (const reservation of reservations) {
      calls += 1;
      tokens += reservation.inputTokens + reservation.maxOutputTokens;
      costUsd = addCosts(costUsd, reservation.costUsd);
    }
    return { elapsedMs: elapsedMs(), calls, tokens, costUsd };
  }

  /** Each call under way will certainly count as a call, but its tokens and dollars may turn out to be fewer. */
  function isAllowedLater(call: PricedCall): boolean {
    const tokens = spending.inputTokens + spending.outputTokens;
    const least = { ...committed(), tokens, costUsd: spending.costUsd };
    return reservations.size > 0 && findRefusal(limits, least, call, owner) === undefined;
  }

  return {
    refuse(call) {
      const refusal = findRefusal(limits, committed(), call, owner);
      return refusal && { ...refusal, mayPass: isAllowedLater(call) };
    },
    open(reservation) {
      reservations.add(reservation);
    },
    settle(reservation, used) {
      if (!reservations.delete(reservation)) {
        return false;
      }
      spending = {
        calls: spending.calls + 1,
        inputTokens: spending.inputTokens + used.inputTokens,
        outputTokens: spending.outputTokens + used.outputTokens,
        costUsd: addCosts(spending.costUsd, used.costUsd),
      };
      for (const proceed of waiting.splice(0)) {
        proceed();
      }
      return true;
    },
    nextSettled: () => new Promise((resolve) => waiting.push(resolve)),
    spent: () => spending,
  };
}
