import type { BaseCallbackHandler } from "@langchain/core/callbacks/base";
import type { AIMessage } from "@langchain/core/messages";
import type { LangGraphRunnableConfig } from "@langchain/langgraph";
import { copyJson, cutText, isRecord } from "../../base/index.js";
import { withHandlers, withMessageStream } from "../../langgraph/index.js";
import {
  callModel,
  ModelError,
  ModelLine,
  markIn,
  mayBecomeMissing,
  readMissing,
} from "../../models/index.js";
import { type AnswerRequest, type ShownDecision, type Told, toAnswerMessages } from "../../prompts/index.js";
import { type AgentState, decidedPart, planActionId, turnOf } from "../../state/index.js";
import type { UsageMeter } from "../../usage/index.js";
import { AnswerTokens, answerModels, messageOf, WordsOnly } from "../planning/index.js";
import {
  type AgentSettings,
  askFunction,
  MAX_PROMPT_OUTPUT_BYTES,
  type NodeContext,
  roleFunctions,
} from "../run/index.js";
import { earlierConversation, keptSteps } from "../turn/index.js";

/** The result of the closing call: the answer, or what the goal still lacks. */
type Closing =
  | {
      readonly kind: "answer";
      readonly text: string;
      /** The id under which the answer was streamed. */
      readonly messageId: string | undefined;
    }
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
    plan: state.plan,
    pastSteps: keptSteps(state),
    decisions: shownDecisions(state),
  };
  const { write } = roleFunctions(settings);
  if (write === undefined) {
    return askModel(told, context, meter);
  }
  return readReply(await askFunction("answer", (signal) => write({ ...told, signal }), context));
}

/** Understands what a function gave, which may be anything. */
function readReply(reply: unknown): Closing {
  if (typeof reply === "string" && reply.trim() !== "") {
    return { kind: "answer", text: reply, messageId: undefined };
  }
  const copy = copyJson(reply);
  const missing = copy.ok && isRecord(copy.value) ? copy.value.missing : undefined;
  if (typeof missing === "string" && missing.trim() !== "") {
    return { kind: "missing", missing: cut(missing) };
  }
  const what = copy.ok ? cut(JSON.stringify(copy.value)) : `something that cannot be read: ${copy.reason}`;
  throw new ModelError("MODEL_UNREADABLE", `The answer's function gave ${what}. Give a text or { missing }.`);
}

function cut(text: string): string {
  return cutText(text, MAX_PROMPT_OUTPUT_BYTES);
}

/**
 * Makes the closing call. It carries no rules and no tools, because nearly always only the answer is left to write. If
 * the model sees that the goal is not reached, it says so in text, because every model can do that. We recognize this
 * by its first words, before any of it is shown.
 */
async function askModel(
  told: Told<AnswerRequest>,
  context: NodeContext,
  meter: UsageMeter,
): Promise<Closing> {
  const { services, settings, config } = context;
  const messages = toAnswerMessages({ ...told, cut });
  const mark = markIn(messages);
  const { message } = await callModel(
    {
      role: "answer",
      models: new ModelLine(answerModels(settings), services.resolveModel),
      messages: () => messages,
      ask: ({ model }, prompt, { signal, handler, maxRetries }) =>
        model.invoke([...prompt], {
          callbacks: withHandlers(withAnswerOnly(config.callbacks, mark), [
            handler,
            new AnswerOnly(new AnswerTokens(context.emit), mark),
          ]),
          metadata: config.metadata,
          signal,
          maxRetries,
          runName: "answer",
        }),
    },
    context.modelCalls,
    meter,
  );
  const missing = missingIn(message, mark);
  return missing === undefined
    ? { kind: "answer", text: message.text, messageId: message.id }
    : { kind: "missing", missing: cut(missing) };
}

/** The replanner's instructions may say when a goal is reached, and the answer's say how to put it. */
function toInstructions({ answer, replanner }: AgentSettings): string | undefined {
  const told = [replanner.instructions, answer.instructions].filter((text) => text !== undefined);
  return told.length === 0 ? undefined : told.join("\n\n");
}

/** If the model calls a tool although none was offered, it wants to go on. */
function missingIn(message: AIMessage, mark: string): string | undefined {
  const { tool_calls: calls = [], invalid_tool_calls: broken = [], text } = message;
  const [call] = [...calls, ...broken];
  const missing = readMissing(text, mark);
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

// The text of the closing call is streamed to the person as it arrives. If it says that the goal is not reached, it is
// not an answer, and nobody should see it. So a piece that may still turn out to say so waits for the next one.

type Callbacks = LangGraphRunnableConfig["callbacks"];
type Handler = Required<BaseCallbackHandler>;
type Token = Parameters<Handler["handleLLMNewToken"]>;

/** Makes callbacks that pass an answer on to the message stream, but nothing that says something is missing. */
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
    this.#line += messageOf(token[5]?.chunk)?.text ?? token[0];
    this.#isMissing ||= readMissing(this.#line, this.#mark) !== undefined;
    this.#line = this.#line.slice(this.#line.lastIndexOf("\n") + 1);
    // If the beginning of a line rules this out, it stays ruled out, so the line is not read again with each word.
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
        (generation) => readMissing(messageOf(generation)?.text ?? generation.text, this.#mark) === undefined,
      ),
    );
    await super.handleLLMEnd({ ...output, generations }, ...others);
  }

  /** Passes on everything that waited, at once and in order. */
  #release(): Promise<unknown> {
    return Promise.all(this.#held.splice(0).map((token) => super.handleLLMNewToken(...token)));
  }
}
