// A middleware may bring a model of its own, for example a cheap one that writes summaries. LangChain reports each
// model call in the surroundings of the step to the callbacks, whoever makes it. This handler counts those calls.
//
//   (1) A call that a limit forbids is not made. The handler throws, and LangChain passes the error to the caller.
//   (2) A call that LangChain does not report is not counted: one with callbacks of its own, or one made without
//       LangChain.
//   (3) The model itself is responsible for retries, deadlines and the length of its answer.
import { BaseCallbackHandler } from "@langchain/core/callbacks/base";
import { type BaseMessage, HumanMessage, isAIMessage, isBaseMessage } from "@langchain/core/messages";
import type { LLMResult } from "@langchain/core/outputs";
import { describeError } from "../base/index.js";
import type { UsageMeter, UsageRole } from "../usage/index.js";
import type { ModelCallContext } from "./call-model.js";
import { beginCall, endCall, type OpenCall, tokensOf } from "./count-call.js";

/** What the handler needs to count the calls of other models. */
interface ForeignCounting {
  readonly role: UsageRole;
  readonly stepId: string;
  readonly context: ModelCallContext;
  readonly meter: UsageMeter;
  /** Called before each call. Throws if no further call is allowed. */
  readonly begin: () => Promise<void>;
  /** Called with the reason if a call was not made. The call waits for what it returns, if that is a promise. */
  readonly failed: (error: unknown) => unknown;
}

/** What LangChain says about a model before a call. */
interface ToldModel {
  readonly serialized: { readonly id?: readonly string[] };
  readonly extraParams?: Record<string, unknown>;
  readonly metadata?: Record<string, unknown>;
}

/** What LangChain says about a call before it is made, after the model and the messages. */
type ToldRun = [
  runId: string,
  parentRunId?: string,
  extraParams?: Record<string, unknown>,
  tags?: string[],
  metadata?: Record<string, unknown>,
];

/**
 * A callback handler that counts the calls of models other than the role's own and keeps them within the run's limits.
 */
export class ForeignCalls extends BaseCallbackHandler {
  readonly name = "PlanExecuteForeignCalls";
  override readonly raiseError = true;
  override readonly awaitHandlers = true;
  readonly #counting: ForeignCounting;
  readonly #open = new Map<string, OpenCall>();

  constructor(counting: ForeignCounting) {
    super();
    this.#counting = counting;
  }

  override async handleChatModelStart(
    serialized: ToldModel["serialized"],
    messages: BaseMessage[][],
    ...[runId, , extraParams, , metadata]: ToldRun
  ): Promise<void> {
    await this.#reserve(runId, messages.flat(), { serialized, extraParams, metadata });
  }

  override async handleLLMStart(
    serialized: ToldModel["serialized"],
    prompts: string[],
    ...others: ToldRun
  ): Promise<void> {
    const messages = prompts.map((prompt) => new HumanMessage(prompt));
    await this.handleChatModelStart(serialized, [messages], ...others);
  }

  override handleLLMEnd({ generations }: LLMResult, runId: string): void {
    const generation = generations[0]?.[0];
    const message = generation !== undefined && "message" in generation ? generation.message : undefined;
    this.#settle(runId, isBaseMessage(message) && isAIMessage(message) ? tokensOf(message) : undefined);
  }

  override handleLLMError(error: unknown, runId: string): void {
    this.#settle(runId, undefined, describeError(error));
  }

  async #reserve(runId: string, messages: readonly BaseMessage[], told: ToldModel): Promise<void> {
    const { role, stepId, context, begin, failed } = this.#counting;
    try {
      await begin();
      const coming = { role, stepId, messages, model: nameOf(told), maxOutputTokens: undefined };
      this.#open.set(runId, await beginCall(coming, context));
    } catch (error) {
      await failed(error);
      throw error;
    }
  }

  #settle(runId: string, tokens: ReturnType<typeof tokensOf>, error?: string): void {
    const open = this.#open.get(runId);
    if (open === undefined) {
      return;
    }
    this.#open.delete(runId);
    const { context, meter } = this.#counting;
    endCall(open, { tokens, error }, context, meter);
  }
}

/** Returns the model's name as the prices use it, if LangChain says it, and otherwise the name of its class. */
function nameOf({ serialized, extraParams, metadata }: ToldModel): string {
  const params = extraParams?.invocation_params;
  const told: unknown[] = [
    metadata?.ls_model_name,
    ...(typeof params === "object" && params !== null
      ? [Reflect.get(params, "model"), Reflect.get(params, "model_name")]
      : []),
    serialized.id?.at(-1),
  ];
  return told.find((name): name is string => typeof name === "string" && name !== "") ?? "unknown";
}
