import type { JsonValue } from "./json.js";

/** The fields of a JSON object. */
export type JsonFields = Readonly<Record<string, JsonValue>>;

/** What models call the fields of a step, the public name first. */
export const stepFieldNames = {
  id: ["id", "label", "step_id", "stepId", "task_id", "plan_id"],
  description: ["description", "task", "title", "instruction", "objective", "action", "name"],
  tool: ["tool", "tool_name", "toolName", "function"],
  toolOrDescription: ["action", "name"],
  args: [
    "args",
    "arguments",
    "parameters",
    "params",
    "tool_input",
    "toolInput",
    "action_input",
    "input",
    "inputs",
  ],
  dependsOn: ["dependsOn", "depends_on", "dependencies", "deps", "dep", "after", "prerequisites"],
  forEach: ["forEach", "for_each", "foreach"],
  if: ["if", "condition"],
  expect: ["expect", "expected_output", "expectedOutput"],
  pitfalls: ["pitfalls"],
} as const;

const telling = new Set<string>([
  ...stepFieldNames.tool,
  ...stepFieldNames.args,
  ...stepFieldNames.dependsOn,
  "description",
  "task",
  "step",
]);

/** A JSON value as an object's fields; undefined when it is no object. */
export function toFields(value: JsonValue | undefined): JsonFields | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? value : undefined;
}

/** The first of some fields that is there; null counts as left out, since strict modes write it. */
export function firstField(fields: JsonFields, names: readonly string[]): JsonValue | undefined {
  const name = names.find((candidate) => Object.hasOwn(fields, candidate) && fields[candidate] !== null);
  return name === undefined ? undefined : fields[name];
}

/** Whether a value has a field that hardly anything but a step of a plan has, or a call under a tool's name. */
export function looksLikeStep(value: JsonValue, isTool: (name: string) => boolean): boolean {
  const entries = Object.entries(toFields(value) ?? {});
  return entries.some(([key, entry]) => telling.has(key) || (isTool(key) && toFields(entry) !== undefined));
}

/** Whether a value is a way of models to say that there is nothing. */
export function saysNothing(value: JsonValue | undefined): boolean {
  if (value === undefined || value === null) return true;
  return typeof value === "string" && ["", "none", "null", "n/a"].includes(value.trim().toLowerCase());
}
