import { setImmediate as nextTurn } from "node:timers/promises";
import type { JsonValue } from "../../base/index.js";
import { fillField, isPassable, readItems, type StepError, type StepResult } from "../../plan/index.js";
import type { Priority } from "../../scheduler/index.js";
import { toJson } from "../../tools/index.js";
import { MAX_ITEMS, MAX_ITEMS_MS, MAX_STATE_OUTPUT_BYTES, timeNow, wasBegun } from "../run/index.js";
import { checkCondition, isItemCondition } from "./check-output.js";
import {
  cancelPart,
  emitEnd,
  ended,
  fail,
  LIMIT_REACHED,
  type Part,
  type PartEnvironment,
  tellStart,
} from "./part.js";
import { runPart } from "./run-part.js";
import type { PartOutcome } from "./step-outcome.js";

/** How many failed items the error of a for-each step names. */
const MAX_NAMED_ITEMS = 10;

/** Runs a step once for each item of a list, in parallel. Each item takes a slot of its own. */
export async function runForEach(
  part: Part,
  reference: string,
  environment: PartEnvironment,
  priority: Priority,
): Promise<PartOutcome> {
  const unmet = isItemCondition(part.step) ? undefined : checkCondition(part, environment);
  if (unmet !== undefined) {
    return unmet;
  }
  const { context } = environment;
  const suspended = environment.past.suspendedOf(part.id);
  const startedAt = suspended?.startedAt ?? timeNow(environment.context.services);
  const list = fillField(reference, part.values);
  if (!list.ok) {
    return fail(part, environment, { code: "REFERENCE_FAILED", message: list.issues.join("; ") });
  }
  const read = readItems(list.value, reference);
  if (!read.ok) {
    const message = `forEach needs a list; ${reference} is ${read.reason}.`;
    return fail(part, environment, { code: "NOT_A_LIST", message });
  }
  const { items } = read;
  if (items.length > MAX_ITEMS) {
    const message = `${reference} has ${items.length} items; a for-each step does at most ${MAX_ITEMS}. Narrow the list down, or do it in parts.`;
    return fail(part, environment, { code: "TOO_MANY_ITEMS", message });
  }
  if (suspended === undefined) {
    tellStart(part, context);
  }
  environment.common.countItems(part.id, items.length);
  const breathe = createBreather();
  const before = new Map(suspended?.items?.map((result) => [result.id, result]));
  const outcomes = await Promise.all(
    items.map((item, index): Promise<PartOutcome> => {
      const itemPart = toItemPart(part, item, index);
      const done = before.get(itemPart.id);
      if (done !== undefined) {
        return Promise.resolve({ kind: "ended", result: done });
      }
      const run = async () => {
        await breathe();
        const { worked } = environment.common;
        worked.add(itemPart.id);
        const outcome = await runPart(itemPart, environment);
        if (outcome.kind === "ended") {
          emitEnd(outcome.result, context, { isReplayed: !worked.has(itemPart.id) });
        }
        return outcome;
      };
      return environment.common.slots.run(priority, run, context.signal);
    }),
  );
  const isWhole = outcomes.every((outcome) => outcome.kind === "ended" && isPassable(outcome.result));
  return environment.cancelled.aborted && !isWhole
    ? cancelPart(part, environment, startedAt)
    : gather(part, outcomes, startedAt, environment);
}

/** Lets timers and sockets take their turn now and then, because thousands of instant calls would starve them. */
function createBreather(): () => Promise<void> {
  let since = performance.now();
  let pause: Promise<void> | undefined;
  const end = () => {
    since = performance.now();
    pause = undefined;
  };
  // All items under way share one pause. If each paused for itself, each would get a full MAX_ITEMS_MS afterwards.
  return async () => {
    if (performance.now() - since >= MAX_ITEMS_MS) {
      pause ??= nextTurn().then(end);
    }
    await pause;
  };
}

function toItemPart(part: Part, item: JsonValue, index: number): Part {
  const values = new Map(part.values).set("item", item).set("index", index);
  return { ...part, id: `${part.id}[${index}]`, values, inputs: [...part.inputs, toInput(item)] };
}

/** Combines the outcomes of all items: waiting if any waits, else failed if any failed, else the list of outputs. */
function gather(
  part: Part,
  outcomes: readonly PartOutcome[],
  startedAt: string,
  environment: PartEnvironment,
): PartOutcome {
  if (outcomes.some(({ kind }) => kind === "not-run")) {
    return { kind: "not-run" };
  }
  const results = outcomes.flatMap((outcome) => (outcome.kind === "ended" ? [outcome.result] : []));
  const waiting = outcomes.flatMap((outcome) => (outcome.kind === "waiting" ? [outcome] : []));
  if (waiting.length > 0) {
    return {
      kind: "waiting",
      actions: waiting.flatMap(({ actions }) => actions),
      suspended: [
        { stepId: part.id, startedAt, attempts: 1, items: results },
        ...waiting.flatMap(({ suspended }) => suspended),
      ],
    };
  }
  const whole = toJson(
    results.map((result) => result.output ?? null),
    { maxBytes: MAX_STATE_OUTPUT_BYTES },
  );
  const output = whole.value;
  const facts = {
    startedAt,
    endedAt: timeNow(environment.context.services),
    attempts: Math.max(1, ...results.map(({ attempts }) => attempts)),
    items: results.filter(wasBegun).length,
  };
  const failed = results.filter((result) => !isPassable(result));
  if (failed.length === 0) {
    const truncated = whole.truncated || results.some((result) => result.truncated);
    return ended(part, { ok: true, output, truncated }, facts);
  }
  const error = describeFailures(failed, results.length);
  const status = failed.every((result) => result.status === "rejected") ? "rejected" : "failed";
  return ended(part, { ok: false, status, error, output }, facts);
}

function describeFailures(failed: readonly StepResult[], count: number): StepError {
  const limited = failed.find(({ error }) => error?.code === LIMIT_REACHED)?.error;
  if (limited !== undefined) {
    return limited;
  }
  const named = failed
    .slice(0, MAX_NAMED_ITEMS)
    .map(({ id, status, error }) => `${id} ended ${status} (${error?.message ?? "no reason"})`);
  const more = failed.length > MAX_NAMED_ITEMS ? [`and ${failed.length - MAX_NAMED_ITEMS} more`] : [];
  const message = `${failed.length} of ${count} items did not come out right: ${[...named, ...more].join("; ")}`;
  return { code: "ITEMS_FAILED", message };
}

/** Shows an item to its model as one more input of the step. */
function toInput(item: JsonValue): StepResult {
  return { id: "item", description: "the item", status: "done", output: item, attempts: 0, endedAt: "" };
}
