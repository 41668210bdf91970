import type { PlanExecuteAgent, StepFunction } from "../../src/index.js";

/** Hands the steps that are only words to another agent. */
export function handOnTo(agent: PlanExecuteAgent): StepFunction {
  return {
    async run({ step, inputs, signal }) {
      const input = `${step.description}\n\nWhat is known: ${JSON.stringify(inputs)}`;
      const { status, response, outcome } = await agent.invoke({ input }, { signal });
      return status === "done" ? { output: response } : { blocked: outcome?.reason ?? status };
    },
  };
}
