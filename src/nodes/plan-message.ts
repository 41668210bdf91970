import { AIMessage, type BaseMessage } from "@langchain/core/messages";
import { type PlanStep, type StepResult, writeStepLine } from "../plan/index.js";
import type { AgentState, Waiting, WaitingAction } from "../state/index.js";
import { hiddenCall, toCode } from "./shown-in-code.js";

/**
 * The plan as people read it: one message, updated in place; finished steps are struck through. While a person is
 * asked about it, each step is shown with what runs.
 */
export function toPlanMessage(
  id: string,
  plan: readonly PlanStep[],
  pastSteps: readonly StepResult[],
  waiting: readonly Waiting[] = [],
): AIMessage {
  const actions = waiting.filter((item) => item.kind === "action");
  const text = actions.length < waiting.length ? toShownPlan(plan, pastSteps) : toPlanText(plan, pastSteps);
  return new AIMessage({ id, content: [TITLE, text, ...warnings(actions)].join("\n\n") });
}

/** The message of the turn's plan as it stands; none where the turn has none. */
export function toPlanMessages(
  { planMessageId, plan, pastSteps }: Pick<AgentState, "planMessageId" | "plan" | "pastSteps">,
  waiting: readonly Waiting[] = [],
): AIMessage[] {
  return planMessageId === "" ? [] : [toPlanMessage(planMessageId, plan, pastSteps, waiting)];
}

/** The plan as a numbered list, one step a line. */
export function toPlanText(plan: readonly PlanStep[], pastSteps: readonly StepResult[]): string {
  return toList(plan, pastSteps, ({ description }) => description.replaceAll(/\s+/g, " "));
}

/** Whether a message shows a plan. */
export function isPlanMessage(message: BaseMessage): boolean {
  return message.getType() === "ai" && message.text.startsWith(`${TITLE}\n`);
}

const TITLE = "**Plan**";
const ON_LINES =
  "It waits for you. Each line is a step: its id, what runs, and last what the model says of it.";
const ON_HIDDEN =
  "**Look closely:** what waits for you holds characters that cannot be seen. Written out, it is";

function toShownPlan(plan: readonly PlanStep[], pastSteps: readonly StepResult[]): string {
  return `${ON_LINES}\n\n${toList(plan, pastSteps, (step) => toCode(writeStepLine(step)))}`;
}

/** A form that shows a call's arguments as they are hides these characters. */
function warnings(actions: readonly WaitingAction[]): string[] {
  const calls = actions.map(hiddenCall).filter((call) => call !== undefined);
  return calls.length === 0 ? [] : [ON_HIDDEN, calls.map((call) => `- ${call}`).join("\n")];
}

function toList(
  plan: readonly PlanStep[],
  pastSteps: readonly StepResult[],
  write: (step: PlanStep) => string,
): string {
  const ended = new Map(pastSteps.map((result) => [result.id, result.status]));
  const lines = plan.map((step, index) => {
    const status = ended.get(step.id);
    const text = write(step);
    if (status === undefined) return `${index + 1}. ${text}`;
    return `${index + 1}. ~~${text}~~${status === "done" ? "" : ` (${status})`}`;
  });
  return lines.join("\n");
}
