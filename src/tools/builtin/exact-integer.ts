import type jsep from "jsep";
import { GROUP } from "./expression-source.js";

const MAX_EXPONENT = 10_000n;
const MAX_BITS = 40_000n;

/**
 * The exact value of a tree of whole numbers with + - * and powers; undefined where there is anything else in
 * it, or where the value would have more than about 12,000 digits.
 */
export function exactInteger(node: jsep.Expression): bigint | undefined {
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
  if (a === undefined || b === undefined) return undefined;
  if (node.operator === "+") return a + b;
  if (node.operator === "-") return a - b;
  if (node.operator === "*") return a * b;
  return node.operator === "**" ? exactPower(a, b) : undefined;
}

function exactPower(base: bigint, exponent: bigint): bigint | undefined {
  if (exponent < 0n || exponent > MAX_EXPONENT) return undefined;
  const bits = BigInt(base.toString(2).length) * exponent;
  return bits > MAX_BITS ? undefined : base ** exponent;
}

function signed(operator: string, value: bigint | undefined): bigint | undefined {
  return operator === "-" && value !== undefined ? -value : value;
}
