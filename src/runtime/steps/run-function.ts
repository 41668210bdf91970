import { copyJson, cutText, isRecord } from "../../base/index.js";
import { ITEM_VARIABLES, mayUse } from "../../plan/index.js";
import { type StepFunction, toExpectation } from "../../prompts/index.js";
import { turnOf } from "../../state/index.js";
import { toJson } from "../../tools/index.js";
import { callFunction, MAX_PROMPT_OUTPUT_BYTES, MAX_STATE_OUTPUT_BYTES, timeNow } from "../run/index.js";
import { ended, type Part, type PartEnd, type PartEnvironment, toBlocked } from "./part.js";
import type { PartOutcome } from "./step-outcome.js";

/** Lets the executor's function carry out an agent step. */
export async function runFunction(
  part: Part,
  run: StepFunction["run"],
  description: string,
  { context, state, signal }: PartEnvironment,
  startedAt: string,
): Promise<PartOutcome> {
  const { id, step, inputs, values } = part;
  const { executor } = context.settings;
  const outputs = inputs.map((input) => [input.id, input.output ?? null] as const);
  const items = [...values].filter(([name]) => ITEM_VARIABLES.has(name));
  const request = {
    goal: turnOf(state).goal,
    instructions: executor.instructions,
    step: { id, description, expect: toExpectation(step, state.plan) },
    inputs: Object.fromEntries([...outputs, ...items]),
    tools: context.services.registry.describe().filter(({ name }) => mayUse(step, name)),
  };
  const time = { timeoutMs: executor.stepTimeoutMs, option: "executor.stepTimeoutMs" };
  const reply: unknown = await callFunction((own) => run({ ...request, signal: own }), time, signal);
  return ended(part, toEnd(reply), { startedAt, endedAt: timeNow(context.services), attempts: 1 });
}

/** Understands what the function gave, which may be anything. */
function toEnd(reply: unknown): PartEnd {
  if (isRecord(reply) && "output" in reply) {
    const { value, truncated } = toJson(reply.output, { maxBytes: MAX_STATE_OUTPUT_BYTES });
    return { ok: true, output: value, truncated };
  }
  const copy = copyJson(reply);
  const blocked = copy.ok && isRecord(copy.value) ? copy.value.blocked : undefined;
  if (typeof blocked === "string") {
    return toBlocked(blocked);
  }
  const what = copy.ok
    ? cutText(JSON.stringify(copy.value), MAX_PROMPT_OUTPUT_BYTES)
    : `something that cannot be read: ${copy.reason}`;
  const message = `The executor's function gave ${what}. Give { output } or { blocked }.`;
  return { ok: false, status: "failed", error: { code: "STEP_FAILED", message } };
}
