// The budget of a turn: holds its model calls to its own limits, and to those of a budget that it shares with others.
import { createLedger, type Ledger, noSpending, type Reservation, type Spending } from "./ledger.js";
import type { Limits, PlannedCall, Refusal } from "./limits.js";
import { costOf, type Prices, priceOf } from "./prices.js";
import { emptyTokenUsage, type TokenUsage } from "./tokens.js";

/** Whether a call may be made. `mayPass`: it is refused now, but may be allowed once the calls under way have ended. */
export type BudgetVerdict =
  | { readonly ok: true; readonly reservation: Reservation }
  | (Refusal & { readonly mayPass: boolean });

/** Holds the model calls of a turn to its limits, and to those of the budget that it shares. */
export interface TurnBudget {
  /** Sets aside the most that a call may use, or says why it must not be made. */
  reserve(call: PlannedCall): BudgetVerdict;
  /**
   * Ends a reservation with what the call used, and returns what was counted. If `tokens` is undefined, because the
   * call failed or did not say, the estimated input counts. If the reservation has already ended, nothing counts.
   */
  settle(reservation: Reservation, tokens: TokenUsage | undefined): TokenUsage;
  /** Resolves when the next reservation ends. */
  nextSettled(): Promise<void>;
  /** Returns what the turn has used, without reservations. */
  spent(): Spending;
}

/** The options of `createTurnBudget`. */
export interface TurnBudgetOptions {
  /** The prices of models. */
  readonly prices: Prices;
  /** What the turn has used so far. @default nothing */
  readonly spent?: Spending;
  /** The clock, in milliseconds. */
  readonly now: () => number;
  /** When the turn began, by the same clock. */
  readonly startedAt: number;
  /** The budget that the turn shares with others. @default none */
  readonly shared?: Ledger;
}

/** Creates the budget of a turn under these limits. */
export function createTurnBudget(
  limits: Limits,
  { prices, spent = noSpending(), now, startedAt, shared }: TurnBudgetOptions,
): TurnBudget {
  const own = createLedger(
    limits,
    { subject: "The turn has", option: "limits" },
    spent,
    () => now() - startedAt,
  );
  const ledgers = shared === undefined ? [own] : [own, shared];

  function costOfCall(model: string, tokens: TokenUsage): number | null {
    const price = priceOf(model, prices);
    return price === undefined ? null : costOf(tokens, price);
  }

  return {
    reserve({ model, inputTokens, maxOutputTokens = 0 }) {
      const mostTokens = { ...emptyTokenUsage(), inputTokens, outputTokens: maxOutputTokens };
      const reservation = { model, inputTokens, maxOutputTokens, costUsd: costOfCall(model, mostTokens) };
      const refusals = ledgers.flatMap((ledger) => ledger.refuse(reservation) ?? []);
      const refusal = refusals.find(({ mayPass }) => !mayPass) ?? refusals[0];
      if (refusal !== undefined) {
        return refusal;
      }
      for (const ledger of ledgers) {
        ledger.open(reservation);
      }
      return { ok: true, reservation };
    },
    settle(reservation, tokens) {
      const used = tokens ?? { ...emptyTokenUsage(), inputTokens: reservation.inputTokens };
      const counted = { ...used, costUsd: costOfCall(reservation.model, used) };
      const wasOpen = ledgers.map((ledger) => ledger.settle(reservation, counted));
      return wasOpen.includes(true) ? used : emptyTokenUsage();
    },
    // The shared ledger has the turn's own reservations too.
    nextSettled: () => (shared ?? own).nextSettled(),
    spent: () => own.spent(),
  };
}
