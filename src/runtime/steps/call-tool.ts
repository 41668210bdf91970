import { describeError, hashArgs, Retry, startDeadline, withoutUndefined } from "../../base/index.js";
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
import type { ToolEnvironment } from "./part.js";
import { tellToolCall } from "./tool-events.js";
import { type Doubt, findSameInDoubt, noteEffect, settleDoubt } from "./unknown-outcome.js";

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
  const tool = call.undoing?.tool ?? services.registry.get(call.tool);
  if (tool === undefined) {
    const message = `There is no tool "${call.tool}". The tools are: ${services.registry.names.join(", ") || "none"}.`;
    return refuse({ code: "TOOL_UNKNOWN", message });
  }
  const faults = call.undoing === undefined ? services.registry.checkArgs(call.tool, call.args) : [];
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
  const idempotencyKey =
    call.undoing?.key ?? [key, call.approval?.key ?? ""].filter((part) => part !== "").join(":");
  if (repeat === "never") {
    const settled = await settleEarlier(call, idempotencyKey, environment);
    if (settled !== undefined) {
      return { ...settled, attempts: 1 };
    }
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
      withoutUndefined({
        ...{ stepId: partId, tool: name, args, attempt: attempts, idempotencyKey },
        undoes: call.undoing?.undoes,
      }),
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
          ...(call.undoing === undefined ? {} : { undoes: call.undoing.undoes }),
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
      if (ended.ok) {
        noteEffect({ ...call, key: idempotencyKey, output: ended.output }, "done", environment);
      }
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
        noteEffect({ ...call, key: idempotencyKey }, "unknown", environment);
      }
      signal.throwIfAborted();
      if (!deadline.isOver) {
        throw error;
      }
      const late = timedOut(executor.stepTimeoutMs, repeat === "always");
      outcome = repeat === "never" ? await settleLate(call, idempotencyKey, late, environment) : late;
    } finally {
      deadline.end();
    }
    if (outcome.ok || !(await retry.again(outcome))) {
      return { ...outcome, attempts, ...(retries.length === 0 ? {} : { retries }) };
    }
  }
}

/**
 * Settles what is not known of a call that must not be made twice, before it is made: whether a run that was cut off
 * made it, and what became of the same call made earlier. Returns undefined if it may be made, and notes that it begins.
 */
async function settleEarlier(
  call: PermittedCall,
  key: string,
  environment: ToolEnvironment,
): Promise<Attempt<ToolSuccess> | undefined> {
  const { common, past, state } = environment;
  const answers = past?.outcomesOf(actionIdOf(turnOf(state).id, call)) ?? [];
  const begun = await common?.journal?.begun(call.partId, key);
  const same = begun === undefined ? findSameInDoubt(call, key, environment) : undefined;
  let doubt: Doubt | undefined;
  if (begun !== undefined || answers.length > 0) {
    doubt = { call, key, why: "The run was cut off during this call", answered: begun ?? 0 };
  } else if (same !== undefined) {
    const madeBy = same.key === key ? undefined : same.stepId;
    const why = `Step ${same.stepId} made the same call, and its outcome is not known`;
    doubt = withoutUndefined({ call, key: same.key, why, answered: 0, madeBy });
  }
  const settled = doubt && (await settleDoubt(doubt, environment));
  if (settled === undefined) {
    await common?.journal?.begin(key, answers.length);
  }
  return settled;
}

/** Settles a call that must not be made twice and whose time was up. If it was not carried out, it is worth a retry. */
async function settleLate(
  call: PermittedCall,
  key: string,
  late: Failure,
  environment: ToolEnvironment,
): Promise<Attempt<ToolSuccess>> {
  const answered = environment.past?.outcomesOf(actionIdOf(turnOf(environment.state).id, call)).length ?? 0;
  const why = late.error.message.replace(/\.$/, "");
  return (await settleDoubt({ call, key, why, answered }, environment)) ?? { ...late, retryable: true };
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
