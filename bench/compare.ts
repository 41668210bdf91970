/**
 * Compares the agent with its alternatives: `npm run bench`, or `npm run bench -- --short` for two works. A model
 * server in a process of its own answers every architecture as a perfect model would, at the pace and the prices of
 * `peers/cost-model.ts`. `--scale 0.5` makes its seconds shorter, `--at-once 4` runs fewer at once, `--prompts`
 * prints every role's prompt, `--write <folder>` keeps results and chart there.
 */
import { loadavg } from "node:os";
import { parseArgs } from "node:util";
import { compare } from "./peers/compare.js";
import { describeCosts, describeGoals, describeNoise, describePrompts, describeWork } from "./peers/print.js";
import { shortWorks, works } from "./peers/works/index.js";
import { writeResults } from "./peers/write-results.js";

const { values } = parseArgs({
  options: {
    short: { type: "boolean", default: false },
    scale: { type: "string", default: "1" },
    "at-once": { type: "string", default: "10" },
    prompts: { type: "boolean", default: false },
    write: { type: "string" },
  },
});
const [scale, sideBySide] = [Number(values.scale), Number(values["at-once"])];
const load = loadavg();
console.log(describeCosts(scale, sideBySide));
const comparison = await compare({ works: values.short ? shortWorks : works, scale, sideBySide });
const [first] = comparison.works;
if (values.prompts) {
  console.log(
    describePrompts(
      comparison.results.measured.filter(({ work, models }) => work === first?.work && models === "large"),
    ),
  );
}
for (const work of comparison.works) {
  console.log(`\n${describeWork(work)}`);
}
console.log(`\n${describeGoals(comparison.goals)}`);
console.log(
  `\n${describeNoise(comparison.results, scale)} Load before: ${load.map((one) => one.toFixed(1)).join(", ")}.`,
);
if (values.write !== undefined) {
  await writeResults(values.write, comparison, { scale, sideBySide, load });
}
