import { isGraphBubbleUp } from "@langchain/langgraph";
import { describeError } from "../../base/index.js";
import { LimitError, ModelError } from "../../models/index.js";
import { fillArgs, fillReferences, type StepError, stepKind } from "../../plan/index.js";
import { createUsageMeter } from "../../usage/index.js";
import { roleFunctions, StorageError, timeNow } from "../run/index.js";
import { runAgent } from "./agent/index.js";
import { makeArguments } from "./arguments/index.js";
import { checkCondition } from "./check-output.js";
import {
  cancelPart,
  ended,
  fail,
  LIMIT_REACHED,
  type Part,
  type PartEnvironment,
  tellStart,
  toBlocked,
} from "./part.js";
import { runCall } from "./run-call.js";
import { runFunction } from "./run-function.js";
import type { MadePart } from "./step-journal.js";
import type { PartOutcome } from "./step-outcome.js";
import { runWorker } from "./worker/index.js";

/**
 * Runs a part of any kind, unless its condition, the journal, the storage or a limit settles it first. The way it ends
 * is a value. Only the run's abort and LangGraph's own control flow are thrown.
 */
export async function runPart(part: Part, given: PartEnvironment): Promise<PartOutcome> {
  const { context, past, common } = given;
  const known = checkCondition(part, given) ?? (common.journal && (await findInJournal(part, given)));
  if (known !== undefined) {
    return known;
  }
  await context.storage?.settled(context.signal);
  // There must be no `await` between this check and `begin`.
  const held = hold(part, given);
  if (held !== undefined) {
    return held;
  }
  // A journal entry must hold the usage of its part alone.
  const meter = common.journal === undefined ? given.meter : createUsageMeter();
  const environment = { ...given, meter };
  const suspended = past.suspendedOf(part.id);
  const startedAt = suspended?.startedAt ?? timeNow(context.services);
  try {
    const { step } = part;
    const isDirect = stepKind(step) === "direct";
    const args = isDirect ? fillArgs(step.args ?? {}, part.values) : undefined;
    const refused =
      suspended === undefined ? begin(part, args?.ok ? args.value : undefined, given) : undefined;
    if (refused !== undefined) {
      common.limitMet(refused);
      return fail(part, given, { code: LIMIT_REACHED, message: refused.message }, { startedAt });
    }
    if (args?.ok === false) {
      const message = args.issues.join("; ");
      return fail(part, given, { code: "REFERENCE_FAILED", message }, { startedAt });
    }
    const outcome = await (args === undefined
      ? runWithModel(part, environment, startedAt)
      : runCall(part, step.tool ?? "", args.value, environment, startedAt));
    if (common.journal !== undefined) {
      await keepInJournal(part, environment, outcome);
    }
    return outcome;
  } catch (error) {
    const outcome = endOf(error, part, given, startedAt);
    await common.journal?.settle(part.id);
    return outcome;
  } finally {
    if (meter !== given.meter) {
      given.meter.add(meter.total());
    }
  }
}

/** Runs a part that needs a model: an agent step, or a call whose arguments are still to be made. */
async function runWithModel(
  part: Part,
  environment: PartEnvironment,
  startedAt: string,
): Promise<PartOutcome> {
  const { step } = part;
  // A model finds these values among its inputs, so it does not get the filled text. But the values must exist.
  const words = fillReferences(step.description, part.values);
  if (!words.ok) {
    const message = words.issues.join("; ");
    return fail(part, environment, { code: "REFERENCE_FAILED", message }, { startedAt });
  }
  const suspended = environment.past.suspendedOf(part.id);
  if (stepKind(step) === "agent" && step.worker !== undefined) {
    return runWorker(part, step.worker, environment, startedAt);
  }
  if (stepKind(step) === "agent") {
    const { run } = roleFunctions(environment.context.settings);
    if (run !== undefined) {
      return runFunction(part, run, String(words.value), environment, startedAt);
    }
    const early = await environment.common.claimAgent(step, environment.signal);
    if (early !== undefined) {
      environment.meter.add(early.usage);
      return { kind: "ended", result: early.result };
    }
    return runAgent(part, environment, suspended, startedAt);
  }
  const made = suspended?.args
    ? ({ kind: "made", args: suspended.args } as const)
    : await makeArguments(part, environment);
  if (made.kind === "blocked") {
    const facts = { startedAt, endedAt: timeNow(environment.context.services), attempts: 1 };
    return ended(part, toBlocked(made.reason), facts);
  }
  return runCall(part, step.tool ?? "", made.args, environment, startedAt);
}

