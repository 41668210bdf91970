import type { JsonValue, PlanStep } from "../plan/index.js";
import type { Requester } from "./requester.js";

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
