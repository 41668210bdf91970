import { PlanExecuteError } from "../errors/index.js";

/** What the agent was built with, or a run's context, cannot be used. */
export class OptionsError extends PlanExecuteError {
  readonly code = "INVALID_OPTIONS";

  constructor(
    where: string,
    /** Everything that is wrong, each a sentence that begins with the option's name. */
    readonly problems: readonly string[],
  ) {
    super(`${where} cannot be used:\n${problems.map((problem) => `- ${problem}`).join("\n")}`);
  }
}
