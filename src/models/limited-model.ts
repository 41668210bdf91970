import type { CallbackManager, Callbacks } from "@langchain/core/callbacks/manager";
import {
  BaseChatModel,
  type BaseChatModelCallOptions,
  type BindToolsInput,
} from "@langchain/core/language_models/chat_models";
import { type AIMessage, type BaseMessage, coerceMessageLikeToMessage } from "@langchain/core/messages";
import type { ChatResult, LLMResult } from "@langchain/core/outputs";
import { linkSignal } from "../base/index.js";
import { callbacksHere, withHandlers } from "../langgraph/index.js";
import type { UsageMeter, UsageRole } from "../usage/index.js";
import { callModel, type ModelCallContext } from "./call-model.js";
import type { ForeignCalls } from "./foreign-calls.js";
import { ModelError } from "./model-error.js";
import type { ModelLine } from "./model-line.js";
import type { ResolvedModel } from "./resolve-model.js";

/** What the calls of a limited model are made with. */
export interface LimitedCalls {
  readonly role: UsageRole;
  readonly stepId: string;
  /** Who is asked: a model, then its fallbacks. */
  readonly models: ModelLine;
  readonly context: ModelCallContext;
  readonly meter: UsageMeter;
  /** A tool as it is told to the model. */
  readonly toTool: (tool: BindToolsInput) => BindToolsInput;
  /** Throws a `ModelError` where an answer is of no use. */
  readonly check: (answer: AIMessage) => void;
  /** Throws where no further call may be made. */
  readonly begin: () => Promise<void>;
  /** Is told why a call gave no answer. */
  readonly failed: (error: unknown) => void;
  /** Counts the calls of other models: it must not count these as well. */
  readonly foreign?: ForeignCalls;
}

/** The tools that a call has, and the settings that go with them. */
interface BoundTools {
  readonly tools: readonly BindToolsInput[];
  readonly settings: Record<string, unknown>;
}

/**
 * A chat model that can be handed to LangChain: whoever calls it, and however, each call is one of a role's, within the
 * run's limits, with retries and fallbacks, and is counted. It is no run of its own to callbacks; the attempts are.
 */
export class LimitedModel extends BaseChatModel {
  readonly #calls: LimitedCalls;
  readonly #shown: ResolvedModel | undefined;
  readonly #bound: BoundTools | undefined;

  /** `shown` is the model that it looks like: LangChain decides by a model's name what the provider can do. */
  constructor(calls: LimitedCalls, shown: ResolvedModel | undefined, bound?: BoundTools) {
    super({ maxRetries: 0 });
    this.#calls = calls;
    this.#shown = shown;
    this.#bound = bound;
  }

  /** The model's name: LangChain looks up by it how much the model can read. */
  get model(): string {
    return this.#shown?.name ?? this.#calls.models.name;
  }

  override get profile(): BaseChatModel["profile"] {
    return this.#shown?.model.profile ?? {};
  }

  override getName(suffix?: string): string {
    return this.#shown?.model.getName(suffix) ?? super.getName(suffix);
  }

  /** LangChain asks for it before the constructor has come this far. */
  override _llmType(): string {
    return (#shown in this ? this.#shown?.model._llmType() : undefined) ?? "limited";
  }

  override bindTools(tools: BindToolsInput[], options: Partial<BaseChatModelCallOptions> = {}): LimitedModel {
    const given = Object.entries(options).filter(([, value]) => value !== undefined);
    return new LimitedModel(this.#calls, this.#shown, { tools, settings: Object.fromEntries(given) });
  }

  /** Everything that calls a chat model comes by here; LangChain's own would begin a run that is none. */
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
    const { role, stepId, models, context, meter, check, begin, failed, foreign } = this.#calls;
    const bound = this.#bound;
    await begin();
    // Where a caller says nothing, the surroundings are the loop's own: tracing shows the call inside of it.
    const callbacks = given ?? callbacksHere();
    const linked = linkSignal(context.signal, options?.signal);
    try {
      const { message } = await callModel(
        {
          role,
          stepId,
          models,
          messages: ({ model, name }) => {
            if (bound !== undefined && model.bindTools === undefined) {
              throw new ModelError("MODEL_FAILED", `The ${role}'s model ${name} cannot call tools.`);
            }
            return messages;
          },
          ask: ({ model }, told, { signal, handler }) => {
            const asked = bound === undefined ? model : this.#bind(model, bound);
            const own = withHandlers(foreign === undefined ? callbacks : without(callbacks, foreign), [
              handler,
            ]);
            const stop = options?.stop === undefined ? {} : { stop: options.stop };
            return asked.invoke([...told], { callbacks: own, signal, ...stop });
          },
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

  #bind(model: BaseChatModel, { tools, settings }: BoundTools) {
    const told = tools.map(this.#calls.toTool);
    const isPlain = Object.keys(settings).length === 0;
    return (isPlain ? model.bindTools?.(told) : model.bindTools?.(told, settings)) ?? model;
  }
}

/** Whether a model, or the model inside of it, is limited. */
export function isLimitedModel(model: unknown): boolean {
  if (model instanceof LimitedModel) {
    return true;
  }
  const isBinding = typeof model === "object" && model !== null && "bound" in model;
  return isBinding && isLimitedModel(model.bound);
}

function without(callbacks: Callbacks | undefined, handler: ForeignCalls): Callbacks | undefined {
  if (callbacks === undefined || Array.isArray(callbacks)) {
    return callbacks?.filter((one) => one !== handler);
  }
  const copy: CallbackManager = callbacks.copy();
  copy.removeHandler(handler);
  return copy;
}
