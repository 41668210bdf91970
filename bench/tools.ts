/**
 * How well the tools for a goal are chosen among the 1,186 operations of GitHub's API: `npm run tools`. It prints the
 * share of sixty goals whose tools are all in the part, the tokens of the planner's prompt (o200k_base, with the plan
 * tool), and what is missing. `-- --limit 20` describes fewer tools.
 */
import { parseArgs } from "node:util";
import { convertToOpenAITool } from "@langchain/core/utils/function_calling";
import { FIND_DEFINITION, type OtherTools, toPlannerMessages, toPlanTool } from "../src/prompts/index.js";
import { inputParts } from "./peers/model/count-tokens.js";
import { requestSchema } from "./peers/model/request.js";
import { type Coverage, coverAll, createGithubChoice } from "./tools/coverage.js";
import { KEPT, SEEN } from "./tools/goals.js";

const { values } = parseArgs({ options: { limit: { type: "string", default: "30" } } });
const { registry, choose } = createGithubChoice({ limit: Number(values.limit) });

function tokensOf(goal: string, names: readonly string[], others?: OtherTools): number {
  const messages = toPlannerMessages({
    tools: registry.describe().filter(({ name }) => names.includes(name)),
    others,
    method: "tool",
    pitfalls: false,
    granularity: "balanced",
    maxSteps: 12,
    today: "Tue, 2025-06-10, Europe/Berlin",
    attachments: [],
    conversation: [],
    plans: [],
    goal,
  });
  const tools = others === undefined ? [toPlanTool()] : [toPlanTool(), FIND_DEFINITION];
  const request = requestSchema.parse({
    model: "large",
    messages: messages.map((message) => ({
      role: message.getType() === "system" ? "system" : "user",
      content: message.text,
    })),
    tools: tools.map((tool) => convertToOpenAITool(tool)),
  });
  return inputParts(request).reduce((sum, { tokens }) => sum + tokens, 0);
}

const share = (part: number, all: number) => `${part} of ${all} (${Math.round((100 * part) / all)} %)`;
const mean = (numbers: readonly number[]) =>
  Math.round(numbers.reduce((sum, one) => sum + one, 0) / numbers.length);

function describeHalf(title: string, covered: readonly Coverage[]): string {
  const described = covered.filter(({ undescribed }) => undescribed.length === 0).length;
  const told = covered.filter(({ missing }) => missing.length === 0).length;
  const tokens = covered.map(({ goal, part }) => tokensOf(goal, part.described, part));
  return `| ${title} | ${share(described, covered.length)} | ${share(told, covered.length)} | ${mean(tokens)} |`;
}

const begun = performance.now();
await choose("hello");
const indexed = performance.now();
const [seen, kept] = [await coverAll(SEEN, choose), await coverAll(KEPT, choose)];
const all = [...seen, ...kept];
const msEach = (performance.now() - indexed) / all.length;
console.log(`${registry.names.length} tools; ${values.limit} are described, 100 more are named.\n`);
console.log(
  "| goals | all tools described | all described or named | tokens of the prompt |\n|---|---|---|---|",
);
console.log(describeHalf("looked at while the search was made", seen));
console.log(describeHalf("kept for the end", kept));
console.log(describeHalf("all", all));
console.log(`\nAll ${registry.names.length} tools at once: ${tokensOf("hello", registry.names)} tokens.`);
console.log(`The index took ${Math.round(indexed - begun)} ms, a choice ${Math.round(msEach)} ms.\n`);
for (const { goal, undescribed, missing } of all.filter((one) => one.undescribed.length > 0)) {
  const only = undescribed.filter((need) => !missing.includes(need));
  console.log(
    `- ${goal} Named only: ${only.map((need) => [need].flat().join(" or ")).join(", ") || "none"}. Missing: ${missing.map((need) => [need].flat().join(" or ")).join(", ") || "none"}.`,
  );
}
