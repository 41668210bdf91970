import { Command } from "@langchain/langgraph";
import { describeError, linkSignal, quote, quoteAll, raceSignal } from "../../../base/index.js";
import { ForeignCalls, LimitError, ToldCalls } from "../../../models/index.js";
import { toExpectation, toWorkerMessage } from "../../../prompts/index.js";
import { isRemote, toAnswer, type Worker, type WorkerState } from "../../../workers/index.js";
import { timeNow } from "../../run/index.js";
import { ended, fail, type Part, type PartEnvironment } from "../part.js";
import type { PartOutcome } from "../step-outcome.js";
import { toStepPrompt } from "../step-prompt.js";
import { askedBy, decisionsOn, type PendingQuestion } from "./asked-actions.js";
import { depthIn, MAX_WORKER_DEPTH, withDepth } from "./depth.js";
import { createWorkerEvents } from "./worker-events.js";
import { toEnd } from "./worker-output.js";
import { findThread } from "./worker-threads.js";

/**
 * Lets a worker do a part. It works on a thread of its own, and goes on there after a question, and after a process that
 * was killed. What it asks waits for a person like any call of ours.
 */
export async function runWorker(
  part: Part,
  name: string,
  environment: PartEnvironment,
  startedAt: string,
): Promise<PartOutcome> {
  const { context } = environment;
  const { workers } = context.settings;
  const worker = Object.hasOwn(workers, name) ? workers[name] : undefined;
  if (worker === undefined) {
    const message = `There is no worker ${quote(name)}. The workers are: ${quoteAll(Object.keys(workers)) || "none"}.`;
    return fail(part, environment, { code: "TOOL_UNKNOWN", message }, { startedAt });
  }
  if (depthIn(context.config) >= MAX_WORKER_DEPTH) {
    const message = `Workers have workers of their own, ${MAX_WORKER_DEPTH} deep, and ${quote(name)} would be one deeper.`;
    return fail(part, environment, { code: "REFUSED", message }, { startedAt });
  }
  const link = linkSignal(environment.signal);
  try {
    return await workOn(part, { name, worker }, environment, link, startedAt);
  } finally {
    link.unlink();
  }
}

async function workOn(
  part: Part,
  { name, worker }: { readonly name: string; readonly worker: Worker },
  environment: PartEnvironment,
  link: ReturnType<typeof linkSignal>,
  startedAt: string,
): Promise<PartOutcome> {
  const { context, past, meter } = environment;
  const { signal } = link;
  const counting = {
    role: "executor",
    stepId: part.id,
    context: { ...context.modelCalls, signal },
    meter,
  } as const;
  const calls = new ForeignCalls({
    ...counting,
    begin: async () => context.storage?.assertStored(signal),
    // A worker may try again after any error, so this one ends it. The call is held meanwhile, and never made, because
    // LangChain prints what a handler throws.
    failed: (error) => {
      if (error instanceof LimitError) {
        link.abort(error);
        return new Promise(() => {});
      }
      return undefined;
    },
  });
  const told = isRemote(worker.agent) ? new ToldCalls(counting) : undefined;
  const events = createWorkerEvents(part.id, name, worker.agent, context);
  const onChunk = (mode: unknown, chunk: unknown) => {
    if (mode === "values") {
      told?.count(chunk).catch(link.abort);
    }
    events.onChunk(mode, chunk);
  };
  // Context, store and writer of the run are not the worker's: it has its own.
  const { callbacks, metadata, tags, configurable } = context.toInnerConfig(part.id, signal, {}, [
    calls,
    ...events.handlers,
  ]);
  const depth = withDepth(configurable, context.config);
  const config = { callbacks, metadata, tags, signal, configurable: depth, runName: `worker ${name}` };
  const thread = await findThread(part, worker, environment, { config, onChunk });
  const facts = () => ({ startedAt, endedAt: timeNow(context.services), attempts: 1 });
  let hasRun = false;
  for (;;) {
    const state = await raceSignal(thread.read(), signal);
    if (!hasRun) {
      told?.skip(state?.values);
    }
    const pending = state === undefined ? [] : askedBy(state, part, name, environment);
    const decided = pending.map((one) => decisionsOn(one, past));
    if (pending.length > 0 && context.storage === undefined) {
      return ended(part, { ok: false, status: "failed", error: cannotAsk(name) }, facts());
    }
    if (decided.some((decisions) => decisions === undefined)) {
      return wait(part, pending, startedAt);
    }
    if (state?.isDone) {
      return ended(part, toEnd(name, state.values), facts());
    }
    if (hasRun && pending.length === 0) {
      return ended(part, { ok: false, status: "failed", error: stopped(name, state) }, facts());
    }
    const answers = pending.map(({ question }, index) => [
      question.id,
      toAnswer(question, decided[index] ?? []),
    ]);
    for (const { actions } of pending) {
      for (const { actionId } of actions) {
        past.spend(actionId);
      }
    }
    hasRun = true;
    const input =
      state === undefined
        ? { messages: [await toTask(part, environment)] }
        : pending.length > 0
          ? new Command({ resume: Object.fromEntries(answers) })
          : null;
    try {
      await raceSignal(thread.run(input), signal);
    } catch (error) {
      signal.throwIfAborted();
      const message = `The worker ${quote(name)} failed: ${describeError(error)}`;
      const isUnasked = isMissingCheckpointer(error);
      const told = isUnasked ? cannotAsk(name) : ({ code: "STEP_FAILED", message } as const);
      return ended(part, { ok: false, status: "failed", error: told }, facts());
    }
  }
}

async function toTask(part: Part, environment: PartEnvironment) {
  const told = await toStepPrompt(part, environment);
  const expect = toExpectation(part.step, environment.state.plan);
  return toWorkerMessage({ ...told, step: { ...told.step, expect } });
}

function wait(part: Part, pending: readonly PendingQuestion[], startedAt: string): PartOutcome {
  return {
    kind: "waiting",
    actions: pending.flatMap(({ actions }) => actions),
    suspended: [{ stepId: part.id, startedAt, attempts: 1 }],
  };
}

function cannotAsk(name: string) {
  const message = `The worker ${quote(name)} asks a person, and nothing keeps where it stands until there is an answer. Give the agent a checkpointer, and compile the worker without \`checkpointer: false\`.`;
  return { code: "STEP_FAILED", message } as const;
}

/** Nobody can answer a breakpoint: it asks nothing. */
function stopped(name: string, state: WorkerState | undefined) {
  const where = quoteAll(state?.next ?? []);
  const message = `The worker ${quote(name)} stopped before ${where} without a question, so nobody can say that it may go on. Let it ask with interrupt(…) in place of interruptBefore and interruptAfter.`;
  return { code: "STEP_FAILED", message } as const;
}

/** Whether LangGraph refused a question, because nothing keeps it. */
function isMissingCheckpointer(error: unknown): boolean {
  return Reflect.get(Object(error), "lc_error_code") === "MISSING_CHECKPOINTER";
}
