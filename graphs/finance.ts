// The finance agent: reads prices, computes indicators, finds opportunities by a strategy, sizes orders by the risk
// policy, places them on a paper ledger after a person's approval, and writes a report.
import { createPlanExecuteAgent, type PlanExecuteAgent } from "langgraph-plan-execute";
import { approvalFor } from "./finance/approval.js";
import { INSTRUCTIONS } from "./finance/instructions.js";
import { playbook } from "./finance/playbook.js";
import { PriceFolder } from "./finance/prices/price-folder.js";
import { createTools } from "./finance/tools/create-tools.js";
import { type RiskLimits, readLimits } from "./finance/trading/limits.js";
import { type FieldGraphOptions, servedWorkspace, takeFolders, type Workspace } from "./shared/folders.js";
import { mergeOptions } from "./shared/merge-options.js";

/** What the finance graph takes. */
export interface FinanceOptions extends FieldGraphOptions<Workspace>, Partial<RiskLimits> {
  /** The cash in a new paper ledger, in the currency of the prices. @default 100,000 */
  readonly cash?: number;
}

/** The finance agent. The given options are added to its own, and an order always waits for a person. */
export function createGraph(given: FinanceOptions = {}): PlanExecuteAgent {
  const { maxPosition, riskLimit, cash = 100_000, ...field } = given;
  const { data, workspace, options } = takeFolders("finance", field);
  const limits = readLimits({ maxPosition, riskLimit });
  const desk = { prices: new PriceFolder(data), workspace, cash, limits };
  const merged = mergeOptions(
    { tools: createTools(desk), planner: { instructions: INSTRUCTIONS }, offline: { playbook } },
    options,
  );
  const tools = approvalFor(desk, merged.approval?.tools);
  return createPlanExecuteAgent({ ...merged, approval: { ...merged.approval, tools } });
}

/** What langgraph.json names. Each user has a ledger and reports of their own. */
export const graph: PlanExecuteAgent = createGraph({ workspace: servedWorkspace("finance") });
