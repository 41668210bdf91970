import type { JsonValue } from "../base/index.js";
import type { PlanStep } from "../plan/index.js";
import {
  type ApprovalDecision,
  type ApprovalRule,
  type ApprovalRules,
  isHeldBack,
  type Requester,
} from "./approval-rules.js";

/** What is to be done with one tool call. */
export type ActionVerdict =
  | { readonly verdict: "run" }
  | {
      readonly verdict: "ask";
      readonly allowedDecisions: readonly ApprovalDecision[];
      readonly description?: string;
      readonly refuse?: ApprovalRule["refuse"];
    };

/** A tool call as it is judged. */
export interface JudgedCall {
  readonly tool: string;
  readonly args: Record<string, JsonValue>;
  /** Whether the arguments say all that the tool gets; a rule that goes by them is else not asked. @default true */
  readonly isShown?: boolean;
}

/** All that a person may answer. */
export const ALL_DECISIONS: readonly ApprovalDecision[] = ["approve", "edit", "reject"];

/**
 * Whether a call of this tool with these arguments runs, or waits for a person. A rule that fails, or says something
 * else than yes or no, lets it wait; so does one whose tool gets something else than the arguments say.
 */
export async function judgeAction(
  { tools, standing }: Pick<ApprovalRules, "tools" | "standing">,
  { tool, args, isShown = true }: JudgedCall,
  requester: Requester,
): Promise<ActionVerdict> {
  const given = Object.hasOwn(tools, tool) ? tools[tool] : undefined;
  const rule: ApprovalRule = typeof given === "object" ? given : {};
  if (!isHeldBack(standing, tool, args)) {
    if (given === undefined || given === false) {
      return { verdict: "run" };
    }
    if (isShown && rule.when !== undefined && (await orElse(rule.when, args, requester, true)) === false) {
      return { verdict: "run" };
    }
  }
  const description =
    typeof rule.description === "function"
      ? await orElse<typeof args, unknown>(rule.description, args, requester, undefined)
      : rule.description;
  return {
    verdict: "ask",
    allowedDecisions: rule.allowedDecisions ?? ALL_DECISIONS,
    ...(typeof description === "string" ? { description } : {}),
    ...(rule.refuse === undefined ? {} : { refuse: rule.refuse }),
  };
}

/** What a function of the developer's says, now or later; where it throws or rejects, what is safe. */
async function orElse<Given, Result>(
  ask: (given: Given, requester: Requester) => Result | Promise<Result>,
  given: Given,
  requester: Requester,
  safe: Result,
): Promise<Result> {
  try {
    return await ask(given, requester);
  } catch {
    return safe;
  }
}

/** Whether a plan waits for a person. `hasNew` says whether it does anything that nobody has approved in this turn. */
export async function planNeedsApproval(
  { plan: policy, standing }: Pick<ApprovalRules, "plan" | "standing">,
  remaining: readonly PlanStep[],
  hasNew: () => boolean,
  requester: Requester,
): Promise<boolean> {
  if (policy === "always" || standing.plan === "always") {
    return true;
  }
  const isOnce =
    policy === true || standing.plan === "once" || (policy === false && standing.plan === "asked");
  if (isOnce && hasNew()) {
    return true;
  }
  return typeof policy === "function" && (await orElse(policy, remaining, requester, true)) !== false;
}
