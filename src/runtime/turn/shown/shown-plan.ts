import type { LangGraphRunnableConfig } from "@langchain/langgraph";
import type { AgentState, StateUpdate } from "../../../state/index.js";
import { type AgentServices, requesterOf } from "../../run/index.js";
import { withPlanCard } from "./plan-card.js";

type Node = (state: AgentState, config: LangGraphRunnableConfig) => Promise<StateUpdate>;

/** Wraps a node so that its update shows the plan as the run's settings say: as text, which is how it comes, or as a card. */
export function whilePlanShown(services: AgentServices, node: Node): Node {
  return async (state, config) => {
    const update = await node(state, config);
    return services.settingsFor(config.context).showPlan === "card"
      ? withPlanCard(state, update, requesterOf(config).threadId)
      : update;
  };
}
