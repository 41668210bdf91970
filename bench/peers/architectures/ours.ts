import { createPlanExecuteAgent } from "../../../src/index.js";
import type { Architecture } from "./architecture.js";

interface OursOptions {
  readonly name: string;
  readonly models: Architecture["models"];
  /** Whether steps start while the plan is still being written. */
  readonly actEarly: boolean;
}

/**
 * This package's agent. Its planner and replanner share one model, and the executor of agent steps always uses the
 * small one.
 */
export function createOurs({ name, models, actEarly }: OursOptions): Architecture {
  return {
    name,
    models,
    family: "plan-execute",
    async run({ work, tools, model }) {
      const agent = createPlanExecuteAgent({
        model: model(models),
        executor: { model: model("small") },
        planner: { actEarly, granularity: "fine", maxSteps: 20 },
        tools,
      });
      const { response, status } = await agent.invoke({ input: work.goal });
      if (status !== "done") {
        throw new Error(`The run ended ${status}: ${response}`);
      }
      return response;
    },
  };
}
