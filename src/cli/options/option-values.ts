import { z } from "zod";
import { toMilliseconds } from "../../base/index.js";

/** The option of commander's name for it: `maxSteps` is `--max-steps`. */
export function flagOf(name: string): string {
  return `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** A sentence that names limits as code does, with the options of the command line instead. */
export function withFlags(text: string): string {
  return text.replaceAll(
    /\blimits\.(maxModelCalls|maxTokens|maxCostUsd|maxDurationMs)\b/g,
    (_, name: string) => flagOf(name),
  );
}

/** When a plan waits for a person: each asks more often than the one before. */
export const PLAN_APPROVALS = ["never", "once", "always"] as const;

/** A whole number from `least`. */
function whole(least: number) {
  const isWhole = (text: string) =>
    /^\d+$/.test(text) && Number.isSafeInteger(Number(text)) && Number(text) >= least;
  return z.string().refine(isWhole, `must be a whole number from ${least}`).transform(Number).optional();
}

function oneOf<const Values extends readonly string[]>(values: Values) {
  return z.enum(values, { error: `must be one of ${values.join(", ")}` }).optional();
}

const text = z
  .string()
  .refine((value) => value.trim() !== "", "must not be empty")
  .optional();

const texts = z.array(z.string().refine((value) => value.trim() !== "", "must not be empty")).default([]);

/** Names with commas between them. */
const names = z
  .string()
  .transform((list) => list.split(",").flatMap((name) => name.trim() || []))
  .refine((list) => list.length > 0, "must name at least one, with commas between them")
  .default([]);

const duration = z
  .string()
  .refine((value) => toMilliseconds(value) !== undefined, "must be a time such as 30m, 24h or 7d")
  .optional();

const dollars = z
  .string()
  .refine((value) => value.trim() !== "" && Number.isFinite(Number(value)) && Number(value) > 0, {
    error: "must be a number of dollars above 0",
  })
  .transform(Number)
  .optional();

const PRICE = /^(?<model>.+)=(?<input>\d+(\.\d+)?)\/(?<output>\d+(\.\d+)?)$/;

const prices = z
  .array(z.string().regex(PRICE, 'must look like "openai:gpt-4.1-mini=0.4/1.6"'))
  .transform((list) => Object.fromEntries(list.map(toPrice)))
  .optional();

function toPrice(price: string) {
  const { model = "", input, output } = PRICE.exec(price)?.groups ?? {};
  return [model, { inputPerMillion: Number(input), outputPerMillion: Number(output) }] as const;
}

/** An answer to what waits: JSON, or a bare word. */
const answer = z
  .string()
  .transform((value, check) => {
    if (value === "approve" || value === "reject") {
      return value;
    }
    try {
      const parsed: unknown = JSON.parse(value);
      return parsed;
    } catch (error) {
      if (!(error instanceof SyntaxError)) {
        throw error;
      }
      check.addIssue('must be approve, reject, or JSON such as {"decisions":[{"type":"approve"}]}');
      return z.NEVER;
    }
  })
  .optional();

/** What the options that hold for a thread must be, by commander's names for them. They are kept with it. */
export const threadOptionsSchema = z.strictObject({
  model: text,
  plannerModel: text,
  executorModel: text,
  replannerModel: text,
  answerModel: text,
  fallbackModels: names,
  price: prices,
  graph: text,
  root: text,
  allowHttp: names,
  maxSteps: whole(1),
  granularity: oneOf(["coarse", "balanced", "fine"]),
  concurrency: whole(1),
  maxReplans: whole(0),
  replanWhen: oneOf(["needed", "every-step"]),
  approvePlan: oneOf(PLAN_APPROVALS),
  approveTools: names,
  approvalExpiresAfter: duration,
  escalate: z.boolean().default(false),
  maxModelCalls: whole(1),
  maxTokens: whole(1),
  maxCostUsd: dollars,
  maxTurnSteps: whole(1),
  maxDurationMs: whole(1),
});

/** The options that hold for a thread, checked. */
export type ThreadOptions = z.infer<typeof threadOptionsSchema>;

/** What all options must be: those of a thread, and those of one call. */
export const optionValuesSchema = z.strictObject({
  ...threadOptionsSchema.shape,
  thread: text,
  resume: answer,
  steer: text,
  skip: texts,
  retry: texts,
  editPlan: z.boolean().default(false),
  forgetOptions: z.boolean().default(false),
  threads: z.boolean().default(false),
  deleteThread: text,
  deleteThreadsOlderThan: duration.transform((time) =>
    time === undefined ? undefined : toMilliseconds(time),
  ),
  checkpointer: text,
  json: z.boolean().default(false),
  quiet: z.boolean().default(false),
  events: z.boolean().default(false),
  color: z.boolean().default(true),
});

/** The options, checked. */
export type OptionValues = z.infer<typeof optionValuesSchema>;

/** Options of a thread as they are typed, by commander's names for them; no others are among them. */
export const typedOptionsSchema = z.partialRecord(
  threadOptionsSchema.keyof(),
  z.union([z.string(), z.literal(true), z.array(z.string())]),
);

/** Options of a thread as they are typed. */
export type TypedOptions = z.infer<typeof typedOptionsSchema>;
