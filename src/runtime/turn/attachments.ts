import { type Attachment, attachmentsIn } from "../../models/index.js";
import type { PlanStep } from "../../plan/index.js";
import type { AgentState } from "../../state/index.js";

/** What is attached to the goal. It stands in the state once, in the conversation. */
export function attachmentsOfGoal({ messages, turn }: Pick<AgentState, "messages" | "turn">): Attachment[] {
  const goal = turn?.goalMessageId ?? null;
  const message = goal === null ? undefined : messages.find(({ id }) => id === goal);
  return message === undefined ? [] : attachmentsIn(message);
}

/** What a step in words sees of it: everything if its description speaks of what is attached, otherwise nothing. */
export function attachmentsFor(
  { description }: Pick<PlanStep, "description">,
  state: AgentState,
): Attachment[] {
  return /\battach/i.test(description) ? attachmentsOfGoal(state) : [];
}
