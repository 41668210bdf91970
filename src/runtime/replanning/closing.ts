import type { AIMessage } from "@langchain/core/messages";
import { copyJson, cutText, isRecord } from "../../base/index.js";
import {
  callModel,
  type MarkedAnswer,
  type Marks,
  ModelError,
  ModelLine,
  marksIn,
  readMissing,
  readReached,
} from "../../models/index.js";
import { type AnswerRequest, type ShownDecision, type Told, toAnswerMessages } from "../../prompts/index.js";
import { type AgentState, decidedPart, planActionId, turnOf } from "../../state/index.js";
import type { UsageMeter } from "../../usage/index.js";
import { answerCallbacks, answerModels, showTools } from "../planning/index.js";
import {
  type AgentSettings,
  askFunction,
  assertAnswer,
  MAX_PROMPT_OUTPUT_BYTES,
  type NodeContext,
  readJudgedAnswer,
  roleFunctions,
} from "../run/index.js";
import { earlierConversation, keptSteps } from "../turn/index.js";

/** The result of the closing call: the answer, or what the goal still lacks. */
type Closing =
  | ({
      readonly kind: "answer";
      /** The id under which the answer was streamed. */
      readonly messageId: string | undefined;
    } & MarkedAnswer)
  | { readonly kind: "missing"; readonly missing: string };

/** Has the answer of a plan written that ended well and whose answer is not known yet. */
export async function askForAnswer(
  state: AgentState,
  context: NodeContext,
  meter: UsageMeter,
): Promise<Closing> {
  const { settings } = context;
  const turn = turnOf(state);
  const told: Told<AnswerRequest> = {
    instructions: toInstructions(settings),
    conversation: earlierConversation(state.messages, turn.goalMessageId),
    goal: turn.goal,
    tools: context.services.registry.describe(),
    plan: state.plan,
    pastSteps: keptSteps(state),
    decisions: shownDecisions(state),
  };
  const { write } = roleFunctions(settings);
  if (write === undefined) {
    const work = { texts: [turn.goal], using: [JSON.stringify(state.plan)] };
    const { tools } = await showTools(work, context);
    const moreTools = told.tools.length - tools.length;
    return askModel({ ...told, tools, moreTools }, context, meter);
  }
  return readReply(await askFunction("answer", (signal) => write({ ...told, signal }), context));
}

/** Understands what a function gave, which may be anything. */
function readReply(reply: unknown): Closing {
  if (typeof reply === "string" && reply.trim() !== "") {
    return { kind: "answer", text: reply, messageId: undefined };
  }
  const copy = copyJson(reply);
  const given = copy.ok && isRecord(copy.value) ? copy.value : {};
  const { missing } = given;
  const judged = readJudgedAnswer(given);
  if (judged !== undefined) {
    return { kind: "answer", text: judged.answer, reached: judged.reached, messageId: undefined };
  }
  if (typeof missing === "string" && missing.trim() !== "") {
    return { kind: "missing", missing: cut(missing) };
  }
  const what = copy.ok ? cut(JSON.stringify(copy.value)) : `something that cannot be read: ${copy.reason}`;
  throw new ModelError(
    "MODEL_UNREADABLE",
    `The answer's function gave ${what}. Give a text, { answer, reached } or { missing }.`,
  );
}

function cut(text: string): string {
  return cutText(text, MAX_PROMPT_OUTPUT_BYTES);
}

/**
 * Makes the closing call. It carries no rules and no tools, because nearly always only the answer is left to write. If
 * the model sees that the goal is not reached, it says so in text, because every model can do that. We recognize this
 * by its marks, before any of it is shown.
 */
async function askModel(
  told: Told<AnswerRequest> & { readonly moreTools: number },
  context: NodeContext,
  meter: UsageMeter,
): Promise<Closing> {
  const { services, settings, config } = context;
  const messages = toAnswerMessages({ ...told, cut });
  const marks = marksIn(messages);
  const { message } = await callModel(
    {
      role: "answer",
      models: new ModelLine(answerModels(settings), services.resolveModel),
      messages: () => messages,
      takesCutWords: true,
      ask: ({ model }, prompt, { signal, handler, maxRetries }) =>
        model.invoke([...prompt], {
          callbacks: answerCallbacks(context, marks, handler),
          metadata: config.metadata,
          signal,
          maxRetries,
          runName: "answer",
        }),
      check: (message) => {
        assertAnswer(message.text, services.registry);
        if (missingIn(message, marks) === undefined && readReached(message.text, marks).text === "") {
          throw new ModelError("MODEL_EMPTY", "The answer has a mark, and no words.");
        }
      },
    },
    context.modelCalls,
    meter,
  );
  const missing = missingIn(message, marks);
  return missing === undefined
    ? { kind: "answer", ...readReached(message.text, marks), messageId: message.id }
    : { kind: "missing", missing: cut(missing) };
}

/** The replanner's instructions may say when a goal is reached, and the answer's say how to put it. */
function toInstructions({ answer, replanner }: AgentSettings): string | undefined {
  const told = [replanner.instructions, answer.instructions].filter((text) => text !== undefined);
  return told.length === 0 ? undefined : told.join("\n\n");
}

/** If the model calls a tool although none was offered, it wants to go on. */
function missingIn(message: AIMessage, marks: Marks): string | undefined {
  const { tool_calls: calls = [], invalid_tool_calls: broken = [], text } = message;
  const [call] = [...calls, ...broken];
  const missing = readMissing(text, marks);
  if (missing !== undefined) {
    return missing;
  }
  return call === undefined ? undefined : `what a call of ${call.name ?? "a tool"} would give`;
}

/** What people changed or rejected in this turn, for the replanner. Void decisions are left out. */
export function shownDecisions(state: AgentState): ShownDecision[] {
  const { decisions, planVersions } = state;
  const { id: turnId } = turnOf(state);
  return decisions.flatMap((decision): ShownDecision[] => {
    const { type, actionId, shown, tool, args, message } = decision;
    if (decision.isVoid || type === "approve" || type === "respond") {
      return [];
    }
    const words = message === undefined ? {} : { message };
    const version = planVersions.findIndex((planned) => planActionId(planned.version) === actionId);
    const plan = planVersions[version];
    if (plan !== undefined) {
      const instead = type === "edit" ? { instead: planVersions[version + 1]?.steps } : {};
      return [{ decision: type, shown: plan.steps, ...instead, ...words }];
    }
    // A decision on guidance is not shown: it made a plan of its own, or it is why the replanner is asked.
    if (shown === undefined) {
      return [];
    }
    const step = decidedPart(decision, turnId);
    return [
      { step, decision: type, shown, ...(type === "edit" ? { instead: { tool, args } } : {}), ...words },
    ];
  });
}
