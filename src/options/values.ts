// The kinds of values that options have, and how to check each.
import type { EmbeddingsInterface } from "@langchain/core/embeddings";
import type { BaseCheckpointSaver, BaseStore, StateGraph } from "@langchain/langgraph";
import type { AgentMiddleware } from "langchain";
import { z } from "zod";
import { type Duration, type JsonValue, LONGEST_TIMER_MS, toMilliseconds } from "../base/index.js";
import type { EventSink } from "../events/index.js";
import { isSaver } from "../langgraph/index.js";
import type { ModelSpec } from "../models/index.js";
import { isZodObject, type SavedPlan } from "../plan/index.js";
import type {
  ApprovalRule,
  ApprovalTools,
  PlanApproval,
  ReplanWhen,
  Requester,
  WaitingNotice,
} from "../policy/index.js";
import type { AgentTool } from "../tools/index.js";
import { type Budget, type Prices, priceSchema } from "../usage/index.js";

/** The tool call whose output is checked. */
export interface CheckedCall {
  readonly tool: string;
  readonly args: Record<string, JsonValue>;
}

/**
 * A check of a tool's output. `not-empty` refuses an empty output, `no-error-text` refuses an error that came as text,
 * and a function returns what is wrong with the output, or undefined.
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
 * Who to notify when a run waits for a person: the address of a webhook, which gets the notice as JSON by POST, or a
 * function.
 */
export type OnWaiting =
  | string
  | ((notice: WaitingNotice, options: { readonly signal: AbortSignal }) => unknown);

/** A time zone by its IANA name. */
export const TIMEZONE = z.string().refine(
  (name) => {
    try {
      return Boolean(new Intl.DateTimeFormat("en", { timeZone: name }));
    } catch {
      return false;
    }
  },
  { message: 'must be a time zone such as "Europe/Berlin"' },
);

/**
 * Marks what only code can give, in the metadata of its schema. In an agent's file such a value comes from a module, and
 * the file's JSON Schema says so.
 */
export const FROM_CODE = { fromCode: true };

/** Creates the schema of a value that is passed on as it is. Its own library checks the details. */
function given<Value>(isIt: (value: unknown) => boolean, what: string) {
  return z.custom<Value>(isIt, `must be ${what}`).meta(FROM_CODE);
}

const isObject = (value: unknown): value is object => typeof value === "object" && value !== null;
const isFunction = (value: unknown) => typeof value === "function";
const isChatModel = (value: unknown) => isObject(value) && "invoke" in value && isFunction(value.invoke);

/** Whether a value can be a webhook's address. `fetch` refuses addresses with credentials in them. */
function isWebhook(value: unknown): boolean {
  if (typeof value !== "string" || !URL.canParse(value)) {
    return false;
  }
  const { protocol, username, password } = new URL(value);
  return /^https?:$/.test(protocol) && username === "" && password === "";
}

/** The fields that an agent adds to a run's context. */
export const OWN_FIELDS: z.ZodType<z.ZodObject, z.ZodObject> = given<z.ZodObject>(
  isZodObject,
  "a zod object, such as z.object({ tenant: z.string() })",
);

/** Creates the schema of a function. It does not check the signature. */
export function aFunction<Value>() {
  return given<Value>(isFunction, "a function");
}

/** The schema of the sinks of events. */
export const SINKS: z.ZodType<readonly EventSink[], readonly EventSink[]> = z.array(
  given<EventSink>(
    (value) => isObject(value) && "write" in value && isFunction(value.write),
    "a sink: { write(event) }, such as what createAuditLog gives",
  ),
);

/** Creates the schema of an instance of another package's class. */
function anInstance<Value>(what: string) {
  return given<Value>(isObject, what);
}

/**
 * Creates the schema of a checkpointer or a store. Its message says what to write where somebody gave the URL, or did
 * not wait for what opens it. It never shows the URL, which may hold a password.
 */
