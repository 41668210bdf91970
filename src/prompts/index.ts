export { toAnswerMessages } from "./answer.js";
export { toBoundTool } from "./bound-tools.js";
export { type CatalogueEntry, toCatalogue } from "./catalogue.js";
export { toAgentInstructions, toCallMessages, toTaskMessage } from "./executor.js";
export type { Granularity, PlanMethod } from "./plan-rules.js";
export {
  BLOCKED_TOOL,
  PLAN_TOOL,
  RESPOND_DEFINITION,
  RESPOND_TOOL,
  toPlanTool,
  toWireSchema,
} from "./plan-tool.js";
export { toPlannerMessages } from "./planner.js";
export { toRepairMessages } from "./repair.js";
export { type ShownDecision, toReplannerMessages } from "./replanner.js";
