// Where the time of a run went. A span is what one row of the time line shows in one colour.
import type { StepResult } from "../../plan/index.js";

/** The kinds of activity that the time line shows. */
export type SpanKind = "waiting" | "running" | "failing" | "retrying" | "asking" | "planning" | "answering";

/** The kinds of span in which a step is at work. */
export const WORK: readonly SpanKind[] = ["running", "failing", "retrying"];
/** Those, and the time in which a person was asked about it: what people take for its duration. */
export const WORK_AND_ASKING: readonly SpanKind[] = [...WORK, "asking"];

/** A piece of time, in milliseconds since 1970. */
export interface Span {
  readonly kind: SpanKind;
  readonly from: number;
  readonly to: number;
}

/** When a step was at work, and what interrupted it. */
export interface StepTimes {
  /** When the step was first planned. */
  readonly plannedAt: number;
  /** When its first attempt began; undefined if it never did. */
  readonly startedAt: number | undefined;
  /** When it settled, or now. */
  readonly endedAt: number;
  /** Whether its last attempt came to nothing. */
  readonly isFailed: boolean;
  readonly retries: StepResult["retries"];
  /** When a person was asked about it, and when they answered. */
  readonly asked: readonly { readonly from: number; readonly to: number }[];
}

/** Splits a step's time: it waits, then it runs, except while it pauses before a retry or a person is asked. */
export function toStepSpans(times: StepTimes): Span[] {
  const { plannedAt, startedAt, endedAt, isFailed, retries = [], asked } = times;
  if (startedAt === undefined) {
    return [];
  }
  const pauses: Span[] = [
    ...asked.map((one) => ({ kind: "asking" as const, ...one })),
    ...retries.map(({ at, delayMs }) => {
      const from = Date.parse(at);
      return { kind: "retrying" as const, from, to: from + delayMs };
    }),
  ];
  const spans: Span[] = [{ kind: "waiting", from: Math.min(plannedAt, startedAt), to: startedAt }];
  let reached = startedAt;
  for (const { kind, from, to } of pauses.toSorted((one, other) => one.from - other.from)) {
    const begin = Math.min(Math.max(from, reached), endedAt);
    const end = Math.min(Math.max(to, begin), endedAt);
    const isAttempt = kind === "retrying";
    spans.push(
      { kind: isAttempt ? "failing" : "running", from: reached, to: begin },
      { kind, from: begin, to: end },
    );
    reached = end;
  }
  const last: Span = {
    kind: isFailed ? "failing" : "running",
    from: reached,
    to: Math.max(reached, endedAt),
  };
  const lasting = [...spans, last].filter(({ from, to }) => to > from);
  // A step that took no time is shown all the same.
  return lasting.some(({ kind }) => kind !== "waiting") ? lasting : [...lasting, last];
}

/** The time for which spans of these kinds last, added up. */
export function durationOf(spans: readonly Span[], kinds: readonly SpanKind[]): number {
  return spans.reduce((sum, { kind, from, to }) => (kinds.includes(kind) ? sum + to - from : sum), 0);
}

/** The time in which at least one of the spans lasts. */
export function unionOf(spans: readonly Span[]): number {
  let sum = 0;
  let reached = Number.NEGATIVE_INFINITY;
  for (const { from, to } of spans.toSorted((one, other) => one.from - other.from)) {
    sum += Math.max(0, to - Math.max(from, reached));
    reached = Math.max(reached, to);
  }
  return sum;
}
