// Owns: small general helpers: cutting and showing text, errors, signals, deadlines, retries, durations, JSON, heaps, classes.
// Gives: functions and classes that any room may use.
// Does not touch: any other room. It knows nothing about plans, the state or models.
export { inTime, LONGEST_TIMER_MS, startDeadline } from "./deadline.js";
export { type Duration, toDuration, toMilliseconds } from "./duration.js";
export { describeError, PlanExecuteError } from "./errors.js";
export { createHeap } from "./heap.js";
export {
  copyJson,
  findDefinition,
  fingerprint,
  hashArgs,
  isEmpty,
  isRecord,
  type JsonValue,
  mapTexts,
  parseJson,
  stableStringify,
} from "./json.js";
export { escapeMarkdown } from "./markdown.js";
export { createNearestName } from "./nearest-name.js";
export { classThatDefines, isOfClass } from "./of-class.js";
export { type Backoff, backoffMs, type NextAttempt, Retry, type RetryPace } from "./retry.js";
export { type LinkedSignal, linkSignal, raceSignal } from "./signals.js";
export {
  countOf,
  cutTail,
  cutText,
  fairShare,
  firstLine,
  headOfText,
  quote,
  quoteAll,
  quoteValue,
  toComposed,
} from "./text.js";
export { topologicalOrder } from "./topological-order.js";
export {
  hasHidden,
  toQuoted,
  toVisible,
  toVisibleJson,
  toVisibleName,
  toVisibleText,
  withoutHidden,
} from "./visible-text.js";
export { withMember } from "./with-member.js";
export { withoutUndefined } from "./without-undefined.js";
