import type { BaseMessage } from "@langchain/core/messages";
import {
  callModel,
  fallBack,
  isLearnedFrom,
  ModelError,
  ModelLine,
  marksIn,
  noteUnheld,
  type ResolvedModel,
  takesSchemas,
} from "../../models/index.js";
import { mayBecomeCalls } from "../../plan/index.js";
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
  noteWritesText,
  searchOn,
  styleOf,
  withRedone,
} from "./asking/index.js";
import type { EarlySteps } from "./early-steps.js";
import {
  invalid,
  isHeld,
  type PlanAnswer,
  type PlanFrame,
  readMark,
  saysNoStep,
  understand,
} from "./read-answer.js";
import { findTools, type ShownTools, searchesIn } from "./shown-tools.js";
import type { WrittenAnswer } from "./write-answer.js";
import type { WrittenPlan } from "./written-plan.js";

/** An inquiry of one role for a plan or an answer. */
export interface PlanInquiry extends PlanFrame {
  readonly role: "planner" | "replanner";
  readonly settings: RoleSettings;
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
 * Asks a role's models for a plan. If the plan is invalid, the model gets everything that is wrong with it in one
 * message (see mending.ts). If it still cannot repair the plan, the role's next model takes over and starts afresh.
 */
async function askModels(request: PlanInquiry, context: NodeContext, meter: UsageMeter): Promise<PlanAnswer> {
  const { role, settings, early, shown, tools, maxSteps, pastSteps } = request;
  const hasOthers = tools.others !== undefined;
  const { planner } = context.settings;
  const readers = [early, shown].filter((reader) => reader !== undefined);
  const models = new ModelLine(settings, context.services.resolveModel);
  let mending: Mending | undefined;
  // What the last attempt was. A model that is asked is a view of the one that was resolved, so it cannot be looked up.
  const last: { method: PlanMethod; redo?: Mending["redo"]; wroteText: boolean } = {
    method: "text",
    wroteText: false,
  };
  const begun = (resolved: ResolvedModel): Mending =>
    mending?.model === resolved ? mending : beginMending(resolved, methodsFor(resolved, planner, role));
  const toMessages = (resolved: ResolvedModel) =>
    request.messages(last.method, styleOf(resolved, planner, last.method));
  for (;;) {
    const { message: answered, model } = await callModel(
      {
        role,
        models,
        messages: (resolved) => {
          const at = begun(resolved);
          last.method = at.method;
          last.redo = at.redo;
          return [...toMessages(resolved), ...at.messages];
        },
        ask: async (resolved, messages, attempt) => {
          // Calls that started for an earlier attempt belong to another plan.
          early?.cancel();
          shown?.begin();
          const { redo } = last;
          const question = {
            role,
            method: last.method,
            maxSteps: redo === undefined ? maxSteps : 1,
            pastIds: pastSteps.map(({ id }) => id),
            tools,
            readers: redo === undefined ? readers : [],
          };
          const answer = await askByMethod(resolved, question, messages, context, attempt);
          last.wroteText =
            last.method === "tool" && !answer.tool_calls?.length && mayBecomeCalls(answer.text);
          return answer;
        },
        learn: (error, resolved) => {
          const isLearned = last.method === "schema" && isLearnedFrom(error, resolved);
          if (isLearned && !takesSchemas(resolved)) {
            // If nothing was handed in yet, the methods are listed anew, without this one.
            mending = mending && nextMethod(mending);
          }
          return isLearned;
        },
        offered: [PLAN_TOOL, RESPOND_TOOL, ...(hasOthers ? [FIND_TOOL] : [])],
      },
      context.modelCalls,
      meter,
    );
    const { method, wroteText } = last;
    const before = begun(model);
    const searches = hasOthers && method === "tool" ? searchesIn(answered) : [];
    if (searches.length > 0 && maySearch(before)) {
      mending = searchOn(before, answered, await findTools(searches, context));
      continue;
    }
    const message = withRedone(answered, before);
    const next = nextMethod(before);
    if (method === "schema" && !isHeld(message)) {
      noteUnheld(model);
      if (next !== undefined) {
        mending = next;
        continue;
      }
    }
    if (method === "schema" && saysNoStep(message)) {
      return { ...(await request.answerNow()), kind: "text", repairs: before.repairs };
    }
    const understood =
      searches.length > 0
        ? invalid(NO_MORE_SEARCHES)
        : understand(message, method, request, context.services);
    const answer = role === "planner" ? understood : readMark(understood, marksIn(toMessages(model)));
    const given = { messageId: message.id, repairs: before.repairs, ...answer };
    const isWritten = wroteText && answer.kind !== "text";
    if (isWritten) {
      noteWritesText(model);
    }
    if (answer.kind !== "invalid") {
      return given;
    }
    const issues = answer.issues.map((issue) => issue.message);
    context.emit({ type: "plan.invalid", attempt: before.repairs + 1, issues });
    const asked = { tools: context.services.registry.describe(), firstId: request.firstId };
    mending = isWritten && next !== undefined ? next : mendAgain(before, message, answer.issues, asked);
    if (mending !== undefined) {
      continue;
    }
    if (!models.hasNext) {
      return given;
    }
    const why = `The ${role}'s model ${model.name} gave no valid plan: ${issues.join(" ")}`;
    fallBack({ role, models }, new ModelError("MODEL_UNREADABLE", why), context);
  }
}
