import { AIMessage, type BaseMessage, isAIMessage } from "@langchain/core/messages";
import type { AgentState } from "../state/index.js";
import { isPlanMessage } from "./plan-message.js";
import { MAX_CONVERSATION_BYTES } from "./settings.js";

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
  const shown: BaseMessage[] = [];
  let bytes = 0;
  for (let index = before.length - 1; index >= 0; index--) {
    const said = toSaid(before[index]);
    if (said === undefined) continue;
    const { content } = said;
    bytes += Buffer.byteLength(typeof content === "string" ? content : JSON.stringify(content));
    if (bytes > MAX_CONVERSATION_BYTES) break;
    shown.push(said);
  }
  return shown.reverse();
}

/** A message as it is shown of the conversation before; undefined where nothing was said in it. */
function toSaid(message: BaseMessage | undefined): BaseMessage | undefined {
  if (message === undefined || message.getType() === "tool" || isPlanMessage(message)) return undefined;
  if (!isAIMessage(message)) return message;
  return message.text.trim() === "" ? undefined : new AIMessage({ id: message.id, content: message.text });
}
