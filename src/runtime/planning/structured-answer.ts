import { type AIMessage, HumanMessage } from "@langchain/core/messages";
import { toJsonSchema } from "@langchain/core/utils/json_schema";
import { z } from "zod";
import { cutText, type JsonValue, parseJson } from "../../base/index.js";
import { withHandlers } from "../../langgraph/index.js";
import { callModel, ModelError, ModelLine, type RoleModels } from "../../models/index.js";
import { toStructureMessages } from "../../prompts/index.js";
import { type AgentState, type StateChange, turnOf } from "../../state/index.js";
import type { UsageMeter } from "../../usage/index.js";
import { type AgentSettings, MAX_PROMPT_OUTPUT_BYTES, type NodeContext } from "../run/index.js";
import { keptSteps } from "../turn/index.js";

/** The tool whose arguments are the structured answer. */
const ANSWER_TOOL = "answer";

/** The models of the closing role: if the answer has no model of its own, the replanner's models write it. */
export function answerModels({ answer, replanner }: AgentSettings): RoleModels {
  if (answer.model !== undefined) {
    return { ...answer, model: answer.model };
  }
  const { model, fallbacks } = replanner;
  return { model, fallbacks, reasoningEffort: answer.reasoningEffort ?? replanner.reasoningEffort };
}

/**
 * Puts an answer into the form of `responseFormat`. Without one there is nothing to do. An answer that fits already
 * needs no call: `output` is the value that it was made from, if it was made from one. Throws a `ModelError` if no model
 * gave what fits.
 */
export async function structureAnswer(
  state: AgentState,
  response: string,
  output: JsonValue | undefined,
  context: NodeContext,
  meter: UsageMeter,
): Promise<StateChange> {
  const { settings, services, config } = context;
  const { responseFormat } = settings;
  if (responseFormat === undefined) {
    return {};
  }
  const fitting = [output, parseJson(response)].map((value) => responseFormat.safeParse(value));
  const found = fitting.find(({ success }) => success);
  if (found !== undefined) {
    return { structuredResponse: found.data };
  }
  const cut = (text: string) => cutText(text, MAX_PROMPT_OUTPUT_BYTES);
  const messages = toStructureMessages({
    goal: turnOf(state).goal,
    answer: cut(response),
    plan: state.plan,
    pastSteps: keptSteps(state),
    decisions: [],
    cut,
  });
  const tool = {
    type: "function",
    function: {
      name: ANSWER_TOOL,
      description: "Takes the answer in its final form.",
      parameters: toJsonSchema(responseFormat, { io: "input" }),
    },
  };
  let made: unknown;
  let problems = "";
  await callModel(
    {
      role: "answer",
      models: new ModelLine(answerModels(settings), services.resolveModel),
      messages: ({ model, name }) => {
        if (model.bindTools === undefined) {
          throw new ModelError("MODEL_FAILED", `The answer's model ${name} cannot call tools.`);
        }
        return messages;
      },
      ask: ({ model }, prompt, { signal, handler, maxRetries }) => {
        const bound = model.bindTools?.([tool], { tool_choice: ANSWER_TOOL }) ?? model;
        const repair = problems === "" ? [] : [new HumanMessage(problems)];
        return bound.invoke([...prompt, ...repair], {
          callbacks: withHandlers(config.callbacks, [handler]),
          metadata: config.metadata,
          tags: ["nostream"],
          signal,
          maxRetries,
          runName: "structured answer",
        });
      },
      offered: [ANSWER_TOOL],
      check: (message) => {
        const parsed = responseFormat.safeParse(valueIn(message));
        if (parsed.success) {
          made = parsed.data;
          return;
        }
        problems = `That does not fit. ${cut(z.prettifyError(parsed.error))}`;
        throw new ModelError("MODEL_UNREADABLE", `its answer does not fit responseFormat. ${problems}`);
      },
    },
    context.modelCalls,
    meter,
  );
  return { structuredResponse: made };
}

/** The value that a model gave: the arguments of its call, or JSON in its text. */
function valueIn({ tool_calls: calls = [], text }: AIMessage): unknown {
  const call = calls.find(({ name }) => name === ANSWER_TOOL);
  return call === undefined ? parseJson(text) : call.args;
}
