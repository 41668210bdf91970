import { countOf, isRecord, type JsonValue, toDuration } from "../../base/index.js";
import type { AgentEvent } from "../../events/index.js";
import { withFlags } from "../options/index.js";
import { type Line, type Look, piece, toOneLine, toText } from "./line.js";
import type { ProgressView, StepView } from "./progress.js";

const MAX_DESCRIPTION = 100;
const MAX_OUTPUT = 80;
const MAX_REASON = 400;

const MARKS: Readonly<Record<StepView["status"], readonly [string, Look]>> = {
  open: ["○", "dim"],
  running: ["▶", "busy"],
  done: ["✓", "good"],
  failed: ["✗", "bad"],
  blocked: ["✗", "bad"],
  unexpected: ["✗", "bad"],
  rejected: ["✗", "bad"],
  skipped: ["–", "dim"],
};

/** The lines of a plan that differ from those of the plan before it: all of them if there was none. */
export function toChangedLines(before: ProgressView, { steps }: ProgressView, title: string): Line[] {
  const known = new Map(
    before.steps.map((step) => [step.id, toText(toStepLine({ ...step, ...PLANNED }), false)]),
  );
  const isNew = (step: StepView) => known.get(step.id) !== toText(toStepLine({ ...step, ...PLANNED }), false);
  const ids = new Set(steps.map(({ id }) => id));
  const lines = [
    ...steps.filter(isNew).map((step) => toStepLine(step)),
    ...before.steps
      .filter(({ id }) => !ids.has(id))
      .map((step): Line => [...toStepHead(step, MARKS.skipped), piece(" no longer in the plan", "dim")]),
  ];
  return lines.length === 0 ? [] : [[piece(title, "bold")], ...lines];
}

/** What a step is like before anything has happened to it. */
const PLANNED = { status: "open" } as const;

/** One step, with its mark and its result. */
export function toStepLine(step: StepView, nowMs?: number): Line {
  return [...toStepHead(step, MARKS[step.status]), ...toDetail(step, nowMs)];
}

function toStepHead({ id, description }: StepView, [mark, look]: readonly [string, Look]): Line {
  return [
    piece(`  ${mark} `, look),
    piece(`${toOneLine(id, 40)}. ${toOneLine(description, MAX_DESCRIPTION)}`),
  ];
}

/** The permanent lines for an event, beyond what the steps show. */
export function toNotes(event: AgentEvent): Line[] {
  switch (event.type) {
    case "plan.invalid":
      return [note(`The plan was not valid (attempt ${event.attempt}): ${event.issues.join(" ")}`)];
    case "plan.generated":
      return event.by === "rule" ? [note(event.reason)] : [];
    case "step.retried":
      return [note(`Step ${event.stepId} is tried again (attempt ${event.attempt}): ${event.error}`)];
    case "model.retried":
      return [note(`The ${event.role}'s model is asked again (attempt ${event.attempt}): ${event.error}`)];
    case "replanning":
      return event.steps.length === 0 ? [] : [note(`Replanning: ${event.reason}`)];
    case "approval.expired":
      return [note("What waited for a person has expired: a new goal came.")];
    case "agent.steered":
      return event.changes.map(({ type, stepId = "" }) => note(toSteered(type, stepId)));
    case "limit.reached":
      return [note(`A limit is reached: ${withFlags(event.message)}`)];
    default:
      return [];
  }
}

/** What a person changed, in words, by the kind of the change. */
function toSteered(kind: string, stepId: string): string {
  switch (kind) {
    case "message":
      return "A person said what they want changed.";
    case "skip":
      return `A person skipped step ${stepId}.`;
    case "retry":
      return `A person wants step ${stepId} done again.`;
    case "cancel":
      return `A person cancelled step ${stepId}.`;
    case "give-up":
      return "A person gave the turn up.";
    default:
      return "A person changed what is left of the plan.";
  }
}

export function planTitle(version: number): string {
  return version === 1 ? "Plan" : `Plan, version ${version}`;
}

