import type { JsonValue } from "../plan/index.js";

/** A tool call that may be made. */
export interface PermittedCall {
  readonly partId: string;
  /** What the step does, in words. */
  readonly description: string;
  readonly tool: string;
  readonly args: Record<string, JsonValue>;
  /** The id of the model's call; a step's own call goes by turn and step. */
  readonly callId?: string;
}
