// What only shows with much input, kept apart: with instrumented code, as in a mutation run, it takes minutes.
import { describe, expect, it } from "vitest";
import { readPlan, resolveDependencies, validatePlan } from "../../src/plan/index.js";
import { parseTemplate } from "../../src/plan/references.js";

const isReadOnly = (): boolean => false;
const agent = (id: string) => ({ id, description: id });
const step = (id: string, extra: Record<string, unknown>) => ({ id, description: `Do ${id}`, ...extra });

describe("much input", () => {
  it("of ten thousand steps that are all wrong is validated in bounded time", () => {
    const started = performance.now();
    const steps = Array.from({ length: 10_000 }, (_, at) =>
      step(`s${at}`, {
        tool: `t${at}`,
        dependsOn: [`x${at}`, `s${(at + 1) % 10_000}`],
        args: { a: `{{y${at}}}` },
      }),
    );
    const tools = Array.from({ length: 100 }, (_, at) => ({ name: `tool_number_${at}` }));
    const issues = validatePlan({ steps }, { tools });
    expect(issues.filter((issue) => issue.code === "cycle")).toHaveLength(1);
    expect(issues.length).toBe(30_001);
    expect(performance.now() - started).toBeLessThan(8_000);
  });

  it("of ten thousand steps gets its dependencies in no time", () => {
    const started = performance.now();
    const steps = Array.from({ length: 10_000 }, (_, index) => agent(`${index}`));
    expect(resolveDependencies(steps, { isReadOnly }).at(-1)?.dependsOn).toEqual(["9998"]);
    expect(performance.now() - started).toBeLessThan(2_000);
  });

  it.each([
    ["braces", "{{{{"],
    ["brackets", "["],
    ["open objects", '{"a":'],
    ["open strings", '{"'],
    ["fences", "```"],
    ["fences and blanks", "```   "],
    ["dollars", "$a$b"],
    ["nodes", "<node-1 "],
    ["blanks", "  \n"],
    ["escapes", '["\\'],
    ["references", "{{1.a}}"],
    ["commas", "1,"],
  ])("a megabyte of %s takes little time", (_, piece) => {
    const text = piece.repeat(1_000_000 / piece.length);
    const started = performance.now();
    readPlan(text);
    const result = readPlan({
      steps: [{ id: "1", description: text, args: { a: text }, forEach: text, dependsOn: text }, text],
    });
    if (result.found) {
      validatePlan(result.plan);
    }
    expect(performance.now() - started).toBeLessThan(6_000);
  });

  it("of a megabyte of braces is taken apart in no time", () => {
    const started = performance.now();
    for (const piece of ["{{", "{", "{{a", "\\{{", "}}", "{{1}}"]) {
      parseTemplate(piece.repeat(1_000_000 / piece.length));
    }
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});
