import { isGraphBubbleUp } from "@langchain/langgraph";
import { describeError } from "../../base/index.js";
import { LimitError, ModelError } from "../../models/index.js";
import { fillArgs, fillReferences, type StepErrorCode, stepKind } from "../../plan/index.js";
import { createUsageMeter } from "../../usage/index.js";
import { StorageError, timeNow } from "../run/index.js";
import { makeArguments } from "./make-arguments.js";
import { ended, LIMIT_REACHED, type Part, type PartEnvironment } from "./part.js";
import { runAgent } from "./run-agent.js";
import { runCall } from "./run-call.js";
import type { PartOutcome } from "./step-outcome.js";

/** Carries out a part, unless the journal knows that it came out right before. */
export async function runJournaledPart(part: Part, environment: PartEnvironment): Promise<PartOutcome> {
  const { journal, meter } = environment;
  if (journal === undefined) {
    return runPart(part, environment);
  }
  const { id, step } = part;
  const inputs = part.inputs.map((input) => [input.id, input.output ?? null] as const);
  const made = { id, step, inputs, decisions: environment.decisionsOn(id) };
  const kept = await journal.find(made);
  if (kept !== undefined) {
    meter.add(kept.usage);
    environment.steps.count(kept.result);
    // Its calls were made: what let them pass lets no other pass.
    for (const { actionId, type } of environment.decisionsOn(id)) {
      if (type !== "reject") {
        environment.spend(actionId);
      }
    }
    return { kind: "ended", result: kept.result };
  }
  const own = createUsageMeter();
  try {
    const outcome = await runPart(part, { ...environment, meter: own });
    if (outcome.kind === "ended" && outcome.result.status === "done") {
      await journal.keep(made, { result: outcome.result, usage: own.total() });
    }
    return outcome;
  } finally {
    meter.add(own.total());
  }
}

/**
 * Carries out a part, whatever its kind, unless something that ended before it cannot be stored. How it ends is a
 * value; only the run's abort, a limit of the run and LangGraph's own control flow are thrown.
 */
async function runPart(part: Part, environment: PartEnvironment): Promise<PartOutcome> {
  const { context } = environment;
  await context.storage?.settled(context.signal);
  context.signal?.throwIfAborted();
  if (context.storage?.failure !== undefined) {
    return { kind: "not-run" };
  }
  const now = () => timeNow(context.services);
  const suspended = environment.suspendedFor(part.id);
  const startedAt = suspended?.startedAt ?? now();
  const { step } = part;
  const fail = (code: StepErrorCode, message: string, attempts = 1): PartOutcome =>
    ended(
      part,
      { ok: false, status: "failed", error: { code, message } },
      { startedAt, endedAt: now(), attempts },
    );
  if (environment.limit.aborted) {
    return fail(LIMIT_REACHED, describeError(environment.limit.reason), 0);
  }
  try {
    const { description, tool = "" } = step;
    const kind = stepKind(step);
    const args = kind === "direct" ? fillArgs(step.args ?? {}, part.values) : undefined;
    if (suspended === undefined) {
      const call = args?.ok ? { partId: part.id, description, tool, args: args.value } : undefined;
      const refused = environment.steps.begin(part.id, call);
      if (refused !== undefined) {
        environment.limitMet(refused);
        return fail(LIMIT_REACHED, refused.message, 0);
      }
      context.emit({ type: "step.started", stepId: part.id, description, tool: step.tool, attempt: 1 });
    }
    if (args !== undefined) {
      if (!args.ok) {
        return fail("REFERENCE_FAILED", args.issues.join("; "), 0);
      }
      return await runCall(part, tool, args.value, environment, startedAt);
    }
    // A model is only pointed to the values, among its inputs; but they have to be there.
    const words = fillReferences(description, part.values);
    if (!words.ok) {
      return fail("REFERENCE_FAILED", words.issues.join("; "), 0);
    }
    if (kind === "agent") {
      return await runAgent(part, environment, suspended, startedAt);
    }
    const made = suspended?.args ?? (await makeArguments(part, environment));
    return await runCall(part, tool, made, environment, startedAt);
  } catch (error) {
    if (error instanceof StorageError) {
      return { kind: "not-run" };
    }
    if (error instanceof ModelError) {
      return fail(error.code, describeError(error));
    }
    if (error instanceof LimitError) {
      environment.limitMet(error);
      return fail(LIMIT_REACHED, error.message);
    }
    if (endedByLimit(environment)) {
      return fail(LIMIT_REACHED, describeError(environment.limit.reason));
    }
    if (context.signal?.aborted || isGraphBubbleUp(error)) {
      throw error;
    }
    return fail("STEP_FAILED", describeError(error));
  }
}

/** Whether it was the limit, and not the run's own abort, that ended a part. */
function endedByLimit({ limit, context }: PartEnvironment): boolean {
  return limit.aborted && !context.signal?.aborted;
}
