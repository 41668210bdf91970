// The pace of model providers, which all workers share. When a provider says that it is asked too often (429, or how long
// to wait), the run that was told so waits and tries again, as ever. All others of all workers wait as long before they
// ask that provider anything: its row in the database says until when.
import { z } from "zod";
import type { AgentEvent } from "../../events/index.js";
import { type Budget, type LedgerRefusal, noSpending, type PricedCall } from "../../usage/index.js";
import type { QueueDatabase } from "../pg-boss.js";

const rowsSchema = z.array(z.object({ provider: z.string(), ms: z.coerce.number() }));

/** Lets calls wait for their provider, as a budget that refuses nothing for good. */
export class ProviderPace implements Budget {
  readonly limits = {};
  readonly #db: QueueDatabase;
  /** Until when a provider is not asked, by the clock of `performance`. */
  readonly #until = new Map<string, number>();
  /** How long the call that was asked about last has to wait; undefined: it need not. */
  #refusedMs: number | undefined;

  constructor(db: QueueDatabase) {
    this.#db = db;
  }

  /** Notes that a provider wants to be asked less often. */
  async hear(event: AgentEvent): Promise<void> {
    if (event.type !== "model.retried" || event.tooOften !== true || event.model === undefined) {
      return;
    }
    const provider = providerOf(event.model);
    this.#wait(provider, event.delayMs);
    await this.#db.executeSql(
      `insert into plan_execute_pace as pace (provider, until) values ($1, now() + $2 * interval '1 millisecond')
        on conflict (provider) do update set until = greatest(pace.until, excluded.until)`,
      [provider, event.delayMs],
    );
  }

  /** Reads what other workers have heard. */
  async refresh(): Promise<void> {
    const { rows } = await this.#db.executeSql(
      "select provider, extract(epoch from until - now()) * 1000 as ms from plan_execute_pace where until > now()",
    );
    for (const { provider, ms } of rowsSchema.parse(rows)) {
      this.#wait(provider, ms);
    }
  }

  readonly refuse = ({ model }: PricedCall): LedgerRefusal | undefined => {
    const leftMs = (this.#until.get(providerOf(model)) ?? 0) - performance.now();
    this.#refusedMs = leftMs > 0 ? leftMs : undefined;
    const message = `The provider of "${model}" is asked too often.`;
    return leftMs > 0 ? { ok: false, limit: "maxModelCalls", message, mayPass: true } : undefined;
  };

  readonly open = (): void => {};

  readonly settle = (): boolean => false;

  /** Resolves when the provider of the call that was refused last may be asked again; never, if none was. */
  readonly nextSettled = (): Promise<void> => {
    const ms = this.#refusedMs;
    return new Promise((resolve) => {
      if (ms !== undefined) {
        setTimeout(resolve, ms);
      }
    });
  };

  readonly spent = noSpending;

  #wait(provider: string, ms: number): void {
    this.#until.set(provider, Math.max(this.#until.get(provider) ?? 0, performance.now() + ms));
  }
}

/** "openai" of "openai:gpt-4.1"; a model that was given as an instance stands for its provider. */
function providerOf(model: string): string {
  return model.split(":", 1)[0] ?? model;
}
