import { callModel, ModelLine, type UsageMeter } from "../models/index.js";
import { toAnswerMessages } from "../prompts/index.js";
import type { AgentState, StateChange } from "../state/index.js";
import { cutText } from "../tools/index.js";
import { finish } from "./finish.js";
import { withHandlers } from "./inner-config.js";
import { earlierConversation, messageIdFor } from "./messages.js";
import type { NodeContext } from "./node-context.js";
import { MAX_PROMPT_OUTPUT_BYTES, type RoleSettings } from "./settings.js";

/** The closing call of an answer model of its own: it has no plan to change. */
export async function answer(
  state: AgentState,
  settings: RoleSettings,
  context: NodeContext,
  meter: UsageMeter,
): Promise<StateChange> {
  const { services, config } = context;
  const messages = toAnswerMessages({
    instructions: settings.instructions,
    conversation: earlierConversation(state.messages, state.goalMessageId),
    goal: state.goal,
    pastSteps: state.pastSteps,
    cut: (text) => cutText(text, MAX_PROMPT_OUTPUT_BYTES),
  });
  const { callbacks, metadata } = config;
  const { message } = await callModel(
    {
      role: "answer",
      models: new ModelLine(settings, services.resolveModel),
      messages: () => messages,
      ask: ({ model }, prompt, { signal, handler }) =>
        model.invoke([...prompt], {
          callbacks: withHandlers(callbacks, [handler]),
          metadata,
          signal,
          runName: "answer",
        }),
    },
    context.modelCalls,
    meter,
  );
  const messageId = messageIdFor(message, state, services.createId);
  return finish(
    state,
    { status: "done", reason: "All steps are done.", response: message.text, messageId },
    context,
  );
}
