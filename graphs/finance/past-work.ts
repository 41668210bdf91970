import type { PastStep } from "langgraph-plan-execute";
import { z } from "zod";
import { PRICES_CHANGED } from "./prices/price-table.js";
import { PLACE_ORDER, placedSchema } from "./tools/place-order.js";

/** What the steps of a turn have come to, as the prompt tells it; outputs may be cut there. */
export class PastWork {
  readonly #steps: readonly PastStep[];

  constructor(steps: readonly PastStep[]) {
    this.#steps = steps;
  }

  /** The number that the ids of the next steps end with; the first steps' end with none. */
  get nextRound(): number {
    return Math.max(1, ...this.#steps.map(({ id }) => roundOf(id))) + 1;
  }

  /** Steps that did not come out right, of the newest round. */
  get trouble(): readonly PastStep[] {
    const newest = this.nextRound - 1;
    return this.#steps.filter(
      ({ id, status }) => roundOf(id) === newest && status !== "done" && status !== "skipped",
    );
  }

  /** Whether something failed because the prices are other ones than those that it was worked out from. */
  get pricesChanged(): boolean {
    return this.trouble.some(({ error }) => error?.message.includes(PRICES_CHANGED) === true);
  }

  /** The newest step of a tool that came out right. */
  done(tool: string): PastStep | undefined {
    return this.#steps.findLast((step) => step.tool === tool && step.status === "done");
  }

  /** The version of the prices that was loaded last. A long output is cut, but begins with it. */
  get version(): string | undefined {
    const output = this.done("load_prices")?.output;
    return /"version":"((?:[^"\\]|\\.)*)"/.exec(
      typeof output === "string" ? output : JSON.stringify(output ?? ""),
    )?.[1];
  }

  /** What was placed, in all rounds. */
  get placed(): readonly z.infer<typeof placedSchema>[] {
    return this.#orderSteps
      .flatMap(({ output }) => itemsOf(output))
      .flatMap((item) => {
        const placed = placedSchema.safeParse(item);
        return placed.success ? [placed.data] : [];
      });
  }

  /** What came of the orders that were not placed, in all rounds: by symbol where it can be told, and in words. */
  get notPlaced(): readonly { readonly symbol?: string; readonly status: string; readonly why: string }[] {
    return this.#orderSteps.flatMap((step) => {
      const orders = this.#ordersBefore(step);
      const named = [
        ...(step.error?.message ?? "").matchAll(
          /\[(\d+)\] ended (\w+) \((.*?)\)(?=; \S+\[\d+\] ended|; and \d+ more|$)/gs,
        ),
      ];
      return named.map(([, index, status = "", why = ""]) => ({
        symbol: orders[Number(index)],
        status,
        why,
      }));
    });
  }

  get #orderSteps(): readonly PastStep[] {
    return this.#steps.filter(({ tool }) => tool === PLACE_ORDER);
  }

  /** The symbols of the orders that a step of orders was made of. */
  #ordersBefore(step: PastStep): readonly (string | undefined)[] {
    const before = this.#steps.slice(0, this.#steps.indexOf(step));
    const risk = before.findLast(({ tool, status }) => tool === "check_risk" && status === "done");
    const parsed = z.object({ orders: z.array(z.object({ symbol: z.string() })) }).safeParse(risk?.output);
    return parsed.success ? parsed.data.orders.map(({ symbol }) => symbol) : [];
  }
}

/** The round that a step belongs to: what its id ends with. */
function roundOf(id: string): number {
  return Number(/\d+$/.exec(id)?.[0] ?? 1);
}

function itemsOf(output: unknown): readonly unknown[] {
  return Array.isArray(output) ? output : [];
}
