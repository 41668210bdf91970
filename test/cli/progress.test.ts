import { describe, expect, it } from "vitest";
import type { JsonValue } from "../../src/base/index.js";
import { fitLine, piece, toOneLine, toText } from "../../src/cli/showing/line.js";
import { NO_PROGRESS, type ProgressView, progressFrom, withEvent } from "../../src/cli/showing/progress.js";
import { fitSteps, toNotes, toStepLine } from "../../src/cli/showing/render.js";
import type { AgentEvent, RunEvent } from "../../src/events/index.js";
import { resolveDependencies } from "../../src/plan/index.js";
import { stamp } from "../support/stamp.js";

const dependenciesOf = (steps: Parameters<typeof resolveDependencies>[0]) =>
  new Map(resolveDependencies(steps, { isReadOnly: () => true }).map(({ id, dependsOn }) => [id, dependsOn]));
const toEvent = (event: RunEvent): AgentEvent => ({ ...event, ...stamp });
const progressAfter = (events: readonly RunEvent[], before: ProgressView = NO_PROGRESS) =>
  events.reduce((view, event) => withEvent(view, toEvent(event), dependenciesOf), before);
const shown = ({ steps }: ProgressView) => steps.map((step) => toText(toStepLine(step), false).trim());

const onlyStep = ({ steps: [step] }: ProgressView) => {
  if (step === undefined) {
    throw new Error("there is no step");
  }
  return step;
};
const plan = (steps: Extract<RunEvent, { type: "plan.generated" }>["steps"], version = 1): RunEvent => {
  return { type: "plan.generated", version, reason: "planned", by: "planner", steps };
};
const start = (stepId: string): RunEvent => ({
  type: "step.started",
  stepId,
  description: stepId,
  attempt: 1,
});
const end = (stepId: string, more: Partial<Extract<RunEvent, { type: "step.ended" }>> = {}): RunEvent => {
  return { type: "step.ended", stepId, status: "done", attempts: 1, durationMs: 5, ...more };
};
const two = [
  { id: "1", description: "first", tool: "calculator", dependsOn: [] },
  { id: "2", description: "second, of {{1}}" },
];

describe("the progress of a run", () => {
  it("shows the plan with what each step waits for", () => {
    expect(shown(progressAfter([plan(two)]))).toEqual([
      "○ 1. first · calculator",
      "○ 2. second, of {{1}} · after 1",
    ]);
  });

  it("shows what runs, what came of it, and what failed and why", () => {
    expect(shown(progressAfter([plan(two), start("1")]))[0]).toBe("▶ 1. first · calculator");
    const done = [plan(two), start("1"), end("1", { output: { a: [1] } }), start("2")];
    const error = { code: "TOOL_FAILED", message: "no such\nfile" } as const;
    expect(shown(progressAfter([...done, end("2", { status: "failed", error, durationMs: 1_500 })]))).toEqual(
      ['✓ 1. first → {"a":[1]} (5 ms)', "✗ 2. second, of {{1}} failed: no such file (1.5 s)"],
    );
  });

  it("counts the items of a for-each step in the step's own line", () => {
    const events = [
      plan([{ id: "1", description: "each" }]),
      start("1"),
      start("1[0]"),
      start("1[1]"),
      end("1[1]"),
    ];
    expect(shown(progressAfter(events))).toEqual(["▶ 1. each · 1 of 2 items"]);
  });

  it("tells which attempt runs and what the model of a step says", () => {
    const retried: RunEvent = { type: "step.retried", stepId: "1", attempt: 2, delayMs: 0, error: "busy" };
    const token: RunEvent = { type: "step.token", stepId: "1", token: "I\nthink" };
    expect(shown(progressAfter([plan(two), start("1"), retried, token]))[0]).toBe(
      "▶ 1. first · calculator · attempt 2 · I think",
    );
    expect(toNotes(toEvent(retried)).map((line) => toText(line, false))).toEqual([
      "  ! Step 1 is tried again (attempt 2): busy",
    ]);
  });

  it("keeps steps that have run when the plan changes, and drops those that never did", () => {
    const error = { code: "DEPENDENCY_FAILED", message: "Step 1 did not come out right." } as const;
    const failed = [
      plan(two),
      start("1"),
      end("1", { status: "failed" }),
      end("2", { status: "skipped", error }),
    ];
    const view = progressAfter([
      ...failed,
      plan([{ id: "3", description: "another way", dependsOn: [] }], 2),
    ]);
    expect(view.steps.map(({ id, status }) => [id, status])).toEqual([
      ["1", "failed"],
      ["3", "open"],
    ]);
  });

  it("starts anew with each turn, and from the past steps where a turn is gone on with", () => {
    expect(progressAfter([plan(two), { type: "agent.started", goal: "x" }])).toEqual(NO_PROGRESS);
    const past = {
      id: "1",
      description: "first",
      status: "done",
      attempts: 1,
      output: 4,
      endedAt: stamp.at,
    } as const;
    expect(shown(progressFrom(two, [past], dependenciesOf))[0]).toBe("✓ 1. first → 4 (0 ms)");
  });

  it("shows a step that waits for a person as not running", () => {
    const asked: RunEvent = {
      type: "approval.asked",
      requestId: "r",
      actions: [{ actionId: "a", name: "calculator", stepId: "1" }],
    };
    expect(progressAfter([plan(two), start("1"), asked]).steps[0]?.status).toBe("open");
  });
});

describe("lines", () => {
  it("never carry control characters of a model or a tool", () => {
    const view = progressAfter([
      plan([{ id: "1", description: "\u001b]0;title\u0007x" }]),
      end("1", { output: "\u001b[31m" }),
    ]);
    expect(toText(toStepLine(onlyStep(view)), false)).not.toContain("\u001b");
  });

  it("are cut to the width of the terminal, wide characters counted as two", () => {
    expect(toText(fitLine([piece("abc"), piece("def")], 5), false)).toBe("abcd…");
    expect(toText(fitLine([piece("日本語")], 5), false)).toBe("日本…");
    expect(toText(fitLine([piece("abc")], 3), false)).toBe("abc");
    expect(toOneLine("a \n b", 10)).toBe("a b");
  });

  it("are counted where there are more steps than rows: what runs or failed stays", () => {
    const steps = Array.from({ length: 20 }, (_, index) => ({
      id: `${index}`,
      description: "d",
      dependsOn: [],
    }));
    const view = progressAfter([plan(steps), end("0"), end("1", { status: "failed" }), start("15")]);
    const lines = fitSteps(view.steps, 4, 0).map((line) => toText(line, false).trim());
    expect(lines).toEqual([
      "✗ 1. d failed (5 ms)",
      "○ 2. d",
      expect.stringContaining("▶ 15. d"),
      "… 17 more steps, 1 of them done",
    ]);
  });

  it("say outputs as people do", () => {
    const outputs: JsonValue[] = [
      { path: "a.txt", bytes: 5 },
      [1, 2],
      [{ a: 1 }],
      [],
      {},
      null,
      "",
      { a: { b: 1 } },
    ];
    const lines = outputs.flatMap((output) =>
      shown(progressAfter([plan([{ id: "1", description: "first" }]), end("1", { output })])),
    );
    expect(lines.map((line) => /→ (.*) \(/.exec(line)?.[1])).toEqual([
      "path: a.txt, bytes: 5",
      "2 items: 1, 2",
      '1 item: {"a":1}',
      "0 items",
      "nothing",
      "nothing",
      "nothing",
      '{"a":{"b":1}}',
    ]);
  });
});
