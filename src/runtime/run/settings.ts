/** How often an invalid plan is sent back. */
export const MAX_PLAN_REPAIRS = 2;
/** How often a person may reject a turn's plans. */
export const MAX_PLAN_REJECTIONS = 3;
/** Attempts at telling somebody that a run waits. */
export const MAX_NOTIFY_ATTEMPTS = 3;
/** How long one of them may take: the run's caller waits for it. */
export const NOTIFY_TIMEOUT_MS = 5_000;
/** Bytes of an output that a prompt shows. */
export const MAX_PROMPT_OUTPUT_BYTES = 8_000;
/** Bytes of an output that the state keeps. */
export const MAX_STATE_OUTPUT_BYTES = 256_000;
/** Calls of tools in one answer of an agent step's model. */
export const MAX_AGENT_CALLS = 64;
/** Items of one for-each step. */
export const MAX_ITEMS = 10_000;
/** How long items that end at once are done one after another before others in the process have their turn. */
export const MAX_ITEMS_MS = 20;
/** Steps that one superstep takes on: for each, LangGraph looks through what is stored of all before it. */
export const MAX_WINDOW = 1_000;
/** Bytes of the conversation before a goal that prompts show. */
export const MAX_CONVERSATION_BYTES = 64_000;
/** Characters of a goal. */
export const MAX_GOAL_CHARACTERS = 100_000;
/** Attempts of a model call. */
export const MAX_MODEL_ATTEMPTS = 3;
/** Attempts at reading or writing what a database keeps. */
export const MAX_STORAGE_ATTEMPTS = 4;
/** How long one of them may take. */
export const STORAGE_TIMEOUT_MS = 30_000;
/** The longest wait between two of them: a run stands still meanwhile. */
export const MAX_STORAGE_WAIT_MS = 1_000;
/** Supersteps that are kept back for ending a run before LangGraph's recursion limit does. */
export const SUPERSTEPS_IN_HAND = 2;
