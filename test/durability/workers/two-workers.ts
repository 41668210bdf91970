// A run of two workers at once, each with a charge that waits for a person: a deep agent, and an agent of ours.
import { tool } from "@langchain/core/tools";
import type { BaseCheckpointSaver } from "@langchain/langgraph";
import { createDeepAgent } from "deepagents";
import { z } from "zod";
import { type AgentEvent, createPlanExecuteAgent } from "../../../src/index.js";
import { planCall, ScriptedModel, scriptedByRole } from "../../support/scripted-model.js";
import { workerStep } from "../../support/worker-agents.js";

/** What the run tells while it works. The test decides what happens then. */
export interface Told {
  /** A model is asked, or a charge is made. What is returned is waited for. */
  at(what: string): unknown;
  readonly onEvent: (event: AgentEvent) => void;
}

/** Creates the agent with its two workers. */
export function createTwoWorkers(checkpointer: BaseCheckpointSaver, { at, onEvent }: Told) {
  const chargeFor = (worker: string) =>
    tool(
      async ({ who }) => {
        await at(`${worker} charges ${who}`);
        return `charged ${who}`;
      },
      { name: "charge", description: "charges a card", schema: z.object({ who: z.string() }) },
    );
  const deep = createDeepAgent({
    model: new ScriptedModel(async (messages) => {
      const last = messages.at(-1);
      const isTold = last?.getType() === "tool";
      await at(isTold ? "deep is told" : "deep is asked");
      return isTold ? `deep: ${last.text}` : [{ name: "charge", args: { who: "Ann" } }];
    }),
    tools: [chargeFor("deep")],
    interruptOn: { charge: true },
  });
  const said = (what: string, answer: ReturnType<typeof planCall> | string) => async () => {
    await at(what);
    return answer;
  };
  const ours = createPlanExecuteAgent({
    model: scriptedByRole({
      planner: said("ours plans", planCall([{ id: "1", tool: "charge", args: { who: "Bob" } }])),
      replanner: said("ours answers", "ours: charged Bob"),
    }),
    tools: [chargeFor("ours")],
    approval: { tools: { charge: true } },
  });
  const steps = [workerStep("a", "deep", "charge Ann"), workerStep("b", "ours", "charge Bob")];
  return createPlanExecuteAgent({
    model: scriptedByRole({
      planner: said("the run plans", planCall(steps)),
      replanner: said("the run answers", "both were charged"),
    }),
    workers: {
      deep: { description: "charges with judgement", agent: deep },
      ours: { description: "charges by a plan", agent: ours },
    },
    replanner: { maxReplans: 0 },
    checkpointer,
    onEvent,
  });
}
