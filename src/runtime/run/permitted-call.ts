import { hashArgs, type JsonValue } from "../../base/index.js";
import type { RetriedAttempt, StepError } from "../../plan/index.js";
import type { WaitingAction } from "../../state/index.js";
import type { AgentTool } from "../../tools/index.js";

/** A person's approval of one call. */
export interface Approval {
  readonly actionId: string;
  /** Tells this call from other approved calls of its step. It is part of the idempotency key. */
  readonly key: string;
  /** Who decided, if the answer or the server says so. */
  readonly by?: string;
}

/** A tool call that may be made. */
export interface PermittedCall {
  readonly partId: string;
  /** What the step does, in words. */
  readonly description: string;
  readonly tool: string;
  readonly args: Record<string, JsonValue>;
  /** The id of the model's tool call. A step's own call has none and goes by turn and step. */
  readonly callId?: string;
  /** The person's approval, if the call needed one. It is spent when the call begins. */
  readonly approval?: Approval;
  /** Set if this undoes a call: what is called in place of its tool, under which key, and the key of that call. */
  readonly undoing?: { readonly tool: AgentTool; readonly key: string; readonly undoes: string };
}

/**
 * What the key of an undo, and the id of its action, begin with. Those of calls begin with the turn's id, so no name that
 * a model chooses makes a call look like an undo.
 */
export const UNDO = "undo:";

/** Names a call of a turn. A decision, and an answer to a tool's question, hold for the call of this name. */
export function actionIdOf(
  turnId: string,
  { partId, tool, args, callId }: Pick<PermittedCall, "partId" | "tool" | "args" | "callId">,
): string {
  return [turnId, partId, tool, hashArgs(args), callId].filter(Boolean).join(":");
}

/** Identifies a call by its part, its tool and its arguments. */
export function callKey({ partId, tool, args }: PermittedCall): string {
  return JSON.stringify([partId, tool, hashArgs(args)]);
}

/** The outcome of one attempt. */
export type Attempt<T> =
  | { readonly ok: true; readonly value: T }
  | {
      readonly ok: false;
      readonly error: StepError;
      readonly retryable: boolean;
      /** What the tool asks a person. Once it is answered, the call is made again. */
      readonly question?: WaitingAction;
    };

/** The outcome of the last attempt, and how many there were. */
export type Attempts<T> = Attempt<T> & {
  readonly attempts: number;
  /** The attempts before the last one; left out if there was no other. */
  readonly retries?: RetriedAttempt[];
};
