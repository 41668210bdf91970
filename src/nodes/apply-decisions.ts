import type { AgentState, Decision, StateUpdate } from "../state/index.js";
import { applyToGuidance } from "./apply-to-guidance.js";
import { applyToPlan } from "./apply-to-plan.js";
import { askPerson } from "./ask-person.js";
import type { NodeContext } from "./node-context.js";
import { toPlanMessages } from "./plan-message.js";
import type { DecidedAction } from "./read-decisions.js";
import { timeNow } from "./time-now.js";

/** What comes of decisions that were found right: they are recorded, told, and carried out. */
export async function applyDecisions(
  before: AgentState,
  decided: readonly DecidedAction[],
  by: string | undefined,
  context: NodeContext,
): Promise<StateUpdate> {
  const { emit, services } = context;
  const { requestId, waiting } = before;
  const record = { ...(by === undefined ? {} : { by }), at: timeNow(services) };
  emit({
    type: "approval.decided",
    requestId,
    ...(by === undefined ? {} : { by }),
    decisions: decided.map(({ type, requestId: _, ...facts }) => ({ decision: type, ...facts })),
  });
  const made = decided.map(({ steps: _, ...decision }): Decision => ({ ...decision, ...record }));
  const decisions = [...before.decisions, ...made];
  const waitedMs = before.waitedMs + services.now() - Date.parse(before.askedAt);
  const state = { ...before, decisions };
  const messages = toPlanMessages(before);
  const settled: StateUpdate = { decisions, waitedMs, messages, ...askPerson([], context) };
  // A plan, or a call for guidance, waits by itself.
  const [item] = waiting;
  const [decision] = decided;
  if (item === undefined || decision === undefined || item.kind === "action") return settled;
  const change =
    item.kind === "plan"
      ? await applyToPlan(state, decision, record, context)
      : await applyToGuidance(state, item, decision, record, context);
  return { ...settled, ...change };
}
