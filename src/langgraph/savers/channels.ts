// The channels that LangGraph writes for itself, beside those of a graph's state.

/** What a task returned. */
export const RETURNED = "__return__";
/** What a person answered. */
export const ANSWERED = "__resume__";
/** What was sent to tasks; savers read these, for states of old builds of LangGraph. */
export const SENT_TASKS = "__pregel_tasks";

/** Where LangGraph keeps writes of its own channels, which a later one of the same task replaces. */
export const OWN_INDEXES: ReadonlyMap<string, number> = new Map([
  ["__error__", -1],
  ["__scheduled__", -2],
  ["__interrupt__", -3],
  [ANSWERED, -4],
]);
