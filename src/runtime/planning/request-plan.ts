import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { type AIMessage, type BaseMessage, isAIMessage } from "@langchain/core/messages";
import { withHandlers } from "../../langgraph/index.js";
import {
  callModel,
  fallBack,
  type ModelAttempt,
  ModelError,
  ModelLine,
  type ResolvedModel,
} from "../../models/index.js";
import {
  type Plan,
  type PlanIssue,
  planSchema,
  readPlan,
  rewireSplitSteps,
  type StepResult,
  validatePlan,
} from "../../plan/index.js";
import {
  PLAN_TOOL,
  type PlanMethod,
  RESPOND_DEFINITION,
  RESPOND_TOOL,
  toPlanTool,
  toRepairMessages,
  toWireSchema,
} from "../../prompts/index.js";
import type { UsageMeter } from "../../usage/index.js";
import { MAX_PLAN_REPAIRS, type NodeContext, type RoleSettings } from "../run/index.js";
import type { EarlySteps } from "./early-steps.js";
import { findFlood, PlanStream, tellable } from "./plan-stream.js";
import { withWordsOnly } from "./words-only.js";

/** Asks one role for a plan or an answer. */
export interface PlanRequest {
  readonly role: "planner" | "replanner";
  readonly settings: RoleSettings;
  readonly method: PlanMethod | "auto";
  readonly maxSteps: number;
  /** The steps of this turn that have ended: finished ones stay, and their ids are taken. */
  readonly pastSteps: readonly StepResult[];
  /** Ids that the new plan leaves out: what named them follows the steps that they were split into. */
  readonly replacedIds: readonly string[];
  readonly firstId: number;
  /** Reads the plan while it is written. */
  readonly early?: EarlySteps;
  /** The messages of the role, by the method that its model can do. */
  messages(method: PlanMethod): readonly BaseMessage[];
}

/** What the role answered. */
export type PlanAnswer = { readonly message: AIMessage } & (
  | { readonly kind: "plan"; readonly plan: Plan; readonly repairs: number }
  | Exclude<Understood, { kind: "plan" }>
);

/**
 * Asks for a plan, and sends what is wrong with it back, all of it at once, at most twice. A model that cannot mend
 * its plan gives way to the role's next one, which begins anew.
 */
export async function requestPlan(
  request: PlanRequest,
  context: NodeContext,
  meter: UsageMeter,
): Promise<PlanAnswer> {
  const { role, settings } = request;
  const models = new ModelLine(settings, context.services.resolveModel);
  let asked: ResolvedModel | undefined;
  let repairs = 0;
  let mending: BaseMessage[] = [];
  for (;;) {
    const { message, model } = await callModel(
      {
        role,
        models,
        messages: (resolved) => [
          ...request.messages(methodFor(resolved, request)),
          ...(resolved === asked ? mending : []),
        ],
        ask: (resolved, messages, attempt) =>
          createAsk(resolved.model, methodFor(resolved, request), request, context, attempt)(messages),
      },
      context.modelCalls,
      meter,
    );
    if (model !== asked) {
      asked = model;
      repairs = 0;
      mending = [];
    }
    const answer = understand(message, methodFor(model, request), request, context);
    if (answer.kind === "text") {
      return { message, ...answer };
    }
    if (answer.kind === "plan") {
      return { message, ...answer, repairs };
    }
    const issues = answer.issues.map((issue) => issue.message);
    context.emit({ type: "plan.invalid", attempt: repairs + 1, issues });
    if (repairs < MAX_PLAN_REPAIRS) {
      repairs++;
      mending = [...mending, ...toRepairMessages(message, issues)];
    } else if (models.hasNext) {
      const why = `The ${role}'s model ${model.name} gave no valid plan: ${issues.join(" ")}`;
      fallBack({ role, models }, new ModelError("MODEL_UNREADABLE", why), context);
    } else {
      return { message, ...answer };
    }
  }
}

/** How a model hands in its plan; throws where it cannot do what was chosen for it. */
function methodFor({ model }: ResolvedModel, { method, role }: PlanRequest): PlanMethod {
  if (method === "auto") {
    return bestMethod(model);
  }
  const cannot = model.bindTools === undefined;
  if (cannot && method === "tool") {
    throw new ModelError("MODEL_FAILED", `The ${role}'s model cannot call tools: set method to "text".`);
  }
  if (cannot && method === "json" && model.profile?.structuredOutput !== true) {
    throw new ModelError("MODEL_FAILED", `The ${role}'s model cannot give JSON: set method to "text".`);
  }
  return method;
}

/** What the model can do best: a tool call, JSON of a given schema, or text. */
export function bestMethod(model: BaseChatModel): PlanMethod {
  // A model that is wrapped (`withConfig`) is a runnable without a profile.
  const { toolCalling, structuredOutput } = model.profile ?? {};
  if (model.bindTools !== undefined && toolCalling !== false) {
    return "tool";
  }
  return structuredOutput === true ? "json" : "text";
}

function toReplySchema(hasPitfalls: boolean) {
  const { properties, ...schema } = toWireSchema({ isExplained: false, hasPitfalls });
  const reply = { type: ["string", "null"], description: "The answer in words, where no plan is needed." };
  return { ...schema, properties: { ...properties, reply } };
}

/** A fence before the JSON, and one after it. */
const FIRST_FENCE = /^```(?:json)?\s*\n/i;
const FENCE = "```";

type Ask = (messages: readonly BaseMessage[]) => Promise<AIMessage>;

