import { AIMessage, type BaseMessage } from "@langchain/core/messages";
import type { PlanStep, StepResult } from "../plan/index.js";

/** The plan as people read it: one message, updated in place; finished steps are struck through. */
export function toPlanMessage(
  id: string,
  plan: readonly PlanStep[],
  pastSteps: readonly StepResult[],
): AIMessage {
  return new AIMessage({ id, content: `**Plan**\n\n${toPlanText(plan, pastSteps)}` });
}

/** The plan as a numbered list, one step a line. */
export function toPlanText(plan: readonly PlanStep[], pastSteps: readonly StepResult[]): string {
  const ended = new Map(pastSteps.map((result) => [result.id, result.status]));
  const lines = plan.map(({ id: stepId, description }, index) => {
    const status = ended.get(stepId);
    const text = description.replaceAll(/\s+/g, " ");
    if (status === undefined) return `${index + 1}. ${text}`;
    return `${index + 1}. ~~${text}~~${status === "done" ? "" : ` (${status})`}`;
  });
  return lines.join("\n");
}

/** Whether a message shows a plan. */
export function isPlanMessage(message: BaseMessage): boolean {
  return message.getType() === "ai" && message.text.startsWith("**Plan**\n");
}
