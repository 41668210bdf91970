import type { ToolCall } from "@langchain/core/messages/tool";
import { ModelError } from "../models/index.js";
import type { JsonValue } from "../plan/index.js";
import { toJson } from "../tools/index.js";
import { MAX_STATE_OUTPUT_BYTES } from "./settings.js";

/** The arguments of a model's call, as plain JSON. */
export function argsOf({ args }: ToolCall): Record<string, JsonValue> {
  const { value } = toJson(args, { maxBytes: MAX_STATE_OUTPUT_BYTES });
  return typeof value === "object" && value !== null && !Array.isArray(value) ? value : {};
}

/** Throws a `ModelError` where a call's arguments are more than the state keeps: a tool is not called with half of them. */
export function assertWholeArgs({ name, args }: ToolCall): void {
  if (!toJson(args, { maxBytes: MAX_STATE_OUTPUT_BYTES }).truncated) return;
  const what = `its call of ${name} is larger than ${MAX_STATE_OUTPUT_BYTES} bytes, or nested too deeply`;
  throw new ModelError("MODEL_TOO_LONG", what);
}
