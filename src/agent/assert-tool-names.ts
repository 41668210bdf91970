import type { AgentSettings } from "../nodes/index.js";
import type { ToolRegistry } from "../tools/index.js";
import { OptionsError } from "./options-error.js";

/**
 * Throws an `OptionsError` where an option is about a tool that is not there: a rule of approval whose name is
 * misspelt would let the calls run that it is meant to hold.
 */
export function assertToolNames({ approval, executor }: AgentSettings, registry: ToolRegistry): void {
  const named = { "approval.tools": approval.tools, "executor.checkOutput": executor.checkOutput };
  const problems = Object.entries(named).flatMap(([option, byTool]) =>
    Object.keys(byTool)
      .filter((name) => !registry.has(name))
      .map((name) => `${option}.${name}: there is no tool of this name`),
  );
  if (problems.length > 0) throw new OptionsError("The options of createPlanExecuteAgent", problems);
}
