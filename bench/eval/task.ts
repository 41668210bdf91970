import type { AgentTool } from "../../src/index.js";

/** Whether what was said and done is right: known exactly, or to be judged by a model. */
export type Verdict =
  | { readonly kind: "exact"; readonly faults: readonly string[] }
  | { readonly kind: "open"; readonly gold: string };

/** What one run of a task works in. Each run gets its own. */
export interface Scene {
  readonly tools: readonly AgentTool[];
  check(answer: string): Promise<Verdict>;
  close(): Promise<void>;
}

/** A task of a suite. */
export interface EvalTask {
  readonly id: string;
  /** Where a suite is split: prompts may be tuned on open tasks only. */
  readonly split?: "open" | "held";
  readonly question: string;
  open(): Promise<Scene>;
}

/** A set of tasks. */
export interface Suite {
  readonly name: string;
  readonly about: string;
  /** Where its data come from, and under which licence. */
  readonly source: string;
  readonly tasks: readonly EvalTask[];
}

/** Creates a scene whose tools do nothing outside, so that only what is said, or what was called, can be checked. */
export function createScene(tools: readonly AgentTool[], check: (answer: string) => Verdict): Scene {
  return { tools, check: async (answer) => check(answer), close: async () => {} };
}
