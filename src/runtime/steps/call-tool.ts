import { describeError, hashArgs, Retry, startDeadline } from "../../base/index.js";
import { questionIn, runDetached } from "../../langgraph/index.js";
import type { RetriedAttempt, StepError } from "../../plan/index.js";
import { type AgentState, replacedResults, turnOf, type WaitingAction } from "../../state/index.js";
import { invokeTool, type ToolSuccess, toJson, withProgress } from "../../tools/index.js";
import {
  type Attempt,
  type Attempts,
  actionIdOf,
  MAX_STATE_OUTPUT_BYTES,
  type PermittedCall,
  timeNow,
} from "../run/index.js";
import { createKeepMedia } from "../turn/index.js";
import type { PartEnvironment, StepsInCommon } from "./part.js";
import type { StepPast } from "./step-past.js";
import { tellToolCall } from "./tool-events.js";

/** What a tool call needs. */
export type ToolEnvironment = Pick<PartEnvironment, "context" | "state" | "signal"> & {
  /** Where it is noted that a call begins; left out for calls that only read. */
  readonly common?: Pick<StepsInCommon, "journal">;
  /** What people decided and answered; left out if nobody can be asked. */
  readonly past?: Pick<StepPast, "spend" | "keep" | "answersTo">;
};

type Failure = Extract<Attempt<ToolSuccess>, { ok: false }>;

/**
 * Calls a tool until it succeeds, a retry is not worth it, or the attempts are used up. Nothing else retries steps.
 * Each attempt has its own deadline, and an attempt that exceeds it is left behind. What the tool throws becomes a
 * value; only the run's own abort is thrown.
 */
