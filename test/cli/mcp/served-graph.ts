// A graph for the tests of the MCP server. A goal is the JSON of a plan; any other is refused.
import { appendFileSync, existsSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { tool } from "@langchain/core/tools";
import { interrupt } from "@langchain/langgraph";
import { z } from "zod";
import { createPlanExecuteAgent, type PlanExecuteOptions } from "../../../src/index.js";
import { GATE, JOURNAL } from "./noted.js";

const note = (line: string) => appendFileSync(JOURNAL, `${line}\n`);

const say = tool(({ words }) => words, {
  name: "say",
  description: "Says words.",
  schema: z.object({ words: z.string() }),
  metadata: { readOnly: true },
});
const charge = tool(
  ({ amount }) => {
    note(`charged ${amount}`);
    return `charged ${amount}`;
  },
  { name: "charge", description: "Charges an amount.", schema: z.object({ amount: z.number() }) },
);
const ask = tool(({ about }) => `the person says ${String(interrupt(`Which ${about}?`))}`, {
  name: "ask",
  description: "Asks a person.",
  schema: z.object({ about: z.string() }),
});
const slow = tool(
  async (_, { signal }) => {
    note("slow begins");
    while (!existsSync(GATE)) {
      if (signal?.aborted) {
        note("slow is cut off");
      }
      await delay(5, undefined, { signal });
    }
    return "slow is done";
  },
  { name: "slow", description: "Waits.", schema: z.object({}) },
);
const noisy = tool(
  () => {
    console.log("words on standard output");
    process.stdout.write("and more of them\n");
    return "made noise";
  },
  { name: "noisy", description: "Writes.", schema: z.object({}) },
);
const broken = tool(
  () => {
    throw new Error("it is broken");
  },
  { name: "broken", description: "Fails.", schema: z.object({}) },
);

export function createGraph(options: PlanExecuteOptions) {
  const { approval = {} } = options;
  const rules = typeof approval.tools === "object" ? approval.tools : {};
  return createPlanExecuteAgent({
    ...options,
    tools: [say, charge, ask, slow, noisy, broken],
    planner: {
      ...options.planner,
      plan: ({ goal }) => (goal.startsWith("{") ? JSON.parse(goal) : { refused: "I take plans alone." }),
    },
    answer: {
      write: ({ pastSteps }) => pastSteps.map(({ output }) => String(output ?? "nothing")).join("; "),
    },
    approval: { ...approval, tools: { ...rules, charge: true } },
  });
}
