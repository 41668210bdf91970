import type { BaseCallbackHandler } from "@langchain/core/callbacks/base";
import { type AIMessage, BaseMessage } from "@langchain/core/messages";
import type { LangGraphRunnableConfig } from "@langchain/langgraph";
import { cutText } from "../../base/index.js";
import { withHandlers, withMessageStream } from "../../langgraph/index.js";
import {
  callModel,
  ModelLine,
  markIn,
  mayBecomeMissing,
  type RoleModels,
  readMissing,
} from "../../models/index.js";
import { type ShownDecision, toAnswerMessages } from "../../prompts/index.js";
import { type AgentState, decidedPart, planActionId, turnOf } from "../../state/index.js";
import type { UsageMeter } from "../../usage/index.js";
import { WordsOnly } from "../planning/index.js";
import { type AgentSettings, MAX_PROMPT_OUTPUT_BYTES, type NodeContext } from "../run/index.js";
import { earlierConversation, keptSteps } from "../turn/index.js";

/** What the closing call came to: the answer, or what the goal still wants. */
type Closing =
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
  const turn = turnOf(state);
  const cut = (text: string) => cutText(text, MAX_PROMPT_OUTPUT_BYTES);
  const messages = toAnswerMessages({
    instructions: toInstructions(settings),
    conversation: earlierConversation(state.messages, turn.goalMessageId),
    goal: turn.goal,
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
  if (answer.model !== undefined) {
    return { ...answer, model: answer.model };
  }
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
  if (missing !== undefined) {
    return missing;
  }
  return call === undefined ? undefined : `what a call of ${call.name ?? "a tool"} would give`;
}

/** What people changed or rejected in this turn and what still holds, for the replanner. */
export function shownDecisions(state: AgentState): ShownDecision[] {
  const { decisions, planVersions } = state;
  const { id: turnId } = turnOf(state);
  return decisions.flatMap((decision): ShownDecision[] => {
    const { type, actionId, shown, tool, args, message } = decision;
    if (decision.isVoid || type === "approve") {
      return [];
    }
    const words = message === undefined ? {} : { message };
    const version = planVersions.findIndex((planned) => planActionId(planned.version) === actionId);
    const plan = planVersions[version];
    if (plan !== undefined) {
      const instead = type === "edit" ? { instead: planVersions[version + 1]?.steps } : {};
      return [{ decision: type, shown: plan.steps, ...instead, ...words }];
    }
    // A word of guidance is a plan of its own, or the reason why the replanner is asked.
    if (shown === undefined) {
      return [];
    }
    const step = decidedPart(decision, turnId);
    return [
      { step, decision: type, shown, ...(type === "edit" ? { instead: { tool, args } } : {}), ...words },
    ];
  });
}

// The closing call's text is streamed to the person as it comes. Where it says that the goal is not reached it is no
// answer, and nobody is to see it; so a piece that may yet turn out to say so waits for the next one.

type Callbacks = LangGraphRunnableConfig["callbacks"];
type Handler = Required<BaseCallbackHandler>;
type Token = Parameters<Handler["handleLLMNewToken"]>;

/**
 * Callbacks that hand on to the stream of messages only an answer, and nothing of what says that something is missing.
 */
function withAnswerOnly(callbacks: Callbacks, mark: string): Callbacks {
  return withMessageStream(callbacks, (stream) => new AnswerOnly(stream, mark));
}

class AnswerOnly extends WordsOnly {
  override readonly name: string = "PlanExecuteAnswerOnly";
  /** The line that is being written. */
  #line = "";
  #held: Token[] = [];
  #isMissing = false;
  readonly #mark: string;

  constructor(stream: BaseCallbackHandler, mark: string) {
    super(stream);
    this.#mark = mark;
  }

  override handleLLMNewToken(...token: Token): unknown {
    this.#line += textOf(token[5]?.chunk) ?? token[0];
    this.#isMissing ||= readMissing(this.#line, this.#mark) !== undefined;
    this.#line = this.#line.slice(this.#line.lastIndexOf("\n") + 1);
    // A line that is none of that kind by its beginning stays so: there is no need to read it again with each word.
    if (!mayBecomeMissing(this.#line, this.#mark)) {
      this.#line = ".";
    }
    this.#held.push(token);
    return this.#isMissing || mayBecomeMissing(this.#line, this.#mark) ? undefined : this.#release();
  }

  override async handleLLMEnd(...[output, ...others]: Parameters<Handler["handleLLMEnd"]>): Promise<void> {
    if (!this.#isMissing) {
      await this.#release();
    }
    const generations = output.generations.map((one) =>
      one.filter(
        (generation) => readMissing(textOf(generation) ?? generation.text, this.#mark) === undefined,
      ),
    );
    await super.handleLLMEnd({ ...output, generations }, ...others);
  }

  /** What waited is handed on at once, in its order. */
  #release(): Promise<unknown> {
    return Promise.all(this.#held.splice(0).map((token) => super.handleLLMNewToken(...token)));
  }
}

function textOf(generation: object | undefined): string | undefined {
  const message: unknown = generation === undefined ? undefined : Reflect.get(generation, "message");
  return message instanceof BaseMessage ? message.text : undefined;
}
