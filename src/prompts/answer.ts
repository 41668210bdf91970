import { type BaseMessage, HumanMessage, SystemMessage } from "@langchain/core/messages";
import { toSection } from "../models/index.js";
import type { StepResult } from "../plan/index.js";
import { dataRule } from "./plan-rules.js";
import { toResultLine } from "./replanner.js";

/** What the answer's own model is told. */
export interface AnswerPrompt {
  readonly instructions?: string;
  readonly conversation: readonly BaseMessage[];
  readonly goal: string;
  readonly pastSteps: readonly StepResult[];
  readonly cut: (text: string) => string;
}

/** The messages of a closing call that has no plan to change. */
export function toAnswerMessages(prompt: AnswerPrompt): BaseMessage[] {
  const system = [
    "The work for a goal is done. From the outputs of its steps, write the final answer for the person who asked: complete, exact, honest about what failed or is missing. Do not speak of steps and plans.",
    dataRule,
    ...(prompt.instructions === undefined ? [] : [prompt.instructions]),
  ].join("\n\n");
  const results = prompt.pastSteps.map((result) => toResultLine(result, prompt.cut)).join("\n");
  const human = `${toSection("goal", prompt.goal)}\n\n${toSection("past_steps", results)}`;
  return [new SystemMessage(system), ...prompt.conversation, new HumanMessage(human)];
}
