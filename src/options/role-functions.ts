import type { AnswerFunction, PlannerFunction, ReplannerFunction, StepFunction } from "../prompts/index.js";
import type { AgentSettings } from "./settings.js";

/** The functions that play roles in place of models. Models play the roles that are not here. */
export interface RoleFunctions
  extends Partial<PlannerFunction>,
    Partial<ReplannerFunction>,
    Partial<AnswerFunction>,
    Partial<StepFunction> {}

/** Says which roles functions play, and which functions. This is the only place where that is decided. */
export function roleFunctions({ planner, replanner, answer, executor }: AgentSettings): RoleFunctions {
  const { plan } = planner;
  const { replan } = replanner;
  const { write } = answer;
  const { run } = executor;
  return { plan, replan, write, run };
}
