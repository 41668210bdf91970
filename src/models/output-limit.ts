// How many tokens a model may answer with. Without a limit a model that runs away goes on until its context is full.
import { describeError } from "../base/index.js";
import { ownOutputLimit, takesOutputLimit } from "../langgraph/index.js";
import type { UsageRole } from "../usage/index.js";
import { CutOffError } from "./answers/index.js";
import type { ResolvedModel } from "./resolve-model.js";

/** The limits for models that have none of their own. A plan takes some hundred tokens; an output may be a page or two. */
const ROLE_LIMITS: Readonly<Record<UsageRole, number>> = {
  planner: 4_096,
  executor: 8_192,
  replanner: 4_096,
  answer: 8_192,
};
/** How much more room an answer gets that was cut off. A model that thinks gets it at once, because thinking counts. */
const MORE_ROOM = 4;

/** The output limit of a call. */
export interface OutputLimit {
  /** The most tokens that come back, as far as anybody knows. */
  readonly tokens: number | undefined;
  /** Whether the limit is ours, so that it must be sent with the call. */
  readonly isOurs: boolean;
}

/** The names of models that refused our limit. Models that are named by a text are made anew for each piece of work. */
const REFUSED = new Set<string>();
/** What providers say of a limit that they do not take: too large for the model, or under another name. */
const REFUSAL = /max_?(completion_|output_|new_)?tokens|num_predict|in the completion/i;

/** Decides the output limit of a role's call. `room` is a factor for our own limits. */
export function outputLimitOf({ model, name }: ResolvedModel, role: UsageRole, room = 1): OutputLimit {
  const own = ownOutputLimit(model);
  // A wrapped model (`withConfig`) is a runnable without a profile.
  const { maxOutputTokens: most, reasoningOutput } = model.profile ?? {};
  if (own !== undefined || !takesOutputLimit(model) || REFUSED.has(name)) {
    return { tokens: own ?? most, isOurs: false };
  }
  const tokens = ROLE_LIMITS[role] * room * (reasoningOutput === true ? MORE_ROOM : 1);
  return { tokens: Math.min(tokens, most ?? tokens), isOurs: true };
}

/**
 * Decides the limit of the attempt after a failed one. If our limit cut the answer off, there is more room; if a
 * provider refused it, the model is asked without it from then on. Otherwise it is the same object as before.
 */
export function outputLimitAfter(
  error: unknown,
  before: OutputLimit,
  model: ResolvedModel,
  role: UsageRole,
): OutputLimit {
  if (!before.isOurs) {
    return before;
  }
  if (error instanceof CutOffError) {
    const after = outputLimitOf(model, role, MORE_ROOM);
    return after.tokens === before.tokens ? before : after;
  }
  if (Reflect.get(Object(error), "status") === 400 && REFUSAL.test(describeError(error))) {
    REFUSED.add(model.name);
    return outputLimitOf(model, role);
  }
  return before;
}
