// How tools are chosen where there are many. `tools/choice` does it.
import { type OptionsOf, option } from "./option.js";
import { EMBEDDINGS, POSITIVE } from "./values.js";

export const TOOL_SEARCH = {
  /** From how many tools on models are told of a chosen part of them. At least 1. @default 30 */
  from: option(POSITIVE, { default: 30 }),
  /** How many tools the chosen part describes. Up to a hundred more are named in it. At least 1. @default 30 */
  limit: option(POSITIVE, { default: 30 }),
  /**
   * Embeddings, by which tools are also found by their meaning. If they fail, words alone find tools (event
   * `policy.failed`). Their calls do not count against limits. @default words alone
   */
  embeddings: option(EMBEDDINGS),
};

/** How tools are chosen for prompts where there are many. */
export interface ToolSearchOptions extends OptionsOf<typeof TOOL_SEARCH> {}
