import { LimitError } from "../../models/index.js";
import type { StepResult } from "../../plan/index.js";
import { type AgentState, replacedResults } from "../../state/index.js";
import { callKey, type PermittedCall } from "./permitted-call.js";

/** Counts the steps that a turn begins. Each item of a for-each step counts as one. */
export interface StepCounter {
  /**
   * Counts a part that is about to begin, unless its call began early and was counted then. Returns an error if
   * limits.maxSteps forbids the part.
   */
  begin(partId: string, call?: PermittedCall): LimitError | undefined;
  /** Counts a call that is about to begin before its step does. Returns whether limits.maxSteps allows it. */
  beginEarly(call: PermittedCall): boolean;
  /** Says that no step will take over the calls that began early. They stay counted. */
  dropEarly(): void;
  /** Says that newer steps have the ids of these. What begins under such an id is counted once more. */
  replace(results: readonly StepResult[]): void;
  /** How many calls of the turn began early and were dropped. */
  readonly dropped: number;
  /** Counts a step that began in an earlier superstep, or before the process was killed. */
  count(result: StepResult): void;
}

/** Whether a part was begun. It was not if it was skipped, or held back by a limit. */
export function wasBegun({ status, error, attempts }: StepResult): boolean {
  return status !== "skipped" && !(error?.code === "LIMIT_REACHED" && attempts === 0);
}

/** Lists the parts of a step that were begun: the step itself, or its items. */
function partsBegun(result: StepResult): string[] {
  const { id, items } = result;
  if (!wasBegun(result)) {
    return [];
  }
  return items === undefined ? [id] : Array.from({ length: items }, (_, index) => `${id}[${index}]`);
}

/**
 * Creates a counter that starts from what the turn has begun so far. Parts are counted by id, so none counts twice.
 * Early calls are counted by `callKey`.
 */
export function createStepCounter(
  maxSteps: number | undefined,
  state: Pick<AgentState, "pastSteps" | "planVersions" | "suspended" | "droppedCalls">,
): StepCounter {
  const { pastSteps, suspended } = state;
  const begun = new Set<string>();
  const early = new Set<string>();
  let dropped = state.droppedCalls;
  /** How many parts were begun whose ids newer steps have. */
  let replaced = replacedResults(state).flatMap(partsBegun).length;
  const taken = () => replaced + begun.size + early.size + dropped;
  const count = (result: StepResult) => {
    for (const id of partsBegun(result)) {
      begun.add(id);
    }
  };
  if (maxSteps !== undefined) {
    for (const result of pastSteps) {
      count(result);
    }
    for (const { stepId, items } of suspended) {
      if (items === undefined) {
        begun.add(stepId);
      }
      for (const result of items ?? []) {
        count(result);
      }
    }
  }
  const takeOn = (call: PermittedCall | undefined) =>
    call !== undefined && early.size > 0 && early.delete(callKey(call));
  return {
    begin(partId, call) {
      if (maxSteps === undefined || begun.has(partId)) {
        return undefined;
      }
      if (!takeOn(call) && taken() >= maxSteps) {
        const message =
          `The turn has begun ${taken()} of ${maxSteps} steps, items of for-each steps included. ` +
          "Raise limits.maxSteps to allow more.";
        return new LimitError("maxSteps", message);
      }
      begun.add(partId);
      return undefined;
    },
    beginEarly(call) {
      if (maxSteps === undefined) {
        return true;
      }
      if (taken() >= maxSteps) {
        return false;
      }
      early.add(callKey(call));
      return true;
    },
    dropEarly() {
      dropped += early.size;
      early.clear();
    },
    replace(results) {
      replaced += results.flatMap(partsBegun).filter((id) => begun.delete(id)).length;
    },
    get dropped() {
      return dropped;
    },
    count(result) {
      if (maxSteps === undefined) {
        return;
      }
      const { id, description, tool, args } = result;
      if (tool !== undefined && args !== undefined) {
        takeOn({ partId: id, description, tool, args });
      }
      count(result);
    },
  };
}
