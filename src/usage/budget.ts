// The budget of a turn: says before each model call whether the limits allow it.
//
//   (1) An allowed call counts at once, at the most that it may use, until it is settled. So calls that run side by
//       side cannot break a limit together that each of them would keep alone.
//   (2) What a call used replaces what was reserved for it. Nothing is refunded twice or counted twice.
//   (3) A limit may be reached but not exceeded: a call that would go beyond it is refused.
//   (4) If only reservations stand in a call's way, it may be allowed once they are settled. The caller can wait.
//   (5) Under maxCostUsd, a model whose price is not known is not called.

import {
  type Commitment,
  findRefusal,
  type Limits,
  type PlannedCall,
  type PricedCall,
  type Refusal,
} from "./limits.js";
import { costOf, type Prices, priceOf } from "./prices.js";
import { emptyTokenUsage, type TokenUsage } from "./tokens.js";
import { addCosts, type UsageCount } from "./usage.js";

/** The usage that counts against the limits. */
export type Spending = Pick<UsageCount, "calls" | "inputTokens" | "outputTokens" | "costUsd">;

/** The options of `createBudget`. */
export interface BudgetOptions {
  /** The prices of models. */
  readonly prices: Prices;
  /** What the turn has used so far. @default nothing */
  readonly spent?: Spending;
  /** The clock, in milliseconds. */
  readonly now: () => number;
  /** When the turn began, by the same clock. */
  readonly startedAt: number;
}

/** The most that one call may use, set aside for it. */
export type Reservation = PricedCall;

/** Whether a call may be made. `mayPass`: it is refused now, but may be allowed once the calls under way have ended. */
export type BudgetVerdict =
  | { readonly ok: true; readonly reservation: Reservation }
  | (Refusal & { readonly mayPass: boolean });

/** Holds the model calls of a turn to its limits. */
export interface Budget {
  /** Sets aside the most that a call may use, or says why it must not be made. */
  reserve(call: PlannedCall): BudgetVerdict;
  /**
   * Ends a reservation with what the call used, and returns what was counted. If `tokens` is undefined, because the
   * call failed or did not say, the estimated input counts. If the reservation has already ended, nothing counts.
   */
  settle(reservation: Reservation, tokens: TokenUsage | undefined): TokenUsage;
  /** Ends a reservation whose call was never made. */
  release(reservation: Reservation): void;
  /** Resolves when the next reservation ends. */
  nextSettled(): Promise<void>;
  /** Returns what has been used, without reservations. */
  spent(): Spending;
}

/** Creates the budget of a turn under these limits. */
export function createBudget(limits: Limits, { prices, spent, now, startedAt }: BudgetOptions): Budget {
  const open = new Set<Reservation>();
  const waiting: (() => void)[] = [];
  let spending: Spending = spent ?? { calls: 0, inputTokens: 0, outputTokens: 0, costUsd: 0 };

  function costOfCall(model: string, tokens: TokenUsage): number | null {
    const price = priceOf(model, prices);
    return price === undefined ? null : costOf(tokens, price);
  }

  function committed(): Commitment {
    let { calls, costUsd } = spending;
    let tokens = spending.inputTokens + spending.outputTokens;
    for (const reservation of open) {
      calls += 1;
      tokens += reservation.inputTokens + reservation.maxOutputTokens;
      costUsd = addCosts(costUsd, reservation.costUsd);
    }
    return { elapsedMs: now() - startedAt, calls, tokens, costUsd };
  }

  /** Each call under way will certainly count as a call, but its tokens and dollars may turn out to be fewer. */
  function isAllowedLater(call: PricedCall): boolean {
    const { elapsedMs, calls } = committed();
    const tokens = spending.inputTokens + spending.outputTokens;
    const least = { elapsedMs, calls, tokens, costUsd: spending.costUsd };
    return open.size > 0 && findRefusal(limits, least, call) === undefined;
  }

  function end(reservation: Reservation): void {
    if (!open.delete(reservation)) {
      return;
    }
    for (const proceed of waiting.splice(0)) {
      proceed();
    }
  }

  return {
    reserve({ model, inputTokens, maxOutputTokens = 0 }) {
      const mostTokens = { ...emptyTokenUsage(), inputTokens, outputTokens: maxOutputTokens };
      const costUsd = costOfCall(model, mostTokens);
      const reservation = { model, inputTokens, maxOutputTokens, costUsd };
      const refusal = findRefusal(limits, committed(), reservation);
      if (refusal !== undefined) {
        return { ...refusal, mayPass: isAllowedLater(reservation) };
      }
      open.add(reservation);
      return { ok: true, reservation };
    },
    settle(reservation, tokens) {
      if (!open.has(reservation)) {
        return emptyTokenUsage();
      }
      const used = tokens ?? { ...emptyTokenUsage(), inputTokens: reservation.inputTokens };
      spending = {
        calls: spending.calls + 1,
        inputTokens: spending.inputTokens + used.inputTokens,
        outputTokens: spending.outputTokens + used.outputTokens,
        costUsd: addCosts(spending.costUsd, costOfCall(reservation.model, used)),
      };
      end(reservation);
      return used;
    },
    release(reservation) {
      end(reservation);
    },
    nextSettled: () => new Promise((resolve) => waiting.push(resolve)),
    spent: () => spending,
  };
}
