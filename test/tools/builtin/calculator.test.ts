import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createCalculatorTool, evaluateExpression } from "../../../src/tools/builtin/calculator.js";
import { invokeTool } from "../../../src/tools/invoke-tool.js";
import { BuiltinToolError } from "../../../src/tools/tool-errors.js";

describe("the calculator", () => {
  it.each([
    ["17*23", 391],
    ["1 + 2 * 3", 7],
    ["(1 + 2) * 3", 9],
    ["0.1 + 0.2", 0.3],
    ["0.3 - 0.1*3", 0],
    ["10 - 3 - 2", 5],
    ["100 / 10 / 5", 2],
    ["7 % 4", 3],
    ["-7 % 4", -3],
    ["10 % -3", 1],
    ["-2^2", -4],
    ["(-2)^2", 4],
    ["2^3^2", 512],
    ["2**-1", 0.5],
    ["2^-3^2", 2 ** -9],
    ["--3", 3],
    ["-(-3)^2", -9],
    ["2 - -2", 4],
    ["2*-3^2", -18],
    ["6 × 7 ÷ 2 − 1", 20],
    ["1,234.5 + 1", 1235.5],
    ["(1,000,000) / 2", 500000],
    ["max(1,234)", 234],
    ["max(1, 2, 3)", 3],
    ["min([4, 2], 3)", 2],
    ["sum(1, 2, 3.5)", 6.5],
    ["sum(0.1, 0.2, 0.3)", 0.6],
    ["avg(1, 2, 3, 4)", 2.5],
    ["mean([1,2])", 1.5],
    ["median(3, 1, 2)", 2],
    ["median(4, 1, 2, 3)", 2.5],
    ["round(2.5)", 3],
    ["round(-2.5)", -3],
    ["round(1.005, 2)", 1.01],
    ["round(1234, -2)", 1200],
    ["floor(-1.5)", -2],
    ["ceil(1.2)", 2],
    ["floor((0.1+0.7)*10)", 8],
    ["sqrt(16)", 4],
    ["sqrt(2)^2", 2],
    ["abs(-4)", 4],
    ["log(1000)", 3],
    ["log(8, 2)", 3],
    ["ln(e)", 1],
    ["exp(0)", 1],
    ["pow(2, 10)", 1024],
    ["sin(pi)", 0],
    ["cos(PI)", -1],
    ["SQRT(9)", 3],
    ["15%", 0.15],
    ["15% * 200", 30],
    ["15% of 200", 30],
    ["200 * 15%", 30],
    ["200 + 15%", 230],
    ["200 - 15%", 170],
    ["200 - (15%)", 199.85],
    ["10% - 3", -2.9],
    ["100 - 10% - 5", 85],
    ["(10 + 5)%", 0.15],
    ["max(10%, 20%)", 0.2],
    ["1e3 + .5 + 5.", 1005.5],
    ["2e-3", 0.002],
    ["-0", 0],
  ])("works out %s as %d", (expression, value) => {
    expect(evaluateExpression(expression)).toBe(value);
  });

  it("gives whole numbers that a JavaScript number cannot hold as their exact digits", () => {
    expect(evaluateExpression("2^53 - 1")).toBe(9007199254740991);
    expect(evaluateExpression("2^64")).toBe("18446744073709551616");
    expect(evaluateExpression("123456789 * 987654321")).toBe("121932631112635269");
    expect(evaluateExpression("-(-3)^41 - 1")).toBe("36472996377170786402");
    expect(evaluateExpression("1e300 * 2")).toBe(2e300);
    expect(evaluateExpression("-2^64 + 0.5")).toBe(-(2 ** 64));
  });

  it.each([
    ["", "is empty"],
    ["   ", "is empty"],
    ["1 +", "not a complete expression"],
    ["(1 + 2", "never closed"],
    ["[1, 2)", "closes nothing"],
    ["1)", "closes nothing"],
    ["()", "holds no value"],
    ["5 / 0", "Division by zero: 5 / 0"],
    ["5 % (1 - 1)", "Division by zero"],
    ["5 % 0", "Division by zero"],
    ["0 ^ -1", "too large"],
    ["1e308 * 10", "too large"],
    ["1e999", "too large"],
    ["sqrt(-1)", "sqrt(-1) has no real value"],
    ["(-8)^0.5", "no real value"],
    ["ln(0)", "too large, or has no value"],
    ["2 3", "side by side"],
    ["2(3)", "side by side"],
    ["(2)(3)", "side by side"],
    ["3,5 + 1", "decimals with a point"],
    ["1,23,456", "decimals with a point"],
    ["[1, 2]", "list has no value"],
    ["sum([1,,2])", "no value before it"],
    ["sum()", "takes 1 arguments; it was given 0"],
    ["sqrt(1, 2)", "takes 1 arguments"],
    ["round(1, 2, 3)", "takes 1 to 2 arguments"],
    ["foo(1)", 'There is no function "foo"'],
    ["constructor(1)", 'There is no function "constructor"'],
    ["toString()", 'There is no function "toString"'],
    ["__proto__", '"__proto__" is no number'],
    ["constructor", '"constructor" is no number'],
    ["true", '"true" is no number'],
    ["this", "no arithmetic"],
    ["a.b", '"." at position 2 is no arithmetic'],
    ["process.exit()", "is no arithmetic"],
    ["'x'", "is no arithmetic"],
    ["1; 2", "is no arithmetic"],
    ["1 && 2", "is no arithmetic"],
    ["1 < 2", "is no arithmetic"],
    ["$group(1)", '"$" at position 1'],
    ["pi(2)", "no function"],
    ["%", "has no number before it"],
    ["% 5", "not a complete expression"],
    ["*", "not a complete expression"],
    ["5!", "is no arithmetic"],
    ["1".repeat(30_000), "characters"],
    ["(".repeat(500), "brackets are open"],
    [`${"-".repeat(9_990)}1`, "nested too deeply"],
  ])("refuses %s and says why", (expression, reason) => {
    expect(() => evaluateExpression(expression)).toThrow(BuiltinToolError);
    expect(() => evaluateExpression(expression)).toThrow(reason);
  });

  it("agrees with JavaScript's own arithmetic", () => {
    const { expression } = fc.letrec<{ expression: string }>((tie) => ({
      expression: fc.oneof(
        { maxDepth: 5 },
        fc.integer({ min: 0, max: 99 }).map(String),
        fc
          .tuple(tie("expression"), fc.constantFrom("+", "-", "*", "/"), tie("expression"))
          .map(([left, operator, right]) => `${left} ${operator} ${right}`),
        tie("expression").map((inner) => `(${inner})`),
        tie("expression").map((inner) => `-(${inner})`),
        fc.tuple(tie("expression"), fc.constantFrom(2, 3)).map(([base, power]) => `(${base})**${power}`),
      ),
    }));
    fc.assert(
      fc.property(expression, (source) => {
        // An evaluator that shares nothing with ours; the source is made above.
        const expected: unknown = new Function(`return ${source}`)();
        if (typeof expected !== "number" || !Number.isFinite(expected)) {
          expect(() => evaluateExpression(source)).toThrow(BuiltinToolError);
          return;
        }
        // Behind a division by zero JavaScript goes on with an infinity, and a number divided by that is finite again.
        const isRefused = source.split("/").length > 2 && throwsDivisionByZero(source);
        if (isRefused) {
          return;
        }
        const actual = Number(evaluateExpression(source));
        expect(Math.abs(actual - expected)).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(expected)));
      }),
      { numRuns: 1_000, examples: [["1 / (1 / 0)"], ["(0 + 0) / -(1 / (0))"]] },
    );
  });

  it("gives a finite number or a typed error for any text", () => {
    const text = fc.oneof(
      fc.string(),
      fc.array(fc.constantFrom("1", "2.5", "+", "-", "*", "/", "%", "^", "(", ")", ",", "sum", "pi", "[", "]", " ", "of")).map((parts) => parts.join("")), // biome-ignore format: short
    );
    fc.assert(
      fc.property(text, (source) => {
        try {
          expect(Number.isFinite(Number(evaluateExpression(source)))).toBe(true);
        } catch (error) {
          expect(error).toBeInstanceOf(BuiltinToolError);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it("is a read-only tool whose errors are not worth another try", async () => {
    const calculator = createCalculatorTool();
    const call = (expression: string) =>
      invokeTool({
        tool: calculator,
        id: "1",
        args: { expression },
        repeat: "always",
        maxOutputBytes: 1_000,
      });
    expect(calculator.metadata).toMatchObject({ readOnly: true });
    expect(await call("17*23")).toEqual({ ok: true, output: 391, truncated: false });
    expect(
      await invokeTool({
        tool: calculator,
        id: "1",
        args: { expression: -4.5 },
        repeat: "always",
        maxOutputBytes: 1_000,
      }),
    ).toMatchObject({ output: -4.5 });
    expect(await call("2^64")).toMatchObject({ output: "18446744073709551616" });
    expect(await call("1/0")).toMatchObject({
      ok: false,
      retryable: false,
      error: { code: "TOOL_FAILED", message: 'The tool "calculator" failed: Division by zero: 1 / 0.' },
    });
  });
});

function throwsDivisionByZero(source: string): boolean {
  try {
    evaluateExpression(source);
    return false;
  } catch (error) {
    return error instanceof BuiltinToolError && error.message.startsWith("Division by zero");
  }
}
