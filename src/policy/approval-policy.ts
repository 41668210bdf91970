import type { JsonValue, PlanStep } from "../plan/index.js";
import type { Requester } from "./requester.js";

/** What a person may answer when asked about an action. */
export type ApprovalDecision = "approve" | "edit" | "reject";

/** When and how a tool's calls wait for a person. */
export interface ApprovalRule {
  /** What the person may answer. @default all three */
  readonly allowedDecisions?: readonly ApprovalDecision[];
  /** Shown with the request; a function makes it from the arguments, and where it throws there is none. */
  readonly description?: string | ((args: Record<string, JsonValue>, requester: Requester) => string);
  /** Whether a call with these arguments waits; where it throws, the call waits. @default always */
  readonly when?: (args: Record<string, JsonValue>, requester: Requester) => boolean;
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

/** Whether a call of this tool with these arguments runs, or waits for a person. */
export function judgeAction(
  tools: ApprovalTools,
  tool: string,
  args: Record<string, JsonValue>,
  requester: Requester,
): ActionVerdict {
  const rule = Object.hasOwn(tools, tool) ? tools[tool] : undefined;
  if (rule === undefined || rule === false) return { verdict: "run" };
  if (rule === true) return { verdict: "ask", allowedDecisions: allDecisions };
  if (rule.when !== undefined && !orElse(rule.when, args, requester, true)) return { verdict: "run" };
  return {
    verdict: "ask",
    allowedDecisions: rule.allowedDecisions ?? allDecisions,
    description:
      typeof rule.description === "function"
        ? orElse(rule.description, args, requester, undefined)
        : rule.description,
    ...(rule.refuse === undefined ? {} : { refuse: rule.refuse }),
  };
}

/** What a function of the developer's says; where it throws, what is safe. */
function orElse<Given, Result>(
  ask: (given: Given, requester: Requester) => Result,
  given: Given,
  requester: Requester,
  safe: Result,
): Result {
  try {
    return ask(given, requester);
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
  | ((plan: readonly PlanStep[], requester: Requester) => boolean);

/** Whether a plan waits for a person, given the steps that were approved before in this turn. */
export function planNeedsApproval(
  policy: PlanApproval,
  remaining: readonly PlanStep[],
  approved: readonly PlanStep[] | undefined,
  requester: Requester,
): boolean {
  if (policy === false) return false;
  if (policy === "always") return true;
  if (typeof policy === "function") return orElse(policy, remaining, requester, true);
  if (approved === undefined) return true;
  const known = new Set(approved.map(actionOf));
  return remaining.some((step) => !known.has(actionOf(step)));
}

/** What a step may do, beside its arguments: its tool, or its own words where an agent does it. */
function actionOf(step: PlanStep): string {
  return step.tool === undefined ? `agent:${step.description}` : `tool:${step.tool}`;
}
