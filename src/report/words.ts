import { countOf } from "../base/index.js";
import type { UsageCount } from "../usage/index.js";
import type { Run, SpanKind, StepState } from "./run/index.js";

/** A sign, a word, and the colour that goes with both. No state is told by its colour alone. */
export interface Badge {
  readonly sign: string;
  readonly word: string;
  readonly tone: "good" | "bad" | "busy" | "ask" | "quiet";
}

export const STEP_BADGES: Readonly<Record<StepState, Badge>> = {
  open: { sign: "○", word: "not done", tone: "quiet" },
  running: { sign: "▶", word: "can run or runs", tone: "busy" },
  asking: { sign: "?", word: "waits for a person", tone: "ask" },
  done: { sign: "✓", word: "done", tone: "good" },
  failed: { sign: "✗", word: "failed", tone: "bad" },
  blocked: { sign: "✗", word: "blocked", tone: "bad" },
  unexpected: { sign: "✗", word: "unexpected output", tone: "bad" },
  rejected: { sign: "✗", word: "rejected", tone: "bad" },
  skipped: { sign: "–", word: "skipped", tone: "quiet" },
};

export const RUN_BADGES: Readonly<Record<Run["status"], Badge>> = {
  planning: { sign: "▶", word: "planning", tone: "busy" },
  executing: { sign: "▶", word: "under way", tone: "busy" },
  unfinished: { sign: "▶", word: "under way, or cut off", tone: "busy" },
  "cut-off": { sign: "✗", word: "cut off", tone: "bad" },
  waiting: { sign: "?", word: "waits for a person", tone: "ask" },
  done: { sign: "✓", word: "done", tone: "good" },
  incomplete: { sign: "✗", word: "incomplete", tone: "bad" },
  failed: { sign: "✗", word: "failed", tone: "bad" },
  refused: { sign: "✗", word: "refused", tone: "bad" },
  cancelled: { sign: "✗", word: "cancelled", tone: "bad" },
};

export const SPAN_WORDS: Readonly<Record<SpanKind, string>> = {
  waiting: "waits for other steps or a free slot",
  running: "runs",
  failing: "runs, and fails",
  retrying: "pauses before another attempt",
  asking: "waits for a person",
  planning: "a plan is made",
  answering: "the answer is written",
};

/** Dollars as people read them. A price that nobody knows is not free. */
export function toDollars(costUsd: number | null): string {
  if (costUsd === null) {
    return "price unknown";
  }
  const maximumFractionDigits = costUsd !== 0 && costUsd < 0.01 ? 6 : 4;
  return `$${costUsd.toLocaleString("en-US", { minimumFractionDigits: costUsd === 0 ? 0 : 2, maximumFractionDigits })}`;
}

/** What model calls took, in one line; empty without any. */
export function toUsageWords(usage: UsageCount | undefined): string {
  if (usage === undefined || usage.calls === 0) {
    return "";
  }
  return `${countOf(usage.inputTokens + usage.outputTokens, "token")} · ${toDollars(usage.costUsd)}`;
}

/** A moment as people write it, in UTC: 2026-11-29 22:10:05. */
export function toMoment(time: string | number): string {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? String(time) : date.toISOString().slice(0, 19).replace("T", " ");
}

/** A moment to the millisecond. */
export function toExactMoment(time: string): string {
  return Number.isNaN(Date.parse(time)) ? time : new Date(time).toISOString().slice(0, 23).replace("T", " ");
}

/** Cuts a text to one line of at most so many characters. */
export function toLine(text: string, maxCharacters: number): string {
  const characters = [...text.replaceAll(/\s+/g, " ").trim()];
  return characters.length <= maxCharacters
    ? characters.join("")
    : `${characters.slice(0, maxCharacters - 1).join("")}…`;
}
