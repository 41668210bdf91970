import { type BaseMessage, HumanMessage, SystemMessage } from "@langchain/core/messages";
import { toSection, withoutTags } from "../models/index.js";
import type { PlanStep, StepResult } from "../plan/index.js";
import { dataRule } from "./plan-rules.js";
import { BLOCKED_TOOL } from "./plan-tool.js";

/** What the executor's model is told of one step. */
export interface ExecutorPrompt {
  readonly instructions?: string;
  readonly goal: string;
  readonly step: Pick<PlanStep, "description" | "expect" | "pitfalls">;
  /** The results of the steps that this one depends on, and of no others. */
  readonly inputs: readonly StepResult[];
  readonly cut: (text: string) => string;
}

/** The system prompt of an agent step. */
export function toAgentInstructions(instructions: string | undefined): string {
  return [
    "You carry out one step of a plan with the tools you have, and nothing beyond it. When it is done, answer with its result alone: the value or text that later steps need, without comment.",
    `If it cannot be done (something is missing, refused, or not as the step assumes), call \`${BLOCKED_TOOL}\` with the reason, exactly; do not guess and do not make up data.`,
    dataRule,
    ...(instructions === undefined ? [] : [withoutTags(instructions)]),
  ].join("\n\n");
}

/**
 * The message that gives an agent its step. What steps have in common comes first, so that prompt caches hit: the
 * goal, then the inputs, which are the same for each item of a for-each step; the task is last.
 */
export function toTaskMessage(prompt: ExecutorPrompt): HumanMessage {
  const { step, inputs, goal, cut } = prompt;
  const lines = inputs.map(({ id, description, output }) => {
    const text = JSON.stringify(output ?? null);
    return JSON.stringify({ id, description, output: cut(text) === text ? (output ?? null) : cut(text) });
  });
  return new HumanMessage(
    [
      toSection("goal_for_context", goal),
      ...(lines.length === 0 ? [] : [toSection("inputs", lines.join("\n"))]),
      toSection("task", step.description),
      ...(step.expect === undefined ? [] : [toSection("expected", step.expect)]),
      ...(step.pitfalls === undefined ? [] : [toSection("pitfalls", step.pitfalls)]),
    ].join("\n\n"),
  );
}

/** The messages of a call step: the model makes the arguments of one tool. */
export function toCallMessages(prompt: ExecutorPrompt, tool: string): BaseMessage[] {
  const system = [
    `Call the tool \`${tool}\` once with the arguments that the task needs. Take them from the task and the inputs; make nothing up.`,
    dataRule,
    ...(prompt.instructions === undefined ? [] : [withoutTags(prompt.instructions)]),
  ].join("\n\n");
  return [new SystemMessage(system), toTaskMessage(prompt)];
}
