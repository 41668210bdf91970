import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { type PlannerFunction, planSchema, readPlan, validatePlan } from "../../src/index.js";

/** Asks two models for a plan, and takes the shorter one that is valid. */
export function shorterOf(...models: readonly [BaseChatModel, BaseChatModel]): PlannerFunction {
  return {
    async plan({ goal, tools, maxSteps, issues, signal }) {
      const prompt = [
        'Plan the goal. Answer with JSON alone: {"steps":[{"tool":"…","args":{…}}],"answer":"words with {{1}} for the output of step 1"}.',
        `Tools: ${JSON.stringify(tools)}`,
        ...issues.map((issue) => `Wrong in the last plan: ${issue}`),
        `Goal: ${goal}`,
      ].join("\n\n");
      const texts = await Promise.all(
        models.map(async (model) => (await model.invoke(prompt, { signal })).text),
      );
      const known = tools.map(({ name, parameters, readOnly }) => ({ name, schema: parameters, readOnly }));
      const plans = texts.flatMap((text) => {
        const read = readPlan(text, { tools: known });
        if (!read.found) {
          return [];
        }
        const issues = [...read.issues, ...validatePlan(read.plan, { tools: known, maxSteps })];
        return issues.length === 0 ? [planSchema.parse(read.plan)] : [];
      });
      const [shortest] = plans.sort((one, other) => one.steps.length - other.steps.length);
      // If neither is valid, the agent says what is wrong with the first, and asks again.
      return shortest ?? texts[0] ?? "";
    },
  };
}
