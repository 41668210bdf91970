// What runs inside a step must not reach the outer stream, nor take part in the outer run's bookkeeping: a
// nested graph with a `messages` channel would replace the conversation on the screen, and one that inherits
// LangGraph's internal keys would write to the outer run's checkpoints. So work inside a step gets a config
// without those keys, without the handlers that feed the stream of messages, and with the tag `nostream`.
import { BaseCallbackHandler, type CallbackHandlerMethods } from "@langchain/core/callbacks/base";
import type { CallbackManager } from "@langchain/core/callbacks/manager";
import { AsyncLocalStorageProviderSingleton } from "@langchain/core/singletons";
import type { LangGraphRunnableConfig } from "@langchain/langgraph";
import type { Emit } from "../events/index.js";

const INTERNAL_KEYS = /^(__|checkpoint_(id|ns|map)$)/;

/** The config that work inside a step runs with. */
export function toInnerConfig(
  config: LangGraphRunnableConfig,
  signal: AbortSignal,
  configurable: Record<string, unknown>,
  handlers: readonly BaseCallbackHandler[] = [],
): LangGraphRunnableConfig {
  const { callbacks, metadata, tags, context, store, writer } = config;
  const outer = Object.entries(config.configurable ?? {}).filter(([key]) => !INTERNAL_KEYS.test(key));
  return {
    callbacks: withHandlers(withoutMessageStream(callbacks), handlers),
    metadata: Object.fromEntries(
      Object.entries(metadata ?? {}).filter(
        ([key]) => !key.startsWith("langgraph_") && !INTERNAL_KEYS.test(key),
      ),
    ),
    tags: [...(tags ?? []), "nostream"],
    configurable: { ...Object.fromEntries(outer), ...configurable },
    context,
    store,
    writer,
    signal,
  };
}

/** Runs work with this config as the surrounding one, instead of the node's. */
export function runDetached<T>(config: LangGraphRunnableConfig, work: () => Promise<T>): Promise<T> {
  return AsyncLocalStorageProviderSingleton.runWithConfig(config, work);
}

/** Sends each token of the models inside a step to the events. */
export class TokenHandler extends BaseCallbackHandler {
  readonly name = "PlanExecuteTokenHandler";
  readonly lc_prefer_streaming = true;
  readonly #emit: Emit;
  readonly #stepId: string;

  constructor(emit: Emit, stepId: string) {
    super();
    this.#emit = emit;
    this.#stepId = stepId;
  }

  override handleLLMNewToken(token: string): void {
    if (token !== "") this.#emit({ type: "step.token", stepId: this.#stepId, token });
  }
}

/** Callbacks with further handlers, which runs inside of runs get too. */
function withHandlers(callbacks: Callbacks, handlers: readonly BaseCallbackHandler[]): Callbacks {
  if (callbacks === undefined || Array.isArray(callbacks)) return [...(callbacks ?? []), ...handlers];
  for (const handler of handlers) callbacks.addHandler(handler);
  return callbacks;
}

type Callbacks = LangGraphRunnableConfig["callbacks"];

function withoutMessageStream(callbacks: Callbacks): Callbacks {
  if (callbacks === undefined) return undefined;
  if (Array.isArray(callbacks)) return callbacks.filter((handler) => !feedsMessageStream(handler));
  const copy: CallbackManager = callbacks.copy();
  for (const handler of copy.handlers) if (feedsMessageStream(handler)) copy.removeHandler(handler);
  return copy;
}

function feedsMessageStream(handler: BaseCallbackHandler | CallbackHandlerMethods): boolean {
  return (
    "name" in handler && typeof handler.name === "string" && /^Stream\w*MessagesHandler$/.test(handler.name)
  );
}
