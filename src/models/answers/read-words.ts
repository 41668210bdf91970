// What a model says in words may be no words for anybody: calls that it wrote as text, or a piece of its own prompt.
import { randomUUID } from "node:crypto";
import { AIMessage, type BaseMessage } from "@langchain/core/messages";
import { readCallsInText } from "../../plan/index.js";
import { ModelError } from "../model-error.js";
import { SECTION_NAMES } from "../tags.js";

/** Turns a message whose text is calls of the offered tools into a message that makes these calls. */
export function withWrittenCalls(message: AIMessage, offered: readonly string[]): AIMessage {
  const { id, text, tool_calls, invalid_tool_calls, usage_metadata, response_metadata } = message;
  if (offered.length === 0 || (tool_calls?.length ?? 0) + (invalid_tool_calls?.length ?? 0) > 0) {
    return message;
  }
  const written = readCallsInText(text, (name) => offered.includes(name));
  if (written === undefined) {
    return message;
  }
  const { lead, calls } = written;
  return new AIMessage({
    id,
    content: lead,
    tool_calls: calls.map((call, at) => ({ ...call, id: `${id ?? randomUUID()}_${at}`, type: "tool_call" })),
    usage_metadata,
    response_metadata,
  });
}

/** Throws a `ModelError` if an answer in words begins with a section of its own prompt, or is an example of it. */
export function assertNoEcho({ text, tool_calls }: AIMessage, prompt: readonly BaseMessage[]): void {
  const answer = text.trim();
  const [tag, name = ""] = /^<(\w+)>/.exec(answer) ?? [];
  if (tag === undefined || (tool_calls?.length ?? 0) > 0) {
    return;
  }
  const echoed = SECTION_NAMES.has(name) ? tag : /^missing(?:_\d+)?$/.test(name) ? answer : undefined;
  // Text from outside opens no tag of ours, so one in the prompt is the prompt's own. Where such text does read like
  // the tag, it stands there with a JSON escape, and the answer may quote it.
  const isQuoted = prompt.some((message) => message.text.includes(`u003c${name}`));
  if (echoed !== undefined && !isQuoted && prompt.some((message) => message.text.includes(echoed))) {
    throw new ModelError("MODEL_UNREADABLE", `it repeated its own prompt: ${tag}`);
  }
}
