// Work inside a step must not reach the outer stream, and must not take part in the outer run's bookkeeping. Otherwise
// a nested graph with a `messages` channel would replace the conversation on the screen, and a graph that inherits
// LangGraph's internal keys would write to the outer run's checkpoints. So work inside a step gets a config without
// those keys, without the handlers that feed the stream of messages, and with the tag `nostream`.
import { BaseCallbackHandler } from "@langchain/core/callbacks/base";
import type { LangGraphRunnableConfig } from "@langchain/langgraph";
import type { Emit } from "../events/index.js";
import { type Callbacks, withoutMessageStream } from "./langchain/index.js";

const INTERNAL_KEYS = /^(__|checkpoint_(id|ns|map)$)/;

/**
 * Makes the config for one piece of work inside a step, with its own signal, keys and handlers. Traces find the step's
 * id in its metadata.
 */
export type ToInnerConfig = (
  stepId: string,
  signal: AbortSignal,
  configurable: Record<string, unknown>,
  handlers?: readonly BaseCallbackHandler[],
) => LangGraphRunnableConfig;

/** Prepares the configs for work inside steps. It filters the node's config once for all steps of the node. */
export function createInnerConfigs(config: LangGraphRunnableConfig): ToInnerConfig {
  const { context, store, writer } = config;
  const callbacks = withoutMessageStream(config.callbacks);
  const metadata = keep(config.metadata, (key) => !key.startsWith("langgraph_") && !INTERNAL_KEYS.test(key));
  const outer = keep(config.configurable, (key) => !INTERNAL_KEYS.test(key));
  const tags = [...(config.tags ?? []), "nostream"];
  return (stepId, signal, configurable, handlers = []) => ({
    callbacks: withHandlers(callbacks, handlers),
    metadata: { ...metadata, plan_execute_step: stepId },
    tags,
    configurable: { ...outer, ...configurable },
    context,
    store,
    writer,
    signal,
  });
}

function keep(
  record: Record<string, unknown> | undefined,
  isKept: (key: string) => boolean,
): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record ?? {}).filter(([key]) => isKept(key)));
}

/** Runs whose tokens are not shown as they come: those with this tag, each with a reader of its own. */
export interface ReadRuns {
  readonly tag: string;
  createReader(): { read(token: string): string };
}

type ChatModelStart = Parameters<Required<BaseCallbackHandler>["handleChatModelStart"]>;
type NewToken = Parameters<Required<BaseCallbackHandler>["handleLLMNewToken"]>;

/** A callback handler that emits an event for each token of the models inside a step. */
export class TokenHandler extends BaseCallbackHandler {
  readonly name = "PlanExecuteTokenHandler";
  readonly lc_prefer_streaming = true;
  readonly #emit: Emit;
  readonly #stepId: string;
  readonly #runs: ReadRuns;
  readonly #readers = new Map<string, ReturnType<ReadRuns["createReader"]>>();

  constructor(emit: Emit, stepId: string, runs: ReadRuns) {
    super();
    this.#emit = emit;
    this.#stepId = stepId;
    this.#runs = runs;
  }

  override handleChatModelStart(...[, , runId, , , tags]: ChatModelStart): void {
    if (tags?.includes(this.#runs.tag)) {
      this.#readers.set(runId, this.#runs.createReader());
    }
  }

  override handleLLMNewToken(...[written, , runId]: NewToken): void {
    const reader = this.#readers.get(runId);
    const token = reader === undefined ? written : reader.read(written);
    if (token !== "") {
      this.#emit({ type: "step.token", stepId: this.#stepId, token });
    }
  }
}

/** Adds handlers to callbacks. Nested runs get them too. */
export function withHandlers(callbacks: Callbacks, handlers: readonly BaseCallbackHandler[]): Callbacks {
  if (handlers.length === 0) {
    return callbacks;
  }
  if (callbacks === undefined || Array.isArray(callbacks)) {
    return [...(callbacks ?? []), ...handlers];
  }
  return callbacks.copy([...handlers]);
}
