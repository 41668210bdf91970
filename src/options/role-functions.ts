import { OFFLINE_MODEL } from "../models/index.js";
import { createOffline } from "../offline/index.js";
import type { AnswerFunction, PlannerFunction, ReplannerFunction, StepFunction } from "../prompts/index.js";
import type { AgentSettings } from "./settings.js";

/** The functions that play roles in place of models. Models play the roles that are not here. */
export interface RoleFunctions
  extends Partial<PlannerFunction>,
    Partial<ReplannerFunction>,
    Partial<AnswerFunction>,
    Partial<StepFunction> {}

const OFFLINE = createOffline();

/** Says which roles functions play, and which functions. This is the only place where that is decided. */
export function roleFunctions({ planner, replanner, answer, executor }: AgentSettings): RoleFunctions {
  const own = { plan: planner.plan, replan: replanner.replan, write: answer.write, run: executor.run };
  const isOffline = (model: unknown) => model === OFFLINE_MODEL;
  return {
    plan: own.plan ?? (isOffline(planner.model) ? OFFLINE.plan : undefined),
    replan: own.replan ?? (isOffline(replanner.model) ? OFFLINE.replan : undefined),
    // If the answer has no model of its own, the replanner's writes it.
    write: own.write ?? (isOffline(answer.model ?? replanner.model) ? OFFLINE.write : undefined),
    run: own.run ?? (isOffline(executor.model) ? OFFLINE.run : undefined),
  };
}
