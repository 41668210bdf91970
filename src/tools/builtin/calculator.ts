/**
 * Evaluates arithmetic expressions. `jsep` parses an expression into a tree, and this file walks the tree.
 * Nothing ever runs as code, and no name from an expression is ever used to read an object's property.
 *
 * Powers are right-associative and bind tighter than a minus before them: -2^2 is -4, and 2^-3^2 is
 * 2^(-(3^2)). The parser does the opposite, so a sign on the left of a power is moved out of it here.
 *
 * `a + b%` and `a - b%` add or subtract b percent of a, as every pocket calculator does.
 */
import { tool } from "@langchain/core/tools";
import jsep from "jsep";
import { z } from "zod";
import { BuiltinToolError } from "../tool-errors.js";
import { GROUP, PERCENT, toParserSource } from "./expression-source.js";
import { MATH_CONSTANTS, MATH_FUNCTIONS, withoutNoise } from "./math-functions.js";

const calculatorSchema = z.object({
  // If the expression is nothing but {{step}}, the tool gets the number itself.
  expression: z
    .union([z.string(), z.number()])
    .describe("Arithmetic, such as (17*23 + 4) / 2, 15% of 80, round(10/3, 2), avg(1, 2, 3), sqrt(2)^2."),
});

/** Creates the tool that evaluates an arithmetic expression: `{ expression }` → number, or digits of a large one. */
export function createCalculatorTool() {
  return tool(({ expression }) => evaluateExpression(String(expression)), {
    name: "calculator",
    description:
      "Calculates an arithmetic expression, such as 15% of 80 or (2 + 3) / 4: + - * / % ^, parentheses, sqrt, abs, round, floor, ceil, min, max, sum, avg, median, log, ln, exp, pow, sin, cos, tan, pi, e.",
    schema: calculatorSchema,
    metadata: { readOnly: true, outputSchema: { type: ["number", "string"] } },
  });
}

/**
 * Evaluates an expression. A whole number beyond the safe integers is returned as a string of its exact
 * digits, if it can be computed exactly.
 */
export function evaluateExpression(expression: string): number | string {
  try {
    const tree = parse(expression);
    const value = withoutNoise(evaluate(tree));
    if (Math.abs(value) <= Number.MAX_SAFE_INTEGER) {
      return value === 0 ? 0 : value;
    }
    return exactInteger(tree)?.toString() ?? value;
  } catch (error) {
    // The parser and the walk are recursive, so deep nesting exhausts the stack.
    if (error instanceof RangeError) {
      throw invalid(`"${shorten(expression)}" is nested too deeply.`);
    }
    throw error;
  }
}

function parse(expression: string): jsep.CoreExpression {
  const source = toParserSource(expression);
  if (source === "") {
    throw invalid("The expression is empty.");
  }
  try {
    return asCore(jsep(source));
  } catch (error) {
    if (error instanceof RangeError || !(error instanceof Error)) {
      throw error;
    }
    const reason = error.message.replace(/ at character \d+$/, "").replaceAll(GROUP, "");
    throw invalid(`"${shorten(expression)}" is not a complete expression: ${reason}.`, { cause: error });
  }
}

/** The parser types every node as `Expression`, but without plugins it creates only these nodes. */
function asCore(node: jsep.Expression): jsep.CoreExpression {
  return node as jsep.CoreExpression;
}

function evaluate(node: jsep.CoreExpression): number {
  switch (node.type) {
    case "Literal":
      if (typeof node.value !== "number") {
        throw unknownName(node.raw);
      }
      return finite(node.value, node.raw);
    case "Identifier":
      return constant(node.name);
    case "UnaryExpression":
      return sign(node.operator) * evaluate(asCore(node.argument));
    case "BinaryExpression":
      return evaluateBinary(node);
    case "CallExpression":
      return evaluateCall(node);
    case "Compound":
      throw invalid("Two values stand side by side: an operator is missing between them.");
    case "ArrayExpression":
      throw invalid("A list has no value of its own: use it inside of a function, as in sum([1, 2]).");
    default:
      throw invalid(`"${node.type}" is no arithmetic.`);
  }
}

function evaluateBinary(node: jsep.BinaryExpression): number {
  const left = asCore(node.left);
  const right = asCore(node.right);
  if (node.operator === "**" && left.type === "UnaryExpression") {
    return sign(left.operator) * evaluateBinary({ ...node, left: left.argument });
  }
  const percent = node.operator === "+" || node.operator === "-" ? percentOf(right) : undefined;
  const a = evaluate(left);
  const b = percent === undefined ? evaluate(right) : (a * percent) / 100;
  return finite(operate(node.operator, a, b), `${a} ${node.operator} ${b}`);
}

function operate(operator: string, a: number, b: number): number {
  switch (operator) {
    case "+":
      return add(a, b);
    case "-":
      return add(a, -b);
    case "*":
      return a * b;
    case "/":
      if (b === 0) {
        throw invalid(`Division by zero: ${a} / 0.`);
      }
      return a / b;
    case "%":
      if (b === 0) {
        throw invalid(`Division by zero: ${a} % 0.`);
      }
      return a % b;
    case "**":
      return a ** b;
    default:
      throw invalid(`"${operator}" is no operator of arithmetic.`);
  }
}

