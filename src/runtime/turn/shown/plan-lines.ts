// The plan as a numbered list in Markdown, one step per line, for people who watch. What has gone well is struck
// through, and so is what was left out on purpose; how everything else stands is said in words.
import { escapeMarkdown, firstLine } from "../../../base/index.js";
import {
  type PlanStep,
  type StepResult,
  type StepStatus,
  writeStepLine,
  writeStepWords,
} from "../../../plan/index.js";
import type { Waiting } from "../../../state/index.js";
import { stepOf, toCode } from "../../run/index.js";

/** A step that runs just now. */
export interface RunningStep {
  /** ISO time at which it began. */
  readonly startedAt: string;
  /** Of a for-each step: how many of its items have ended. */
  readonly ended: number;
  /** Of a for-each step: how many items it has. */
  readonly total?: number;
}

/** The steps that run just now, by id. */
export type RunningSteps = ReadonlyMap<string, RunningStep>;

/** What the lines show. */
export interface ShownSteps {
  readonly plan: readonly PlanStep[];
  readonly pastSteps: readonly StepResult[];
  readonly waiting?: readonly Waiting[];
  readonly running?: RunningSteps;
}

const MAX_REASON_BYTES = 200;

const ENDINGS: Readonly<Record<Exclude<StepStatus, "done" | "skipped">, string>> = {
  failed: "failed",
  blocked: "could not be done",
  unexpected: "not as expected",
  rejected: "rejected",
};

/** Writes the list. Of a plan that a person is asked about, each open step is shown as exactly what would run. */
export function toPlanLines({ plan, pastSteps, waiting = [], running }: ShownSteps): string {
  const results = new Map(pastSteps.map((result) => [result.id, result]));
  const asked = new Set(
    waiting.flatMap((item) => (item.kind === "action" ? [] : item.steps.map(({ id }) => id))),
  );
  const waits = new Set(waiting.flatMap((item) => (item.kind === "action" ? [stepOf(item.stepId)] : [])));
  const lines = plan.map((step, index) => {
    const result = results.get(step.id);
    const text = asked.has(step.id)
      ? toCode(writeStepLine(step))
      : escapeMarkdown(writeStepWords(step, plan));
    return `${index + 1}. ${withStanding(text, result, waits.has(step.id), running?.get(step.id))}`;
  });
  return lines.join("\n");
}

function withStanding(
  text: string,
  result: StepResult | undefined,
  waits: boolean,
  running: RunningStep | undefined,
): string {
  if (result === undefined) {
    const items = running?.total === undefined ? "" : `, ${running.ended} of ${running.total}`;
    return waits
      ? `${text} — **waits for you**`
      : running === undefined
        ? text
        : `${text} — *at work${items}*`;
  }
  switch (result.status) {
    case "done":
      return `~~${text}~~`;
    case "skipped":
      return result.error === undefined
        ? `~~${text}~~ (skipped)`
        : `${text} — *not done: a step before it did not succeed*`;
    default: {
      const reason =
        result.error === undefined
          ? ""
          : `: ${escapeMarkdown(firstLine(result.error.message, MAX_REASON_BYTES))}`;
      return `${text} — **${ENDINGS[result.status]}**${reason}`;
    }
  }
}
