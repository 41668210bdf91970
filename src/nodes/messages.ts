import { AIMessage, type BaseMessage, isAIMessage } from "@langchain/core/messages";
import type { PlanStep, StepResult } from "../plan/index.js";
import type { AgentState } from "../state/index.js";
import { MAX_CONVERSATION_BYTES } from "./settings.js";

/** The plan as people read it: one message, updated in place; finished steps are struck through. */
export function toPlanMessage(
  id: string,
  plan: readonly PlanStep[],
  pastSteps: readonly StepResult[],
): AIMessage {
  return new AIMessage({ id, content: `**Plan**\n\n${toPlanText(plan, pastSteps)}` });
}

/** The plan as a numbered list, one step a line. */
export function toPlanText(plan: readonly PlanStep[], pastSteps: readonly StepResult[]): string {
  const ended = new Map(pastSteps.map((result) => [result.id, result.status]));
  const lines = plan.map(({ id: stepId, description }, index) => {
    const status = ended.get(stepId);
    const text = description.replaceAll(/\s+/g, " ");
    if (status === undefined) return `${index + 1}. ${text}`;
    return `${index + 1}. ~~${text}~~${status === "done" ? "" : ` (${status})`}`;
  });
  return lines.join("\n");
}

/** An id for a message: the one it was streamed under, unless the conversation has that id already. */
export function messageIdFor(message: AIMessage, state: AgentState, createId: () => string): string {
  const taken = message.id === undefined || state.messages.some(({ id }) => id === message.id);
  return taken || message.id === undefined ? createId() : message.id;
}

/**
 * The conversation before this turn's goal, as a planner needs it to understand the goal: what was said, without
 * plans and without calls of tools. Those are of another agent, and a provider refuses a call without its answer. Of a
 * long one only the newest messages are shown.
 */
export function earlierConversation(messages: readonly BaseMessage[], goalMessageId: string): BaseMessage[] {
  const goalIndex = messages.findIndex(({ id }) => id === goalMessageId);
  const before = goalIndex < 0 ? messages : messages.slice(0, goalIndex);
  const said = before.flatMap((message) => {
    if (message.getType() === "tool" || isPlanMessage(message)) return [];
    if (!isAIMessage(message)) return [message];
    return message.text.trim() === "" ? [] : [new AIMessage({ id: message.id, content: message.text })];
  });
  let bytes = 0;
  const tooOld = said.findLastIndex(({ content }) => {
    bytes += Buffer.byteLength(typeof content === "string" ? content : JSON.stringify(content));
    return bytes > MAX_CONVERSATION_BYTES;
  });
  return said.slice(tooOld + 1);
}

function isPlanMessage(message: BaseMessage): boolean {
  return message.getType() === "ai" && message.text.startsWith("**Plan**\n");
}
