import { z } from "zod";
import { toMilliseconds } from "../../base/index.js";
import { FLAG_FIELDS, type FlagValues, type PlacedField } from "../../options/index.js";

/** Converts commander's name of an option to its flag: `maxSteps` becomes `--max-steps`. */
export function flagOf(name: string): string {
  return `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** Rewrites a sentence that names limits as in code, so that it names the flags of the command line. */
export function withFlags(text: string): string {
  return FLAG_FIELDS.reduce(
    (said, { path, name }) =>
      path[0] === "limits"
        ? said.replaceAll(new RegExp(`\\b${path.join("\\.")}\\b`, "g"), flagOf(name))
        : said,
    text,
  );
}

/** Creates the schema of a whole number that is at least `least`. */
function whole(least: number) {
  const isWhole = (text: string) =>
    /^\d+$/.test(text) && Number.isSafeInteger(Number(text)) && Number(text) >= least;
  return z.string().refine(isWhole, `must be a whole number from ${least}`).transform(Number).optional();
}

function oneOf<Value extends string>(values: readonly Value[]) {
  return z.enum(values, { error: `must be one of ${values.join(", ")}` }).optional();
}

const text = z
  .string()
  .refine((value) => value.trim() !== "", "must not be empty")
  .optional();

const texts = z.array(z.string().refine((value) => value.trim() !== "", "must not be empty")).default([]);

/** A list of names with commas between them. */
const names = z
  .string()
  .transform((list) => list.split(",").flatMap((name) => name.trim() || []))
  .refine((list) => list.length > 0, "must name at least one, with commas between them")
  .default([]);

const duration = z
  .string()
  .refine((value) => toMilliseconds(value) !== undefined, "must be a time such as 30m, 24h or 7d")
  .optional();

const moment = z
  .string()
  .refine((value) => !Number.isNaN(Date.parse(value)), "must be a time such as 2026-12-01T09:00Z")
  .transform((value) => new Date(value))
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

/** Words for all that waits, and what they mean. */
const DECISIONS: ReadonlyMap<string, "approve" | "reject"> = new Map([
  ["approve", "approve"],
  ["true", "approve"],
  ["reject", "reject"],
  ["false", "reject"],
]);
/** Values by key. What a value means is decided by the parameter. */
const values = z
  .array(z.string().regex(/^[^=]+=/, "must look like month=2026-11"))
  .transform((list) => {
    const pairs = list.map(
      (pair) => [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)] as const,
    );
    return Object.fromEntries<string>(pairs);
  })
  .default({});

/** An answer to what waits: `approve`, `reject` or JSON. */
const answer = z
  .string()
  .transform((value, check) => {
    const decision = DECISIONS.get(value.trim().toLowerCase());
    if (decision !== undefined) {
      return decision;
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

const jsonTypeSchema = z.looseObject({
  type: z.string().optional(),
  minimum: z.number().optional(),
  enum: z.array(z.string()).optional(),
});

/** Readers by the argument in the help, for arguments whose form does not follow from the option's type. */
const READERS: Readonly<Record<string, z.ZodType>> = {
  "<time>": duration,
  "<dollars>": dollars,
  "<model=in/out>": prices,
};

/** Creates the schema that reads an option of the agent from what the user typed. */
function readerOf({ name, type: written, flag }: PlacedField): z.ZodType {
  const special = READERS[flag?.argument ?? ""];
  if (special !== undefined) {
    return special;
  }
  const { type, minimum, enum: values } = jsonTypeSchema.parse(z.toJSONSchema(written));
  if (values !== undefined) {
    return oneOf(values);
  }
  switch (type) {
    case "integer":
      return whole(minimum ?? 0);
    case "boolean":
      return z.boolean().default(false);
    case "array":
      return names;
    case "string":
      return text;
    default:
      throw new Error(`${flagOf(name)} is of a type that the command line cannot read: say how in READERS.`);
  }
}

/** Whether a flag may be given more than once. */
export function isRepeated({ flag }: PlacedField): boolean {
  return flag?.argument === "<model=in/out>";
}

/** The readers of all the agent's options that have a flag. */
type FlagReaders = { readonly [Name in keyof FlagValues]-?: z.ZodType<FlagValues[Name]> };

const FLAG_READERS = Object.fromEntries(
  FLAG_FIELDS.map((field) => [field.name, readerOf(field)]),
) as FlagReaders;

/** The schema of the options of a thread, by commander's names for them. They are kept with the thread. */
export const threadOptionsSchema = z.strictObject({
  ...FLAG_READERS,
  graph: text,
  root: text,
  allowHttp: names,
  plans: text,
});

/** The options of a thread, checked. */
export type ThreadOptions = z.infer<typeof threadOptionsSchema>;

/** The shells that the command can be completed in. */
export const SHELLS = ["bash", "zsh", "fish"] as const;

/** What can be done with an audit log. */
const AUDIT_WORK = ["verify", "show"] as const;

/** How an MCP client may bring answers to what waits: by forms that a person fills in, or by a tool's arguments too. */
const ANSWER_WAYS = ["elicitation", "resume"] as const;

/** The schema of all options: those of a thread, and those of one call. */
export const optionValuesSchema = z.strictObject({
  ...threadOptionsSchema.shape,
  plan: text,
  with: values,
  thread: text,
  resume: answer,
  steer: text,
  skip: texts,
  retry: texts,
  giveUp: z.boolean().default(false),
  editPlan: z.boolean().default(false),
  yes: z.boolean().default(false),
  forgetOptions: z.boolean().default(false),
  threads: z.boolean().default(false),
  show: text,
  report: text,
  against: text,
  follow: z.boolean().default(false),
  out: text,
  serve: z.boolean().default(false),
  port: whole(0),
  worker: z.array(z.string()).optional(),
  tenantRuns: whole(1),
  drain: duration,
  enqueue: text,
  migrate: z.boolean().default(false),
  print: z.boolean().default(false),
  tenant: text,
  priority: whole(0),
  at: moment,
  cron: text,
  mcp: z.boolean().default(false),
  http: z.boolean().default(false),
  answers: oneOf(ANSWER_WAYS),
  audit: oneOf(AUDIT_WORK),
  auditPath: text,
  init: text,
  completion: oneOf(SHELLS),
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

/** All options, checked. */
export type OptionValues = z.infer<typeof optionValuesSchema>;

/** The schema of a thread's options as they were typed, by commander's names for them. It allows no other options. */
export const typedOptionsSchema = z.partialRecord(
  threadOptionsSchema.keyof(),
  z.union([z.string(), z.literal(true), z.array(z.string())]),
);

/** The options of a thread as they were typed. */
export type TypedOptions = z.infer<typeof typedOptionsSchema>;
