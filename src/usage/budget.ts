// The budget of a turn: says before each model call whether the limits allow it.
//
//   (1) A call that is allowed is counted at once, at the most that it is said to use, until it is settled: calls
//       that run side by side cannot pass a limit together that none would have passed alone.
//   (2) What a call used replaces what was reserved for it. Nothing is refunded twice, or counted twice.
//   (3) A limit is what may be reached: a call is refused where it would go beyond.
//   (4) A call that only reservations stand against may be allowed when they are settled: whoever asks can wait.
//   (5) Under maxCostUsd nothing is called whose cost cannot be known.

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

/** What counts against the limits. */
export type Spending = Pick<UsageCount, "calls" | "inputTokens" | "outputTokens" | "costUsd">;

/** What a budget starts from. */
export interface BudgetOptions {
  /** What models cost. */
  readonly prices: Prices;
  /** What the turn has used so far. @default nothing */
  readonly spent?: Spending;
  /** The clock, in milliseconds. */
  readonly now: () => number;
  /** When the turn began, by that clock. */
  readonly startedAt: number;
}

/** What is set aside for one call. */
export type Reservation = PricedCall;

/** Whether a call may be made; `mayPass`: it may be allowed when the calls under way have ended. */
export type BudgetVerdict =
  | { readonly ok: true; readonly reservation: Reservation }
  | (Refusal & { readonly mayPass: boolean });

/** What is left of a turn's limits. */
export interface Budget {
  /** Sets aside what a call may use, or says why it must not be made. */
  reserve(call: PlannedCall): BudgetVerdict;
  /**
   * Ends a reservation with what the call used, and gives what was counted. Where the call failed or did not
   * say what it used, its estimated input is counted; nothing where the reservation has ended before.
   */
  settle(reservation: Reservation, tokens: TokenUsage | undefined): TokenUsage;
  /** Ends a reservation whose call was never made. */
  release(reservation: Reservation): void;
  /** Resolves when the next reservation ends. */
  nextSettled(): Promise<void>;
  /** What has been used, without what is only reserved. */
  spent(): Spending;
}

/** The budget of a turn under these limits. */
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

  /** Each call under way will count as one; its tokens and dollars may turn out to be fewer. */
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
