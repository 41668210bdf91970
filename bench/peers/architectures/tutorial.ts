import { HumanMessage, SystemMessage } from "@langchain/core/messages";
import { tool } from "@langchain/core/tools";
import { END, START, StateGraph } from "@langchain/langgraph";
import { z } from "zod";
import type { ModelName } from "../cost-model.js";
import { tutorialTools, YOUR_STEP } from "../model/perfect-tutorial.js";
import type { Architecture } from "./architecture.js";
import { createLoop } from "./react.js";

const doneSchema = z.object({ step: z.string(), result: z.string() });
const stateSchema = z.object({
  goal: z.string(),
  plan: z.array(z.string()).default([]),
  done: z.array(doneSchema).default([]),
  response: z.string().default(""),
});
const planSchema = z.object({ steps: z.array(z.string()).describe("What is to be done, in order") });
const answerSchema = z.object({ answer: z.string() });

const planTool = tool(() => "", {
  name: tutorialTools.plan,
  description: "Hands in the plan.",
  schema: planSchema,
});
const answerTool = tool(() => "", {
  name: tutorialTools.answer,
  description: "Answers the goal.",
  schema: answerSchema,
});

const plannerPrompt =
  "Make a plan for the goal: steps that an agent with tools carries out one after another. Each step says all that is needed. The last one gives the answer.";
const executorPrompt = "Carry out your step with the tools. Answer with its result and nothing else.";
const replannerPrompt =
  "If the steps that are done answer the goal, submit the answer: what is asked for and nothing else. Else submit the plan of what is left to be done, without what is done.";

/**
 * The architecture of LangGraph.js's plan-and-execute tutorial, rewritten: a planner, an agent that carries out the
 * first step of the plan, and a replanner after each step. Its executor sees the goal and the finished steps, so the
 * replanner need not write results into the steps.
 */
export function createTutorial(name: string, models: ModelName, executorModel: ModelName): Architecture {
  return {
    name,
    models,
    family: "tutorial",
    async run({ work, tools, model }) {
      const planner = model(models).withStructuredOutput(planSchema, {
        name: tutorialTools.plan,
        method: "functionCalling",
      });
      const replanner = model(models).bindTools([planTool, answerTool], { tool_choice: "required" });
      const execute = createLoop(model(executorModel), tools, executorPrompt);
      const told = ({ goal, done }: z.infer<typeof stateSchema>) =>
        [`Goal: ${goal}`, "Done:", ...done.map((line) => JSON.stringify(line))].join("\n");
      const graph = new StateGraph(stateSchema)
        .addNode("planner", async ({ goal }) => {
          const { steps } = await planner.invoke([new SystemMessage(plannerPrompt), new HumanMessage(goal)]);
          return { plan: steps };
        })
        .addNode("executor", async (state) => {
          const [step = "", ...rest] = state.plan;
          const result = await execute(`${told(state)}\n${YOUR_STEP}${step}`);
          return { plan: rest, done: [...state.done, { step, result }] };
        })
        .addNode("replanner", async (state) => {
          const left = ["Left of the plan:", ...state.plan].join("\n");
          const message = await replanner.invoke([
            new SystemMessage(replannerPrompt),
            new HumanMessage(`${told(state)}\n${left}`),
          ]);
          const [call] = message.tool_calls ?? [];
          if (call?.name === tutorialTools.answer) {
            return { response: answerSchema.parse(call.args).answer };
          }
          return { plan: planSchema.parse(call?.args).steps };
        })
        .addEdge(START, "planner")
        .addEdge("planner", "executor")
        .addEdge("executor", "replanner")
        .addConditionalEdges("replanner", ({ response }) => (response === "" ? "executor" : END))
        .compile();
      const { response } = await graph.invoke({ goal: work.goal }, { recursionLimit: 200 });
      return response;
    },
  };
}
