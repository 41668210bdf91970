// LangGraph feeds its stream of messages through a callback handler that it adds to a run's callbacks. Only its name
// distinguishes this handler from others.
import type { BaseCallbackHandler, CallbackHandlerMethods } from "@langchain/core/callbacks/base";
import type { CallbackManager } from "@langchain/core/callbacks/manager";
import type { RunnableConfig } from "@langchain/core/runnables";

/** The callbacks of a run: a list of handlers, or a manager of them. */
export type Callbacks = RunnableConfig["callbacks"];

const MESSAGE_STREAM = "StreamMessagesHandler";
/** Matches the handlers of all versions of the stream of messages. */
const MESSAGE_STREAMS = /^Stream\w*MessagesHandler$/;

/**
 * Copies callbacks, with `wrap` around the handler that feeds the stream of messages. The handlers of its newer
 * versions stay as they are.
 */
export function withMessageStream(
  callbacks: Callbacks,
  wrap: (stream: BaseCallbackHandler) => BaseCallbackHandler,
): Callbacks {
  if (callbacks === undefined || Array.isArray(callbacks)) {
    return callbacks;
  }
  const copy = callbacks.copy();
  for (const handler of copy.handlers) {
    if (handler.name !== MESSAGE_STREAM) {
      continue;
    }
    copy.removeHandler(handler);
    copy.addHandler(wrap(handler), true);
  }
  return copy;
}

/** Copies callbacks without the handlers that feed the stream of messages. */
export function withoutMessageStream(callbacks: Callbacks): Callbacks {
  if (callbacks === undefined) {
    return undefined;
  }
  if (Array.isArray(callbacks)) {
    return callbacks.filter((handler) => !feedsMessageStream(handler));
  }
  const copy: CallbackManager = callbacks.copy();
  for (const handler of copy.handlers) {
    if (feedsMessageStream(handler)) {
      copy.removeHandler(handler);
    }
  }
  return copy;
}

function feedsMessageStream(handler: BaseCallbackHandler | CallbackHandlerMethods): boolean {
  return "name" in handler && typeof handler.name === "string" && MESSAGE_STREAMS.test(handler.name);
}