function opened<Value>(isIt: (value: unknown) => boolean, what: string, opener: string, from = "url") {
  return z.custom<Value>(isIt, {
    error: ({ input }) => {
      if (typeof input === "string") {
        return `is a text; open ${from === "url" ? "a URL" : "the folder"} first: await ${opener}(${from})`;
      }
      return isObject(input) && "then" in input
        ? `is a promise; wait for it: await ${opener}(${from})`
        : `must be ${what}, such as await ${opener}(${from}) gives`;
    },
  });
}

const isStore = (value: unknown) => isObject(value) && "batch" in value && "put" in value;

export const CHECKPOINTER = opened<BaseCheckpointSaver | boolean>(
  (value) => typeof value === "boolean" || isSaver(value),
  "a checkpointer",
  "createCheckpointer",
);
export const STORE = opened<BaseStore>(isStore, "a store", "createStore");

export const RESPONSE_FORMAT = given<z.ZodType>(isZodObject, "a zod object, such as z.object({ … })");

/** By its form, because it may come from another copy of LangChain. */
export const EMBEDDINGS = given<EmbeddingsInterface>(
  (value) =>
    isObject(value) && ["embedQuery", "embedDocuments"].every((name) => isFunction(Reflect.get(value, name))),
  "LangChain embeddings, such as new OpenAIEmbeddings()",
);

export const COUNT = z.int().min(0);
export const POSITIVE = z.int().min(1);

export const WAIT_MS = z.number().min(0).max(LONGEST_TIMER_MS);
export const TIMEOUT_MS = z.number().positive().max(LONGEST_TIMER_MS);

export const CHAT_MODEL = given<Exclude<ModelSpec, string>>(isChatModel, "a chat model");
export const MODEL: z.ZodType<ModelSpec, ModelSpec> = z.union([z.string().min(1), CHAT_MODEL], {
  error: 'must be a chat model, "provider:name", "offline", or a name among models',
});
export const MODELS: z.ZodType<readonly ModelSpec[], readonly ModelSpec[]> = z.array(MODEL);
/**
 * Only a list here. `agent/check-middleware.ts` checks each middleware, its hooks and its tools when the agent is
 * built.
 */
export const MIDDLEWARE: z.ZodType<readonly AgentMiddleware[], readonly AgentMiddleware[]> = z.array(
  z.custom<AgentMiddleware>().meta(FROM_CODE),
);
/** The written form of a model. */
export const MODEL_NAME = z.string().min(1);
/** The written form of a list of names. */
export const WRITTEN_NAMES = z.array(z.string());
export const NAMES: z.ZodType<readonly string[], readonly string[]> = WRITTEN_NAMES;

/** The written form of when to replan. */
export const WRITTEN_WHEN = z.enum(["needed", "every-step"]);
export const WHEN: z.ZodType<ReplanWhen, ReplanWhen> = z.union([WRITTEN_WHEN, aFunction<never>()]);

export const DURATION: z.ZodType<Duration, Duration> = z
  .union([z.number(), z.string()])
  .refine((time) => toMilliseconds(time) !== undefined, {
    error: 'must be milliseconds, or a text such as "30m", "24h" or "7d"; above zero, at most ten years',
  });
/** The written form of a length of time. */
export const WRITTEN_DURATION = z.string().refine((text) => toMilliseconds(text) !== undefined, {
  error: 'must be a text such as "30m", "24h" or "7d"; above zero, at most ten years',
});

const CHECK: z.ZodType<OutputCheck, OutputCheck> = z.union([
  z.enum(["not-empty", "no-error-text"]),
  aFunction<never>(),
]);
/** The checks of outputs, by the tool's name. */
export type OutputChecks = Readonly<Record<string, OutputCheck | readonly OutputCheck[]>>;
export const OUTPUT_CHECKS: z.ZodType<OutputChecks, OutputChecks> = z.record(
  z.string(),
  z.union([CHECK, z.array(CHECK)]),
);

