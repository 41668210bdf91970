import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { type AIMessage, type BaseMessage, isAIMessage } from "@langchain/core/messages";
import { withHandlers } from "../../langgraph/index.js";
import {
  callModel,
  fallBack,
  type ModelAttempt,
  ModelError,
  ModelLine,
  marksIn,
  type ResolvedModel,
} from "../../models/index.js";
import {
  FIND_DEFINITION,
  FIND_TOOL,
  NO_MORE_SEARCHES,
  PLAN_TOOL,
  type PlanExtras,
  type PlanMethod,
  type PlanReply,
  RESPOND_DEFINITION,
  RESPOND_TOOL,
  toPlanTool,
  toWireSchema,
} from "../../prompts/index.js";
import type { UsageMeter } from "../../usage/index.js";
import type { NodeContext, RoleSettings } from "../run/index.js";
import { answerCallbacks } from "./answer-only.js";
import { askForPlan, type PlanTry } from "./ask-for-plan.js";
import { beginMending, type Mending, maySearch, mendAgain, PlanStream, searchOn } from "./asking/index.js";
import type { EarlySteps } from "./early-steps.js";
import { invalid, type PlanAnswer, type PlanFrame, readMark, understand } from "./read-answer.js";
import { findTools, searchesIn } from "./shown-tools.js";
import type { WrittenPlan } from "./written-plan.js";

/** An inquiry of one role for a plan or an answer. */
export interface PlanInquiry extends PlanFrame {
  readonly role: "planner" | "replanner";
  readonly settings: RoleSettings;
  readonly method: PlanMethod | "auto";
  /** Reads the plan while it is being written. */
  readonly early?: EarlySteps;
  /** Shows the plan while it is being written. */
  readonly shown?: WrittenPlan;
  /** The role's messages, for the method that its model supports. */
  messages(method: PlanMethod): readonly BaseMessage[];
  /** Whether there are tools that the messages do not describe. A model that calls tools may search for them. */
  readonly hasOtherTools: boolean;
  /** Asks the function that plays the role. Undefined if models play it. */
  readonly ask?: (one: PlanTry) => PlanReply | Promise<PlanReply>;
}

/** Asks a role for a plan: the function that plays it, or else its models. */
export function requestPlan(
  inquiry: PlanInquiry,
  context: NodeContext,
  meter: UsageMeter,
): Promise<PlanAnswer> {
  const { role, ask } = inquiry;
  return ask === undefined ? askModels(inquiry, context, meter) : askForPlan(role, ask, inquiry, context);
}

/**
 * Asks a role's models for a plan. If the plan is invalid, the model gets everything that is wrong with it in one
 * message (see mending.ts). If it still cannot repair the plan, the role's next model takes over and starts afresh.
 */
async function askModels(request: PlanInquiry, context: NodeContext, meter: UsageMeter): Promise<PlanAnswer> {
  const { role, settings } = request;
  const models = new ModelLine(settings, context.services.resolveModel);
  let mending: Mending | undefined;
  let method: PlanMethod = "text";
  const begun = (resolved: ResolvedModel): Mending =>
    mending?.model === resolved ? mending : beginMending(resolved, methodsFor(resolved, request));
  for (;;) {
    const { message, model } = await callModel(
      {
        role,
        models,
        messages: (resolved) => {
          const at = begun(resolved);
          method = at.method;
          return [...request.messages(method), ...at.messages];
        },
        ask: ({ model }, messages, attempt) => createAsk(model, method, request, context, attempt)(messages),
        offered: [PLAN_TOOL, RESPOND_TOOL, ...(request.hasOtherTools ? [FIND_TOOL] : [])],
      },
      context.modelCalls,
      meter,
    );
    const before = begun(model);
    const searches = request.hasOtherTools && before.method === "tool" ? searchesIn(message) : [];
    if (searches.length > 0 && maySearch(before)) {
      mending = searchOn(before, message, await findTools(searches, context));
      continue;
    }
    const understood =
      searches.length > 0
        ? invalid(NO_MORE_SEARCHES)
        : understand(message, method, request, context.services);
    const answer = role === "planner" ? understood : readMark(understood, marksIn(request.messages(method)));
    const answered = { messageId: message.id, repairs: before.repairs, ...answer };
    if (answer.kind !== "invalid") {
      return answered;
    }
    const issues = answer.issues.map((issue) => issue.message);
    context.emit({ type: "plan.invalid", attempt: before.repairs + 1, issues });
    mending = mendAgain(before, message, issues);
    if (mending !== undefined) {
      continue;
    }
    if (!models.hasNext) {
      return answered;
    }
    const why = `The ${role}'s model ${model.name} gave no valid plan: ${issues.join(" ")}`;
    fallBack({ role, models }, new ModelError("MODEL_UNREADABLE", why), context);
  }
}

