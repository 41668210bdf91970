import { createToolChooser, createToolRegistry, type ToolPart } from "../../src/tools/index.js";
import { createGithubTools } from "./github-tools.js";
import type { ToolGoal } from "./goals.js";

/** What a part has of the tools that a goal needs. */
export interface Coverage {
  readonly goal: string;
  readonly part: ToolPart;
  /** The needs that are not described. */
  readonly undescribed: ToolGoal["needs"];
  /** The needs of which the part has not even the name. */
  readonly missing: ToolGoal["needs"];
}

/** The registry of GitHub's operations, and its chooser as an agent has it. */
export function createGithubChoice({ from = 30, limit = 30 } = {}) {
  const registry = createToolRegistry(createGithubTools());
  const chooser = createToolChooser(registry, { from, limit, timeoutMs: 1_000 });
  const choose = (goal: string) =>
    chooser.choose({
      texts: [goal],
      among: registry,
      onFault: (error) => {
        throw new Error(error);
      },
    });
  return { registry, choose };
}

/** Chooses a part for each goal, and looks for the tools that it needs. */
export function coverAll(
  goals: readonly ToolGoal[],
  choose: (goal: string) => Promise<ToolPart | undefined>,
) {
  return Promise.all(
    goals.map(async ({ goal, needs }): Promise<Coverage> => {
      const part = await choose(goal);
      if (part === undefined) {
        throw new Error("All tools are told, so nothing was chosen.");
      }
      const lacking = (names: readonly string[]) =>
        needs.filter((need) => ![need].flat().some((name) => names.includes(name)));
      return {
        goal,
        part,
        undescribed: lacking(part.described),
        missing: lacking([...part.described, ...part.named]),
      };
    }),
  );
}
