import core = require("@langchain/core/tools");
import plans = require("langgraph-plan-execute");
import general = require("langgraph-plan-execute/graphs/general");
import zod = require("zod");

const double = core.tool(({ value }) => 2 * value, {
  name: "double",
  description: "Doubles a number",
  schema: zod.z.object({ value: zod.z.number() }),
});

const agent = plans.createPlanExecuteAgent({ model: "offline", tools: [double] });
const another: plans.PlanExecuteAgent = general.createGraph({ tools: [double] });
export const said = Promise.all(
  [agent, another].map(async (one): Promise<string | undefined | null> => {
    const { response } = await one.invoke({ input: "double 21" });
    return response;
  }),
);
