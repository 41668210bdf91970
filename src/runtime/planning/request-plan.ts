import type { AIMessage, BaseMessage } from "@langchain/core/messages";
import {
  callModel,
  fallBack,
  isLearnedFrom,
  ModelError,
  ModelLine,
  marksIn,
  noteCallMethod,
  noteUnheld,
  type ResolvedModel,
  takesSchemas,
} from "../../models/index.js";
import { echoesGoal, filesOfGoal, mayBecomeCalls } from "../../plan/index.js";
import {
  FIND_TOOL,
  NO_MORE_SEARCHES,
  PLAN_TOOL,
  type PlanMethod,
  type PlanReply,
  type PromptStyle,
  RESPOND_TOOL,
} from "../../prompts/index.js";
import type { UsageMeter } from "../../usage/index.js";
import type { NodeContext, RoleSettings } from "../run/index.js";
import { askForPlan, type PlanTry } from "./ask-for-plan.js";
import {
  askByMethod,
  beginMending,
  type Mending,
  maySearch,
  mendAgain,
  methodsFor,
  nextMethod,
  searchOn,
  styleOf,
  withRedone,
  withTurnNumbers,
} from "./asking/index.js";
import type { EarlySteps } from "./early/index.js";
import {
  invalid,
  isHeld,
  type PlanAnswer,
  type PlanFrame,
  readMark,
  saysNoStep,
  understand,
} from "./read-answer.js";
import { findTools, type ShownTools, searchesIn, withTool } from "./shown-tools.js";
import type { WrittenAnswer } from "./write-answer.js";
import type { WrittenPlan } from "./written-plan.js";

