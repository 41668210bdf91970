import { fingerprint, type JsonValue, stableStringify } from "../base/index.js";
import type { PlanStep } from "../plan/index.js";

/** For whom a run works: policies and checks are told it beside what they judge. */
export interface Requester {
  /** The user's identity, as the server authenticated them; undefined where nobody did. */
  readonly userId?: string;
  /** What else the server knows of the user: a display name, permissions, claims. */
  readonly user?: Readonly<Record<string, unknown>>;
  readonly threadId?: string;
}

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

/**
 * When a plan waits for a person: never, once and for what is new in it, each time, or as a function says; where
 * that throws, the plan waits.
 */
export type PlanApproval =
  | boolean
  | "always"
  | ((plan: readonly PlanStep[], requester: Requester) => boolean | Promise<boolean>);

/**
 * The rules of approval that hold until a turn ends. The context, or the build, of a later run can only add to them:
 * what once waited waits again.
 */
export interface StandingRules {
  /**
   * Whether plans wait: never, for what is new in them, or always. `asked`: a function let one wait; should there be no
   * rule any more, what is new waits.
   */
  readonly plan: "never" | "asked" | "once" | "always";
  /** Tools of which every call waits. */
  readonly tools: string[];
  /** Calls that waited although not every call of their tool does. */
  readonly calls: string[];
  /** Whether an answer must name the request that it is to. */
  readonly requireRequestId: boolean;
}

/** The rules of a run: today's, and those that its turn brings along. */
export interface ApprovalRules {
  readonly plan: PlanApproval;
  readonly tools: ApprovalTools;
  readonly requireRequestId: boolean;
  readonly standing: StandingRules;
}

/** What waits for a person, as far as later runs have to know it. */
type HeldBack =
  | { readonly kind: "action"; readonly tool: string; readonly args: Record<string, JsonValue> }
  | { readonly kind: "plan" | "guidance" };

/** The rules of a turn in which nothing was asked yet. */
export const NO_STANDING_RULES: StandingRules = {
  plan: "never",
  tools: [],
  calls: [],
  requireRequestId: false,
};

const STRICTNESS = ["never", "asked", "once", "always"] as const;

/** The rules that stand from now on: those that stood, today's as far as they ask nobody, and what waits now. */
export function standingFrom(rules: ApprovalRules, waiting: readonly HeldBack[] = []): StandingRules {
  const { standing, tools, requireRequestId } = rules;
  const always = Object.entries(tools).flatMap(([name, rule]) =>
    rule === true || (typeof rule === "object" && rule.when === undefined) ? [name] : [],
  );
  const held = new Set([...standing.tools, ...always]);
  const calls = waiting.flatMap((item) =>
    item.kind === "action" && !held.has(item.tool) ? [callFingerprint(item.tool, item.args)] : [],
  );
  const asked = waiting.some(({ kind }) => kind === "plan") ? "asked" : "never";
  const added = { plan: strictest([asked, toLevel(rules.plan)]), tools: always, calls, requireRequestId };
  return joinStanding(standing, added);
}

/** The rules of both: whatever waits by either waits. */
export function joinStanding(one: StandingRules, other: StandingRules): StandingRules {
  return {
    plan: strictest([one.plan, other.plan]),
    tools: [...new Set([...one.tools, ...other.tools])],
    calls: [...new Set([...one.calls, ...other.calls])],
    requireRequestId: one.requireRequestId || other.requireRequestId,
  };
}

/** Whether a call waits because of what happened earlier in its turn. */
export function isHeldBack(
  { tools, calls }: StandingRules,
  tool: string,
  args: Record<string, JsonValue>,
): boolean {
  return tools.includes(tool) || (calls.length > 0 && calls.includes(callFingerprint(tool, args)));
}

function callFingerprint(tool: string, args: Record<string, JsonValue>): string {
  return fingerprint(stableStringify([tool, args]));
}

/** What a function would say of another plan nobody knows. */
function toLevel(plan: PlanApproval): StandingRules["plan"] {
  if (plan === "always") {
    return "always";
  }
  return plan === true ? "once" : "never";
}

function strictest(levels: readonly StandingRules["plan"][]): StandingRules["plan"] {
  return STRICTNESS.findLast((level) => levels.includes(level)) ?? "never";
}
