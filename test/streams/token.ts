import type { AgentEvent } from "../../src/events/index.js";
import { stamp } from "../support/stamp.js";

/** An event with a token of an answer. */
export function token(threadId: string, text: string): AgentEvent {
  return { type: "answer.token", token: text, ...stamp, threadId };
}
