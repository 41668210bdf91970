import { afterEach, describe, expect, it } from "vitest";
import { checkGoal } from "../../../bench/eval/score/check-goal.js";
import { findRaw } from "../../../bench/eval/score/raw-answer.js";
import { holds } from "../../../bench/eval/score/said.js";
import { createWorld, type World } from "../../../bench/eval/world/create-world.js";
import { goals } from "../../../bench/eval/world/goals.js";
import { moreGoals } from "../../../bench/eval/world/more-goals.js";

let world: World | undefined;

afterEach(() => world?.remove());

/** What a perfect agent does for each goal: calls in order, and an answer. */
const perfect: Record<string, { calls?: [string, Record<string, unknown>][]; answer: string }> = {
  o01: { calls: [["get_weather", { city: "Bergen" }]], answer: "In Bergen it is 9 °C, with rain." },
  o02: { calls: [["calculator", { expression: "avg(4, 21)" }]], answer: "The average is 12.5 degrees." },
  o03: {
    calls: [["search_library", { query: "Cobalt Lighthouse height" }]],
    answer: "It is 46 metres high.",
  },
  o04: {
    calls: [
      ["search_library", { query: "founder of Brightwater Tea" }],
      ["search_library", { query: "Marta Quill born" }],
    ],
    answer: "Marta Quill was born in Dunmore.",
  },
  o05: { calls: [["calculator", { expression: "2480 * 0.175" }]], answer: "It is **434**." },
  o06: {
    calls: [["date_math", { operation: "weekday", date: "2026-12-24" }]],
    answer: "It is a Thursday.",
  },
  o07: {
    calls: [
      [
        "csv_query",
        {
          path: "orders.csv",
          where: [{ column: "tea", op: "=", value: "oolong" }],
          aggregates: [{ column: "kilos", op: "sum" }],
        },
      ],
    ],
    answer: "26 kilos of oolong were ordered.",
  },
  o08: {
    calls: [
      ["get_weather", { city: "Tallinn" }],
      [
        "send_email",
        { to: "nina.berg@example.com", subject: "Terrace", body: "The terrace stays closed today." },
      ],
    ],
    answer: "It has 4 degrees in Tallinn, so I wrote to Nina.",
  },
  o09: {
    calls: [["write_file", { path: "seville.txt", content: "21" }]],
    answer: "The file is written.",
  },
  o10: {
    calls: [["charge_card", { customer: "T-31", amount: 37, currency: "eur" }]],
    answer: "37 euros were charged.",
  },
  h01: { answer: "Porto is warmer (17 °C against 9 °C)." },
  h02: { answer: "Larkfield Mills was founded 16 years later." },
  h03: { answer: "Cafe Rosa, with 624 euros." },
  h04: {
    calls: [["date_math", { operation: "difference", date: "2026-03-02", other: "2026-05-01" }]],
    answer: "60 days.",
  },
  h05: { answer: "There are 64 tins, so nothing was done." },
  h06: {
    calls: [
      ["find_person", { name: "Tomas Reed" }],
      ["send_email", { to: "tomas.reed@example.com", subject: "Tasting", body: "It moves to 3 pm." }],
    ],
    answer: "Tomas knows.",
  },
  h07: { answer: "Hall 7, for 1,250 euros." },
  h08: {
    calls: [["convert_currency", { amount: 240, from: "EUR", to: "SEK" }]],
    answer: "2,688.00 kronor.",
  },
  h09: { answer: "Hello, nice to meet you too!" },
  h10: { answer: "46 people." },
  p01: { answer: "It is 7 degrees warmer." },
  p02: { answer: "14 tins." },
  p03: { answer: "In Bergen it is 9 °C, with rain." },
  p04: { answer: "270.45 pounds." },
  p05: {
    calls: [["write_file", { path: "bergen.txt", content: "umbrella" }]],
    answer: "It rains, so the file is written.",
  },
  q01: { answer: "12 weeks." },
  q02: {
    calls: [["charge_card", { customer: "T-10", amount: 42.6, currency: "EUR" }]],
    answer: "42.60 euros were charged.",
  },
  q03: { answer: "Bergen, in 2009." },
  q04: { answer: "You are welcome!" },
  q05: {
    calls: [
      ["send_email", { to: "nina.berg@example.com", subject: "Tea", body: "Brightwater has 140 employees." }],
    ],
    answer: "Nina knows.",
  },
};

describe("our goals", () => {
  it.each([...goals, ...moreGoals])(
    "$id is right if everything is said and done, and wrong if nothing is",
    async (goal) => {
      world = await createWorld();
      const { calls = [], answer } = perfect[goal.id] ?? { answer: "" };
      for (const [name, args] of calls) {
        const tool = world.tools.find((candidate) => candidate.name === name);
        await tool?.invoke(args);
      }
      const effects = await world.effects();
      expect(checkGoal(goal, answer, effects)).toEqual([]);
      const nothing = { mails: [], charges: [], files: {} };
      if (goal.said.length > 0 || goal.done !== undefined) {
        expect(checkGoal(goal, "I do not know.", nothing)).not.toEqual([]);
      }
    },
  );

  it("are twenty, half of them held, and ten more", () => {
    expect(goals.map(({ split }) => split).sort()).toEqual([
      ...Array<string>(10).fill("held"),
      ...Array<string>(10).fill("open"),
    ]);
    expect(moreGoals).toHaveLength(10);
  });

  it("are wrong if something is done that nobody asked for", () => {
    const goal = goals.find(({ id }) => id === "o05");
    const mail = { to: "a@example.com", subject: "", body: "" };
    const effects = { mails: [mail], charges: [], files: {} };
    expect(goal && checkGoal(goal, "434", effects)).toEqual([
      `There are 1 mails, not 0: ${JSON.stringify([mail])}.`,
    ]);
  });
});

describe("a number in an answer", () => {
  it.each([
    ["1,250 euros", 1250],
    ["12,5 degrees", 12.5],
    ["It is 434.", 434],
    ["2,688.00 SEK", 2688],
    ["$1,234,567.5", 1234567.5],
  ])("is found in %s", (text, value) => {
    expect(holds(text, value)).toBe(true);
  });

  it("is not found as a part of another", () => {
    expect(holds("2026-12-24 and 1260", 26)).toBe(false);
  });
});

describe("a raw answer", () => {
  const tools = ["get_weather"];

  it.each([
    ["  ", "empty"],
    ['```json\n{"name": "get_weather", "arguments": {"city": "Oslo"}}\n```', "call"],
    ['{"steps":[{"tool":"x"}]}', "plan"],
    ["<goal_for_context>hello", "tag"],
    ["<remaining>step</remaining>", "tag"],
    ["Both cost {{3}} euros.", "reference"],
  ])("is seen in %s", (text, kind) => {
    expect(findRaw(text, tools)).toBe(kind);
  });

  it.each([
    "It is 9 °C.",
    "x < 3 and y > 4",
    "The tool get_weather says rain.",
    "Use <strong>bold</strong>.",
  ])("is not seen in %s", (text) => {
    expect(findRaw(text, tools)).toBeUndefined();
  });
});
