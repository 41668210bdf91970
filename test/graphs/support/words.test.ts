import { describe, expect, it } from "vitest";
import { type ChoosableOrder, chooseItems, fitsOthersBetter } from "../../../graphs/support/choose-items.js";
import { isOfField, readMessage } from "../../../graphs/support/read-message.js";
import { understand } from "../../../graphs/support/understand.js";

describe("a message", () => {
  it.each([
    [
      "I want my money back for order #A-12, it does not work",
      { intent: "refund", orders: ["A-12"], reason: "damaged" },
    ],
    ["please refund order no. 1042 and 1043", { intent: "refund", orders: ["1042", "1043"] }],
    ["not order 1042, order 1043", { orders: ["1043"] }],
    ["customer number C-7 changed his mind", { customer: "C-7" }],
    [
      "Ann (ann.b+c@mail.example.org) got the wrong item",
      { customer: "ann.b+c@mail.example.org", reason: "wrong_item" },
    ],
    [
      "it was delivered on 2026-11-02, refund 12,50 EUR",
      { codes: [], amount: { value: 12.5, currency: "EUR" } },
    ],
    ["I paid 79.90 EUR for it, refund please", { amount: undefined, intent: "refund" }],
    ["refund $20", { amount: { value: 20 } }],
    ["Could I send it back?", { intent: "check" }],
    ["Can she still return it? It was broken", { intent: "check", reason: "damaged" }],
    ["Can I return the book?", { intent: "check", reason: "changed_mind" }],
    ["What is your refund policy?", { intent: "policy" }],
    ["Has order 12 been delivered?", { intent: "orders", orders: ["12"] }],
    ["never mind, no refund", { intent: "stop" }],
    ["please change my address", { intent: "other" }],
    ["it was not broken", { reason: undefined }],
    ["it is 5521", { codes: ["5521"] }],
    ["31", { codes: ["31"] }],
  ])("“%s” is read", (text, expected) => {
    expect(readMessage(text)).toMatchObject(expected);
  });

  it.each(["Calculate 17*23", "Sort these in order: 3, 1, 2", "Hello", "Write a poem about the customer"])(
    "“%s” is none of a support desk's",
    (text) => {
      expect(isOfField(text)).toBe(false);
    },
  );
});

describe("messages one after the other", () => {
  it("are read together: what is newer stands", () => {
    const wish = understand([
      "ann@a.example wants a refund for order 12, it is broken",
      "Actually it was order 13",
      "and the right reason is that it does not fit",
    ]);
    expect(wish).toMatchObject({
      intent: "refund",
      who: "ann@a.example",
      order: "13",
      reason: "changed_mind",
    });
  });

  it("begin anew with another customer, or with a whole request", () => {
    expect(understand(["ann@a.example: refund order 12, broken", "Refund for bob@b.example"])).toMatchObject({
      who: "bob@b.example",
      reason: "changed_mind",
    });
    expect(understand(["ann@a.example: refund order 12, broken", "Refund order 99"])).toEqual(
      expect.objectContaining({ who: "99", order: "99", reason: "changed_mind" }),
    );
  });
});

describe("items", () => {
  const order: ChoosableOrder = {
    order: "1",
    items: [
      { item: "a", name: "Desk lamp", quantity: 2 },
      { item: "b", name: "Floor lamp", quantity: 1 },
      { item: "c", name: "Glass bowl", quantity: 6 },
    ],
  };
  const codes = (...texts: readonly string[]) => {
    const choice = chooseItems(order, texts);
    return choice.kind === "items" ? choice.items : choice.kind;
  };

  it.each([
    ["the floor lamp is broken", [{ item: "b" }]],
    ["the desk lamps are broken", [{ item: "a" }]],
    ["one of the two desk lamps is broken", [{ item: "a", quantity: 1 }]],
    ["3 glass bowls were smashed", [{ item: "c", quantity: 3 }]],
    ["12 bowls were smashed", [{ item: "c" }]],
    ["the bowls are fine but the floor lamp is broken", [{ item: "b" }]],
    ["the floor lamp and the desk lamp", [{ item: "a" }, { item: "b" }]],
    ["the lamp", "unclear"],
    ["both lamps", [{ item: "a" }, { item: "b" }]],
    ["the whole order, floor lamp and all", "all"],
    ["it is broken", "none"],
  ])("“%s” means %j", (text, expected) => {
    expect(codes(text)).toEqual(expected);
  });

  it("are those of the newest words that name any", () => {
    expect(codes("please hurry", "only the bowls", "the floor lamp")).toEqual([{ item: "c" }]);
  });

  it("of another order that fit the words better are noticed", () => {
    const other = { order: "2", items: [{ item: "a", name: "Wall lamp", quantity: 1 }] };
    expect(fitsOthersBetter(other, [order], ["the floor lamp"])).toBe(true);
    expect(fitsOthersBetter(other, [order], ["the wall lamp"])).toBe(false);
    expect(fitsOthersBetter(other, [order], ["it is broken"])).toBe(false);
  });
});
