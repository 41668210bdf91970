/**
 * What a real model plans with a part of GitHub's operations, and with all of them:
 *
 *   npx tsx bench/tools/plans.ts --base-url http://127.0.0.1:8080/v1 --model qwen2.5-coder-1.5b [--method schema] [--all]
 *
 * It asks for plans of the kept goals (`--goals 10`), carries none out, and prints which have the tools that they need.
 */
import { parseArgs } from "node:util";
import { MemorySaver } from "@langchain/langgraph";
import { ChatOpenAI } from "@langchain/openai";
import { createPlanExecuteAgent, type PlannerOptions } from "../../src/index.js";
import { createGithubTools } from "./github-tools.js";
import { KEPT } from "./goals.js";

const { values } = parseArgs({
  options: {
    "base-url": { type: "string", default: "http://127.0.0.1:8080/v1" },
    model: { type: "string", default: "qwen2.5-coder-1.5b" },
    method: { type: "string", default: "auto" },
    goals: { type: "string", default: "10" },
    limit: { type: "string", default: "30" },
    all: { type: "boolean", default: false },
  },
});
const TEN_MINUTES = 600_000;
const model = new ChatOpenAI({
  model: values.model,
  apiKey: process.env.OPENAI_API_KEY ?? "none",
  temperature: 0,
  configuration: { baseURL: values["base-url"] },
});
const tools = createGithubTools();
const agent = createPlanExecuteAgent({
  model,
  tools,
  modelTimeoutMs: TEN_MINUTES,
  planner: { method: values.method as PlannerOptions["method"] },
  toolSearch: { limit: Number(values.limit), from: values.all ? tools.length + 1 : 30 },
  // A plan that waits for a person is not carried out.
  approval: { plan: true },
  checkpointer: new MemorySaver(),
});
let right = 0;
const goals = KEPT.slice(0, Number(values.goals));
for (const [at, { goal, needs }] of goals.entries()) {
  const begun = Date.now();
  const { plan, usage, status, outcome } = await agent.invoke(
    { input: goal },
    { configurable: { thread_id: `${at}` } },
  );
  const used = plan.flatMap(({ tool, tools: own = [] }) => (tool === undefined ? own : [tool]));
  const isRight = needs.every((need) => [need].flat().some((name) => used.includes(name)));
  right += isRight ? 1 : 0;
  const cost = `${usage.calls} calls, ${usage.inputTokens} tokens in, ${Math.round((Date.now() - begun) / 1_000)} s`;
  const said = used.length > 0 ? used.join(", ") : `no tool (${outcome?.reason ?? status})`;
  console.log(`${isRight ? "right" : "WRONG"} (${cost}): ${goal}\n  ${said}`);
}
console.log(`\n${right} of ${goals.length} plans have the tools that their goal needs.`);
