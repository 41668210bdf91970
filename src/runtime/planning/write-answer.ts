import type { AIMessage } from "@langchain/core/messages";
import { cutText } from "../../base/index.js";
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
import { type AnswerPrompt, toAnswerMessages } from "../../prompts/index.js";
import type { UsageMeter } from "../../usage/index.js";
import { assertAnswer, MAX_PROMPT_OUTPUT_BYTES, type NodeContext } from "../run/index.js";
import { answerCallbacks } from "./answer-only.js";
import { styleOf } from "./asking/index.js";
import { answerModels } from "./structured-answer.js";

/** An answer in words, and the id under which it was streamed. */
export type WrittenAnswer = { readonly messageId: string | undefined } & MarkedAnswer;

/** What the model that writes answers gave: the answer, or what the goal still lacks. */
export type Closing =
  | ({ readonly kind: "answer" } & WrittenAnswer)
  | { readonly kind: "missing"; readonly missing: string };

/**
 * Has the answer written. The call carries no rules and no tools, because nearly always only the words are left to find.
 * If the model sees that the goal is not reached, it says so in text, because every model can do that. We recognize this
 * by its marks, before any of it is shown.
 */
export async function writeAnswer(
  told: Omit<AnswerPrompt, "cut">,
  context: NodeContext,
  meter: UsageMeter,
): Promise<Closing> {
  const { services, settings, config } = context;
  const toMessages = (style: AnswerPrompt["style"]) =>
    toAnswerMessages({ style, ...told, cut: cutForPrompt });
  const marks = marksIn(toMessages("full"));
  const { message } = await callModel(
    {
      role: "answer",
      models: new ModelLine(answerModels(settings), services.resolveModel),
      messages: (resolved) => toMessages(styleOf(resolved, settings.planner)),
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
    : { kind: "missing", missing: cutForPrompt(missing) };
}

export function cutForPrompt(text: string): string {
  return cutText(text, MAX_PROMPT_OUTPUT_BYTES);
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
