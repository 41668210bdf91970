import { fillReferences, type JsonValue, type PlanStep, type StepResult } from "../plan/index.js";
import type { Priority, Slots } from "../scheduler/index.js";
import { isEmpty } from "./check-output.js";
import { ended, type Part, type PartEnvironment } from "./part.js";
import { runPart } from "./run-part.js";
import type { PartOutcome } from "./step-outcome.js";

/** Carries out a step: skips it where its condition says so, and does it once or for each item. */
export async function runStep(
  part: Part,
  environment: PartEnvironment,
  slots: Slots,
  priority: Priority,
): Promise<PartOutcome> {
  const { step } = part;
  if (step.if !== undefined) {
    const condition = fillReferences(step.if, part.values);
    if (!condition.ok) return unfilled(part, environment, condition.issues);
    if (condition.value === false || isEmpty(condition.value)) return skipped(part, environment);
  }
  return step.forEach === undefined
    ? runPart(part, environment)
    : runForEach(part, step.forEach, environment, slots, priority);
}

async function runForEach(
  part: Part,
  reference: string,
  environment: PartEnvironment,
  slots: Slots,
  priority: Priority,
): Promise<PartOutcome> {
  const startedAt = timeNow(environment);
  const list = fillReferences(reference, part.values);
  if (!list.ok) return unfilled(part, environment, list.issues);
  if (!Array.isArray(list.value)) {
    const error = {
      code: "NOT_A_LIST",
      message: `forEach needs a list; ${reference} is ${kindOf(list.value)}.`,
    };
    return ended(
      part,
      { ok: false, status: "failed", error },
      { startedAt, endedAt: timeNow(environment), attempts: 0 },
    );
  }
  const before = new Map(environment.suspendedFor(part.id)?.items?.map((result) => [result.id, result]));
  const outcomes = await Promise.all(
    list.value.map((item, index): Promise<PartOutcome> => {
      const id = `${part.id}[${index}]`;
      const done = before.get(id);
      if (done !== undefined) return Promise.resolve({ kind: "ended", result: done });
      const values = new Map([...part.values, ["item", item], ["index", index]] satisfies [
        string,
        JsonValue,
      ][]);
      const itemPart: Part = { ...part, id, values, inputs: [...part.inputs, toInput(item)] };
      return slots.run(priority, () => runPart(itemPart, environment), environment.context.signal);
    }),
  );
  return gather(part, outcomes, startedAt, environment);
}

/** The outcome of all items as one: waiting while any waits, failed where any failed, else the list. */
function gather(
  part: Part,
  outcomes: readonly PartOutcome[],
  startedAt: string,
  environment: PartEnvironment,
): PartOutcome {
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
  const output = results.map((result) => result.output ?? null);
  const facts = {
    startedAt,
    endedAt: timeNow(environment),
    attempts: Math.max(1, ...results.map(({ attempts }) => attempts)),
  };
  const failed = results.filter(({ status }) => status !== "done");
  const [first] = failed;
  if (first === undefined) {
    const truncated = results.some((result) => result.truncated);
    return ended(part, { ok: true, output, truncated }, facts);
  }
  const named = failed.map(
    ({ id, status, error }) => `${id} ended ${status} (${error?.message ?? "no reason"})`,
  );
  const message = `${failed.length} of ${results.length} items did not come out right: ${named.join("; ")}`;
  const status = failed.every((result) => result.status === "rejected") ? "rejected" : "failed";
  return ended(part, { ok: false, status, error: { code: "ITEMS_FAILED", message }, output }, facts);
}

function skipped(part: Part, environment: PartEnvironment): PartOutcome {
  const { id, description, tool } = part.step;
  const result: StepResult = {
    id,
    description,
    ...(tool === undefined ? {} : { tool }),
    status: "skipped",
    attempts: 0,
    endedAt: timeNow(environment),
  };
  return { kind: "ended", result };
}

/** The result of a step that never ran, since one that it depends on did not come out right. */
export function skippedBehind(step: PlanStep, because: string, endedAt: string): StepResult {
  const error = { code: "DEPENDENCY_FAILED", message: `Step ${because} did not come out right.` };
  return { id: step.id, description: step.description, status: "skipped", error, attempts: 0, endedAt };
}

function unfilled(part: Part, environment: PartEnvironment, issues: readonly string[]): PartOutcome {
  const error = { code: "REFERENCE_FAILED", message: issues.join("; ") };
  const endedAt = timeNow(environment);
  return ended(part, { ok: false, status: "failed", error }, { startedAt: endedAt, endedAt, attempts: 0 });
}

/** An item as its model sees it: an input beside the step's others. */
function toInput(item: JsonValue): StepResult {
  return { id: "item", description: "the item", status: "done", output: item, attempts: 0, endedAt: "" };
}

function timeNow({ context }: PartEnvironment): string {
  return new Date(context.services.now()).toISOString();
}

function kindOf(value: JsonValue): string {
  if (value === null) return "null";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}
