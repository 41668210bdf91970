import type { ToolCall } from "@langchain/core/messages/tool";
import { tool } from "@langchain/core/tools";
import { z } from "zod";
import { cutText } from "../../base/index.js";
import { BLOCKED_TOOL } from "../../prompts/index.js";
import { MAX_PROMPT_OUTPUT_BYTES } from "../run/index.js";

/** The tool with which a model says that it cannot do its step. It never runs, because a call of it ends the step. */
export function createBlockedTool() {
  return tool(() => "", {
    name: BLOCKED_TOOL,
    description: "Says that this step cannot be done, and exactly why.",
    schema: z.object({ reason: z.string() }),
  });
}

/** The reason in a call of the tool. */
export function toReason({ args: { reason } }: Pick<ToolCall, "args">): string {
  if (reason === undefined) {
    return "no reason given";
  }
  return cutText(typeof reason === "string" ? reason : JSON.stringify(reason), MAX_PROMPT_OUTPUT_BYTES);
}
