import type { BaseCheckpointSaver } from "@langchain/langgraph";

/**
 * Gives the values of each branch of a thread versions of their own. A saver that keeps values by channel and version,
 * as PostgreSQL's does, takes a version for granted that it has: counted in whole numbers, as LangGraph.js counts, the
 * second branch from a checkpoint comes to the versions of the first, and reads the first one's values. A random
 * fraction keeps them apart and in order; a thread that was counted in whole numbers goes on.
 */
export function separateBranches(saver: BaseCheckpointSaver, random: () => number = Math.random): void {
  saver.getNextVersion = (current: number | undefined) => Math.floor(current ?? 0) + 1 + random();
}
