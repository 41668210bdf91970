// A support desk: accounts, orders and the refund policy in SQLite, looked up side by side; what the policy allows
// worked out by its rows; a refund behind approval; the reply to the customer. The server opens `graph`, and gives it a
// checkpointer of its own; a program calls `createGraph` with the one it wants.
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

/** What the support graph takes beside what every field's graph does. */
export interface SupportGraphOptions extends FieldGraphOptions {
  /** The day from which windows are counted back, as "2026-11-21". @default the day on which the turn began */
  readonly today?: string;
}

/** The support agent; options of the caller's are added to its own, and refunds always wait for a person. */
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

/** What langgraph.json names: one database for all users, since what is refunded is the shop's. */
export const graph: PlanExecuteAgent = createGraph({ workspace: join(servedFolder(), "support") });
