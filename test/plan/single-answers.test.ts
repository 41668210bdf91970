// References of models that take a table's answer for its one row, or for its one value.
import { describe, expect, it } from "vitest";
import type { JsonValue } from "../../src/base/index.js";
import { fillReferences, judgeCondition, shapeOfValue, validatePlan } from "../../src/plan/index.js";
import { createBuiltinTools, createToolRegistry } from "../../src/tools/index.js";

const answer = (...rows: Record<string, number | string>[]) => ({ rows, count: rows.length });
const values = new Map<string, JsonValue>([
  ["1", answer({ mail: "ann@example.org", left: 3 })],
  ["2", answer({ left: 3 }, { left: 4 })],
  ["3", { ...answer({ sum_left: 7 }), value: 7 }],
]);

describe("a reference", () => {
  it("to a field of the one row in an output finds it", () => {
    expect(fillReferences("{{1.mail}}", values)).toEqual({ ok: true, value: "ann@example.org" });
    expect(fillReferences("{{1.count}}", values)).toEqual({ ok: true, value: 1 });
  });

  it("to a field of several rows finds nothing", () => {
    expect(fillReferences("{{2.left}}", values)).toMatchObject({ ok: false });
  });

  it("to an answer with one value is that value in a longer text, and stays whole alone", () => {
    expect(fillReferences("{{3}} lamps", values)).toEqual({ ok: true, value: "7 lamps" });
    expect(fillReferences("{{3}}", values)).toEqual({
      ok: true,
      value: { rows: [{ sum_left: 7 }], count: 1, value: 7 },
    });
  });

  it("is compared by that value", () => {
    expect(judgeCondition("{{3}} > 5", values)).toEqual({ ok: true, isMet: true });
    expect(judgeCondition("{{1.left}} > 5", values)).toEqual({ ok: true, isMet: false });
    expect(judgeCondition("{{2}} > 5", values)).toMatchObject({ ok: false });
  });

  it("of that kind is not sent back when the plan is made, but a field that no row can have is", () => {
    const tools = createToolRegistry(createBuiltinTools({ root: "." })).planTools();
    const steps = [
      { id: "1", description: "", tool: "csv_query", args: { path: "a.csv" } },
      { id: "2", description: "", tool: "text_stats", args: { text: "{{1.mail}}" } },
    ];
    expect(validatePlan({ steps }, { tools, maxSteps: 5 })).toEqual([]);
    const listed = [
      {
        name: "list",
        schema: { type: "object" },
        readOnly: true,
        output: shapeOfValue({ found: [{ id: 1 }] }),
      },
    ];
    const wrong = [
      { id: "1", description: "", tool: "list", args: {} },
      { id: "2", description: "say {{1.name}}" },
    ];
    expect(validatePlan({ steps: wrong }, { tools: listed, maxSteps: 5 })).toMatchObject([
      { code: "unknown-reference" },
    ]);
  });
});
