import type { AgentTool } from "langgraph-plan-execute";
import { createRiskTool } from "./check-risk.js";
import { createIndicatorsTool } from "./compute-indicators.js";
import type { SharedDesk } from "./desk.js";
import { createOpportunitiesTool } from "./find-opportunities.js";
import { createLoadPricesTool } from "./load-prices.js";
import { createOrderTool } from "./place-order.js";
import { createAccountTool } from "./read-account.js";
import { createReportTool } from "./write-report.js";

/** The tools of the finance graph. */
export function createTools(desk: SharedDesk): AgentTool[] {
  return [
    createLoadPricesTool(desk),
    createIndicatorsTool(desk),
    createOpportunitiesTool(desk),
    createAccountTool(desk),
    createRiskTool(desk),
    createOrderTool(desk),
    createReportTool(desk),
  ];
}
