import { describe, expect, it } from "vitest";
import { withLedger } from "../../../graphs/finance/trading/ledger.js";
import type { Order } from "../../../graphs/finance/trading/opportunity.js";
import { makeFolder } from "./finance-run.js";

const order = (given: Partial<Order> = {}): Order => ({
  symbol: "A",
  side: "buy",
  quantity: 3,
  price: 10.1,
  date: "2026-03-02",
  file: "prices.csv",
  version: "v",
  ...given,
});
const by = (key: string) => ({ key: `turn:${key}`, turn: "turn" });
const may = () => undefined;

function openIn(workspace: string) {
  return <T>(work: Parameters<typeof withLedger<T>>[1]) => withLedger({ workspace, cash: 100.1 }, work);
}

describe("the paper ledger", () => {
  it("begins with the opening cash, once", async () => {
    const workspace = makeFolder();
    expect(await openIn(workspace)((ledger) => ledger.account().cashCents)).toBe(10_010);
    expect(await withLedger({ workspace, cash: 5 }, (ledger) => ledger.account().cashCents)).toBe(10_010);
  });

  it("keeps cash to the cent, what is held, and what it cost", async () => {
    const open = openIn(makeFolder());
    await open((ledger) => ledger.place(order(), by("1"), may));
    await open((ledger) => ledger.place(order({ quantity: 1, price: 20.3 }), by("2"), may));
    // 100.10 - 30.30 - 20.30; then a quarter of the 50.60 that the four cost goes.
    expect(await open((ledger) => ledger.account())).toEqual({
      cashCents: 4_950,
      positions: new Map([["A", { quantity: 4, costCents: 5_060 }]]),
    });
    await open((ledger) => ledger.place(order({ side: "sell", quantity: 1, price: 11 }), by("3"), may));
    expect(await open((ledger) => ledger.account())).toEqual({
      cashCents: 6_050,
      positions: new Map([["A", { quantity: 3, costCents: 3_795 }]]),
    });
    await open((ledger) => ledger.place(order({ side: "sell", quantity: 3, price: 11 }), by("4"), may));
    expect((await open((ledger) => ledger.account())).positions.size).toBe(0);
    expect(
      (await open((ledger) => ledger.ordersOf("turn"))).map(({ id, valueCents }) => [id, valueCents]),
    ).toEqual([
      [1, 3_030],
      [2, 2_030],
      [3, 1_100],
      [4, 3_300],
    ]);
  });

  it("places an order once for its key, whatever the prices and the limits have become", async () => {
    const open = openIn(makeFolder());
    const first = await open((ledger) => ledger.place(order(), by("1"), may));
    const again = await open((ledger) => ledger.place(order(), by("1"), () => "not any more"));
    expect(again).toEqual(first);
    expect(await open((ledger) => ledger.account().cashCents)).toBe(6_980);
    const other = open((ledger) => ledger.place(order({ quantity: 4 }), by("1"), may));
    await expect(other).rejects.toThrow("This step has placed its order already: buy 3 A, number 1.");
  });

  it("places all of an order or nothing", async () => {
    const open = openIn(makeFolder());
    await expect(open((ledger) => ledger.place(order(), by("1"), () => "Too much."))).rejects.toThrow(
      "Too much.",
    );
    // Nothing but the schema keeps this one from spending more than there is.
    await expect(open((ledger) => ledger.place(order({ quantity: 10 }), by("2"), may))).rejects.toThrow(
      "CHECK",
    );
    await expect(open((ledger) => ledger.place(order({ side: "sell" }), by("3"), may))).rejects.toThrow(
      "CHECK",
    );
    expect(await open((ledger) => [ledger.account().cashCents, ledger.ordersOf("turn")])).toEqual([
      10_010,
      [],
    ]);
  });

  it("takes orders of several at once", async () => {
    const open = openIn(makeFolder());
    const placing = Array.from({ length: 3 }, (_, at) =>
      open((ledger) => ledger.place(order({ price: 1 }), by(String(at)), may)),
    );
    expect((await Promise.all(placing)).map(({ id }) => id).sort()).toEqual([1, 2, 3]);
    expect((await open((ledger) => ledger.account())).positions.get("A")?.quantity).toBe(9);
  });
});
