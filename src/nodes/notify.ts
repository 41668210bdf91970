import { backoffMs, isTransient } from "../policy/index.js";
import { raceSignal } from "../signals/index.js";
import type { AgentState } from "../state/index.js";
import type { NodeContext } from "./node-context.js";
import { postNotice, WebhookError } from "./post-notice.js";
import { MAX_NOTIFY_ATTEMPTS, NOTIFY_TIMEOUT_MS, type OnWaiting } from "./settings.js";
import { toWaitingNotice } from "./waiting-notice.js";
import { withDeadline } from "./with-deadline.js";

/**
 * Tells somebody that a run waits. What fails is tried again where that may help, and then told as an event: a run
 * that nobody was told of waits all the same. Only the run's own abort is thrown.
 */
export async function notify(state: AgentState, onWaiting: OnWaiting, context: NodeContext): Promise<void> {
  const { services, signal, settings, emit, config } = context;
  const { requestId } = state;
  const threadId: unknown = config.configurable?.thread_id;
  const notice = toWaitingNotice(state, typeof threadId === "string" ? threadId : undefined);
  const send = async (own: AbortSignal): Promise<unknown> =>
    typeof onWaiting === "string"
      ? postNotice(onWaiting, notice, own, services.fetch)
      : onWaiting(notice, { signal: own });
  for (let attempts = 1; ; attempts++) {
    try {
      await withDeadline(
        signal,
        NOTIFY_TIMEOUT_MS,
        (own) => raceSignal(send(own), own),
        () => {
          throw new DOMException("It took too long.", "TimeoutError");
        },
      );
      emit({ type: "approval.notified", requestId, attempts });
      return;
    } catch (error) {
      signal?.throwIfAborted();
      if (attempts >= MAX_NOTIFY_ATTEMPTS || isTransient(error) !== true) {
        emit({ type: "approval.notify-failed", requestId, attempts, error: nameError(error) });
        return;
      }
    }
    await services.sleep(backoffMs(attempts, settings.executor.backoff, services.random), signal);
  }
}

/** An error by its name, status and code alone: its words may hold the address, which may hold a secret. */
function nameError(thrown: unknown): string {
  if (!(thrown instanceof Error)) return "it threw no error";
  const status = thrown instanceof WebhookError ? thrown.status : undefined;
  const known = [status, codeOf(thrown), codeOf(thrown.cause)].filter((fact) => fact !== undefined);
  return known.length === 0 ? thrown.name : `${thrown.name} (${known.join(", ")})`;
}

function codeOf(value: unknown): string | undefined {
  const code: unknown = value instanceof Error ? Reflect.get(value, "code") : undefined;
  return typeof code === "string" ? code : undefined;
}
