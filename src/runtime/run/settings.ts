/** How often a model gets an invalid plan back to repair. */
export const MAX_PLAN_REPAIRS = 2;
/** How often a person may reject plans in one turn. */
export const MAX_PLAN_REJECTIONS = 3;
/** How often we try to tell somebody that a run waits. */
export const MAX_NOTIFY_ATTEMPTS = 3;
/** How long one of these attempts may take. It is short because the run's caller waits for it. */
export const NOTIFY_TIMEOUT_MS = 5_000;
/** How many bytes of an output a prompt shows. */
export const MAX_PROMPT_OUTPUT_BYTES = 8_000;
/** How many bytes of all the outputs that a step sees its prompt shows. */
export const MAX_PROMPT_INPUTS_BYTES = 32_000;
/** How many bytes of an output the state keeps. */
export const MAX_STATE_OUTPUT_BYTES = 256_000;
/** How many tools the model of an agent step may call in one answer. */
export const MAX_AGENT_CALLS = 64;
/** How many items a for-each step may have. */
export const MAX_ITEMS = 10_000;
/** How long a for-each step may do instant items in a row before it lets other work in the process have a turn. */
export const MAX_ITEMS_MS = 20;
/**
 * How many steps one superstep takes on. For each step, LangGraph searches everything stored for the steps before it.
 */
export const MAX_WINDOW = 1_000;
/** How many bytes of the conversation before the goal a prompt shows. */
export const MAX_CONVERSATION_BYTES = 64_000;
/** As how many bytes of these a picture or a file counts. */
export const ATTACHMENT_BYTES = 4_000;
/** How many characters the pictures and files of a goal may have, as JSON. */
export const MAX_ATTACHED_CHARACTERS = 20_000_000;
/** How many characters a goal may have. */
export const MAX_GOAL_CHARACTERS = 100_000;
/** How often a model call is tried. */
export const MAX_MODEL_ATTEMPTS = 3;
/** How often a read from or a write to a database is tried. */
export const MAX_STORAGE_ATTEMPTS = 4;
/** How long one of these attempts may take. */
export const STORAGE_TIMEOUT_MS = 30_000;
/** The longest wait between two of these attempts, because the run stands still during it. */
export const MAX_STORAGE_WAIT_MS = 1_000;
/** Supersteps held back so that the run can end before LangGraph's recursion limit ends it. */
export const SUPERSTEPS_IN_HAND = 2;