/** Makes 0.3 - 0.1 * 3 equal 0, not -5.6e-17. */
function add(a: number, b: number): number {
  const total = a + b;
  return Math.abs(total) < 1e-15 * Math.max(Math.abs(a), Math.abs(b)) ? 0 : total;
}

function evaluateCall(node: jsep.CallExpression): number {
  const callee = asCore(node.callee);
  if (callee.type !== "Identifier") {
    throw invalid("Only functions can be called.");
  }
  const values: number[] = [];
  for (const argument of node.arguments) {
    evaluateArgument(asCore(argument), values);
  }
  const [value = Number.NaN] = values;
  if (callee.name === GROUP || callee.name === PERCENT) {
    if (values.length !== 1) {
      throw invalid("A pair of parentheses holds no value, or more than one.");
    }
    return callee.name === GROUP ? value : value / 100;
  }
  const called = MATH_FUNCTIONS.get(callee.name.toLowerCase());
  if (called === undefined) {
    throw invalid(
      `There is no function "${shorten(callee.name)}". There are: ${[...MATH_FUNCTIONS.keys()].join(", ")}.`,
    );
  }
  if (values.length < called.min || values.length > called.max) {
    const most = Number.isFinite(called.max) && called.max !== called.min ? ` to ${called.max}` : "";
    throw invalid(`${callee.name} takes ${called.min}${most} arguments; it was given ${values.length}.`);
  }
  return finite(called.apply(values), `${callee.name}(${values.join(", ")})`);
}

/** Appends an argument's value to `values`; for a list, the values of its elements. */
function evaluateArgument(node: jsep.CoreExpression, values: number[]): void {
  if (node.type !== "ArrayExpression") {
    values.push(evaluate(node));
    return;
  }
  for (const element of node.elements) {
    if (element === null) {
      throw invalid("A list has a comma with no value before it.");
    }
    evaluateArgument(asCore(element), values);
  }
}

function percentOf(node: jsep.CoreExpression): number | undefined {
  if (node.type !== "CallExpression" || asCore(node.callee).name !== PERCENT) {
    return undefined;
  }
  return evaluate(node) * 100;
}

function sign(operator: string): number {
  if (operator !== "+" && operator !== "-") {
    throw invalid(`"${operator}" is no sign of arithmetic.`);
  }
  return operator === "-" ? -1 : 1;
}

function constant(name: string): number {
  const value = MATH_CONSTANTS.get(name.toLowerCase());
  if (value === undefined) {
    throw unknownName(name);
  }
  return value;
}

function finite(value: number, what: string): number {
  if (Number.isNaN(value)) {
    throw invalid(`${shorten(what)} has no real value.`);
  }
  if (!Number.isFinite(value)) {
    throw invalid(`${shorten(what)} is too large, or has no value.`);
  }
  return value;
}

function unknownName(name: string): BuiltinToolError {
  return invalid(
    `"${shorten(name)}" is no number. The names that have a value are: ${[...MATH_CONSTANTS.keys()].join(", ")}.`,
  );
}

function shorten(text: string): string {
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}

function invalid(message: string, options?: ErrorOptions): BuiltinToolError {
  return new BuiltinToolError("INVALID_EXPRESSION", message, false, options);
}

const MAX_EXPONENT = 10_000n;
const MAX_BITS = 40_000n;

/**
 * Computes the exact value of a tree of whole numbers with + - * and powers. Returns undefined if the tree
 * contains anything else, or if the value would have more than about 12,000 digits.
 */
function exactInteger(node: jsep.Expression): bigint | undefined {
  const tree = node as jsep.CoreExpression;
  switch (tree.type) {
    case "Literal":
      return /^\d+$/.test(tree.raw) ? BigInt(tree.raw) : undefined;
    case "UnaryExpression":
      return signed(tree.operator, exactInteger(tree.argument));
    case "BinaryExpression":
      return exactBinary(tree);
    case "CallExpression": {
      const [first] = tree.arguments;
      return tree.callee.name === GROUP && first !== undefined ? exactInteger(first) : undefined;
    }
    default:
      return undefined;
  }
}

function exactBinary(node: jsep.BinaryExpression): bigint | undefined {
  const left = node.left as jsep.CoreExpression;
  if (node.operator === "**" && left.type === "UnaryExpression") {
    return signed(left.operator, exactBinary({ ...node, left: left.argument }));
  }
  const a = exactInteger(left);
  const b = exactInteger(node.right);
  if (a === undefined || b === undefined) {
    return undefined;
  }
  if (node.operator === "+") {
    return a + b;
  }
  if (node.operator === "-") {
    return a - b;
  }
  if (node.operator === "*") {
    return a * b;
  }
  return node.operator === "**" ? exactPower(a, b) : undefined;
}

function exactPower(base: bigint, exponent: bigint): bigint | undefined {
  if (exponent < 0n || exponent > MAX_EXPONENT) {
    return undefined;
  }
  const bits = BigInt(base.toString(2).length) * exponent;
  return bits > MAX_BITS ? undefined : base ** exponent;
}

function signed(operator: string, value: bigint | undefined): bigint | undefined {
  return operator === "-" && value !== undefined ? -value : value;
}
