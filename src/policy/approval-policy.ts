import type { JsonValue, PlanStep } from "../plan/index.js";
import type { Requester } from "./requester.js";
import { type ApprovalRules, isHeldBack } from "./standing-rules.js";

/** What a person may answer when asked about an action. */
export type ApprovalDecision = "approve" | "edit" | "reject";

/** When and how a tool's calls wait for a person. */
export interface ApprovalRule {
  /** What the person may answer. @default all three */
  readonly allowedDecisions?: readonly ApprovalDecision[];
  /** Shown with the request; a function makes it from the arguments, and where it throws there is none. */
  readonly description?:
    | string
    | ((args: Record<string, JsonValue>, requester: Requester) => string | Promise<string>);
  /** Whether a call with these arguments waits; where it throws, the call waits. @default always */
  readonly when?: (args: Record<string, JsonValue>, requester: Requester) => boolean | Promise<boolean>;
  /**
   * Why a call with these arguments may not be made at all, asked before a person is; undefined where it may. Where it
   * throws, the call is not made. Decided calls are not judged again: what must hold then is the tool's own to check.
   * @default nothing is refused
   */
  readonly refuse?: (
    args: Record<string, JsonValue>,
    situation: RefusalSituation,
  ) => string | undefined | Promise<string | undefined>;
}

/** What a refusal may depend on beside the call's arguments. */
export interface RefusalSituation {
  readonly requester: Requester;
  /** The graph's state, as tools get it. */
  readonly state: unknown;
  /** Ends the step. */
  readonly signal: AbortSignal;
}

/** Which tools' calls wait for a person. */
export type ApprovalTools = Readonly<Record<string, boolean | ApprovalRule>>;

/** What is to be done with one tool call. */
export type ActionVerdict =
  | { readonly verdict: "run" }
  | {
      readonly verdict: "ask";
      readonly allowedDecisions: readonly ApprovalDecision[];
      readonly description?: string;
      readonly refuse?: ApprovalRule["refuse"];
    };

/** All that a person may answer. */
export const allDecisions: readonly ApprovalDecision[] = ["approve", "edit", "reject"];

/**
 * Whether a call of this tool with these arguments runs, or waits for a person. A rule that fails, or says something
 * else than yes or no, lets it wait.
 */
export async function judgeAction(
  { tools, standing }: Pick<ApprovalRules, "tools" | "standing">,
  tool: string,
  args: Record<string, JsonValue>,
  requester: Requester,
): Promise<ActionVerdict> {
  const given = Object.hasOwn(tools, tool) ? tools[tool] : undefined;
  const rule: ApprovalRule = typeof given === "object" ? given : {};
  if (!isHeldBack(standing, tool, args)) {
    if (given === undefined || given === false) {
      return { verdict: "run" };
    }
    if (rule.when !== undefined && (await orElse(rule.when, args, requester, true)) === false) {
      return { verdict: "run" };
    }
  }
  const description =
    typeof rule.description === "function"
      ? await orElse<typeof args, unknown>(rule.description, args, requester, undefined)
      : rule.description;
  return {
    verdict: "ask",
    allowedDecisions: rule.allowedDecisions ?? allDecisions,
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

/**
 * When a plan waits for a person: never, once and for what is new in it, each time, or as a function says; where
 * that throws, the plan waits.
 */
export type PlanApproval =
  | boolean
  | "always"
  | ((plan: readonly PlanStep[], requester: Requester) => boolean | Promise<boolean>);

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
