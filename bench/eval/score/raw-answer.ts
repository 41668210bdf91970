import { SECTION_NAMES } from "../../../src/models/tags.js";

/** Our prompts' sections and marks, and what models put around their thoughts. */
const TAG = new RegExp(`<(?:${[...SECTION_NAMES].join("|")}|(?:missing|reached)(?:_\\d+)?|think)>`);

/** Why a text is no answer in words: nothing in it, a raw call or plan, or a piece of a prompt. */
export type RawKind = "empty" | "call" | "plan" | "tag" | "reference";

/** Finds out whether a text is no answer for a person. `tools` are the names of the tools that were there. */
export function findRaw(text: string, tools: readonly string[]): RawKind | undefined {
  if (text.trim() === "") {
    return "empty";
  }
  const names = tools.map((name) => name.replace(/[^\w-]/g, "")).join("|");
  const call = new RegExp(`"(?:name|tool|function|action)"\\s*:\\s*"(?:${names})"|<tool_call>|<function=`);
  if (call.test(text)) {
    return "call";
  }
  if (/"steps"\s*:\s*\[/.test(text)) {
    return "plan";
  }
  if (TAG.test(text)) {
    return "tag";
  }
  return /\{\{[^{}]+\}\}/.test(text) ? "reference" : undefined;
}
