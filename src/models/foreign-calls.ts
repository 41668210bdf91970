// A middleware may bring a model of its own: a cheap one that writes summaries, say. LangChain tells the callbacks of
// each model call that is made in the surroundings of the step, whoever makes it, and that is where it is counted.
//
//   (1) A call that a limit forbids is not made: the handler throws, and LangChain hands that to the caller.
//   (2) What LangChain does not tell is not counted: a call with callbacks of its own, or one made without LangChain.
//   (3) Retries, deadlines and the length of the answer are the model's own.
import { BaseCallbackHandler } from "@langchain/core/callbacks/base";
import { type BaseMessage, HumanMessage, isAIMessage, isBaseMessage } from "@langchain/core/messages";
import type { LLMResult } from "@langchain/core/outputs";
import type { Reservation, UsageMeter, UsageRole } from "../usage/index.js";
import { usageOfCall } from "../usage/index.js";
import type { ModelCallContext } from "./call-model.js";
import { reserveCall, tokensOf } from "./count-call.js";

/** What the calls of other models are counted with. */
interface ForeignCounting {
  readonly role: UsageRole;
  readonly stepId: string;
  readonly context: ModelCallContext;
  readonly meter: UsageMeter;
  /** Throws where no further call may be made. */
  readonly begin: () => Promise<void>;
  /** Is told why a call was not made. */
  readonly failed: (error: unknown) => void;
}

/** What LangChain tells of a model before a call. */
interface ToldModel {
  readonly serialized: { readonly id?: readonly string[] };
  readonly extraParams?: Record<string, unknown>;
  readonly metadata?: Record<string, unknown>;
}

/** Counts the calls of models that are not the role's own, and holds them to the run's limits. */
export class ForeignCalls extends BaseCallbackHandler {
  readonly name = "PlanExecuteForeignCalls";
  override readonly raiseError = true;
  override readonly awaitHandlers = true;
  readonly #counting: ForeignCounting;
  readonly #open = new Map<string, Reservation>();

  constructor(counting: ForeignCounting) {
    super();
    this.#counting = counting;
  }

  override async handleChatModelStart(
    serialized: ToldModel["serialized"],
    messages: BaseMessage[][],
    runId: string,
    _parentRunId?: string,
    extraParams?: Record<string, unknown>,
    _tags?: string[],
    metadata?: Record<string, unknown>,
  ): Promise<void> {
    await this.#reserve(runId, messages.flat(), { serialized, extraParams, metadata });
  }

  override async handleLLMStart(
    serialized: ToldModel["serialized"],
    prompts: string[],
    runId: string,
    _parentRunId?: string,
    extraParams?: Record<string, unknown>,
    _tags?: string[],
    metadata?: Record<string, unknown>,
  ): Promise<void> {
    const messages = prompts.map((prompt) => new HumanMessage(prompt));
    await this.#reserve(runId, messages, { serialized, extraParams, metadata });
  }

  override handleLLMEnd({ generations }: LLMResult, runId: string): void {
    const generation = generations[0]?.[0];
    const message = generation !== undefined && "message" in generation ? generation.message : undefined;
    this.#settle(
      runId,
      isBaseMessage(message) && isAIMessage(message) ? tokensOf(message) : undefined,
      false,
    );
  }

  override handleLLMError(_error: unknown, runId: string): void {
    this.#settle(runId, undefined, true);
  }

  async #reserve(runId: string, messages: readonly BaseMessage[], told: ToldModel): Promise<void> {
    const { context, begin, failed } = this.#counting;
    try {
      await begin();
      const coming = { messages, model: nameOf(told), maxOutputTokens: undefined };
      this.#open.set(runId, await reserveCall(coming, context));
    } catch (error) {
      failed(error);
      throw error;
    }
  }

  #settle(runId: string, tokens: ReturnType<typeof tokensOf>, failed: boolean): void {
    const reservation = this.#open.get(runId);
    if (reservation === undefined) {
      return;
    }
    this.#open.delete(runId);
    const { role, stepId, context, meter } = this.#counting;
    const counted = context.budget.settle(reservation, tokens);
    meter.add(
      usageOfCall({ role, stepId, model: reservation.model, tokens: counted, failed }, context.prices),
    );
  }
}

/** The name under which prices know a model, as far as LangChain tells it; else the name of its class. */
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
