import type { PlanExecuteOptions } from "../../../src/index.js";
import type { EvalAgent } from "./agent.js";
import { createOurs } from "./ours.js";
import { createReact } from "./react.js";

export type { EvalAgent } from "./agent.js";
export { BudgetSpentError } from "./agent.js";

/** Creates the agents: ours, and `createAgent` as it is and with calls read out of text. */
export const agentsByName = {
  ours: createOurs,
  react: () => createReact("react", false),
  "react-text": () => createReact("react-text", true),
} satisfies Record<string, (options: PlanExecuteOptions) => EvalAgent>;
