// The kinds of values that options have, and how each is checked.
import type { AgentMiddleware } from "langchain";
import { z } from "zod";
import { type Duration, type JsonValue, toMilliseconds } from "../base/index.js";
import type { ModelSpec } from "../models/index.js";
import type {
  ApprovalRule,
  ApprovalTools,
  PlanApproval,
  ReplanWhen,
  Requester,
  WaitingNotice,
} from "../policy/index.js";
import { type Prices, priceSchema } from "../usage/index.js";

/** A call of a tool whose output is checked. */
export interface CheckedCall {
  readonly tool: string;
  readonly args: Record<string, JsonValue>;
}

/**
 * Judges an output: `not-empty` wants something in it, `no-error-text` wants no error that came as text, a
 * function returns what is wrong with it or undefined.
 */
export type OutputCheck =
  | "not-empty"
  | "no-error-text"
  | ((
      output: JsonValue,
      call: CheckedCall,
      requester: Requester,
    ) => string | undefined | Promise<string | undefined>);

/**
 * Tells somebody that a run waits for a person: the address of a webhook, which gets the notice as JSON by POST, or a
 * function.
 */
export type OnWaiting =
  | string
  | ((notice: WaitingNotice, options: { readonly signal: AbortSignal }) => unknown);

/** A value that is passed on as it is: its own maker checks it. */
function given<Value>(isIt: (value: unknown) => boolean, what: string) {
  return z.custom<Value>(isIt, `must be ${what}`);
}

const isObject = (value: unknown): value is object => typeof value === "object" && value !== null;
const isFunction = (value: unknown) => typeof value === "function";
const isChatModel = (value: unknown) => isObject(value) && "invoke" in value && isFunction(value.invoke);

/** `fetch` takes no address with credentials in it. */
function isWebhook(value: unknown): boolean {
  if (typeof value !== "string" || !URL.canParse(value)) {
    return false;
  }
  const { protocol, username, password } = new URL(value);
  return /^https?:$/.test(protocol) && username === "" && password === "";
}

/** A function, checked no further. */
export function aFunction<Value>() {
  return given<Value>(isFunction, "a function");
}

/** An instance of somebody else's class. */
export function anInstance<Value>(what: string) {
  return given<Value>(isObject, what);
}

export const COUNT = z.int().min(0);
export const POSITIVE = z.int().min(1);

/** What a timer can hold: a longer one would fire at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;
export const WAIT_MS = z.number().min(0).max(LONGEST_TIMER_MS);
export const TIMEOUT_MS = z.number().positive().max(LONGEST_TIMER_MS);

export const CHAT_MODEL = given<Exclude<ModelSpec, string>>(isChatModel, "a chat model");
export const MODEL: z.ZodType<ModelSpec, ModelSpec> = z.union([z.string().min(1), CHAT_MODEL], {
  error: 'must be a chat model, "provider:name", "offline", or a name among models',
});
export const MODELS: z.ZodType<readonly ModelSpec[], readonly ModelSpec[]> = z.array(MODEL);
/** Each is checked with its hooks and tools, when the agent is built (`agent/check-middleware.ts`). */
export const MIDDLEWARE: z.ZodType<readonly AgentMiddleware[], readonly AgentMiddleware[]> = z.array(
  z.custom<AgentMiddleware>(),
);
/** A model as it is written outside the code. */
export const MODEL_NAME = z.string().min(1);
/** Names as they are written outside the code. */
export const WRITTEN_NAMES = z.array(z.string());
export const NAMES: z.ZodType<readonly string[], readonly string[]> = WRITTEN_NAMES;

const WHEN_NAMES = z.enum(["needed", "every-step"]);
/** When to replan, as it is written outside the code. */
export const WRITTEN_WHEN = WHEN_NAMES;
export const WHEN: z.ZodType<ReplanWhen, ReplanWhen> = z.union([WHEN_NAMES, aFunction<never>()]);

/** A length of time. */
export const DURATION: z.ZodType<Duration, Duration> = z
  .union([z.number(), z.string()])
  .refine((time) => toMilliseconds(time) !== undefined, {
    error: 'must be milliseconds, or a text such as "30m", "24h" or "7d"; above zero, at most ten years',
  });
/** A length of time as it is written outside the code. */
export const WRITTEN_DURATION = z.string().refine((text) => toMilliseconds(text) !== undefined, {
  error: 'must be a text such as "30m", "24h" or "7d"; above zero, at most ten years',
});

const CHECK: z.ZodType<OutputCheck, OutputCheck> = z.union([
  z.enum(["not-empty", "no-error-text"]),
  aFunction<never>(),
]);
/** Checks by the tool's name. */
export type OutputChecks = Readonly<Record<string, OutputCheck | readonly OutputCheck[]>>;
export const OUTPUT_CHECKS: z.ZodType<OutputChecks, OutputChecks> = z.record(
  z.string(),
  z.union([CHECK, z.array(CHECK)]),
);

const RULE: z.ZodType<ApprovalRule, ApprovalRule> = z.strictObject({
  allowedDecisions: z
    .array(z.enum(["approve", "edit", "reject"]))
    .min(1)
    .optional(),
  description: z.union([z.string(), aFunction<never>()]).optional(),
  when: aFunction<ApprovalRule["when"]>().optional(),
  refuse: aFunction<ApprovalRule["refuse"]>().optional(),
});
export const APPROVAL_TOOLS: z.ZodType<ApprovalTools, ApprovalTools> = z.record(
  z.string(),
  z.union([z.boolean(), RULE]),
);
export const PLAN_APPROVAL: z.ZodType<PlanApproval, PlanApproval> = z.union([
  z.boolean(),
  z.literal("always"),
  aFunction<never>(),
]);
/** When plans wait, as it is written outside the code: each asks more often than the one before. */
export const PLAN_APPROVALS = ["never", "once", "always"] as const;

export const ON_WAITING: z.ZodType<OnWaiting, OnWaiting> = z.union(
  [given<string>(isWebhook, "a function, or a webhook's address"), aFunction<never>()],
  { error: "must be a function, or an http or https address without a user name and a password" },
);

export const PRICES: z.ZodType<Prices, Prices> = z.record(z.string(), z.strictObject(priceSchema.shape));
