import type { BaseMessage } from "@langchain/core/messages";
import { withoutTags } from "./tags.js";

/**
 * A message as it may stand in a prompt: what is said in it opens and closes none of our tags. What a model called, and
 * what it thought, stays as it was: it is no text of the prompt, a model copies its calls, and providers sign thoughts.
 */
export function messageWithoutTags<Message extends BaseMessage>(message: Message): Message {
  const { content } = message;
  const isModels = message.getType() === "ai";
  const said =
    typeof content === "string"
      ? withoutTags(content)
      : content.map((block) => (isModels && block.type !== "text" ? block : valueWithoutTags(block)));
  if (JSON.stringify(said) === JSON.stringify(content)) return message;
  return Object.assign(Object.create(Object.getPrototypeOf(message)), message, { content: said });
}

function valueWithoutTags(value: unknown): unknown {
  if (typeof value === "string") return withoutTags(value);
  if (Array.isArray(value)) return value.map(valueWithoutTags);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, valueWithoutTags(entry)]));
}
