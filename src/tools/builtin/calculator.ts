import { tool } from "@langchain/core/tools";
import { z } from "zod";
import { evaluateExpression } from "./evaluate-expression.js";

const calculatorSchema = z.object({
  // A plan that says no more than {{step}} gives the number itself.
  expression: z
    .union([z.string(), z.number()])
    .describe("Arithmetic, such as (17*23 + 4) / 2, 15% of 80, round(10/3, 2), avg(1, 2, 3), sqrt(2)^2."),
});

/** A tool that works out an arithmetic expression: `{ expression }` → number. */
export function createCalculatorTool() {
  return tool(({ expression }) => evaluateExpression(String(expression)), {
    name: "calculator",
    description:
      "Calculates an arithmetic expression: + - * / % ^, parentheses, sqrt, abs, round, floor, ceil, min, max, sum, avg, median, log, ln, exp, pow, sin, cos, tan, pi, e.",
    schema: calculatorSchema,
    metadata: { readOnly: true },
  });
}
