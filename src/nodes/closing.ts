import type { AIMessage } from "@langchain/core/messages";
import {
  callModel,
  ModelLine,
  markIn,
  type RoleModels,
  readMissing,
  type UsageMeter,
} from "../models/index.js";
import { toAnswerMessages } from "../prompts/index.js";
import type { AgentState } from "../state/index.js";
import { cutText } from "../tools/index.js";
import { withAnswerOnly } from "./answer-only.js";
import { withHandlers } from "./inner-config.js";
import { keptSteps } from "./kept-steps.js";
import { earlierConversation } from "./messages.js";
import type { NodeContext } from "./node-context.js";
import { type AgentSettings, MAX_PROMPT_OUTPUT_BYTES } from "./settings.js";
import { shownDecisions } from "./shown-decisions.js";

/** What the closing call came to: the answer, or what the goal still wants. */
export type Closing =
  | { readonly kind: "answer"; readonly message: AIMessage }
  | { readonly kind: "missing"; readonly missing: string };

/**
 * The closing call of a plan that ended well and whose answer nobody knows yet. It is asked without rules and tools,
 * since nearly always there is only an answer to write; who sees that the goal is not reached says so in text, which
 * every model can, and which is known by its first words, before any of it is shown.
 */
export async function askForAnswer(
  state: AgentState,
  context: NodeContext,
  meter: UsageMeter,
): Promise<Closing> {
  const { services, settings, config } = context;
  const cut = (text: string) => cutText(text, MAX_PROMPT_OUTPUT_BYTES);
  const messages = toAnswerMessages({
    instructions: toInstructions(settings),
    conversation: earlierConversation(state.messages, state.goalMessageId),
    goal: state.goal,
    plan: state.plan,
    pastSteps: keptSteps(state),
    decisions: shownDecisions(state),
    cut,
  });
  const mark = markIn(messages);
  const { message } = await callModel(
    {
      role: "answer",
      models: new ModelLine(modelsOf(settings), services.resolveModel),
      messages: () => messages,
      ask: ({ model }, prompt, { signal, handler }) =>
        model.invoke([...prompt], {
          callbacks: withHandlers(withAnswerOnly(config.callbacks, mark), [handler]),
          metadata: config.metadata,
          signal,
          runName: "answer",
        }),
    },
    context.modelCalls,
    meter,
  );
  const missing = missingIn(message, mark);
  return missing === undefined ? { kind: "answer", message } : { kind: "missing", missing: cut(missing) };
}

/** Without a model of its own the answer is written by the replanner's models. */
function modelsOf({ answer, replanner }: AgentSettings): RoleModels {
  if (answer.model !== undefined) return { ...answer, model: answer.model };
  const { model, fallbacks } = replanner;
  return { model, fallbacks, reasoningEffort: answer.reasoningEffort ?? replanner.reasoningEffort };
}

/** The replanner's instructions may say when a goal is reached, the answer's how it is told. */
function toInstructions({ answer, replanner }: AgentSettings): string | undefined {
  const told = [replanner.instructions, answer.instructions].filter((text) => text !== undefined);
  return told.length === 0 ? undefined : told.join("\n\n");
}

/** A call, although no tool was offered, is somebody who wants to go on. */
function missingIn(message: AIMessage, mark: string): string | undefined {
  const { tool_calls: calls = [], invalid_tool_calls: broken = [], text } = message;
  const [call] = [...calls, ...broken];
  const missing = readMissing(text, mark);
  if (missing !== undefined) return missing;
  return call === undefined ? undefined : `what a call of ${call.name ?? "a tool"} would give`;
}
