import { END } from "@langchain/langgraph";
import { expect, test } from "vitest";
import { afterApproval, afterExecutor, afterPlanner, afterReplanner } from "../../src/nodes/index.js";
import type { Waiting } from "../../src/state/index.js";
import { result } from "../policy/results.js";

type Routed = Parameters<typeof afterPlanner>[0] &
  Parameters<typeof afterExecutor>[0] &
  Parameters<typeof afterApproval>[0];

const fresh: Routed = {
  waiting: [],
  feedback: "",
  remark: "",
  moreToRun: false,
  replanAsked: false,
  limitReached: "",
  pastSteps: [],
  outcome: null,
};
const over: Routed = { ...fresh, outcome: { status: "done", reason: "", failed: [], left: [] } };
const action: Waiting = {
  kind: "action",
  actionId: "a",
  stepId: "1",
  tool: "t",
  args: {},
  allowedDecisions: ["approve"],
};
const waiting: Routed = { ...fresh, waiting: [action] };

test("what is over ends, wherever it ended", () => {
  for (const route of [afterPlanner, afterReplanner, afterApproval]) expect(route(over)).toBe(END);
});

test("a plan is carried out, or waits for a person first", () => {
  for (const route of [afterPlanner, afterReplanner]) {
    expect(route(fresh)).toBe("executor");
    expect(route(waiting)).toBe("approval");
  }
});

test("from the executor a person is asked only when nothing more can run", () => {
  expect(afterExecutor(fresh)).toBe("replanner");
  expect(afterExecutor(waiting)).toBe("approval");
  expect(afterExecutor({ ...waiting, moreToRun: true })).toBe("executor");
  expect(afterExecutor({ ...waiting, moreToRun: true, replanAsked: true })).toBe("replanner");
  expect(afterExecutor({ ...waiting, limitReached: "too long" })).toBe("replanner");
});

test("a rejected plan is made again by whoever made it", () => {
  expect(afterApproval(fresh)).toBe("executor");
  expect(afterApproval({ ...fresh, feedback: "no" })).toBe("planner");
  expect(afterApproval(waiting)).toBe("approval");
  expect(afterApproval({ ...fresh, remark: "try the other" })).toBe("replanner");
  expect(afterApproval({ ...fresh, feedback: "no", pastSteps: [result("1", "done")] })).toBe("replanner");
});
