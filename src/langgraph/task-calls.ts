// LangGraph stores what a task returns and, when a superstep that was cut off is done again, hands it back by the
// place of the call among the node's calls, and by the task's name. Called in the order in which steps become ready,
// tasks would get other places on the second try. So each call is given its place: LangGraph counts a node's calls
// in its scratchpad, and the count is set right before the call, to a number that is the step's alone (`window.ts`).
//
//   (1) A task's place is told by the plan, never by time: then a task may be called as late as its step starts.
//   (2) All tasks are called in the node's surroundings, from wherever the call is made: in another task's they
//       would count as calls of that task.
//   (3) Where LangGraph counts in another way, `takesPlaces` is false, and whoever calls must call all tasks, in one
//       order that never changes.
import { type LangGraphRunnableConfig, task } from "@langchain/langgraph";
import { keepSurroundings } from "./langchain/index.js";

/** Calls a node's tasks. */
export interface TaskCalls {
  /** Whether a task is known again by its place, in whatever order the tasks are called. */
  readonly takesPlaces: boolean;
  /** Calls a task. */
  call<Result>(name: string, place: number, body: () => Promise<Result>): Promise<Result>;
}

/** The calls of the tasks of the node whose config this is; made while the node runs. */
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

function countsCalls(scratchpad: unknown): scratchpad is { callCounter: number } {
  return (
    typeof scratchpad === "object" &&
    scratchpad !== null &&
    "callCounter" in scratchpad &&
    typeof scratchpad.callCounter === "number"
  );
}
