import { HumanMessage, SystemMessage } from "@langchain/core/messages";
import type { ModelName } from "../cost-model.js";
import { JOINER_BEGINS, joinerSays } from "../model/perfect-compiler.js";
import type { WorkTool } from "../tools.js";
import type { Architecture } from "./architecture.js";
import { createLineReader, toSignature } from "./compiler-plan.js";
import { type DoneTask, TaskFetchingUnit } from "./compiler-tasks.js";

const joinerPrompt = `${JOINER_BEGINS} what follows from the results of tasks that were done for a goal. If they answer it, write "${joinerSays.finish}" and the answer: what is asked for and nothing else. Else write "${joinerSays.replan}" alone.`;

/** More plans than any of the works needs. */
const MAX_PLANS = 10;

function toPlannerPrompt(tools: readonly WorkTool[]): string {
  return [
    "Plan calls of tools that reach the goal, as many of them at once as can be. Write one call a line and nothing else:",
    '1. tool("argument")',
    "$1 in an argument stands for the result of call 1. Go on counting after the calls that are done, and do not repeat them.",
    "Tools:",
    ...tools.map(toSignature),
  ].join("\n");
}

function toHuman(goal: string, done: readonly DoneTask[]): string {
  return [`Goal: ${goal}`, ...done.map((task) => JSON.stringify(task))].join("\n");
}

/**
 * An architecture like LLMCompiler's: a planner that writes tasks with references, tasks that run side by side, and a
 * joiner that answers or asks for another plan. If it streams, each task is called as soon as it is written and its
 * inputs are there. If not, it waits for the whole plan, and the tasks run in waves.
 */
export function createCompiler(name: string, models: ModelName, isStreamed: boolean): Architecture {
  return {
    name,
    models,
    family: "compiler",
    async run({ work: { goal }, tools, model }) {
      const asked = model(models);
      const unit = new TaskFetchingUnit(tools);
      const plannerPrompt = new SystemMessage(toPlannerPrompt(tools));
      for (let plans = 0; plans < MAX_PLANS; plans += 1) {
        const messages = [plannerPrompt, new HumanMessage(toHuman(goal, unit.done))];
        const read = createLineReader();
        if (isStreamed) {
          for await (const { text } of await asked.stream(messages)) {
            unit.add(read(text));
          }
          await unit.settle();
        } else {
          await unit.runWaves(read((await asked.invoke(messages)).text));
        }
        const { text } = await asked.invoke([
          new SystemMessage(joinerPrompt),
          new HumanMessage(toHuman(goal, unit.done)),
        ]);
        if (text.startsWith(joinerSays.finish)) {
          return text.slice(joinerSays.finish.length);
        }
      }
      throw new Error(`The goal was not reached with ${MAX_PLANS} plans.`);
    },
  };
}
