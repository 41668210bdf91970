// A graph for the tests of the command line: it books, and waits for a person before it pays.
import { tool } from "@langchain/core/tools";
import { z } from "zod";
import { createPlanExecuteAgent, type PlanExecuteOptions, withRecovery } from "../../src/index.js";
import { planCall, scriptedByRole } from "../support/scripted-model.js";

const book = withRecovery(
  tool(({ flight }) => `booked ${flight}`, {
    name: "book",
    description: "Books a flight.",
    schema: z.object({ flight: z.string() }),
  }),
  { compensate: ({ flight }) => `cancelled ${String(flight)}` },
);
const pay = tool(({ amount }) => `paid ${amount}`, {
  name: "pay",
  description: "Pays an amount.",
  schema: z.object({ amount: z.number() }),
});

export function createGraph(options: PlanExecuteOptions) {
  const plan = planCall([
    { id: "1", tool: "book", args: { flight: "LX 14" } },
    { id: "2", tool: "pay", args: { amount: 210 }, dependsOn: ["1"] },
  ]);
  return createPlanExecuteAgent({
    ...options,
    model: scriptedByRole({ planner: plan }),
    tools: [book, pay],
    approval: { tools: { pay: true } },
    undo: "onFailureOrCancel",
  });
}