/** Returns an outcome if the part must not begin: something before it cannot be stored, or the run's time is up. */
function hold(part: Part, environment: PartEnvironment): PartOutcome | undefined {
  const { context, common, past } = environment;
  context.signal?.throwIfAborted();
  if (context.storage?.failure !== undefined) {
    return { kind: "not-run" };
  }
  if (environment.cancelled.aborted) {
    return cancelPart(part, environment);
  }
  if (!common.limit.aborted) {
    return undefined;
  }
  return fail(part, environment, timeIsUp(environment), { startedAt: past.suspendedOf(part.id)?.startedAt });
}

/** Counts a part and emits that it begins. Returns the limit that forbids it, if there is one. */
function begin(
  part: Part,
  args: NonNullable<Part["step"]["args"]> | undefined,
  { common, context }: PartEnvironment,
): LimitError | undefined {
  const { id, step } = part;
  const { description, tool } = step;
  const call = args && { partId: id, description, tool: tool ?? "", args };
  const refused = common.counter.begin(id, call);
  if (refused === undefined) {
    tellStart(part, context);
  }
  return refused;
}

/** Looks in the journal for a part that has already succeeded. */
async function findInJournal(part: Part, environment: PartEnvironment): Promise<PartOutcome | undefined> {
  const { common, meter, past } = environment;
  const kept = await common.journal?.find(toMade(part, environment));
  if (kept === undefined) {
    return undefined;
  }
  common.worked.delete(part.id);
  meter.add(kept.usage);
  for (const effect of kept.effects) {
    past.noteEffect(effect);
  }
  common.counter.count(kept.result);
  // The part's calls were made, so the approvals for them must not let another call through.
  for (const { actionId, type } of past.decisionsOn(part.id)) {
    if (type !== "reject") {
      past.spend(actionId);
    }
  }
  return { kind: "ended", result: kept.result };
}

async function keepInJournal(part: Part, environment: PartEnvironment, outcome: PartOutcome): Promise<void> {
  const { journal } = environment.common;
  if (outcome.kind === "ended" && outcome.result.status === "done") {
    const effects = environment.past.noted.filter(({ stepId }) => stepId === part.id);
    const entry = { result: outcome.result, usage: environment.meter.total(), effects };
    await journal?.keep(toMade(part, environment), entry);
  }
  await journal?.settle(part.id);
}

function toMade({ id, step, inputs }: Part, { past }: PartEnvironment): MadePart {
  const outputs = inputs.map((input) => [input.id, input.output ?? null] as const);
  return { id, step, inputs: outputs, decisions: past.decisionsOn(id) };
}

/** Turns what a part threw into its outcome. Rethrows what ends the run. */
function endOf(error: unknown, part: Part, environment: PartEnvironment, startedAt: string): PartOutcome {
  const { context, common } = environment;
  const begun = { startedAt, attempts: 1 };
  if (error instanceof StorageError) {
    return { kind: "not-run" };
  }
  if (error instanceof ModelError) {
    return fail(part, environment, { code: error.code, message: describeError(error) }, begun);
  }
  if (error instanceof LimitError) {
    common.limitMet(error);
    return fail(part, environment, { code: LIMIT_REACHED, message: error.message }, begun);
  }
  if (environment.cancelled.aborted && !context.signal?.aborted) {
    return cancelPart(part, environment, startedAt);
  }
  if (common.limit.aborted && !context.signal?.aborted) {
    return fail(part, environment, timeIsUp(environment), begun);
  }
  if (context.signal?.aborted || isGraphBubbleUp(error)) {
    throw error;
  }
  return fail(part, environment, { code: "STEP_FAILED", message: describeError(error) }, begun);
}

function timeIsUp({ common }: PartEnvironment): StepError {
  return { code: LIMIT_REACHED, message: describeError(common.limit.reason) };
}
