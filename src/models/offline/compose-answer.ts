import { z } from "zod";
import type { JsonValue } from "../../base/index.js";
import { describeCall } from "../../plan/index.js";
import { readJsonLines } from "./tool-card.js";

const pastStepSchema = z.object({
  id: z.string(),
  description: z.string().optional().catch(undefined),
  tool: z.string().optional().catch(undefined),
  args: z.record(z.string(), z.json()).optional().catch(undefined),
  status: z.string().default("done"),
  output: z.json().optional(),
  error: z
    .object({ code: z.string().catch(""), message: z.string().catch("") })
    .optional()
    .catch(undefined),
});

/** A finished step, as the prompts tell it. */
export type PastStep = Omit<z.infer<typeof pastStepSchema>, "description"> & {
  /** Its call, where the plan says nothing else of it. */
  readonly description: string;
};

const LONGEST_LINE = 400;

/** The steps of a `past_steps` section; lines that are none are passed over. */
export function readPastSteps(section: string): PastStep[] {
  return readJsonLines(section).flatMap((value) => {
    const step = pastStepSchema.safeParse(value);
    if (!step.success) {
      return [];
    }
    const { description = describeCall(step.data.tool, step.data.args) ?? "", ...others } = step.data;
    return [{ ...others, description }];
  });
}

/** The answer to a goal out of its finished steps: what was found, what it was worked out from, what failed and why. */
export function composeAnswer(steps: readonly PastStep[], realModel: string): string {
  const done = steps.filter((step) => step.status === "done");
  const failed = steps.filter((step) => !["done", "skipped"].includes(step.status));
  const skipped = steps.filter((step) => step.status === "skipped");
  const found = done.filter((step, at) => !isUsed(step, steps.slice(at + 1)));
  const between = done.filter((step) => !found.includes(step) && !isReading(step));
  const parts = [
    found.length === 1 && found[0] !== undefined
      ? toLine(found[0])
      : found.map((step) => `- ${toLine(step)}`).join("\n"),
    between.length === 0 ? "" : `Worked out from: ${between.map(toLine).join("; ")}.`,
    failed.map((step) => `Not done: ${step.description}. ${whyNot(step)}`).join("\n"),
    skipped.length === 0 ? "" : `Left out: ${skipped.map((step) => step.description).join("; ")}.`,
    failed.length === 0 ? "" : realModel,
  ];
  const text = parts.filter((part) => part !== "").join("\n\n");
  return text === "" ? `No step was done, so there is nothing to answer with. ${realModel}` : text;
}

function whyNot({ status, error }: PastStep): string {
  const reason = error?.message ?? "";
  if (reason !== "") {
    return /[.!?]$/.test(reason) ? reason : `${reason}.`;
  }
  return status === "rejected" ? "It was rejected." : `The step is ${status}.`;
}

/** Whether what a step gave is found in the arguments of a later one, so that it is no result of its own. */
function isUsed(step: PastStep, later: readonly PastStep[]): boolean {
  if (step.tool === "write_file") {
    return false;
  }
  const given = valuesOf(step.output ?? null);
  return later.some((other) =>
    valuesOf(other.args ?? null).some((used) => given.some((value) => holds(used, value))),
  );
}

function holds(text: string, value: string): boolean {
  if (value === "") {
    return false;
  }
  const at = text.indexOf(value);
  return at >= 0 && !/[\d.]/.test(text.charAt(at - 1)) && !/\d/.test(text.charAt(at + value.length));
}

function valuesOf(value: JsonValue): string[] {
  if (Array.isArray(value)) {
    return value.flatMap(valuesOf);
  }
  if (typeof value === "object" && value !== null) {
    return Object.values(value).flatMap(valuesOf);
  }
  return value === null ? [] : [String(value)];
}

function isReading(step: PastStep): boolean {
  return step.tool === "read_file" || step.tool === "list_files";
}

function toLine(step: PastStep): string {
  if (step.tool === "write_file") {
    const content = String(step.args?.content ?? "");
    const what =
      content.length > LONGEST_LINE || content.includes("\n") ? `${content.length} characters` : content;
    return `Wrote ${what} to ${String(step.args?.path ?? "the file")}.`;
  }
  const said = step.description.charAt(0).toUpperCase() + step.description.slice(1);
  const value = toText(countsOf(step) ?? timeOf(step) ?? step.output ?? null);
  const mark = /^(?:what|how|which|who|when|where|is|are|do|does)\b/i.test(said) ? "?" : ":";
  return value.includes("\n") || value.startsWith("- ")
    ? `${said}${mark}\n${value}`
    : `${said}${mark} ${value}`;
}

/** Of a text's figures those that the step was for. */
function countsOf({ tool, description, output }: PastStep): JsonValue | undefined {
  if (tool !== "text_stats" || typeof output !== "object" || output === null || Array.isArray(output)) {
    return undefined;
  }
  const asked = Object.entries(output).filter(([unit]) => description.includes(unit));
  return asked.length === 1 ? asked[0]?.[1] : asked.length === 0 ? undefined : Object.fromEntries(asked);
}

function timeOf({ tool, output }: PastStep): string | undefined {
  if (tool !== "current_time" || typeof output !== "object" || output === null || Array.isArray(output)) {
    return undefined;
  }
  return `${output.weekday}, ${output.date}, ${output.time} (${output.timezone})`;
}

/** An output as people read it: the one value of a table, its rows as lines, the figures of a record side by side. */
export function toText(output: JsonValue): string {
  if (Array.isArray(output)) {
    return output.length === 0 ? "nothing" : output.map((entry) => `- ${toText(entry)}`).join("\n");
  }
  if (typeof output !== "object" || output === null) {
    return output === null ? "nothing" : String(output);
  }
  if ("value" in output && output.value !== undefined) {
    return toText(output.value);
  }
  if (Array.isArray(output.rows)) {
    const [row, ...more] = output.rows;
    return row !== undefined && more.length === 0 ? toText(row) : toText(output.rows);
  }
  return Object.entries(output)
    .map(([key, value]) => `${key}: ${typeof value === "object" ? JSON.stringify(value) : String(value)}`)
    .join(", ");
}
