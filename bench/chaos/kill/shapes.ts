import { END, START, StateGraph } from "@langchain/langgraph";
import { z } from "zod";
import { createPlanExecuteAgent, type PlanExecuteOptions } from "../../../src/index.js";

/** How the agent is used: alone, as a node of somebody else's graph, or invoked inside one of its nodes. */
export const shapeSchema = z.enum(["alone", "node", "invoked"]);
export type Shape = z.infer<typeof shapeSchema>;

const outerSchema = z.object({
  input: z.string(),
  messages: z.array(z.any()).optional(),
  plan: z.any().optional(),
  pastSteps: z.any().optional(),
  response: z.string().optional(),
  status: z.string().optional(),
  outcome: z.any().optional(),
  usage: z.any().optional(),
  greeting: z.string().optional(),
});

/** The graph that is run: the agent, or another graph with the agent in it. */
export function createGraph(shape: Shape, options: PlanExecuteOptions) {
  if (shape === "alone") {
    return createPlanExecuteAgent(options);
  }
  const { checkpointer, store, ...inner } = options;
  const agent = createPlanExecuteAgent(inner);
  const greet = () => ({ greeting: "hello" });
  const graph =
    shape === "node"
      ? new StateGraph(outerSchema).addNode("greet", greet).addNode("agent", agent)
      : new StateGraph(outerSchema)
          .addNode("greet", greet)
          .addNode("agent", ({ input }, config) => agent.invoke({ input }, config));
  return graph
    .addEdge(START, "greet")
    .addEdge("greet", "agent")
    .addEdge("agent", END)
    .compile({ checkpointer, store })
    .withConfig({ durability: "sync" });
}
