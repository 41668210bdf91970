// Where the time of a run went. A span is what one row of the time line shows in one colour.
import type { StepResult } from "../../plan/index.js";

/** What was going on: the whole list of what the time line tells apart. */
export type SpanKind = "waiting" | "running" | "retrying" | "asking" | "planning" | "answering";

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
  readonly retries: StepResult["retries"];
  /** When a person was asked about it, and when they answered. */
  readonly asked: readonly { readonly from: number; readonly to: number }[];
}

/** Splits a step's time: it waits, then it runs, except while it pauses before a retry or a person is asked. */
export function toStepSpans({ plannedAt, startedAt, endedAt, retries = [], asked }: StepTimes): Span[] {
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
    spans.push({ kind: "running", from: reached, to: begin }, { kind, from: begin, to: end });
    reached = end;
  }
  spans.push({ kind: "running", from: reached, to: Math.max(reached, endedAt) });
  return spans.filter(
    (span, index) => span.to > span.from || (index === spans.length - 1 && spans.length === 2),
  );
}

/** The time for which spans of these kinds last, added up. */
export function durationOf(spans: readonly Span[], ...kinds: readonly SpanKind[]): number {
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