/** How a model may hand in its plan, the best way first. Throws if the model cannot do what was chosen for it. */
function methodsFor({ model }: ResolvedModel, { method, role }: PlanInquiry): readonly PlanMethod[] {
  if (method === "auto") {
    return methodsOf(model);
  }
  const cannot = model.bindTools === undefined;
  if (cannot && method === "tool") {
    throw new ModelError("MODEL_FAILED", `The ${role}'s model cannot call tools: set method to "text".`);
  }
  if (cannot && method === "json" && model.profile?.structuredOutput !== true) {
    throw new ModelError("MODEL_FAILED", `The ${role}'s model cannot give JSON: set method to "text".`);
  }
  return [method];
}

/** The methods that the model supports, the best one first: a tool call, JSON of a given schema, or text. */
export function methodsOf(model: BaseChatModel): readonly PlanMethod[] {
  // A wrapped model (`withConfig`) is a runnable without a profile.
  const { toolCalling, structuredOutput } = model.profile ?? {};
  const takesTools = model.bindTools !== undefined && toolCalling !== false;
  return [
    ...(takesTools ? ["tool" as const] : []),
    ...(structuredOutput === true ? ["json" as const] : []),
    "text",
  ];
}

function toReplySchema(extras: PlanExtras) {
  const { properties, ...schema } = toWireSchema(false, extras);
  const reply = { type: ["string", "null"], description: "The answer in words, where no plan is needed." };
  return { ...schema, properties: { ...properties, reply } };
}

type Ask = (messages: readonly BaseMessage[]) => Promise<AIMessage>;

function createAsk(
  model: BaseChatModel,
  method: PlanMethod,
  { role, early, shown, hasOtherTools }: PlanInquiry,
  context: NodeContext,
  { signal, handler, maxRetries }: ModelAttempt,
): Ask {
  // Calls that started for an earlier attempt belong to another plan.
  early?.cancel();
  shown?.begin();
  const { metadata } = context.config;
  const { planner, executor } = context.settings;
  const extras = {
    pitfalls: planner.pitfalls,
    savedPlans: role === "planner" && context.services.plans.length > 0,
    strongModel: executor.strongModel !== undefined,
  };
  const config = { metadata, signal, maxRetries, runName: role };
  const hidden = {
    ...config,
    callbacks: withHandlers(context.config.callbacks, [handler]),
    tags: ["nostream"],
  };
  switch (method) {
    case "tool": {
      const planTool = toPlanTool(extras);
      const tools = [
        planTool,
        ...(role === "planner" ? [] : [RESPOND_DEFINITION]),
        ...(hasOtherTools ? [FIND_DEFINITION] : []),
      ];
      const bound = model.bindTools?.(tools) ?? model;
      const readers = [early, shown].filter((reader) => reader !== undefined);
      const onPiece = (piece: string, id: string | undefined) => {
        for (const reader of readers) {
          reader.read(piece, id);
        }
      };
      const stream = readers.length === 0 ? [] : [new PlanStream(onPiece)];
      return (messages) => {
        const marks = role === "planner" ? undefined : marksIn(messages);
        const callbacks = withHandlers(answerCallbacks(context, marks, handler), stream);
        return bound.invoke([...messages], { ...config, callbacks });
      };
    }
    case "json": {
      const structured = model.withStructuredOutput(toReplySchema(extras), {
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