/** An inquiry of one role for a plan or an answer. */
export interface PlanInquiry extends PlanFrame {
  readonly role: "planner" | "replanner";
  readonly settings: RoleSettings;
  readonly goal: string;
  /** Reads the plan while it is being written. */
  readonly early?: EarlySteps;
  /** Shows the plan while it is being written. */
  readonly shown?: WrittenPlan;
  /** The role's messages, for the method that its model supports. */
  messages(method: PlanMethod, style: PromptStyle): readonly BaseMessage[];
  /** The tools that the messages tell of. A model that calls tools may search for the others. */
  readonly tools: ShownTools;
  /** Asks for the answer in words, where the plan has no step. A model that is held to a plan cannot give both. */
  answerNow(): Promise<WrittenAnswer>;
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
 * Asks a role's models for a plan. If the plan is invalid, the model is told what is wrong with it (see mending.ts). If it
 * still cannot repair the plan, the role's next model takes over and starts afresh.
 */
async function askModels(request: PlanInquiry, context: NodeContext, meter: UsageMeter): Promise<PlanAnswer> {
  const { role, settings, tools, firstId } = request;
  const { services } = context;
  const models = new ModelLine(settings, services.resolveModel);
  const asking: Asking = {};
  for (;;) {
    const { message, told, before, wroteText, countsAnew } = await askOnce(
      request,
      models,
      asking,
      context,
      meter,
    );
    const { model, method, repairs } = before;
    const searches = tools.others !== undefined && method === "tool" ? searchesIn(message) : [];
    if (searches.length > 0 && maySearch(before)) {
      asking.mending = searchOn(before, message, await findTools(searches, context));
      continue;
    }
    const next = nextMethod(before);
    if (method === "schema" && !isHeld(message)) {
      noteUnheld(model);
      if (next !== undefined) {
        asking.mending = next;
        continue;
      }
    }
    if (method === "schema" && saysNoStep(message)) {
      return { ...(await request.answerNow()), kind: "text", repairs };
    }
    const understood =
      searches.length > 0 ? invalid(NO_MORE_SEARCHES) : understand(message, method, request, services);
    const answer = role === "planner" ? understood : readMark(understood, marksIn(told));
    const { isReadOnly } = services.registry;
    if (method === "schema" && answer.kind === "plan" && echoesGoal(answer.plan, request.goal, isReadOnly)) {
      return { ...(await request.answerNow()), kind: "text", repairs };
    }
    const isWritten = wroteText && answer.kind !== "text";
    if (isWritten) {
      noteCallMethod(model, "schema");
    }
    const answered = { messageId: message.id, repairs, ...answer };
    if (answered.kind === "plan" && method === "schema") {
      return { ...answered, plan: filesOfGoal(answered.plan, request.goal, isReadOnly) };
    }
    if (answer.kind !== "invalid") {
      return answered;
    }
    const issues = answer.issues.map((issue) => issue.message);
    context.emit({ type: "plan.invalid", attempt: repairs + 1, issues });
    const asked = { tools: services.registry.describe(), firstId, countsAnew };
    asking.mending =
      isWritten && next !== undefined ? next : mendAgain(before, message, answer.issues, asked);
    if (asking.mending !== undefined) {
      continue;
    }
    if (!models.hasNext) {
      return answered;
    }
    const why = `The ${role}'s model ${model.name} gave no valid plan: ${issues.join(" ")}`;
    fallBack({ role, models }, new ModelError("MODEL_UNREADABLE", why), context);
  }
}

/** How far the asking has come. If it is undefined, the model at hand was not asked yet. */
interface Asking {
  mending?: Mending;
}

interface Answered {
  readonly message: AIMessage;
  /** The messages that the role was told, without what mended its plan. */
  readonly told: readonly BaseMessage[];
  /** How the model was asked. */
  readonly before: Mending;
  /** Whether it wrote a plan, or a call, as text although it was offered a tool. */
  readonly wroteText: boolean;
  /** Whether its plan counted its own steps, as those of small models do, and not on from those that have ended. */
  readonly countsAnew: boolean;
}

/** Asks once, with all attempts and fallbacks that a call has. */
async function askOnce(
  request: PlanInquiry,
  models: ModelLine,
  asking: Asking,
  context: NodeContext,
  meter: UsageMeter,
): Promise<Answered> {
  const { role, early, shown, tools, maxSteps, pastSteps } = request;
  const { planner } = context.settings;
  const begun = (resolved: ResolvedModel): Mending =>
    asking.mending?.model === resolved
      ? asking.mending
      : beginMending(resolved, methodsFor(resolved, planner, role));
  // What is asked is a view of the model that was resolved, so nothing can be looked up by it.
  const last: {
    before?: Mending;
    told: readonly BaseMessage[];
    wroteText: boolean;
    countsAnew: boolean;
  } = { told: [], wroteText: false, countsAnew: false };
  const { message, model } = await callModel(
    {
      role,
      models,
      messages: (resolved) => {
        const before = begun(resolved);
        last.before = before;
        const style = styleOf(resolved, planner, before.method);
        last.told = request.messages(before.method, style);
        last.countsAnew = role === "replanner" && before.method === "schema" && style === "short";
        return [...last.told, ...before.messages];
      },
      ask: async (resolved, messages, attempt) => {
        const { method, redo, isAfresh = false } = last.before ?? begun(resolved);
        const isShown = redo === undefined && !last.countsAnew;
        // Calls that started for an earlier attempt belong to another plan.
        early?.cancel();
        shown?.begin();
        const question = {
          role,
          method,
          maxSteps: redo === undefined ? maxSteps : 1,
          pastIds: pastSteps.map(({ id }) => id),
          tools: redo === undefined ? tools : withTool(tools, redo.tool),
          isAfresh,
          needsStep: last.countsAnew,
          readers: isShown ? [early, shown].filter((reader) => reader !== undefined) : [],
        };
        const answer = await askByMethod(resolved, question, messages, context, attempt);
        last.wroteText = method === "tool" && !answer.tool_calls?.length && mayBecomeCalls(answer.text);
        return answer;
      },
      learn: (error, resolved) => {
        const isLearned = last.before?.method === "schema" && isLearnedFrom(error, resolved);
        if (isLearned && !takesSchemas(resolved)) {
          // If nothing was handed in yet, the methods are listed anew, without this one.
          asking.mending = asking.mending && nextMethod(asking.mending);
        }
        return isLearned;
      },
      offered: [PLAN_TOOL, RESPOND_TOOL, ...(tools.others === undefined ? [] : [FIND_TOOL])],
    },
    context.modelCalls,
    meter,
  );
  const before = begun(model);
  const { told, wroteText, countsAnew } = last;
  const whole = countsAnew ? withTurnNumbers(message, request.firstId) : withRedone(message, before);
  return { message: whole, told, before, wroteText, countsAnew };
}
