import type { LangGraphRunnableConfig } from "@langchain/langgraph";

/** How deep workers may have workers of their own. An agent may reach itself, over a server that serves it. */
export const MAX_WORKER_DEPTH = 3;

/** The key of a run's config that says how many agents are above it. Servers pass it on too. */
const DEPTH = "plan_execute_depth";

/** How many agents are above this run. Callers can write the key, but they can only make a run shallower for itself. */
export function depthIn({ configurable }: Pick<LangGraphRunnableConfig, "configurable">): number {
  const depth: unknown = configurable?.[DEPTH];
  return Number.isSafeInteger(depth) ? Math.max(0, Number(depth)) : 0;
}

/** Makes the keys of a run that is one deeper than the outer one. */
export function withDepth(
  configurable: LangGraphRunnableConfig["configurable"],
  outer: Pick<LangGraphRunnableConfig, "configurable">,
): NonNullable<LangGraphRunnableConfig["configurable"]> {
  return { ...configurable, [DEPTH]: depthIn(outer) + 1 };
}