/** An output on one line, without the signs of JSON where it is as clear without them. */
function toShortOutput(output: JsonValue): string {
  if (Array.isArray(output)) {
    const items = output.map(toWords).join(", ");
    return toOneLine(`${countOf(output.length, "item")}${items === "" ? "" : `: ${items}`}`, MAX_OUTPUT);
  }
  if (isRecord(output) && Object.values(output).every((part) => typeof part !== "object" || part === null)) {
    const parts = Object.entries(output).map(([name, part]) => `${name}: ${toWords(part)}`);
    return toOneLine(parts.join(", "), MAX_OUTPUT) || "nothing";
  }
  return toOneLine(toWords(output), MAX_OUTPUT) || "nothing";
}

function toWords(value: unknown): string {
  if (value === null) {
    return "nothing";
  }
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

function note(text: string): Line {
  return [piece("  ! ", "busy"), piece(toOneLine(text, MAX_REASON))];
}

function toDetail(step: StepView, nowMs: number | undefined): Line {
  const { status, tool, after, output, error, durationMs = 0 } = step;
  switch (status) {
    case "open": {
      const from = tool === undefined ? [] : [toOneLine(tool, MAX_OUTPUT)];
      const waitsFor = after.length === 0 ? [] : [`after ${toOneLine(after.join(", "), MAX_OUTPUT)}`];
      return [piece([...from, ...waitsFor].map((text) => ` · ${text}`).join(""), "dim")];
    }
    case "running":
      return [piece(toRunning(step, nowMs), "dim")];
    case "done": {
      const result = output === undefined ? [] : [piece(` → ${toShortOutput(output)}`)];
      return [...result, piece(` (${toDuration(durationMs)})`, "dim")];
    }
    case "skipped":
      return [piece(` skipped${error === undefined ? "" : `: ${toOneLine(error, MAX_REASON)}`}`, "dim")];
    case "failed":
    case "blocked":
    case "unexpected":
    case "rejected": {
      const reason = error === undefined ? "" : `: ${toOneLine(error, MAX_REASON)}`;
      return [piece(` ${status}${reason}`, "bad"), piece(` (${toDuration(durationMs)})`, "dim")];
    }
  }
}

function toRunning(
  { tool, items, attempts, said, startedAtMs }: StepView,
  nowMs: number | undefined,
): string {
  const parts = [
    tool === undefined ? "" : toOneLine(tool, MAX_OUTPUT),
    items.running + items.ended === 0
      ? ""
      : `${items.ended} of ${countOf(items.running + items.ended, "item")}`,
    attempts > 1 ? `attempt ${attempts}` : "",
    nowMs === undefined || startedAtMs === undefined ? "" : toDuration(nowMs - startedAtMs),
    said.trim() === "" ? "" : toOneLine(said, MAX_OUTPUT),
  ];
  return parts.flatMap((part) => (part === "" ? [] : ` · ${part}`)).join("");
}

/** Fits the steps into at most `maxLines` lines. Running and failed steps are kept longest; the rest is counted. */
export function fitSteps(steps: readonly StepView[], maxLines: number, nowMs: number): Line[] {
  if (steps.length <= maxLines) {
    return steps.map((step) => toStepLine(step, nowMs));
  }
  const shown = new Set(
    steps
      .map((step, index) => ({ index, rank: rankOf(step) }))
      .sort((a, b) => a.rank - b.rank || a.index - b.index)
      .slice(0, Math.max(0, maxLines - 1))
      .map(({ index }) => index),
  );
  const lines = steps.flatMap((step, index) => (shown.has(index) ? [toStepLine(step, nowMs)] : []));
  const hidden = steps.filter((_, index) => !shown.has(index));
  const done = hidden.filter(({ status }) => status === "done").length;
  return [...lines, [piece(`  … ${countOf(hidden.length, "more step")}, ${done} of them done`, "dim")]];
}

function rankOf({ status }: StepView): number {
  if (status === "running") {
    return 0;
  }
  if (status === "open") {
    return 2;
  }
  return status === "done" || status === "skipped" ? 3 : 1;
}
