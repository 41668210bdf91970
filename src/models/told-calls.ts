// Calls that models made where our handlers do not reach, on another server. What they used is told by the messages that
// come back, or by the usage that an agent of ours keeps in its state. It is counted when it is told, so a limit is met
// after the call that exceeds it, and not before.
import { isRecord } from "../base/index.js";
import { emptyTokenUsage, type TokenUsage, type UsageMeter, type UsageRole } from "../usage/index.js";
import type { ModelCallContext } from "./call-model.js";
import { beginCall, endCall, tokensOf } from "./count-call.js";

/** The role and step that the calls are counted for. */
interface ToldCounting {
  readonly role: UsageRole;
  readonly stepId: string;
  readonly context: ModelCallContext;
  readonly meter: UsageMeter;
}

interface ToldCall {
  readonly model: string;
  readonly tokens: TokenUsage | undefined;
}

/** Counts what the state of a remote agent tells of its models' calls, each call once. */
export class ToldCalls {
  readonly #counting: ToldCounting;
  /** The ids of the messages that are counted. */
  readonly #known = new Set<string>();
  /** What is counted of each model, if the agent is one of ours. */
  readonly #sums = new Map<string, Sum>();

  constructor(counting: ToldCounting) {
    this.#counting = counting;
  }

  /** Marks everything in a state as counted before. */
  skip(values: unknown): void {
    this.#newIn(values);
  }

  /** Counts what a state tells that is new. Rejects with a `LimitError` if a limit is met. */
  async count(values: unknown): Promise<void> {
    const { role, stepId, context, meter } = this.#counting;
    for (const { model, tokens } of this.#newIn(values)) {
      const coming = { role, stepId, messages: [], model, maxOutputTokens: 0 };
      endCall(await beginCall(coming, context), { tokens }, context, meter);
    }
  }

  #newIn(values: unknown): ToldCall[] {
    const { usage, messages } = isRecord(values) ? values : {};
    if (isRecord(usage) && isRecord(usage.byModel)) {
      return Object.entries(usage.byModel).flatMap(([model, sum]) => this.#newOf(model, toSum(sum)));
    }
    return (Array.isArray(messages) ? messages : []).flatMap((message) => this.#newFrom(message));
  }

  /** An agent of ours tells sums. The first of a model's new calls is counted with all that is new. */
  #newOf(model: string, sum: Sum): ToldCall[] {
    const before = this.#sums.get(model) ?? { calls: 0, input: 0, output: 0 };
    this.#sums.set(model, sum);
    const tokens = toTokens(sum.input - before.input, sum.output - before.output);
    const calls = Math.min(MAX_CALLS, Math.max(0, sum.calls - before.calls));
    return Array.from({ length: calls }, (_, at) => ({ model, tokens: at === 0 ? tokens : toTokens(0, 0) }));
  }

  #newFrom(message: unknown): ToldCall[] {
    const { id, type, usage_metadata, response_metadata } = isRecord(message) ? message : {};
    if (typeof id !== "string" || type !== "ai" || !isRecord(usage_metadata) || this.#known.has(id)) {
      return [];
    }
    this.#known.add(id);
    const name = isRecord(response_metadata) ? response_metadata.model_name : undefined;
    const usage = Object.assign({ input_tokens: 0, output_tokens: 0, total_tokens: 0 }, usage_metadata);
    return [
      { model: typeof name === "string" ? name : "remote", tokens: tokensOf({ usage_metadata: usage }) },
    ];
  }
}

/** How many new calls one state may report. A server may claim any number. */
const MAX_CALLS = 1_000;

interface Sum {
  readonly calls: number;
  readonly input: number;
  readonly output: number;
}

function toSum(count: unknown): Sum {
  const { calls, inputTokens, outputTokens } = isRecord(count) ? count : {};
  const toCount = (value: unknown) => (Number.isSafeInteger(value) ? Math.max(0, Number(value)) : 0);
  return { calls: toCount(calls), input: toCount(inputTokens), output: toCount(outputTokens) };
}

function toTokens(input: number, output: number): TokenUsage {
  return { ...emptyTokenUsage(), inputTokens: Math.max(0, input), outputTokens: Math.max(0, output) };
}
