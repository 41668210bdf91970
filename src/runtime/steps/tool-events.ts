import type { JsonValue } from "../../base/index.js";
import type { StepError } from "../../plan/index.js";
import type { NodeContext } from "../run/index.js";

/** A tool call that is about to be made. */
interface ComingCall {
  readonly stepId: string;
  readonly tool: string;
  readonly args: Record<string, JsonValue>;
  readonly attempt: number;
  readonly idempotencyKey: string;
  /** The key of the call that this one undoes. */
  readonly undoes?: string;
}

/** How a tool came back. */
interface ToolReturn {
  readonly status: "done" | "failed" | "asks";
  readonly output?: JsonValue;
  readonly error?: StepError;
}

/** A tool call that was told of. Each call that is told of comes back or is left behind, unless the process dies. */
export interface ToldCall {
  /** Places the work of the call in the surroundings that sinks make for it. */
  surround<Result>(work: () => Result): () => Result;
  returned(end: ToolReturn): void;
  leftBehind(reason: string): void;
}

/** Emits that a tool is about to be called, and then what becomes of the call. */
export function tellToolCall(
  coming: ComingCall,
  { emit, surround, services }: Pick<NodeContext, "emit" | "surround" | "services">,
): ToldCall {
  const { stepId, tool, attempt, idempotencyKey } = coming;
  const startedAt = services.now();
  const hint = services.registry.isReadOnly(tool) ? { readOnly: true as const } : {};
  const call = emit({ type: "tool.called", ...coming, ...hint });
  return {
    surround: (work) => surround(call, work),
    returned(end) {
      const durationMs = services.now() - startedAt;
      emit({ type: "tool.returned", call, stepId, tool, attempt, durationMs, ...end });
    },
    leftBehind(reason) {
      emit({ type: "tool.left-behind", call, stepId, tool, idempotencyKey, reason });
    },
  };
}
