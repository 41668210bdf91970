import { type BaseMessage, HumanMessage, SystemMessage } from "@langchain/core/messages";
import { messageWithoutTags, toSection, withoutTags } from "../models/index.js";
import type { CatalogueEntry } from "./catalogue.js";
import { type Granularity, type PlanMethod, pitfallsRule, sizeRule, toCommonRules } from "./plan-rules.js";

/** What the planner is told. */
export interface PlannerPrompt {
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
    ...(prompt.pitfalls ? [pitfallsRule] : []),
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
