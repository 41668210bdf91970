import { z } from "zod";
import { toMilliseconds } from "../policy/index.js";
import { limitsSchema, priceSchema } from "../usage/index.js";

/** A value that is passed on as it is: its own maker checks it. */
const given = <T>(isIt: (value: unknown) => boolean, what: string) => z.custom<T>(isIt, `must be ${what}`);
const isObject = (value: unknown): value is object => typeof value === "object" && value !== null;
const isFunction = (value: unknown) => typeof value === "function";
const isChatModel = (value: unknown) => isObject(value) && "invoke" in value && isFunction(value.invoke);
/** `fetch` takes no address with credentials in it. */
const isWebhook = (value: unknown) => {
  if (typeof value !== "string" || !URL.canParse(value)) return false;
  const { protocol, username, password } = new URL(value);
  return /^https?:$/.test(protocol) && username === "" && password === "";
};

const count = z.int().min(0);
const positive = z.int().min(1);
/** What a timer can hold: a longer one would fire at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;
const wait = z.number().min(0).max(LONGEST_TIMER_MS);
const duration = z.number().positive().max(LONGEST_TIMER_MS);

const modelSchema = z.union([z.string().min(1), given(isChatModel, "a chat model")], {
  error: 'must be a chat model, "provider:name", "offline", or a name among models',
});
const role = {
  model: modelSchema.optional(),
  fallbacks: z.array(modelSchema).optional(),
  reasoningEffort: z.enum(["minimal", "low", "medium", "high"]).optional(),
  instructions: z.string().optional(),
};

const decisions = z.array(z.enum(["approve", "edit", "reject"])).min(1);
const approvalRuleSchema = z.strictObject({
  allowedDecisions: decisions.optional(),
  description: z.union([z.string(), given(isFunction, "a function")]).optional(),
  when: given(isFunction, "a function").optional(),
  refuse: given(isFunction, "a function").optional(),
});
const outputCheck = z.union([z.enum(["not-empty", "no-error-text"]), given(isFunction, "a function")]);

/** A length of time as an option or a run's context gives it. */
export const durationSchema = z
  .union([z.number(), z.string()])
  .refine((given) => toMilliseconds(given) !== undefined, {
    error: 'must be milliseconds, or a text such as "30m", "24h" or "7d"; above zero, at most ten years',
  });

/** What options must look like; an option that is not here is refused by its name. */
export const optionsSchema = z.strictObject({
  model: modelSchema.optional(),
  fallbacks: z.array(modelSchema).optional(),
  modelTimeoutMs: duration.optional(),
  models: z.record(z.string(), given(isChatModel, "a chat model")).optional(),
  tools: z.array(z.unknown()).optional(),
  planner: z
    .strictObject({
      ...role,
      method: z.enum(["auto", "tool", "json", "text"]).optional(),
      granularity: z.enum(["coarse", "balanced", "fine"]).optional(),
      maxSteps: positive.optional(),
      pitfalls: z.boolean().optional(),
      actEarly: z.boolean().optional(),
    })
    .optional(),
  executor: z
    .strictObject({
      ...role,
      maxToolRounds: positive.optional(),
      concurrency: positive.optional(),
      order: z.enum(["longest-first", "sequential"]).optional(),
      stepTimeoutMs: duration.optional(),
      retry: z
        .strictObject({
          maxAttempts: positive.optional(),
          baseMs: wait.optional(),
          maxMs: wait.optional(),
        })
        .optional(),
      commitAfterMs: duration.optional(),
      checkOutput: z.record(z.string(), z.union([outputCheck, z.array(outputCheck)])).optional(),
      readOnlyTools: z.array(z.string()).optional(),
    })
    .optional(),
  replanner: z
    .strictObject({
      ...role,
      when: z.union([z.enum(["needed", "every-step"]), given(isFunction, "a function")]).optional(),
      maxReplans: count.optional(),
    })
    .optional(),
  answer: z.strictObject(role).optional(),
  approval: z
    .strictObject({
      plan: z.union([z.boolean(), z.literal("always"), given(isFunction, "a function")]).optional(),
      tools: z.record(z.string(), z.union([z.boolean(), approvalRuleSchema])).optional(),
      expiresAfter: durationSchema.optional(),
      requireRequestId: z.boolean().optional(),
      escalate: z.boolean().optional(),
      onWaiting: z
        .union([given(isWebhook, "a function, or a webhook's address"), given(isFunction, "a function")], {
          error: "must be a function, or an http or https address without a user name and a password",
        })
        .optional(),
    })
    .optional(),
  limits: z.strictObject(limitsSchema.shape).optional(),
  prices: z.record(z.string(), z.strictObject(priceSchema.shape)).optional(),
  onEvent: given(isFunction, "a function").optional(),
  checkpointer: z.union([z.boolean(), given(isObject, "a checkpointer")]).optional(),
  store: given(isObject, "a store").optional(),
  cache: given(isObject, "a cache").optional(),
  offline: z.strictObject({ playbook: given(isFunction, "a function").optional() }).optional(),
  contextKeys: z.array(z.string()).optional(),
  experimental: z.strictObject({ deltaMessages: z.boolean().optional() }).optional(),
});
