import { expect, it } from "vitest";
import { NO_PROGRESS, type ProgressView, withEvent } from "../../src/cli/showing/progress.js";
import { createLiveScreen, createPlainScreen, type Screen } from "../../src/cli/showing/screen.js";
import type { AgentEvent, RunEvent } from "../../src/events/index.js";
import { stamp } from "../support/stamp.js";
import { KeptOutput } from "./test-surroundings.js";

function show(screen: Screen, events: readonly RunEvent[], before: ProgressView = NO_PROGRESS): ProgressView {
  return events.reduce((view, event) => {
    const stamped: AgentEvent = { ...event, ...stamp };
    const next = withEvent(view, stamped, () => new Map());
    screen.event(stamped, next);
    return next;
  }, before);
}

const started: RunEvent = { type: "agent.started", goal: "x" };
const planned: RunEvent = {
  type: "plan.generated",
  by: "planner",
  version: 1,
  reason: "planned",
  steps: [{ id: "1", description: "one" }],
};
const running: RunEvent = { type: "step.started", stepId: "1", description: "one", attempt: 1 };
const ended: RunEvent = {
  type: "step.ended",
  stepId: "1",
  status: "done",
  attempts: 1,
  durationMs: 1,
  output: 7,
};

it("writes line by line where nobody can see things change, and the answer as it comes", () => {
  const out = new KeptOutput();
  const screen = createPlainScreen({ progress: out, answer: out });
  show(screen, [started, planned, running, ended]);
  for (const token of ["The ", "ans\u001bwer."]) {
    screen.token(token);
  }
  screen.settle();
  expect(out.written).toBe("Plan\n  ○ 1. one\n  ✓ 1. one → 7 (1 ms)\n\nThe answer.\n");
});

it("writes of a plan that changed only what is other than before, and nothing where nothing is", () => {
  const out = new KeptOutput();
  const screen = createPlainScreen({ progress: out });
  const change = (version: number, ...steps: { id: string; description: string }[]): RunEvent => {
    return { type: "plan.generated", version, reason: "replanned", by: "replanner", steps };
  };
  const two = { id: "2", description: "two" };
  const three = { id: "3", description: "three" };
  const before = show(screen, [started, planned, ended, change(2, two, three)]);
  out.written = "";
  show(screen, [change(3, two, three)], before);
  expect(out.written).toBe("");
  show(screen, [change(4, { id: "2", description: "two, but better" })], before);
  expect(out.written).toBe("Plan, version 4\n  ○ 2. two, but better\n  – 3. three no longer in the plan\n");
});

it("keeps apart what goes to stderr and to stdout, and shows no token where nobody watches", () => {
  const [progress, answer] = [new KeptOutput(true), new KeptOutput(true)];
  const options = { hasColor: false, now: () => 0, repeat: () => () => {} };
  for (const screen of [
    createPlainScreen({ progress, answer }),
    createLiveScreen({ progress, answer }, options),
  ]) {
    show(screen, [planned, ended]);
    screen.token("Seven.");
    screen.settle();
  }
  expect(answer.written).toBe("Seven.\nSeven.\n");
  expect(progress.written).not.toContain("Seven");
  const alone = new KeptOutput();
  const screen = createPlainScreen({ progress: alone });
  expect(screen.showsTokens).toBe(false);
  screen.token("Seven.");
  expect(alone.written).toBe("");
});

it("draws the steps over themselves in a terminal, and leaves them when the answer comes", () => {
  const out = new KeptOutput(true);
  const timers = new Set<() => void>();
  const screen = createLiveScreen(
    { progress: out, answer: out },
    {
      hasColor: false,
      now: () => Date.parse("2026-01-01T00:00:02.000Z"),
      repeat: (_, action) => {
        timers.add(action);
        return () => timers.delete(action);
      },
    },
  );
  const view = show(screen, [started, planned, running]);
  for (const tick of timers) {
    tick();
  }
  show(screen, [ended], view);
  expect(timers.size).toBe(0);
  screen.token("Seven.");
  screen.settle();
  const over = (lines: number) => `\u001b[${lines}A\r\u001b[J`;
  expect(out.written).toBe(
    [
      "Planning …\n",
      `${over(1)}Plan\n  ○ 1. one\n`,
      `${over(2)}Plan\n  ▶ 1. one · 2 s\n`,
      `${over(2)}Plan\n  ▶ 1. one · 2 s\n`,
      `${over(2)}Plan\n  ✓ 1. one → 7 (1 ms)\n`,
      "\nSeven.\n",
    ].join(""),
  );
});

it("takes the sign of planning away when the answer comes without a plan", () => {
  const out = new KeptOutput(true);
  const screen = createLiveScreen(
    { progress: out, answer: out },
    { hasColor: false, now: () => 0, repeat: () => () => {} },
  );
  show(screen, [started]);
  screen.token("Hello.");
  screen.settle();
  expect(out.written).toBe("Planning …\n\u001b[1A\r\u001b[J\nHello.\n");
});

it("begins a new block below words that turned out to come before a plan", () => {
  const out = new KeptOutput(true);
  const screen = createLiveScreen(
    { progress: out, answer: out },
    { hasColor: false, now: () => 0, repeat: () => () => {} },
  );
  screen.token("I shall plan.");
  show(screen, [planned]);
  expect(out.written).toBe("\nI shall plan.\nPlan\n  ○ 1. one\n");
});
