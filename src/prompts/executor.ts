import { type BaseMessage, HumanMessage, SystemMessage } from "@langchain/core/messages";
import type { JsonValue } from "../base/index.js";
import { toSection, withoutTags } from "../models/index.js";
import {
  conditionUses,
  fillReferences,
  findReferences,
  type PlanStep,
  pointReferences,
  type ReferenceValues,
  type StepResult,
  splitReference,
} from "../plan/index.js";
import { DATA_RULE } from "./plan-rules.js";
import { BLOCKED_TOOL } from "./plan-tool.js";

/** What the executor's model is told about a step. */
export interface ExecutorPrompt {
  readonly instructions?: string;
  readonly goal: string;
  readonly step: Pick<PlanStep, "description" | "expect" | "pitfalls">;
  /** The results of just those steps that this one depends on. */
  readonly inputs: readonly StepResult[];
  /** The values that references stand for. */
  readonly values: ReferenceValues;
  readonly cut: (text: string) => string;
}

/** Says what a step's output must be like: what the plan says, and what the conditions of other steps can judge. */
export function toExpectation(step: PlanStep, plan: readonly PlanStep[]): string | undefined {
  const uses = conditionUses(step, plan);
  const conditions = uses.map(({ condition }) => condition).join("; ");
  const form = uses.some(({ isTruth }) => isTruth)
    ? "Answer true or false, alone."
    : `Answer what this condition can judge: ${conditions}`;
  const words = [step.expect, uses.length === 0 ? undefined : form].filter((part) => part !== undefined);
  return words.length === 0 ? undefined : words.join("\n");
}

/** Writes the system prompt of an agent step. */
export function toAgentInstructions(instructions: string | undefined): string {
  return [
    "You carry out one step of a plan with the tools you have, and nothing beyond it. When it is done, answer with its result alone: the value or text that later steps need, without comment.",
    `If it cannot be done (something is missing, refused, or not as the step assumes), call \`${BLOCKED_TOOL}\` with the reason, exactly; do not guess and do not make up data.`,
    DATA_RULE,
    ...(instructions === undefined ? [] : [withoutTags(instructions)]),
  ].join("\n\n");
}

/**
 * Writes the message that gives a model its step. What steps have in common comes first, so that prompt caches hit: the
 * goal, then the inputs, which are the same for all items of a for-each step, then the task.
 */
export function toTaskMessage(prompt: ExecutorPrompt): HumanMessage {
  const { step, inputs, goal, values } = prompt;
  const lines = inputs.map((input) => toInputLine(input, prompt));
  return new HumanMessage(
    [
      toSection("goal_for_context", goal),
      ...(lines.length === 0 ? [] : [toSection("inputs", lines.join("\n"))]),
      toSection("task", pointReferences(step.description, values)),
      ...(step.expect === undefined ? [] : [toSection("expected", step.expect)]),
      ...(step.pitfalls === undefined ? [] : [toSection("pitfalls", step.pitfalls)]),
    ].join("\n\n"),
  );
}

/** Writes an output that the step may use, on one line. If it is cut, the parts that the task refers to are added. */
function toInputLine({ id, description, output = null }: StepResult, prompt: ExecutorPrompt): string {
  const shown = cutValue(output, prompt.cut);
  const parts = shown === output ? {} : partsOf(id, prompt);
  const line = { id, description, output: shown };
  const isWhole = Object.keys(parts).length === 0;
  return JSON.stringify(isWhole ? line : { ...line, parts: cutValue(parts, prompt.cut) });
}

/** Collects the parts of an output that the step's description refers to, by reference. */
function partsOf(id: string, { step, values }: ExecutorPrompt): Record<string, JsonValue> {
  const parts = findReferences(step.description).flatMap((expression) => {
    const target = splitReference(expression, values);
    const isPart = target?.id === id && target.path.length > 0;
    const filled = isPart ? fillReferences(`{{${expression}}}`, values) : undefined;
    return filled?.ok ? [[expression, filled.value] as const] : [];
  });
  return Object.fromEntries(parts);
}

/** Returns a value as it is, or as much of its JSON as the prompt has room for. */
function cutValue(value: JsonValue, cut: ExecutorPrompt["cut"]): JsonValue {
  const text = JSON.stringify(value);
  const shown = cut(text);
  return shown === text ? value : shown;
}

/** Writes the messages of a call step, in which a model writes the arguments of one tool. */
export function toCallMessages(prompt: ExecutorPrompt, tool: string): BaseMessage[] {
  const system = [
    `Call the tool \`${tool}\` once with the arguments that the task needs. Take them from the task and the inputs; make nothing up.`,
    DATA_RULE,
    ...(prompt.instructions === undefined ? [] : [withoutTags(prompt.instructions)]),
  ].join("\n\n");
  return [new SystemMessage(system), toTaskMessage(prompt)];
}
