// LangGraph stores what a task returns. If a superstep was cut off and runs again, LangGraph finds the stored result by
// the place of the call among the node's calls, and by the task's name. If tasks were called in the order in which
// steps become ready, they would get other places on the second try. So this file sets the place of each call.
// LangGraph counts a node's calls in its scratchpad, and right before each call the count is set to a number that
// belongs to the step alone (`runtime/execution/window.ts`).
//
//   (1) The plan determines a task's place, never the time. So a task need not be called before its step starts.
//   (2) All tasks are called in the node's surroundings, no matter where the call is made. In the surroundings of
//       another task they would count as calls of that task.
//   (3) If LangGraph counts in another way, `takesPlaces` is false. Then the caller must call all tasks in one order
//       that never changes.
import { createHmac } from "node:crypto";
import { type LangGraphRunnableConfig, task } from "@langchain/langgraph";
import { keepSurroundings } from "./langchain/index.js";

/** Calls a node's tasks. */
export interface TaskCalls {
  /** Whether LangGraph recognises a task by its place, in whatever order the tasks are called. */
  readonly takesPlaces: boolean;
  call<Result>(name: string, place: number, body: () => Promise<Result>): Promise<Result>;
}

/** Creates the task calls of the node with this config. Call it while the node runs. */
export function createTaskCalls({ configurable }: LangGraphRunnableConfig): TaskCalls {
  const scratchpad: unknown = configurable?.__pregel_scratchpad;
  const counter = countsCalls(scratchpad) ? scratchpad : undefined;
  const inSurroundings = keepSurroundings();
  return {
    takesPlaces: counter !== undefined,
    async call(name, place, body) {
      return inSurroundings(() => {
        if (counter !== undefined) {
          counter.callCounter = place;
        }
        return task({ name }, body)();
      });
    },
  };
}

/**
 * The place of a task, from an id that no other task of its superstep has. LangGraph derives a task's id from its name
 * and place, and an encrypted database still shows the ids of tasks. If the places could be counted, somebody could
 * check a guess at an id.
 */
export function taskPlace(id: string, secret: string): number {
  const digest = createHmac("sha256", secret).update(id).digest();
  return Number(digest.readBigUInt64BE() >> 11n);
}

function countsCalls(scratchpad: unknown): scratchpad is { callCounter: number } {
  return (
    typeof scratchpad === "object" &&
    scratchpad !== null &&
    "callCounter" in scratchpad &&
    typeof scratchpad.callCounter === "number"
  );
}
