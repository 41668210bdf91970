import { hashArgs, type JsonValue } from "../../base/index.js";
import type { StepError } from "../../plan/index.js";

/** A person's word that lets one call pass. */
export interface Approval {
  readonly actionId: string;
  /** Tells the call from others of its step that a person let pass: a part of its idempotency key. */
  readonly key: string;
}

/** A tool call that may be made. */
export interface PermittedCall {
  readonly partId: string;
  /** What the step does, in words. */
  readonly description: string;
  readonly tool: string;
  readonly args: Record<string, JsonValue>;
  /** The id of the model's call; a step's own call goes by turn and step. */
  readonly callId?: string;
  /** The person's word that lets it pass, where one was needed: it is spent when the call begins. */
  readonly approval?: Approval;
}

/** A call by all that makes it what it is. */
export function callKey({ partId, tool, args }: PermittedCall): string {
  return JSON.stringify([partId, tool, hashArgs(args)]);
}

/** How one attempt at a piece of work ended. */
export type Attempt<T> =
  | { readonly ok: true; readonly value: T }
  | {
      readonly ok: false;
      readonly error: StepError;
      readonly retryable: boolean;
    };

/** How the last attempt ended, and how many there were. */
export type Attempts<T> = Attempt<T> & { readonly attempts: number };
