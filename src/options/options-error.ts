import type { z } from "zod";
import { PlanExecuteError } from "../base/index.js";

/** The error for options, or a run's context, that cannot be used. */
export class OptionsError extends PlanExecuteError {
  readonly code = "INVALID_OPTIONS";

  constructor(
    where: string,
    /** All problems. Each is a sentence that begins with the option's name. */
    readonly problems: readonly string[],
  ) {
    super(`${where} cannot be used:\n${problems.map((problem) => `- ${problem}`).join("\n")}`);
  }
}

/** Describes each problem of an issue in a sentence that begins with the option's name. */
export function toProblems(issue: z.core.$ZodIssue): string[] {
  const path = issue.path.map(String).join(".");
  if (issue.code !== "unrecognized_keys") {
    return [`${path === "" ? "options" : path}: ${issue.message}`];
  }
  return issue.keys.map((key) => `${[path, key].filter(Boolean).join(".")}: there is no such option`);
}
