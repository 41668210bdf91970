// What a direct step costs in the forms that were tried, over public plans: `npx tsx bench/wire-form.ts`. It counts
// tokens of o200k_base without the arguments' own values, but with separators and lone references.

import { hasCorpora } from "./corpora/corpus.js";
import { countTokens, stepCosts } from "./wire-form/count-tokens.js";
import { type Call, type WireForm, wireForms } from "./wire-form/forms.js";
import type { Spacing } from "./wire-form/json-text.js";
import { readRealPlans } from "./wire-form/plans.js";

const SHORT_TOKENS = 8;
const example: Call = { tool: "web_search", args: { query: "height of Mont Blanc" } };

function isShort({ args }: Call): boolean {
  const [value, ...others] = Object.values(args);
  return others.length === 0 && typeof value === "string" && countTokens(value) <= SHORT_TOKENS;
}

function summarize(plans: readonly Call[][], form: WireForm, spacing: Spacing): string {
  const costs = plans.flatMap((calls) => {
    const all = stepCosts(calls, form, spacing);
    return all.map((cost, index) => ({ cost, call: calls[index] ?? example }));
  });
  const short = costs.filter(({ call }) => isShort(call)).map(({ cost }) => cost);
  const ordered = short.sort((one, other) => one - other);
  const mean = (numbers: readonly number[]) => numbers.reduce((sum, one) => sum + one, 0) / numbers.length;
  const cells = [
    mean(short),
    ordered[Math.floor(short.length * 0.95)] ?? 0,
    mean(costs.map(({ cost }) => cost)),
  ];
  return cells.map((cell) => cell.toFixed(1)).join(" | ");
}

if (hasCorpora()) {
  const plans = readRealPlans();
  const calls = plans.flat();
  console.log(
    `${plans.length} plans, ${calls.length} steps, ${calls.filter(isShort).length} with one short argument`,
  );
  console.log(
    "\n| form | written | one short: mean | 95 % | every step | with blanks: mean | 95 % | every step |",
  );
  console.log("|---|---|---|---|---|---|---|---|");
  for (const form of wireForms) {
    const written = form.write(example, "tight", 1);
    const cells = (["tight", "blanks"] as const).map((spacing) => summarize(plans, form, spacing));
    console.log(`| ${form.name} | \`${written}\` | ${cells.join(" | ")} |`);
  }
} else {
  console.log("The corpora are not on this machine (../shared/data): nothing to count.");
}
