// What a tenant may use in a day, held over all workers. Each worker takes small parts of the day's limits from the
// database, and its runs use them up: so no call waits for the database but the first of each part, and all workers
// together cannot use more than there is. What is left of its parts a worker gives back when it ends; what a worker that
// was killed had is lost for the day.
import { z } from "zod";
import {
  type Budget,
  type LedgerRefusal,
  noSpending,
  type PricedCall,
  type Reservation,
} from "../../usage/index.js";
import { type Boss, inTransaction } from "../pg-boss.js";

/** What a tenant may use in a day. */
export interface DayLimits {
  readonly modelCalls?: number;
  readonly costUsd?: number;
}

interface Part {
  readonly calls: number;
  readonly costUsd: number;
}

/** How many calls a part has, unless less is left. */
const CALLS_OF_PART = 5;
/** How many parts of a day's dollars there are. */
const PARTS_OF_DOLLARS = 100;
/** How long a worker assumes that nothing is left. Others may give something back later. */
const EMPTY_MS = 5_000;
const NOTHING: Part = { calls: 0, costUsd: 0 };

const spentSchema = z.tuple([z.object({ calls: z.coerce.number(), cost_usd: z.coerce.number() })]);

/** The budgets of a worker's tenants. */
export class TenantBudgets {
  readonly #boss: Boss;
  readonly #limitsOf: (tenant: string) => DayLimits;
  readonly #budgets = new Map<string, TenantBudget>();

  constructor(boss: Boss, limitsOf: (tenant: string) => DayLimits) {
    this.#boss = boss;
    this.#limitsOf = limitsOf;
  }

