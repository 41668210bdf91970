import {
  AIMessage,
  type BaseMessage,
  HumanMessage,
  SystemMessage,
  ToolMessage,
} from "@langchain/core/messages";
import type { InvalidToolCall, ToolCall } from "@langchain/core/messages/tool";
import { messageWith, messageWithoutTags, toSection, withoutTags } from "../models/index.js";
import type { PlanIssue, PlanStep } from "../plan/index.js";
import { toBriefLine } from "./brief-tool.js";
import { toSavedPlans } from "./catalogue.js";
import type { CatalogueEntry, Seen } from "./catalogue-entry.js";
import {
  PITFALLS_RULE,
  type PlanMethod,
  type RuleParts,
  sizeRule,
  toBriefDay,
  toCommonRules,
  toUnfinished,
} from "./plan-rules.js";
import { PLAN_TOOL } from "./plan-tool.js";
import type { PlanRequest, Told } from "./requests.js";
import { toSeen } from "./seen.js";

/** What the planner is told, and how. */
interface PlannerPrompt extends Told<PlanRequest>, RuleParts {
  readonly tools: PlanRequest["tools"];
  readonly pitfalls: boolean;
  /** What the goal names. @default nothing */
  readonly seen?: readonly Seen[];
}

/** Writes the planner's messages. What never changes comes first and the goal last, so that prompt caches hit. */
export function toPlannerMessages(prompt: PlannerPrompt): BaseMessage[] {
  const { style = "full" } = prompt;
  const system = [
    ...(style === "short" ? [toBriefDay(prompt.today)] : []),
    toCommonRules(prompt),
    ...(style === "full" ? [toTask(prompt.method)] : []),
    ...toSavedPlans(prompt.plans),
    ...(prompt.pitfalls ? [PITFALLS_RULE] : []),
    ...(prompt.instructions === undefined ? [] : [withoutTags(prompt.instructions)]),
  ].join("\n\n");
  // Size and day may differ from run to run, so they come after what is the same for all runs with the same tools.
  const size = sizeRule(prompt.granularity, prompt.maxSteps, prompt.today);
  const { rejected } = prompt;
  const rejection =
    rejected === undefined
      ? []
      : [toSection("rejected_plan", toList(rejected.plan)), toSection("feedback", rejected.feedback)];
  return [
    new SystemMessage(system),
    ...prompt.conversation.map(messageWithoutTags),
    messageWith(
      [
        ...(style === "short" ? [] : [size]),
        ...toUnfinished(prompt.unfinished),
        ...(prompt.attachments.length === 0 ? [] : [ATTACHED]),
        ...(style === "short" ? toSeen(prompt.seen ?? []) : []),
        // Small models go by the form of the examples.
        style === "short"
          ? withoutTags(`Goal: ${JSON.stringify(prompt.goal)}`)
          : toSection("goal", prompt.goal),
        ...rejection,
      ].join("\n\n"),
      prompt.attachments,
    ),
  ];
}

function toTask(method: PlanMethod): string {
  const plan = method === "tool" ? `Call \`${PLAN_TOOL}\`` : "Plan the goal";
  return `${plan}, or answer in text what is certain without tools, or ask back.`;
}

const ATTACHED = "A step in words sees what is attached to the goal if its description says `attached`.";

/** Writes a plan as a numbered list, one step a line. */
function toList(plan: readonly PlanStep[]): string {
  const lines = plan.map(({ description }, index) => `${index + 1}. ${description.replaceAll(/\s+/g, " ")}`);
  return lines.join("\n");
}

/** Writes the messages that send a plan back with its issues. What was sent before stays as it was. */
export function toRepairMessages(answer: AIMessage, issues: readonly string[]): BaseMessage[] {
  const text = `The plan cannot be used:\n${withoutTags(issues.map((issue) => `- ${issue}`).join("\n"))}\nHand in the whole plan again with all of this put right.`;
  const broken = answer.invalid_tool_calls ?? [];
  const calls = [...(answer.tool_calls ?? []), ...broken.map(toReadableCall)];
  const sent =
    broken.length === 0 ? answer : new AIMessage({ id: answer.id, content: answer.text, tool_calls: calls });
  if (calls.length === 0) {
    return [messageWithoutTags(sent), new HumanMessage(text)];
  }
  return [
    messageWithoutTags(sent),
    ...calls.map(
      ({ id, name }) =>
        new ToolMessage({ content: text, tool_call_id: id ?? PLAN_TOOL, name, status: "error" }),
    ),
  ];
}

/** Writes the messages that ask for one step of a plan again, with what is wrong with it and how its tool is called. */
export function toStepRepairMessages(
  plan: string,
  { stepId, message }: PlanIssue,
  tool: CatalogueEntry | undefined,
): BaseMessage[] {
  const text = [
    `This plan cannot be used. ${withoutTags(message)}`,
    ...(tool === undefined ? [] : [`The tool is called so:\n${withoutTags(toBriefLine(tool))}`]),
    `Write step ${stepId} again, alone: {"steps":[…]} with that one step, put right.`,
  ].join("\n");
  return [new AIMessage(withoutTags(plan)), new HumanMessage(text)];
}

/** Replaces the arguments of a call that are no JSON. Providers want each call to be well formed, and answered. */
function toReadableCall({ id, name }: InvalidToolCall): ToolCall {
  return { id: id ?? PLAN_TOOL, name: name ?? PLAN_TOOL, args: {}, type: "tool_call" };
}
