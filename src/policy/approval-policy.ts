import type { JsonValue } from "../base/index.js";
import type { PlanStep } from "../plan/index.js";
import {
  type ApprovalDecision,
  type ApprovalRule,
  type ApprovalRules,
  isHeldBack,
  type Requester,
} from "./approval-rules.js";

/** What to do with a tool call. */
export type ActionVerdict =
  | { readonly verdict: "run"; readonly refuse?: ApprovalRule["refuse"] }
  | {
      readonly verdict: "ask";
      readonly allowedDecisions: readonly ApprovalDecision[];
      readonly description?: string;
      readonly refuse?: ApprovalRule["refuse"];
    };

/** A tool call to be judged. */
export interface JudgedCall {
  readonly tool: string;
  readonly args: Record<string, JsonValue>;
  /** Whether the arguments are all that the tool gets. If not, a rule's `when` is not asked. @default true */
  readonly isShown?: boolean;
}

/** Every decision that a person may make. */
export const ALL_DECISIONS: readonly ApprovalDecision[] = ["approve", "edit", "reject"];

/**
 * Decides whether a tool call runs or waits for a person. Whether it may be made at all is for the rule's `refuse` to say,
 * which comes with either verdict. The call waits if its rule's `when` throws, or answers anything but false. It also
 * waits if the tool gets anything other than the arguments say, because `when` cannot judge that.
 */
export async function judgeAction(
  { tools, standing }: Pick<ApprovalRules, "tools" | "standing">,
  { tool, args, isShown = true }: JudgedCall,
  requester: Requester,
): Promise<ActionVerdict> {
  const given = Object.hasOwn(tools, tool) ? tools[tool] : undefined;
  const rule: ApprovalRule = typeof given === "object" ? given : {};
  const refusal = rule.refuse === undefined ? {} : { refuse: rule.refuse };
  if (!isHeldBack(standing, tool, args)) {
    if (given === undefined || given === false) {
      return { verdict: "run" };
    }
    if (isShown && rule.when !== undefined && (await orElse(rule.when, args, requester, true)) === false) {
      return { verdict: "run", ...refusal };
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
    ...refusal,
  };
}

/** Asks a function of the developer's. If it throws or rejects, returns the safe answer. */
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

/**
 * Decides whether a plan waits for a person. `hasNew` says whether it does anything that nobody approved in this
 * turn.
 */
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