export async function callTool(
  call: PermittedCall,
  environment: ToolEnvironment,
): Promise<Attempts<ToolSuccess>> {
  const { context, state, signal } = environment;
  const { services, settings, emit } = context;
  const { executor } = settings;
  const tool = services.registry.get(call.tool);
  if (tool === undefined) {
    const message = `There is no tool "${call.tool}". The tools are: ${services.registry.names.join(", ") || "none"}.`;
    return refuse({ code: "TOOL_UNKNOWN", message });
  }
  const faults = services.registry.checkArgs(call.tool, call.args);
  if (faults.length > 0) {
    const message = `The arguments of ${call.tool} are not valid: ${faults.join("; ")}`;
    return refuse({ code: "INVALID_ARGS", message });
  }
  if (call.approval !== undefined) {
    environment.past?.spend(call.approval.actionId);
  }
  const actionId = actionIdOf(turnOf(state).id, call);
  const answers = environment.past?.answersTo(actionId) ?? [];
  const { repeat } = services.registry.hintsOf(call.tool);
  const { partId, description } = call;
  const key = keyOf(call, state);
  const idempotencyKey = [key, call.approval?.key ?? ""].filter((part) => part !== "").join(":");
  const journal = repeat === "never" ? environment.common?.journal : undefined;
  if (journal !== undefined && !(await journal.begin(partId, idempotencyKey))) {
    const message = `The run was cut off during this call. Nobody knows whether "${call.tool}" carried it out, and the tool does not say that it may be called twice: find out before it is called again.`;
    return refuse({ code: "TOOL_FAILED", message });
  }
  const retries: RetriedAttempt[] = [];
  const retry = new Retry<Failure>({
    attempts: executor.maxAttempts,
    pace: { backoff: executor.backoff, random: services.random, sleep: services.sleep },
    signal,
    isWorth: ({ retryable }) => retryable,
    onRetry: ({ attempt, delayMs, failure: { error } }) => {
      retries.push({ at: timeNow(services), delayMs, error: error.message });
      emit({ type: "step.retried", stepId: partId, attempt, delayMs, error: error.message });
    },
  });
  for (;;) {
    const { attempt: attempts } = retry;
    if (call.callId === undefined && attempts > 1) {
      emit({ type: "step.started", stepId: partId, description, tool: call.tool, attempt: attempts });
    }
    const { tool: name, args } = call;
    const told = tellToolCall(
      { stepId: partId, tool: name, args, attempt: attempts, idempotencyKey },
      context,
    );
    const deadline = startDeadline(executor.stepTimeoutMs, "The time for this call is up.", signal);
    let outcome: Attempt<ToolSuccess>;
    try {
      const invocation = {
        tool,
        id: call.callId ?? key,
        // A tool may change its arguments. What was approved and what is stored must stay the same.
        args: structuredClone(call.args),
        // Without an approval the key is there all the same, because a caller's config may have one of this name.
        config: context.toInnerConfig(partId, deadline.signal, {
          ...withProgress((report) =>
            emit({ type: "tool.progress", stepId: partId, tool: call.tool, ...report }),
          ),
          idempotency_key: idempotencyKey,
          approval: call.approval,
        }),
        ownsSignal: true,
        state,
        answers,
        repeat,
        keepMedia: createKeepMedia(context),
        maxOutputBytes: MAX_STATE_OUTPUT_BYTES,
      };
      const ended = await runDetached(told.surround(() => invokeTool(invocation)));
      outcome = ended.ok ? { ok: true, value: ended } : ended;
      told.returned(
        ended.ok ? { status: "done", output: ended.output } : { status: "failed", error: ended.error },
      );
    } catch (error) {
      const question = questionIn(error);
      if (question !== undefined && environment.past !== undefined) {
        told.returned({ status: "asks" });
        // The answer is for this call, which is then made again. So its approval still holds.
        if (call.approval !== undefined) {
          environment.past.keep(call.approval.actionId);
        }
        return { ...askFor(call, question.value, `${actionId}:ask:${answers.length}`), attempts };
      }
      if (deadline.signal.aborted) {
        // LangChain's tools return to their caller as soon as the signal aborts, so we cannot tell whether the tool
        // itself stopped.
        told.leftBehind(describeError(deadline.signal.reason));
      }
      signal.throwIfAborted();
      if (!deadline.isOver) {
        throw error;
      }
      outcome = timedOut(executor.stepTimeoutMs, repeat === "always");
    } finally {
      deadline.end();
    }
    if (outcome.ok || !(await retry.again(outcome))) {
      return { ...outcome, attempts, ...(retries.length === 0 ? {} : { retries }) };
    }
  }
}

/** Makes the outcome of a call whose tool asks a person. */
function askFor({ partId, tool, args }: PermittedCall, asked: unknown, actionId: string): Failure {
  const asks = toJson(asked, { maxBytes: MAX_STATE_OUTPUT_BYTES }).value;
  const question: WaitingAction = {
    kind: "action",
    actionId,
    stepId: partId,
    tool,
    args,
    asks,
    allowedDecisions: ["respond", "edit"],
  };
  const error = { code: "TOOL_FAILED", message: `The tool "${tool}" asks a person.` } as const;
  return { ok: false, error, retryable: false, question };
}

function refuse(error: StepError): Attempts<never> {
  return { ok: false, error, retryable: false, attempts: 1 };
}

/**
 * The idempotency key, by which a tool tells calls apart. It is the same whenever the same call is made again. A step
 * names its only call, unless an earlier step had its id.
 */
function keyOf({ partId, callId, tool, args }: PermittedCall, state: AgentState): string {
  const isOnly =
    callId === undefined &&
    !replacedResults(state).some(({ id }) => partId === id || partId.startsWith(`${id}[`));
  return [turnOf(state).id, partId, ...(isOnly ? [] : [tool, hashArgs(args)])].join(":");
}

function timedOut(ms: number, retryable: boolean): Failure {
  const message = `It took longer than ${ms} ms and was left behind; what it still does is not looked at.`;
  return { ok: false, error: { code: "TIMEOUT", message }, retryable };
}
