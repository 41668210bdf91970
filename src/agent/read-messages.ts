import { type BaseMessage, coerceMessageLikeToMessage } from "@langchain/core/messages";

/** A message as LangChain takes it: an instance, a text, a role with a content. */
export type MessageLike = Parameters<typeof coerceMessageLikeToMessage>[0];

/**
 * Messages from outside, as instances. Throws where one is none, or nobody could read its content: LangGraph would keep
 * it, and every later turn of the thread would fail at it.
 */
export function readMessages(given: readonly MessageLike[]): BaseMessage[] {
  return given.map((one, index) => {
    const message = coerceMessageLikeToMessage(one);
    if (isContent(message.content)) return message;
    throw new TypeError(
      `the content of message ${index} must be a text, or a list of parts with a type each`,
    );
  });
}

function isContent(content: unknown): boolean {
  if (!Array.isArray(content)) return typeof content === "string";
  return content.every((part) => typeof Object(part).type === "string");
}
