import { PlanExecuteError } from "../errors/index.js";
import { type AgentState, STATE_VERSION } from "../state/index.js";

/** A thread was written by a newer version of this package; what stands in it is not understood here. */
export class StateVersionError extends PlanExecuteError {
  readonly code = "STATE_TOO_NEW";

  constructor(
    /** The version of the state's shape that the thread has. */
    readonly schemaVersion: number,
  ) {
    super(
      `This thread was written by a newer version of langgraph-plan-execute: its state has version ${schemaVersion}, and ` +
        `this one knows no version above ${STATE_VERSION}. Nothing in it was changed: go on with it with the newer version, or begin ` +
        "another thread.",
    );
  }
}

/** Throws where a state has a shape that this version does not know; older ones are understood. */
export function assertKnownVersion({ schemaVersion }: Pick<AgentState, "schemaVersion">): void {
  if (schemaVersion > STATE_VERSION) throw new StateVersionError(schemaVersion);
}
