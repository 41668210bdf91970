// The channels that LangGraph writes for itself, in addition to the channels of a graph's state.

/** What a task returned. */
export const RETURNED = "__return__";
/** What a person answered. */
export const ANSWERED = "__resume__";
/** What was sent to tasks. Savers read this channel because old builds of LangGraph wrote it. */
export const SENT_TASKS = "__pregel_tasks";

/**
 * LangGraph's fixed indexes for writes to its own channels. A later write of the same task replaces the earlier one.
 */
export const OWN_INDEXES: ReadonlyMap<string, number> = new Map([
  ["__error__", -1],
  ["__scheduled__", -2],
  ["__interrupt__", -3],
  [ANSWERED, -4],
]);