/** A cache for `compile`. LangGraph does not export its type. */
type GraphCache = NonNullable<NonNullable<Parameters<StateGraph<object>["compile"]>[0]>["cache"]>;
export const CACHE = anInstance<GraphCache>("a cache");

export const TOOLS: z.ZodType<readonly AgentTool[], readonly AgentTool[]> = z.array(z.custom<AgentTool>());
export const PLAN_VIEW = z.enum(["text", "card"]);
export const UNDO = z.enum(["never", "onFailure", "onFailureOrCancel"]);

const RULE: z.ZodType<ApprovalRule, ApprovalRule> = z.strictObject({
  allowedDecisions: z
    .array(z.enum(["approve", "edit", "reject"]))
    .min(1)
    .optional(),
  description: z.union([z.string(), aFunction<never>()]).optional(),
  when: aFunction<ApprovalRule["when"]>().optional(),
  refuse: aFunction<ApprovalRule["refuse"]>().optional(),
});
/** The tools whose calls wait: each by its name, or all that may destroy something. */
export type HeldTools = ApprovalTools | "destructive";
export const APPROVAL_TOOLS: z.ZodType<HeldTools, HeldTools> = z.union([
  z.literal("destructive"),
  z.record(z.string(), z.union([z.boolean(), RULE])),
]);
export const PLAN_APPROVAL: z.ZodType<PlanApproval, PlanApproval> = z.union(
  [z.boolean(), z.literal("always"), aFunction<never>()],
  { error: 'must be true (once), false (never), "always", or a function' },
);
/** The written forms of when plans wait. Each asks more often than the one before it. */
export const PLAN_APPROVALS = ["never", "once", "always"] as const;

export const ON_WAITING: z.ZodType<OnWaiting, OnWaiting> = z.union(
  [given<string>(isWebhook, "a function, or a webhook's address"), aFunction<never>()],
  { error: "must be a function, or an http or https address without a user name and a password" },
);

/** By its form, because the budget may come from another copy of this package. */
export const BUDGET = given<Budget>(
  (value) => isObject(value) && "limits" in value && "refuse" in value,
  "a budget, such as createBudget({ maxCostUsd: 5 }) gives",
);

export const PRICES: z.ZodType<Prices, Prices> = z.record(z.string(), z.strictObject(priceSchema.shape));

/** Creates the schema of data that somebody else checks. */
function anObject<Value>(what: string) {
  return z.custom<Value>(isObject, `must be ${what}`).meta({ type: "object" });
}

/** Only its form. `prepare-plans.ts` checks the plans against the tools when the agent is built. */
export const PLAN: z.ZodType<SavedPlan, SavedPlan> = z.strictObject({
  name: z.string().regex(/^[\p{L}\p{N}][\p{L}\p{N}_.-]{0,63}$/u, {
    error: "must be a short name without blanks, such as monthly-report",
  }),
  description: z.string().min(1),
  parameters: anObject<NonNullable<SavedPlan["parameters"]>>(
    "a zod object, or JSON Schemas by name",
  ).optional(),
  examples: z.array(z.string()).optional(),
  steps: z.array(anObject<SavedPlan["steps"][number]>("a step")),
  answer: z.string().optional(),
});
export const PLANS: z.ZodType<readonly SavedPlan[], readonly SavedPlan[]> = z.array(PLAN);

/** What a working folder says, as `loadProject` gives it. */
export interface Project {
  /** What planner and replanner are told of it. */
  readonly instructions: string;
  /** The tool with which steps read its text. */
  readonly tools: readonly AgentTool[];
  /** The saved plans of its skills. */
  readonly plans: readonly SavedPlan[];
  /** What was left out, and why. */
  readonly warnings: readonly string[];
}

/** By its form, because it may come from another copy of this package. */
export const PROJECT = opened<Project>(
  (value) => isObject(value) && "instructions" in value && "tools" in value && "plans" in value,
  "a project",
  "loadProject",
  "folder",
);
