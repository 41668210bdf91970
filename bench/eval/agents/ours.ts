import { createPlanExecuteAgent, type PlanExecuteOptions } from "../../../src/index.js";
import { TIMEZONE } from "../clock.js";
import { BudgetSpentError, type EvalAgent } from "./agent.js";

/** This package's agent. `options` are added to those of the task, such as `{ planner: { method: "text" } }`. */
export function createOurs(options: PlanExecuteOptions): EvalAgent {
  return {
    name: "ours",
    async run({ question, tools, model, small, budget, prices, log, signal, timeoutMs }) {
      let repairs = 0;
      let replans = 0;
      let isSpent = false;
      const agent = createPlanExecuteAgent({
        modelTimeoutMs: timeoutMs,
        timezone: TIMEZONE,
        ...options,
        model,
        executor: { stepTimeoutMs: timeoutMs, ...options.executor, ...(small ? { model: small } : {}) },
        tools: [...tools],
        budget,
        prices,
        onEvent(event) {
          repairs += event.type === "plan.invalid" ? 1 : 0;
          replans += event.type === "replanning" ? 1 : 0;
          isSpent ||= event.type === "limit.reached" && budget !== undefined;
        },
      });
      const { response, status } = await agent.invoke({ input: question }, { callbacks: [log], signal });
      if (isSpent) {
        throw new BudgetSpentError(response);
      }
      return { answer: response, status, repairs, replans };
    },
  };
}
