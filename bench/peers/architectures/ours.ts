import { createPlanExecuteAgent, type SavedPlan } from "../../../src/index.js";
import { writePlan } from "../model/wire-plan.js";
import { itemsLeft, plannableAnswer, type Work } from "../work.js";
import type { Architecture } from "./architecture.js";

interface OursOptions {
  readonly name: string;
  readonly models: Architecture["models"];
  /** Whether steps start while the plan is still being written. */
  readonly actEarly: boolean;
  /** Whether the plan is a saved one, so that no planner is asked. */
  readonly isSaved?: boolean;
}

/**
 * This package's agent. Its planner and replanner share one model, and the executor of agent steps always uses the
 * small one.
 */
export function createOurs({ name, models, actEarly, isSaved = false }: OursOptions): Architecture {
  return {
    name,
    models,
    family: "plan-execute",
    async run({ work, tools, model }) {
      const agent = createPlanExecuteAgent({
        model: model(models),
        executor: { model: model("small") },
        planner: { actEarly, granularity: "fine", maxSteps: 20 },
        plans: isSaved ? [toSavedPlan(work)] : [],
        tools,
      });
      const chosen = isSaved ? { plan: { name: SAVED } } : {};
      const { response, status } = await agent.invoke({ input: work.goal, ...chosen });
      if (status !== "done") {
        throw new Error(`The run ended ${status}: ${response}`);
      }
      return response;
    },
  };
}

const SAVED = "saved";

/** The plan that a perfect planner would write, thought out before. */
function toSavedPlan(work: Work): SavedPlan {
  const seen = { outputs: new Map<string, string>(), failed: new Set<string>() };
  const items = itemsLeft(work, seen);
  const answer = plannableAnswer(work, seen);
  const { argsText } = writePlan({ work, items, firstId: 1, answer, doneIds: new Map() });
  const plan: Pick<SavedPlan, "steps" | "answer"> = JSON.parse(argsText);
  return { name: SAVED, description: work.about, ...plan };
}
