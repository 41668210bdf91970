import { isBaseMessage } from "@langchain/core/messages";
import { isRecord, quote } from "../../../base/index.js";
import { readOutputText, toJson } from "../../../tools/index.js";
import { MAX_STATE_OUTPUT_BYTES } from "../../run/index.js";
import type { PartEnd } from "../part.js";

/**
 * Reads what a worker came to: its structured response, or else its last message. One of our own agents also says how
 * its turn ended.
 */
export function toEnd(name: string, values: Readonly<Record<string, unknown>>): PartEnd {
  const { outcome, structuredResponse, messages } = values;
  const text = lastText(messages);
  if (isRecord(outcome) && typeof outcome.status === "string" && outcome.status !== "done") {
    const message = `The worker ${quote(name)} ended ${outcome.status}: ${String(outcome.reason)}`;
    return { ok: false, status: "failed", error: { code: "STEP_FAILED", message }, output: text ?? null };
  }
  const output: unknown = structuredResponse ?? (text === undefined ? undefined : readOutputText(text));
  if (output === undefined) {
    const message = `The worker ${quote(name)} ended without an answer: its last message is not its own.`;
    return { ok: false, status: "failed", error: { code: "STEP_FAILED", message } };
  }
  const { value, truncated } = toJson(output, { maxBytes: MAX_STATE_OUTPUT_BYTES });
  return { ok: true, output: value, truncated };
}

/** The text of the last message, if it is no person's. The messages of a remote graph are plain objects. */
function lastText(messages: unknown): string | undefined {
  const last: unknown = Array.isArray(messages) ? messages.at(-1) : undefined;
  if (isBaseMessage(last)) {
    return last.getType() === "human" ? undefined : last.text;
  }
  if (!isRecord(last) || last.type === "human" || last.role === "user") {
    return undefined;
  }
  const parts: readonly unknown[] = Array.isArray(last.content) ? last.content : [last.content];
  const texts = parts.map((part) => (isRecord(part) ? part.text : part));
  return texts.filter((text) => typeof text === "string").join("");
}
