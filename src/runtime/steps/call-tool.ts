import { backoffMs, describeError, hashArgs, withDeadline } from "../../base/index.js";
import { runDetached } from "../../langgraph/index.js";
import { invokeTool, type ToolSuccess } from "../../tools/index.js";
import {
  type Attempt,
  type Attempts,
  type AttemptTimeout,
  MAX_STATE_OUTPUT_BYTES,
  type NodeContext,
  type PermittedCall,
} from "../run/index.js";

/**
 * Tries until an attempt comes out right, is not worth repeating, or was the last: the one owner of retries of
 * steps. Each attempt has a deadline of its own; an attempt that is over it is left behind. Only the run's own
 * abort is thrown.
 */
async function attempt<T>(
  stepId: string,
  context: NodeContext,
  signal: AbortSignal,
  work: (signal: AbortSignal, attempt: number) => Promise<Attempt<T>>,
  timeout: AttemptTimeout,
): Promise<Attempts<T>> {
  const { executor } = context.settings;
  for (let count = 1; ; count++) {
    const ended = await withDeadline<Attempt<T>>(
      signal,
      timeout.ms,
      (attemptSignal) => work(attemptSignal, count),
      () => timedOut(timeout),
    );
    if (ended.ok || !ended.retryable || count >= executor.maxAttempts) {
      return { ...ended, attempts: count };
    }
    const delayMs = backoffMs(count, executor.backoff, context.services.random);
    context.emit({
      type: "step.retried",
      stepId,
      attempt: count + 1,
      delayMs,
      error: ended.error.message,
    });
    await context.services.sleep(delayMs, signal);
  }
}

function timedOut({ ms, retryable }: AttemptTimeout): Attempt<never> {
  const message = `It took longer than ${ms} ms and was left behind; what it still does is not looked at.`;
  return { ok: false, error: { code: "TIMEOUT", message }, retryable };
}

/** What a tool is called with. */
export interface ToolEnvironment {
  readonly context: NodeContext;
  readonly turnId: string;
  readonly state: unknown;
  /** Ends the call. */
  readonly signal: AbortSignal;
  /** Notes that the call begins which a person let pass: their word holds for no other. */
  readonly spend: (actionId: string) => void;
}

/** Calls a tool, with retries and a deadline; what it throws becomes a value. */
export async function callTool(
  call: PermittedCall,
  environment: ToolEnvironment,
): Promise<Attempts<ToolSuccess>> {
  const { context, turnId } = environment;
  const { registry } = context.services;
  const tool = registry.get(call.tool);
  if (tool === undefined) {
    const message = `There is no tool "${call.tool}". The tools are: ${registry.names.join(", ") || "none"}.`;
    return { ok: false, error: { code: "TOOL_UNKNOWN", message }, retryable: false, attempts: 1 };
  }
  const faults = registry.checkArgs(call.tool, call.args);
  if (faults.length > 0) {
    const message = `The arguments of ${call.tool} are not valid: ${faults.join("; ")}`;
    return { ok: false, error: { code: "INVALID_ARGS", message }, retryable: false, attempts: 1 };
  }
  const readOnly = registry.isReadOnly(call.tool);
  if (call.approval !== undefined) {
    environment.spend(call.approval.actionId);
  }
  const stepKey = `${turnId}:${call.partId}`;
  const idempotencyKey = [
    stepKey,
    ...(call.callId === undefined ? [] : [call.tool, hashArgs(call.args)]),
    ...(call.approval?.key ? [call.approval.key] : []),
  ].join(":");
  return attempt(
    call.partId,
    context,
    environment.signal,
    async (signal, count) => {
      if (call.callId === undefined && count > 1) {
        emitStart(call, environment, count);
      }
      const config = context.toInnerConfig(signal, { idempotency_key: idempotencyKey });
      const outcome = await runDetached(() =>
        invokeTool({
          tool,
          id: call.callId ?? stepKey,
          // A tool may change what it is given; what was approved, and what is stored, stays.
          args: structuredClone(call.args),
          config,
          ownsSignal: true,
          state: environment.state,
          readOnly,
          maxOutputBytes: MAX_STATE_OUTPUT_BYTES,
        }),
      ).catch((error: unknown) => {
        if (signal.aborted) {
          emitLeftBehind(call, environment, idempotencyKey, signal.reason);
        }
        throw error;
      });
      return outcome.ok ? { ok: true, value: outcome } : outcome;
    },
    { ms: context.settings.executor.stepTimeoutMs, retryable: readOnly },
  );
}

function emitStart(call: PermittedCall, { context }: ToolEnvironment, attempt: number): void {
  const { partId, description, tool } = call;
  context.emit({ type: "step.started", stepId: partId, description, tool, attempt });
}

/** LangChain's tools end for their caller as soon as the signal aborts: whether they heed it cannot be told. */
function emitLeftBehind(
  { partId, tool }: PermittedCall,
  { context }: ToolEnvironment,
  idempotencyKey: string,
  reason: unknown,
): void {
  const why = describeError(reason);
  context.emit({ type: "tool.left-behind", stepId: partId, tool, idempotencyKey, reason: why });
}