  /** The budget of a tenant; undefined: it has no limits. */
  of(tenant: string): Budget | undefined {
    const limits = this.#limitsOf(tenant);
    if (limits.modelCalls === undefined && limits.costUsd === undefined) {
      return undefined;
    }
    const known = this.#budgets.get(tenant);
    const budget = known ?? new TenantBudget(this.#boss, tenant, limits);
    this.#budgets.set(tenant, budget);
    return budget;
  }

  /** Gives back what was not used. */
  async close(): Promise<void> {
    await Promise.allSettled([...this.#budgets.values()].map((budget) => budget.giveBack()));
  }
}

class TenantBudget implements Budget {
  readonly limits = {};
  readonly #boss: Boss;
  readonly #tenant: string;
  readonly #limits: DayLimits;
  readonly #reservations = new Set<Reservation>();
  readonly #waiting: (() => void)[] = [];
  #day = today();
  #taken = NOTHING;
  #used = NOTHING;
  #taking: Promise<void> | undefined;
  #emptyAt = Number.NEGATIVE_INFINITY;

  constructor(boss: Boss, tenant: string, limits: DayLimits) {
    this.#boss = boss;
    this.#tenant = tenant;
    this.#limits = limits;
  }

  readonly refuse = (call: PricedCall): LedgerRefusal | undefined => {
    if (this.#day !== today()) {
      this.#day = today();
      this.#taken = NOTHING;
      this.#used = NOTHING;
    }
    const { modelCalls, costUsd } = this.#limits;
    if (costUsd !== undefined && call.costUsd === null) {
      const message = `The price of "${call.model}" is not known, so the tenant's dollars a day cannot be kept. Set prices["${call.model}"].`;
      return { ok: false, limit: "maxCostUsd", message, mayPass: false };
    }
    const missing = this.#missing(call);
    const limit = missing.calls > 0 ? "maxModelCalls" : "maxCostUsd";
    if (missing.calls <= 0 && missing.costUsd <= 0) {
      return undefined;
    }
    const isEmpty = Date.now() - this.#emptyAt < EMPTY_MS;
    if (!isEmpty) {
      this.#taking ??= this.#take(missing).finally(() => {
        this.#taking = undefined;
        this.#proceed();
      });
    }
    const most = limit === "maxModelCalls" ? `${modelCalls} model calls` : `${costUsd} USD`;
    const message = `The tenant "${this.#tenant}" may use ${most} a day, and the rest does not do. It begins anew at midnight, UTC.`;
    return { ok: false, limit, message, mayPass: !isEmpty || this.#reservations.size > 0 };
  };

  readonly open = (reservation: Reservation): void => {
    this.#reservations.add(reservation);
  };

  readonly settle: Budget["settle"] = (reservation, used) => {
    if (!this.#reservations.delete(reservation)) {
      return false;
    }
    const { calls, costUsd } = this.#used;
    this.#used = { calls: calls + 1, costUsd: costUsd + (used.costUsd ?? 0) };
    this.#proceed();
    return true;
  };

  readonly nextSettled = (): Promise<void> => new Promise((resolve) => this.#waiting.push(resolve));

  readonly spent = () => ({ ...noSpending(), ...this.#used });

  async giveBack(): Promise<void> {
    await this.#taking;
    const calls = this.#taken.calls - this.#used.calls;
    const costUsd = this.#taken.costUsd - this.#used.costUsd;
    this.#taken = this.#used;
    await this.#boss
      .getDb()
      .executeSql(
        "update plan_execute_spending set calls = calls - $3, cost_usd = cost_usd - $4 where tenant = $1 and day = $2::date",
        [this.#tenant, this.#day, calls, costUsd],
      );
  }

  /** Returns how much a call needs beyond what is left. */
  #missing(call: PricedCall): Part {
    const { modelCalls, costUsd } = this.#limits;
    const reserved = [...this.#reservations].reduce((sum, one) => sum + (one.costUsd ?? 0), 0);
    const calls = this.#used.calls + this.#reservations.size + 1 - this.#taken.calls;
    const dollars = this.#used.costUsd + reserved + (call.costUsd ?? 0) - this.#taken.costUsd;
    return { calls: modelCalls === undefined ? 0 : calls, costUsd: costUsd === undefined ? 0 : dollars };
  }

  /** Takes a part of what is left of the day's limits. */
  async #take(missing: Part): Promise<void> {
    const { modelCalls = Number.POSITIVE_INFINITY, costUsd = Number.POSITIVE_INFINITY } = this.#limits;
    const day = this.#day;
    try {
      const got = await inTransaction(this.#boss, undefined, async (db) => {
        const key = [this.#tenant, day];
        await db.executeSql(
          "insert into plan_execute_spending (tenant, day) values ($1, $2::date) on conflict do nothing",
          key,
        );
        const { rows } = await db.executeSql(
          "select calls, cost_usd from plan_execute_spending where tenant = $1 and day = $2::date for update",
          key,
        );
        const [spent] = spentSchema.parse(rows);
        const part = {
          calls: partOf(missing.calls, CALLS_OF_PART, modelCalls - spent.calls),
          costUsd: partOf(missing.costUsd, costUsd / PARTS_OF_DOLLARS, costUsd - spent.cost_usd),
        };
        await db.executeSql(
          "update plan_execute_spending set calls = calls + $3, cost_usd = cost_usd + $4 where tenant = $1 and day = $2::date",
          [...key, part.calls, part.costUsd],
        );
        return part;
      });
      const { calls, costUsd: dollars } = this.#taken;
      this.#taken = { calls: calls + got.calls, costUsd: dollars + got.costUsd };
      this.#emptyAt = got.calls < missing.calls || got.costUsd < missing.costUsd ? Date.now() : this.#emptyAt;
    } catch {
      // The database does not answer. Nothing is called until it does, or the run's own time is up.
      await new Promise((resolve) => setTimeout(resolve, 1_000));
    }
  }

  #proceed(): void {
    for (const proceed of this.#waiting.splice(0)) {
      proceed();
    }
  }
}

function partOf(missing: number, usual: number, left: number): number {
  return missing <= 0 ? 0 : Math.max(0, Math.min(Math.max(missing, usual), left));
}

function today(): string {
  return new Date().toISOString().slice(0, 10);
}
