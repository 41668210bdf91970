import { describe, expect, it } from "vitest";
import { readItems } from "../../src/plan/index.js";

const cities = ["Hamburg", "Porto"];

describe("the items of a for-each step", () => {
  it.each<[string, Parameters<typeof readItems>[0]]>([
    ["a list", cities],
    ["the one list in an object", { cities, count: 2 }],
    ["JSON in a text", JSON.stringify(cities)],
    ["JSON in a fence", '```json\n["Hamburg", "Porto"]\n```'],
    [
      "JSON in a fence between sentences",
      'Here they are:\n```json\n{"cities": ["Hamburg", "Porto"]}\n```\nDone.',
    ],
    ["lines with dashes", "- Hamburg\n- Porto\n"],
    ["lines with other marks", "* Hamburg\n\n  • Porto"],
    ["numbered lines", "1. Hamburg\n2) Porto"],
    ["lines under a heading", "Our offices are in:\n\n- Hamburg\n- Porto"],
  ])("are found in %s", (_, value) => {
    expect(readItems(value, "{{1}}")).toEqual({ ok: true, items: cities });
  });

  it("may be none", () => {
    expect(readItems({ rows: [], count: 0 }, "{{1}}")).toEqual({ ok: true, items: [] });
  });

  it.each<[Parameters<typeof readItems>[0], string]>([
    [null, "null"],
    [3, "the number 3"],
    [{ a: 1 }, 'an object without a list: it has "a"'],
    [{}, "an object without a list: it has nothing"],
    [{ rows: [], columns: [] }, 'an object with the lists "rows", "columns": name one, such as {{1.rows}}'],
    [
      "Hamburg, Porto",
      'text: "Hamburg, Porto". A list is JSON, such as ["a","b"], or has "- " before each item',
    ],
    ["- Hamburg\nand Porto", 'text: "- Hamburg\\nand Porto".'],
    ["Hamburg:", 'text: "Hamburg:".'],
  ])("are not guessed at: %j", (value, reason) => {
    const read = readItems(value, "{{1}}");
    expect(read).toEqual({ ok: false, reason: expect.stringContaining(reason) });
  });
});
