import {
  AIMessage,
  type BaseMessage,
  HumanMessage,
  SystemMessage,
  ToolMessage,
} from "@langchain/core/messages";
import type { InvalidToolCall, ToolCall } from "@langchain/core/messages/tool";
import { messageWithoutTags, toSection, withoutTags } from "../models/index.js";
import type { CatalogueEntry } from "./catalogue.js";
import { type Granularity, PITFALLS_RULE, type PlanMethod, sizeRule, toCommonRules } from "./plan-rules.js";
import { PLAN_TOOL } from "./plan-tool.js";

/** What the planner is told. */
interface PlannerPrompt {
  readonly tools: readonly CatalogueEntry[];
  readonly method: PlanMethod;
  readonly granularity: Granularity;
  readonly maxSteps: number;
  readonly pitfalls: boolean;
  /** Further instructions of the developer's. */
  readonly instructions?: string;
  /** Earlier turns. */
  readonly conversation: readonly BaseMessage[];
  readonly goal: string;
  /** A person's words on the plan that they rejected, and that plan. */
  readonly rejected?: { readonly plan: string; readonly feedback: string };
}

/** The planner's messages: what never changes first, the goal last, so that providers' prompt caches hit. */
export function toPlannerMessages(prompt: PlannerPrompt): BaseMessage[] {
  const system = [
    toCommonRules(prompt.method, prompt.tools),
    "Plan the goal. If it needs no tool and no work (a greeting, or what you or the conversation can answer with certainty), answer in text instead.",
    ...(prompt.pitfalls ? [PITFALLS_RULE] : []),
    ...(prompt.instructions === undefined ? [] : [withoutTags(prompt.instructions)]),
  ].join("\n\n");
  // A context may set it anew: it stands behind what is the same for all runs with the same tools.
  const size = sizeRule(prompt.granularity, prompt.maxSteps);
  const rejected =
    prompt.rejected === undefined
      ? []
      : [toSection("rejected_plan", prompt.rejected.plan), toSection("feedback", prompt.rejected.feedback)];
  return [
    new SystemMessage(system),
    ...prompt.conversation.map(messageWithoutTags),
    new HumanMessage([size, toSection("goal", prompt.goal), ...rejected].join("\n\n")),
  ];
}

/** Sends a plan back with everything that is wrong with it; appended, so that what was sent stays as it was. */
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

/** A call whose arguments are no JSON, as one that can be sent: a provider wants each call whole and answered. */
function toReadableCall({ id, name }: InvalidToolCall): ToolCall {
  return { id: id ?? PLAN_TOOL, name: name ?? PLAN_TOOL, args: {}, type: "tool_call" };
}