function createAsk(
  model: BaseChatModel,
  method: PlanMethod,
  { role, early }: PlanRequest,
  context: NodeContext,
  { signal, handler }: ModelAttempt,
): Ask {
  // What was started for an earlier attempt is of another plan.
  early?.cancel();
  const { metadata } = context.config;
  const { pitfalls } = context.settings.planner;
  const callbacks = withWordsOnly(context.config.callbacks);
  const config = { callbacks: withHandlers(callbacks, [handler]), metadata, signal, runName: role };
  const hidden = { ...config, tags: ["nostream"] };
  switch (method) {
    case "tool": {
      const planTool = toPlanTool(pitfalls);
      const bound =
        model.bindTools?.(role === "planner" ? [planTool] : [planTool, RESPOND_DEFINITION]) ?? model;
      const streams =
        early === undefined ? [handler] : [handler, new PlanStream((piece) => early.read(piece))];
      const streamed = { ...config, callbacks: withHandlers(callbacks, streams) };
      return (messages) => bound.invoke([...messages], streamed);
    }
    case "json": {
      const structured = model.withStructuredOutput(toReplySchema(pitfalls), {
        name: PLAN_TOOL,
        method: "jsonSchema",
        includeRaw: true,
      });
      return async (messages) => {
        const { raw } = await structured.invoke([...messages], hidden);
        if (isAIMessage(raw)) {
          return raw;
        }
        throw new ModelError("MODEL_FAILED", `The ${role}'s model gave no message.`);
      };
    }
    case "text":
      return (messages) => model.invoke([...messages], hidden);
  }
}

type Understood =
  | { readonly kind: "plan"; readonly plan: Plan }
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "invalid"; readonly issues: readonly PlanIssue[] };

function understand(
  message: AIMessage,
  method: PlanMethod,
  request: PlanRequest,
  context: NodeContext,
): Understood {
  const call = message.tool_calls?.find(({ name }) => name === PLAN_TOOL);
  if (call !== undefined) {
    // Where a model has no JSON mode of its own, LangChain makes the JSON a call of a tool.
    const reply = method === "json" ? readReply(call.args) : undefined;
    if (reply !== undefined) {
      return { kind: "text", text: reply };
    }
    return check(call.args, request, context) ?? noPlanIn("the call");
  }
  const respond = message.tool_calls?.find(({ name }) => name === RESPOND_TOOL);
  if (respond !== undefined) {
    return readResponse(respond.args.answer);
  }
  const broken = message.invalid_tool_calls?.find(({ name }) => name === PLAN_TOOL);
  if (broken !== undefined) {
    const why = "The arguments of the call are no JSON: they may be cut off or wrongly quoted.";
    return check(broken.args, request, context) ?? invalid(why);
  }
  const [other] = message.tool_calls ?? [];
  if (other !== undefined) {
    return invalid(`"${other.name}" cannot be called here; call "${PLAN_TOOL}".`);
  }
  const { text } = message;
  if (method === "json") {
    const reply = readReply(parseJson(text));
    if (reply !== undefined) {
      return { kind: "text", text: reply };
    }
  }
  const planned = check(text, request, context);
  if (planned !== undefined) {
    return planned;
  }
  // A call that cannot be read, of a tool that is none of ours, comes without words.
  return text.trim() === "" ? noPlanIn("the answer, and no words") : { kind: "text", text };
}

function check(raw: unknown, request: PlanRequest, context: NodeContext): Understood | undefined {
  const { maxSteps, pastSteps, firstId, replacedIds } = request;
  const tools = context.services.registry.planTools();
  const read = readPlan(raw, { tools, firstId, pastIds: pastSteps.map(({ id }) => id) });
  if (!read.found) {
    return undefined;
  }
  const flood = findFlood(read.plan, maxSteps);
  if (flood !== undefined) {
    return { kind: "invalid", issues: [flood] };
  }
  const parsed = planSchema.safeParse(read.plan);
  if (!parsed.success) {
    const issues = validatePlan(read.plan, { tools, maxSteps, pastSteps });
    return issues.length > 0 ? { kind: "invalid", issues: tellable(issues) } : noPlanIn("what was sent");
  }
  const plan = { ...parsed.data, steps: rewireSplitSteps(parsed.data.steps, replacedIds) };
  const issues = validatePlan(plan, { tools, maxSteps, pastSteps });
  return issues.length > 0 ? { kind: "invalid", issues: tellable(issues) } : { kind: "plan", plan };
}

function noPlanIn(place: string): Understood {
  return invalid(`There is no plan in ${place}: send { "steps": [...] }.`);
}

function invalid(message: string): Understood {
  return { kind: "invalid", issues: [{ code: "malformed", message }] };
}

function readResponse(answer: unknown): Understood {
  const text = typeof answer === "string" ? answer : JSON.stringify(answer ?? "", null, 2);
  if (answer !== undefined && answer !== null && text.trim() !== "") {
    return { kind: "text", text };
  }
  return invalid(`The call of "${RESPOND_TOOL}" has no answer in it: send { "answer": "…" }.`);
}

/** The answer in words; a reply beside steps is a remark on the plan. */
function readReply(value: unknown): string | undefined {
  if (typeof value !== "object" || value === null || !("reply" in value)) {
    return undefined;
  }
  if ("steps" in value && Array.isArray(value.steps) && value.steps.length > 0) {
    return undefined;
  }
  return typeof value.reply === "string" && value.reply.trim() !== "" ? value.reply : undefined;
}

/** Taken off by hand at the end: a pattern would begin anew at each of a thousand empty lines. */
function withoutFences(text: string): string {
  const rest = text.replace(FIRST_FENCE, "");
  return rest.endsWith(FENCE) ? rest.slice(0, -FENCE.length) : rest;
}

function parseJson(text: string): unknown {
  try {
    const value: unknown = JSON.parse(withoutFences(text.trim()));
    return value;
  } catch (error) {
    if (error instanceof SyntaxError) {
      return undefined;
    }
    throw error;
  }
}
