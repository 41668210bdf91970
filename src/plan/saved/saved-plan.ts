import type { z } from "zod";
import type { JsonValue } from "../../base/index.js";
import type { Plan, PlanStep } from "../plan.js";

/**
 * A plan that was thought out before. Its steps and its answer may refer to its parameters, as `{{with.month}}`, and
 * running it costs no call of a planner.
 */
export interface SavedPlan {
  /** Short, without blanks: it is typed on the command line, and written by models. */
  readonly name: string;
  /** What the plan is for, on one line. Planners choose by it. It may refer to parameters. */
  readonly description: string;
  /**
   * The parameters: a zod object, or the JSON Schema of each by its name, as files have them. A parameter with a
   * default may be left out. @default none
   */
  readonly parameters?: z.ZodObject | Readonly<Record<string, object>>;
  /** Goals that the plan is for, in a person's words, with parameters as `{month}`. @default none */
  readonly examples?: readonly string[];
  /** The steps. A step without an id has the id of its position, from "1". */
  readonly steps: readonly Partial<PlanStep>[];
  /** The id of the step whose output is the answer, or the answer in words. @default a model writes it */
  readonly answer?: string;
}

/** A saved plan, as those who plan see it. */
export interface SavedPlanEntry {
  readonly name: string;
  readonly description: string;
  /** The JSON Schema of its parameters. */
  readonly parameters: unknown;
  /** Goals that this plan is for, in a person's words. */
  readonly examples: readonly string[];
}

/** A saved plan that was checked, and is ready to get its values. */
export interface PreparedPlan extends SavedPlanEntry {
  readonly schema: z.ZodObject;
  /** The plan, with references to parameters. */
  readonly plan: Plan;
}

/** A saved plan by its name, with the values of its parameters. */
export interface PlanUse {
  readonly use: string;
  readonly with?: Readonly<Record<string, JsonValue>>;
}

/** The id under which the values of a saved plan's parameters are known in its steps. */
export const WITH = "with";

/** The one id that a reference to a parameter begins with. */
export const WITH_ID: ReadonlySet<string> = new Set([WITH]);
