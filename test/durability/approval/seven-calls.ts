import { tool } from "@langchain/core/tools";
import type { BaseCheckpointSaver } from "@langchain/langgraph";
import { z } from "zod";
import { createPlanExecuteAgent } from "../../../src/index.js";
import { echo } from "../../support/agent-run.js";
import { planCall, type Script, type ScriptedModel, scriptedByRole } from "../../support/scripted-model.js";

/** A call of the gated tool as its journal has it. */
export const chargeSchema = z.object({ who: z.string(), amount: z.number(), key: z.string() });

/** A call of the gated tool as its journal has it. */
export type Charge = z.infer<typeof chargeSchema>;

const direct = (id: string, who: string) => ({
  id,
  tool: "charge",
  args: { who, amount: 1 },
  dependsOn: [],
});

/** Two direct steps, a for-each of three and two agents, all of which want the same tool at the same time. */
const steps = [
  { id: "list", tool: "echo", args: { value: ["e0", "e1", "e2"] }, dependsOn: [] },
  direct("one", "d1"),
  direct("two", "d2"),
  {
    id: "each",
    tool: "charge",
    args: { who: "{{item}}", amount: 1 },
    forEach: "{{list}}",
    dependsOn: ["list"],
  },
  { id: "first", description: "charge a1 and then a1 once more", dependsOn: [] },
  { id: "second", description: "charge a2", dependsOn: [] },
];

const agentScript: Script = (messages) => {
  const task = messages.find((message) => message.getType() === "human")?.text ?? "";
  const who = /charge (a\d)/.exec(task)?.[1] ?? "";
  const rounds = messages.filter((message) => message.getType() === "tool").length;
  const wanted = task.includes("once more") ? 2 : 1;
  if (rounds === wanted) {
    return `done: ${messages.at(-1)?.text}`;
  }
  return [{ name: "charge", args: { who, amount: rounds + 1 } }];
};

/** The agent, and the model whose calls are counted. */
export function createAgent(checkpointer: BaseCheckpointSaver, write: (charge: Charge) => void) {
  const charge = tool(
    ({ who, amount }, { configurable }) => {
      write({ who, amount, key: String(configurable?.idempotency_key) });
      return `charged ${who} ${amount}`;
    },
    {
      name: "charge",
      description: "charges a card",
      schema: z.object({ who: z.string(), amount: z.number() }),
    },
  );
  const model: ScriptedModel = scriptedByRole({
    planner: planCall(steps),
    agent: agentScript,
    replanner: "the answer",
  });
  const agent = createPlanExecuteAgent({
    model,
    tools: [charge, echo],
    approval: { tools: { charge: true }, expiresAfter: "24h", requireRequestId: true },
    checkpointer,
  });
  return { agent, model };
}
