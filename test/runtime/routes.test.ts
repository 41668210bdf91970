import { END } from "@langchain/langgraph";
import { expect, test } from "vitest";
import * as routes from "../../src/runtime/index.js";
import type { OpenRequest } from "../../src/state/index.js";
import { result } from "../policy/results.js";

type Routed = Parameters<typeof routes.afterPlanner>[0] &
  Parameters<typeof routes.afterExecutor>[0] &
  Parameters<typeof routes.afterApproval>[0];

const afterPlanner = (state: Routed) => routes.AFTER_PLANNER[routes.afterPlanner(state)];
const afterReplanner = (state: Routed) => routes.AFTER_REPLANNER[routes.afterReplanner(state)];
const afterExecutor = (state: Routed) => routes.AFTER_EXECUTOR[routes.afterExecutor(state)];
const afterApproval = (state: Routed) => routes.AFTER_APPROVAL[routes.afterApproval(state)];
const afterRetry = (state: Parameters<typeof routes.afterRetry>[0]) =>
  routes.AFTER_RETRY[routes.afterRetry(state)];

const fresh: Routed = {
  request: null,
  words: null,
  verdict: null,
  pastSteps: [],
  outcome: null,
  failure: null,
};
const over: Routed = { ...fresh, outcome: { status: "done", reason: "", failed: [], left: [] } };
const request: OpenRequest = {
  id: "r",
  askedAt: "2020-01-01T00:00:00.000Z",
  expiresAt: null,
  refusal: null,
  toNotify: false,
  waiting: [
    { kind: "action", actionId: "a", stepId: "1", tool: "t", args: {}, allowedDecisions: ["approve"] },
  ],
};
const waiting: Routed = { ...fresh, request };
const rejected: Routed = { ...fresh, words: { kind: "feedback", text: "no" } };
const hinted: Routed = { ...fresh, words: { kind: "remark", text: "try the other" } };

test("a turn that a model's failure ended is over until it is taken up, and goes on where it failed", () => {
  const failure = { node: "replanner", at: "" } as const;
  for (const route of [afterPlanner, afterReplanner]) {
    expect(route({ ...over, failure })).toBe(END);
  }
  expect(afterPlanner({ ...over, failure: { ...failure, isTakenUp: true } })).toBe("retry");
  const plan = [{ id: "1", description: "a" }];
  const failed = { ...fresh, failure, plan };
  expect(afterRetry({ ...failed, failure: { node: "planner", at: "" } })).toBe("planner");
  expect(afterRetry(failed)).toBe("executor");
  expect(afterRetry({ ...failed, pastSteps: [result("1", "done")] })).toBe("replanner");
  expect(afterRetry({ ...failed, verdict: { kind: "replan" } })).toBe("replanner");
  expect(afterRetry({ ...failed, verdict: { kind: "run-on" } })).toBe("executor");
  for (const { words } of [rejected, hinted]) {
    expect(afterRetry({ ...failed, words })).toBe("replanner");
  }
});

test("what is over ends, wherever it ended", () => {
  for (const route of [afterPlanner, afterReplanner, afterApproval]) {
    expect(route(over)).toBe(END);
  }
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
  expect(afterExecutor({ ...waiting, verdict: { kind: "run-on" } })).toBe("executor");
  expect(afterExecutor({ ...waiting, verdict: { kind: "replan" } })).toBe("replanner");
  expect(afterExecutor({ ...waiting, verdict: { kind: "limit", reason: "too long" } })).toBe("replanner");
});

test("a rejected plan is made again by whoever made it", () => {
  expect(afterApproval(fresh)).toBe("executor");
  expect(afterApproval(rejected)).toBe("planner");
  expect(afterApproval(waiting)).toBe("approval");
  expect(afterApproval(hinted)).toBe("replanner");
  expect(afterApproval({ ...rejected, pastSteps: [result("1", "done")] })).toBe("replanner");
});
