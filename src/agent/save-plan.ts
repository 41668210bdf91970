import type { RunnableConfig } from "@langchain/core/runnables";
import { OptionsError } from "../options/index.js";
import { isPassable, type PlanToSave, preparePlan, type SavedPlan, savedPlanOf } from "../plan/index.js";
import { stateSchema } from "../state/index.js";
import { readyRegistryOf } from "./agent-graph.js";

/** What `savePlan` needs of an agent. */
interface ReadableAgent {
  getState(config: RunnableConfig): Promise<{ readonly values: unknown }>;
}

const ranSchema = stateSchema.pick({ status: true, plan: true, answerStep: true, pastSteps: true }).partial();

/**
 * Makes a saved plan of the plan that a thread's last turn carried out, with some of its values as parameters:
 * `savePlan(agent, "1", { name: "report", description: "Reports on a month", parameters: { month: "2026-11" } })`. What
 * comes out is JSON: give it to the option `plans`, or keep it in a file for `loadPlans`. Steps that failed and were
 * replaced are left out. Throws an `OptionsError` if the turn is not done, or the plan would not work with other values.
 */
export async function savePlan(
  agent: ReadableAgent,
  threadId: string,
  wanted: PlanToSave,
): Promise<SavedPlan> {
  const { values } = await agent.getState({ configurable: { thread_id: threadId } });
  const { status, plan = [], answerStep, pastSteps = [] } = ranSchema.parse(values);
  const refuse = (problems: readonly string[]) =>
    new OptionsError(`The plan of the thread ${JSON.stringify(threadId)}`, problems);
  if (status !== "done" || plan.length === 0) {
    const what = plan.length === 0 ? "it has no plan" : `it is ${status}`;
    throw refuse([`${what}, and only a plan that was done to its end can be saved`]);
  }
  const worked = new Set(pastSteps.filter(isPassable).map(({ id }) => id));
  const steps = plan.filter(({ id }) => worked.has(id));
  const { saved, unused } = savedPlanOf({ steps, answer: answerStep ?? undefined }, wanted);
  const registry = await readyRegistryOf(agent);
  const prepared = preparePlan(saved, registry?.planTools() ?? []);
  const problems = [
    ...unused.map((name) => `parameters.${name}: no step of the plan has this value`),
    ...(prepared.ok ? [] : prepared.problems),
  ];
  if (problems.length > 0) {
    throw refuse(problems);
  }
  return saved;
}
