// What the offline planner says: the answer out of finished steps, what it can do, and why it does not plan a goal.
import { isRecord, type JsonValue } from "../base/index.js";
import { referencedIds, type StepResult } from "../plan/index.js";
import type { AnswerRequest, PlanRequest } from "../prompts/index.js";

/** The longest list that is told in full. */
const MOST_LINES = 100;

/** Tells what came of the steps: each result that no other step used, then what was not done, and why. */
export function tellResults({ plan, pastSteps }: Pick<AnswerRequest, "plan" | "pastSteps">): string {
  const ids = new Set(plan.map(({ id }) => id));
  const used = new Set(plan.flatMap((step) => [...referencedIds(step, ids)]));
  const done = pastSteps.filter(({ status }) => status === "done");
  const last = done.filter(({ id, tool }) => !used.has(id) || tool === "write_file");
  const told = last.length > 0 ? last : done;
  const bullet = told.length > 1 ? "- " : "";
  const lines = [
    ...told.map((step) => `${bullet}${tellStep(step)}`),
    ...pastSteps
      .filter(({ status }) => status !== "done")
      .map(
        ({ description, status, error }) =>
          `Not done: ${description}. ${error?.message ?? `It was ${status}.`}`,
      ),
    ...plan
      .filter(({ id }) => !pastSteps.some((step) => step.id === id))
      .map(({ description }) => `Not begun: ${description}.`),
  ];
  return lines.join("\n") || "Nothing was done.";
}

function tellStep({ description, tool, args, output = null }: StepResult): string {
  if (tool === "write_file") {
    return `Wrote ${String(args?.path)}.`;
  }
  const text = tellValue(output);
  return `${description.charAt(0).toUpperCase()}${description.slice(1)}:${text.includes("\n") ? "\n" : " "}${text}`;
}

/** A value as people read it. */
function tellValue(value: JsonValue): string {
  if (Array.isArray(value)) {
    return tellList(value);
  }
  if (!isRecord(value)) {
    return value === null ? "nothing" : String(value);
  }
  if (value.value !== undefined) {
    return tellValue(value.value);
  }
  return Array.isArray(value.rows) ? tellList(value.rows) : tellRecord(value);
}

function tellRecord(record: { readonly [key: string]: JsonValue }): string {
  const entries = Object.entries(record);
  return entries
    .map(([key, one]) => `${key}: ${isRecord(one) || Array.isArray(one) ? JSON.stringify(one) : one}`)
    .join(", ");
}

function tellList(list: readonly JsonValue[]): string {
  const isFiles = list.every((one) => isRecord(one) && "path" in one && "isDirectory" in one);
  const folders = list.filter((one) => isRecord(one) && one.isDirectory === true).length;
  const lines = list
    .slice(0, MOST_LINES)
    .map((one) => (isFiles && isRecord(one) ? String(one.path) : tellValue(one)));
  const count = isFiles ? `${list.length - folders} files, ${folders} folders` : `${list.length}`;
  const [only = "none", ...others] = lines;
  const more = list.length > MOST_LINES ? [`  … and ${list.length - MOST_LINES} more`] : [];
  return others.length === 0
    ? only
    : [`  (${count})`, ...lines.map((line) => `  ${line}`), ...more].join("\n");
}

/** Says what waits for a person, and how it is approved. */
export function tellWaiting(waiting: readonly string[]): string {
  const lines = waiting.map((line) => `- ${line}`).join("\n");
  return `This waits for you, and words do not approve it: approve, edit or reject it in its request.\n${lines}`;
}

const ABILITIES: readonly (readonly [tool: string, ability: string])[] = [
  ["calculator", 'arithmetic ("15% of 80", "17*23 and 19*29, then add the two results")'],
  ["date_math", 'dates ("how many days until 2026-12-25", "3 weeks after today")'],
  ["current_time", 'the time ("what time is it in Tokyo?")'],
  ["csv_query", 'CSV and JSON tables ("total amount by region in sales.csv", "first 3 rows of sales.csv")'],
  ["list_files", 'folders ("list the files here")'],
  ["read_file", 'files ("show notes.txt", "how many words are in notes.txt?")'],
  ["write_file", 'writing ("write 6*7 to answer.txt")'],
];

/** Says what can be done without a model, with the tools and saved plans that are there. */
export function tellAbilities({ tools, plans }: Pick<PlanRequest, "tools" | "plans">): string {
  const known = ABILITIES.filter(([tool]) => tools.some(({ name }) => name === tool)).map(
    ([, ability]) => ability,
  );
  const own = new Set([...ABILITIES.map(([tool]) => tool), "json_query", "text_stats"]);
  const others = tools.filter(({ name }) => !own.has(name)).map(({ name }) => name);
  const saved = plans.map(({ name, examples: [example] }) =>
    example === undefined ? name : `${name} ("${example}")`,
  );
  return [
    ...(known.length === 0 ? [] : [`Without a model I understand ${known.join(", ")}.`]),
    ...(saved.length === 0 ? [] : [`Saved plans: ${saved.join(", ")}.`]),
    ...(others.length === 0 ? [] : [`Tools, called as NAME KEY=VALUE: ${others.join(", ")}.`]),
    "For anything else set OPENAI_API_KEY, or PLAN_EXECUTE_MODEL=provider:name.",
  ].join("\n");
}

/** Says why a goal is not planned. */
export function tellRefusal(part: string, reason: string | undefined, request: PlanRequest): string {
  const shown = part.length > 200 ? `${part.slice(0, 200)}…` : part;
  return `I do not understand "${shown}", so nothing was done.${reason === undefined ? "" : ` ${reason}`}\n${tellAbilities(request)}`;
}
