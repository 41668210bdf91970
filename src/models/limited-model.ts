import type { CallbackManager, Callbacks } from "@langchain/core/callbacks/manager";
import {
  BaseChatModel,
  type BaseChatModelCallOptions,
  type BindToolsInput,
} from "@langchain/core/language_models/chat_models";
import { type AIMessage, type BaseMessage, coerceMessageLikeToMessage } from "@langchain/core/messages";
import type { ChatResult, LLMResult } from "@langchain/core/outputs";
import { linkSignal, withoutUndefined } from "../base/index.js";
import { callbacksHere, withHandlers } from "../langgraph/index.js";
import type { UsageMeter, UsageRole } from "../usage/index.js";
import { callModel, type ModelCallContext } from "./call-model.js";
import { createCalling } from "./calling.js";
import type { ForeignCalls } from "./foreign-calls.js";
import type { AnswerForm, CallMethod } from "./grammar/index.js";
import type { ModelLine } from "./model-line.js";
import type { ResolvedModel } from "./resolve-model.js";

/** What a limited model needs for its calls. */
export interface LimitedCalls {
  readonly role: UsageRole;
  readonly stepId: string;
  /** The models to ask: a model, then its fallbacks. */
  readonly models: ModelLine;
  readonly context: ModelCallContext;
  readonly meter: UsageMeter;
  /** Converts a tool to the form in which the model sees it. */
  readonly toTool: (tool: BindToolsInput) => BindToolsInput;
  readonly method: CallMethod | "auto";
  /** Makes the form for a model that is not offered the tools. */
  readonly toForm: (asked: AskedForm) => AnswerForm;
  /** Throws a `ModelError` if an answer is unusable. */
  readonly check: (answer: AIMessage) => void;
  /** Called before each call. Throws if no further call is allowed. */
  readonly begin: () => Promise<void>;
  /** Called with the reason if a call gave no answer. */
  readonly failed: (error: unknown) => void;
  /** The handler that counts the calls of other models. It must not count these calls a second time. */
  readonly foreign?: ForeignCalls;
}

/** A request for which a form is made. */
export interface AskedForm {
  readonly tools: readonly BindToolsInput[];
  readonly messages: readonly BaseMessage[];
  /** Whether the model has to answer without a call. */
  readonly mustAnswer: boolean;
}

/** The tools of a call, and the settings that belong to them. */
interface BoundTools {
  readonly tools: readonly BindToolsInput[];
  readonly settings: Record<string, unknown>;
}

/**
 * A chat model that can be passed to LangChain. No matter who calls it and how, each call is a call of a role: it stays
 * within the run's limits, has retries and fallbacks, and is counted. Callbacks see the attempts as runs, but not the
 * model itself.
 */
export class LimitedModel extends BaseChatModel {
  readonly #calls: LimitedCalls;
  readonly #shown: ResolvedModel | undefined;
  readonly #bound: BoundTools | undefined;

  /** `shown` is the model that this one looks like. LangChain decides by a model's name what the provider can do. */
  constructor(calls: LimitedCalls, shown: ResolvedModel | undefined, bound?: BoundTools) {
    super({ maxRetries: 0 });
    this.#calls = calls;
    this.#shown = shown;
    this.#bound = bound;
  }

  /** The model's name. LangChain uses it to look up how much the model can read. */
  get model(): string {
    return this.#shown?.name ?? this.#calls.models.name;
  }

  override get profile(): BaseChatModel["profile"] {
    return this.#shown?.model.profile ?? {};
  }

  override getName(suffix?: string): string {
    return this.#shown?.model.getName(suffix) ?? super.getName(suffix);
  }

  /** Works even before `#shown` is set, because LangChain's constructor already asks for the type. */
  override _llmType(): string {
    return (#shown in this ? this.#shown?.model._llmType() : undefined) ?? "limited";
  }

  override bindTools(tools: BindToolsInput[], options: Partial<BaseChatModelCallOptions> = {}): LimitedModel {
    return new LimitedModel(this.#calls, this.#shown, { tools, settings: withoutUndefined(options) });
  }

  /** Every call of a chat model goes through this method. LangChain's own `generate` would report a run of its own. */
  override async generate(
    messages: Parameters<BaseChatModel["generate"]>[0],
    options?: Parameters<BaseChatModel["generate"]>[1],
    callbacks?: Callbacks,
  ): Promise<LLMResult> {
    const given = Array.isArray(options) ? { stop: options } : options;
    const answers = await Promise.all(
      messages.map((list) => this.#ask(list.map(coerceMessageLikeToMessage), given, callbacks)),
    );
    return { generations: answers.map((message) => [{ text: message.text, message }]) };
  }

  override async _generate(messages: BaseMessage[], options: this["ParsedCallOptions"]): Promise<ChatResult> {
    const message = await this.#ask(messages, options, undefined);
    return { generations: [{ text: message.text, message }] };
  }

  async #ask(
    messages: readonly BaseMessage[],
    options: BaseChatModelCallOptions | undefined,
    given: Callbacks | undefined,
  ): Promise<AIMessage> {
    const { role, stepId, models, context, meter, toTool, method, toForm } = this.#calls;
    const { check, begin, failed, foreign } = this.#calls;
    const bound = this.#bound;
    await begin();
    // If the caller gives no callbacks, those of the surroundings belong to the agent loop, so tracing shows the call
    // inside the loop.
    const callbacks = given ?? callbacksHere();
    const linked = linkSignal(context.signal, options?.signal);
    const { tools = [], settings = {} } = bound ?? {};
    const mustAnswer = settings.tool_choice === "none";
    const calling = createCalling({
      tools: tools.map(toTool),
      settings,
      method,
      form: () => toForm({ tools, messages, mustAnswer }),
    });
    try {
      const { message } = await callModel(
        {
          role,
          stepId,
          models,
          messages: (resolved) => {
            calling.assertAble(resolved, role);
            return messages;
          },
          ask: (resolved, told, { signal, handler, maxRetries }) => {
            const own = withHandlers(foreign === undefined ? callbacks : without(callbacks, foreign), [
              handler,
            ]);
            const stop = options?.stop === undefined ? {} : { stop: options.stop };
            return calling.ask(resolved, told, { callbacks: own, signal, maxRetries, ...stop });
          },
          learn: calling.learn,
          offered: mustAnswer ? [] : namesOf(tools),
          check,
        },
        { ...context, signal: linked.signal },
        meter,
      );
      return message;
    } catch (error) {
      failed(error);
      throw error;
    } finally {
      linked.unlink();
    }
  }
}

/** Whether a model, or the model inside a binding, is a limited model. */
export function isLimitedModel(model: unknown): boolean {
  if (model instanceof LimitedModel) {
    return true;
  }
  const isBinding = typeof model === "object" && model !== null && "bound" in model;
  return isBinding && isLimitedModel(model.bound);
}

function namesOf(tools: readonly BindToolsInput[]): string[] {
  return tools.flatMap((tool) => ("name" in tool && typeof tool.name === "string" ? [tool.name] : []));
}

function without(callbacks: Callbacks | undefined, handler: ForeignCalls): Callbacks | undefined {
  if (callbacks === undefined || Array.isArray(callbacks)) {
    return callbacks?.filter((one) => one !== handler);
  }
  const copy: CallbackManager = callbacks.copy();
  copy.removeHandler(handler);
  return copy;
}
