import { fingerprint, type JsonValue, stableStringify } from "../base/index.js";
import type { PlanStep } from "../plan/index.js";

/** Whom a run works for. Policies and checks get this beside what they judge. */
export interface Requester {
  /** The user's identity, as a server authenticated it; undefined if none did. */
  readonly userId?: string;
  /** What else the server knows about the user: a display name, permissions, claims. */
  readonly user?: Readonly<Record<string, unknown>>;
  readonly threadId?: string;
}

/** What a person may answer when asked about an action. */
export type ApprovalDecision = "approve" | "edit" | "reject";

/** When and how a tool's calls wait for a person. */
export interface ApprovalRule {
  /** The decisions that the person may make. @default all three */
  readonly allowedDecisions?: readonly ApprovalDecision[];
  /** Shown with the request. A function makes it from the arguments; if it throws, nothing is shown. */
  readonly description?:
    | string
    | ((args: Record<string, JsonValue>, requester: Requester) => string | Promise<string>);
  /** Whether a call with these arguments waits. If it throws, the call waits. @default always */
  readonly when?: (args: Record<string, JsonValue>, requester: Requester) => boolean | Promise<boolean>;
  /**
   * Says why a call with these arguments must not be made at all; undefined if it may be. This is asked before any
   * person is, and whatever `when` says. If it throws, the call is not made. Once a person has decided a call it is not
   * judged again: what must still hold then, the tool has to check itself.
   * @default nothing is refused
   */
  readonly refuse?: (
    args: Record<string, JsonValue>,
    situation: RefusalSituation,
  ) => string | undefined | Promise<string | undefined>;
}

/** What a refusal may depend on, beside the call's arguments. */
export interface RefusalSituation {
  readonly requester: Requester;
  /** The state of the graph, as tools get it. */
  readonly state: unknown;
  /** Aborts when the step is ended. */
  readonly signal: AbortSignal;
}

/** Which tools' calls wait for a person. */
export type ApprovalTools = Readonly<Record<string, boolean | ApprovalRule>>;

/**
 * When a plan waits for a person: false is never, true is once and then only if something in it is new, "always" is
 * each time, and a function decides. If the function throws, the plan waits.
 */
export type PlanApproval =
  | boolean
  | "always"
  | ((plan: readonly PlanStep[], requester: Requester) => boolean | Promise<boolean>);

/**
 * The approval rules that hold until the turn ends. A later run of the turn can only add to them, whatever its
 * context or build says: what once waited waits again.
 */
export interface StandingRules {
  /**
   * Whether plans wait: never, if something in them is new (`once`), or always. `asked`: a function made a plan wait.
   * If no rule for plans is left, anything new in a plan then still waits.
   */
  readonly plan: "never" | "asked" | "once" | "always";
  /** Tools whose calls all wait. */
  readonly tools: string[];
  /** Fingerprints of calls that waited although not all calls of their tool do. */
  readonly calls: string[];
  /** Whether an answer must name the request that it answers. */
  readonly requireRequestId: boolean;
}

/** The approval rules of a run: its own, and those that its turn brings along. */
export interface ApprovalRules {
  readonly plan: PlanApproval;
  readonly tools: ApprovalTools;
  readonly requireRequestId: boolean;
  readonly standing: StandingRules;
}

/** Something that waits for a person, as far as later runs have to know it. */
type HeldBack =
  | {
      readonly kind: "action";
      readonly tool: string;
      readonly args: Record<string, JsonValue>;
      readonly asks?: JsonValue;
    }
  | { readonly kind: "plan" | "guidance" };

/** The standing rules of a turn in which nothing has waited yet. */
export const NO_STANDING_RULES: StandingRules = {
  plan: "never",
  tools: [],
  calls: [],
  requireRequestId: false,
};

const STRICTNESS = ["never", "asked", "once", "always"] as const;

/**
 * Computes the rules that stand from now on: those that stood, what waits now, and this run's own rules, except for
 * functions, which cannot be kept.
 */
export function standingFrom(rules: ApprovalRules, waiting: readonly HeldBack[] = []): StandingRules {
  const { standing, tools, requireRequestId } = rules;
  const always = Object.entries(tools).flatMap(([name, rule]) =>
    rule === true || (typeof rule === "object" && rule.when === undefined) ? [name] : [],
  );
  const held = new Set([...standing.tools, ...always]);
  const calls = waiting.flatMap((item) =>
    item.kind === "action" && item.asks === undefined && !held.has(item.tool)
      ? [callFingerprint(item.tool, item.args)]
      : [],
  );
  const asked = waiting.some(({ kind }) => kind === "plan") ? "asked" : "never";
  const added = { plan: strictest([asked, toLevel(rules.plan)]), tools: always, calls, requireRequestId };
  return joinStanding(standing, added);
}

/** Joins two sets of rules. Whatever waits by either of them waits. */
export function joinStanding(one: StandingRules, other: StandingRules): StandingRules {
  return {
    plan: strictest([one.plan, other.plan]),
    tools: [...new Set([...one.tools, ...other.tools])],
    calls: [...new Set([...one.calls, ...other.calls])],
    requireRequestId: one.requireRequestId || other.requireRequestId,
  };
}

/** Whether a call waits because of the rules that stand from earlier in its turn. */
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

/** A function counts as never, because nobody knows what it would say of another plan. */
function toLevel(plan: PlanApproval): StandingRules["plan"] {
  if (plan === "always") {
    return "always";
  }
  return plan === true ? "once" : "never";
}

function strictest(levels: readonly StandingRules["plan"][]): StandingRules["plan"] {
  return STRICTNESS.findLast((level) => levels.includes(level)) ?? "never";
}
