/** A length of time: a number of milliseconds, or a text such as "30m", "24h" or "7d". */
export type Duration = number | string;

/** The longest duration that is accepted: ten years of 365 days. */
export const LONGEST_DURATION_MS = 3_650 * 24 * 60 * 60 * 1_000;

const UNITS_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};
const DURATION_TEXT = /^\s*(\d{1,12}(?:\.\d{1,6})?)\s*(ms|s|m|h|d|w)\s*$/;

/** Converts a duration to milliseconds. Undefined if it cannot be read, is not above zero, or exceeds ten years. */
export function toMilliseconds(duration: Duration): number | undefined {
  const ms = typeof duration === "number" ? duration : readText(duration);
  return ms > 0 && ms <= LONGEST_DURATION_MS ? ms : undefined;
}

function readText(text: string): number {
  const [, count = "", unit = ""] = DURATION_TEXT.exec(text) ?? [];
  return Number(count) * (UNITS_MS[unit] ?? Number.NaN);
}

/** Writes a duration as people read it. */
export function toDuration(milliseconds: number): string {
  const ms = Math.max(0, Math.round(milliseconds));
  if (ms < 1_000) {
    return `${ms} ms`;
  }
  if (ms < 60_000) {
    return `${ms < 10_000 ? Number((ms / 1_000).toFixed(1)) : Math.floor(ms / 1_000)} s`;
  }
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 60) {
    return `${minutes} min ${Math.floor((ms % 60_000) / 1_000)} s`;
  }
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} d ${hours % 24} h`;
}
