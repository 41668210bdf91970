import type { JsonValue } from "../base/index.js";
import type { PlanAuthor, PlanStep, StepError, StepStatus } from "../plan/index.js";

/** An event of a run, before it is stamped. */
export type RunEvent =
  | { readonly type: "agent.started"; readonly goal: string }
  | {
      readonly type: "plan.generated";
      readonly version: number;
      /** Why this plan was made, in words. */
      readonly reason: string;
      readonly by: PlanAuthor;
      readonly steps: readonly PlanStep[];
      readonly answer?: string;
    }
  | { readonly type: "plan.invalid"; readonly attempt: number; readonly issues: readonly string[] }
  | {
      readonly type: "step.started";
      readonly stepId: string;
      readonly description: string;
      readonly tool?: string;
      readonly attempt: number;
    }
  | {
      readonly type: "step.retried";
      readonly stepId: string;
      readonly attempt: number;
      readonly delayMs: number;
      readonly error: string;
    }
  | { readonly type: "step.token"; readonly stepId: string; readonly token: string }
  | {
      readonly type: "step.ended";
      readonly stepId: string;
      readonly status: StepStatus;
      readonly attempts: number;
      readonly durationMs: number;
      readonly output?: JsonValue;
      readonly error?: StepError;
    }
  | {
      /** A tool was running when its time was up or the run was cancelled. It was told, and nobody waits for it. */
      readonly type: "tool.left-behind";
      readonly stepId: string;
      readonly tool: string;
      /** The key under which to look for what the tool may have left half done. */
      readonly idempotencyKey: string;
      readonly reason: string;
    }
  | {
      readonly type: "model.retried";
      readonly role: string;
      readonly attempt: number;
      readonly delayMs: number;
      readonly error: string;
    }
  | {
      readonly type: "model.fallback";
      readonly role: string;
      readonly stepId?: string;
      readonly from: string;
      readonly to: string;
      readonly error: string;
    }
  | {
      readonly type: "replanning";
      /** The causes in words. */
      readonly reason: string;
      readonly causes: readonly ("trouble" | "feedback" | "remark" | "missing" | "check")[];
      readonly steps: readonly string[];
    }
  | {
      readonly type: "approval.asked";
      readonly requestId: string;
      readonly actions: readonly ActionSummary[];
      /** From when the request accepts no answer. */
      readonly expiresAt?: string;
    }
  | {
      readonly type: "approval.decided";
      readonly requestId: string;
      /** Who decided, if known. */
      readonly by?: string;
      readonly decisions: readonly DecisionSummary[];
    }
  | { readonly type: "approval.expired"; readonly requestId: string }
  | {
      /** A piece of the answer. If a plan follows, what the planner or the replanner had written so far is no answer. */
      readonly type: "answer.token";
      /** The answer that the piece belongs to. Another id: it is written anew. */
      readonly messageId?: string;
      readonly token: string;
    }
  | { readonly type: "approval.notified"; readonly requestId: string; readonly attempts: number }
  | {
      readonly type: "approval.notify-failed";
      readonly requestId: string;
      readonly attempts: number;
      /** The error's name, status and code, but never its message, which may contain the webhook's address. */
      readonly error: string;
    }
  | { readonly type: "agent.steered"; readonly changes: readonly SteeredChange[] }
  | { readonly type: "journal.failed"; readonly message: string }
  | { readonly type: "limit.reached"; readonly limit: string; readonly message: string }
  | { readonly type: "agent.completed"; readonly status: string; readonly response: string }
  | { readonly type: "agent.failed"; readonly reason: string }
  /** A function from the options threw. The run went on in the safe way. */
  | { readonly type: "policy.failed"; readonly policy: string; readonly error: string }
  /** A run that a model's failure had stopped goes on. The steps are those that failed because of the model. */
  | { readonly type: "agent.resumed"; readonly node: string; readonly steps: readonly string[] }
  | {
      readonly type: "agent.cancelled";
      /** The steps that were running; none if the planner or the replanner was. */
      readonly inFlight: readonly string[];
    };

/** An action that waits for a person, as events show it. */
interface ActionSummary {
  readonly actionId: string;
  readonly name: string;
  readonly stepId?: string;
}

/** What was decided about an action, as events show it. */
interface DecisionSummary {
  readonly actionId: string;
  /** "approve", "edit" or "reject". */
  readonly decision: string;
  readonly stepId?: string;
  /** What the person said. */
  readonly message?: string;
  /** The call that was shown. */
  readonly shown?: { readonly tool: string; readonly args: Record<string, JsonValue> };
  /** The call to make instead, if the call was edited. */
  readonly tool?: string;
  readonly args?: Record<string, JsonValue>;
  /** The steps to do instead, if a plan was edited. */
  readonly steps?: readonly PlanStep[];
}

/** What a person changed between steps, as events show it. */
interface SteeredChange {
  readonly type: string;
  readonly stepId?: string;
  readonly by?: string;
  /** Who the change claims to be from, if that was not authenticated. */
  readonly saidBy?: string;
}

/** Where and when an event happened. */
export interface EventStamp {
  readonly at: string;
  readonly turnId: string;
  readonly threadId?: string;
  readonly runId?: string;
  /** The user that the run works for, if a server authenticated them. */
  readonly userId?: string;
}

/** An event as listeners and the custom stream get it. */
export type AgentEvent = RunEvent & EventStamp;

/** Reports an event of a run. */
export type Emit = (event: RunEvent) => void;

/** A listener to events. What it throws or rejects with is dropped, so it cannot hurt the run. */
export type EventListener = (event: AgentEvent) => unknown;

/** Creates an emitter that stamps each event and hands it to every sink, in order. */
export function createEmitter(stamp: () => EventStamp, sinks: readonly (EventListener | undefined)[]): Emit {
  const listening = sinks.filter((sink) => sink !== undefined);
  return (event) => {
    if (listening.length === 0) {
      return;
    }
    const stamped: AgentEvent = { ...event, ...stamp() };
    for (const sink of listening) {
      deliver(sink, stamped);
    }
  };
}

function deliver(sink: EventListener, event: AgentEvent): void {
  try {
    const pending = sink(event);
    if (pending instanceof Promise) {
      pending.catch(() => {});
    }
  } catch {
    // A listener's failure is its own trouble, not the run's.
  }
}
