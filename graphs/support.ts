// A support desk. It looks accounts, orders and the refund policy up in SQLite, side by side, and works out from the
// policy's rows what it allows. Refunds wait for approval, and the agent writes the reply to the customer. The server
// opens `graph` and gives it its own checkpointer. A program calls `createGraph` with the checkpointer that it wants.
import { join } from "node:path";
import { createPlanExecuteAgent, type PlanExecuteAgent } from "langgraph-plan-execute";
import { type FieldGraphOptions, servedFolder, takeFolders } from "./shared/folders.js";
import { mergeOptions } from "./shared/merge-options.js";
import { approveRefund } from "./support/approve-refund.js";
import { supportPlaybook } from "./support/playbook.js";
import { createSupportTools } from "./support/tools.js";

const INSTRUCTIONS = `You serve a shop's support desk.
First look up, side by side: find_customer, order_history, refund_policy. Never guess who the customer is, which order or which items are meant: where the look-ups leave a doubt, answer with a question.
Then check_refund, then refund with "if": "{{check.refundable}}" and the check's amount and currency as references, then draft_reply with both outputs, and name it as the answer.
New words of the customer change the request: check anew, and refund only what the new check says.`;

/** What the support graph takes besides the options of every field's graph. */
export interface SupportGraphOptions extends FieldGraphOptions {
  /** The day from which windows are counted back, as "2026-11-21". @default the day on which the turn began */
  readonly today?: string;
}

/** The support agent. The caller's options are added to its own, and refunds always wait for a person. */
export function createGraph({ today, ...given }: SupportGraphOptions = {}): PlanExecuteAgent {
  const { data, workspace, options } = takeFolders("support", given);
  const tools = createSupportTools({ data, workspace, today });
  const own = { tools, planner: { instructions: INSTRUCTIONS }, offline: { playbook: supportPlaybook } };
  const merged = mergeOptions(own, options);
  const refund = approveRefund(merged.approval?.tools?.refund);
  return createPlanExecuteAgent({
    ...merged,
    approval: { ...merged.approval, tools: { ...merged.approval?.tools, refund } },
  });
}

/** What langgraph.json names. All users share one database, because refunds are the shop's and not a user's. */
export const graph: PlanExecuteAgent = createGraph({ workspace: join(servedFolder(), "support") });
