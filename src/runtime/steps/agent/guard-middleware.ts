import type { ClientTool } from "@langchain/core/tools";
import { isGraphBubbleUp } from "@langchain/langgraph";
import type { AgentMiddleware } from "langchain";
import { describeError } from "../../../base/index.js";
import { isCallable } from "../../../langgraph/index.js";

/** What we need to watch a middleware's hooks. */
export interface MiddlewareGuard {
  /** Whether the agent only waits, so it has not reached its end. */
  readonly isWaiting: () => boolean;
  /** Whether an error already says what it is. */
  readonly isKnown: (error: unknown) => boolean;
  /** How long a hook may take, not counting the calls that it waits for. */
  readonly timeoutMs: number;
  /** Makes a tool that stands in for another, so that whoever calls it passes the gate. */
  readonly toStandIn: (tool: ClientTool) => ClientTool;
}

/** Does work that a hook waits for. Its time does not count as the hook's. */
type Inside = <Result>(work: () => Result | PromiseLike<Result>) => Promise<Result>;

type BeforeModel = AgentMiddleware["beforeModel"];

/**
 * Wraps a user's middleware for an agent step. An error names the middleware that threw it. A hook that hangs ends
 * after the time that a model call may take. Hooks for an agent's end do not run if the agent only waits.
 */
export function guardMiddleware(middleware: AgentMiddleware, guard: MiddlewareGuard): AgentMiddleware {
  const { name, stateSchema, contextSchema, streamTransformers, tools } = middleware;
  const watch = <Result>(hook: string, work: (inside: Inside) => Result | PromiseLike<Result>) =>
    watchHook(`The middleware "${name}" failed in ${hook}`, guard, work);
  const toGuarded = (hook: string, given: BeforeModel, isSkipped = () => false): BeforeModel => {
    if (given === undefined) {
      return undefined;
    }
    const { hook: run, canJumpTo } = typeof given === "function" ? { hook: given } : given;
    return {
      canJumpTo,
      hook: (state, runtime) =>
        isSkipped() ? undefined : watch(hook, () => run.call(middleware, state, runtime)),
    };
  };
  const { wrapModelCall, wrapToolCall } = middleware;
  return {
    ...middleware,
    name,
    stateSchema,
    contextSchema,
    streamTransformers,
    tools: tools?.map((tool) => (isCallable(tool) ? guard.toStandIn(tool) : tool)),
    beforeAgent: toGuarded("beforeAgent", middleware.beforeAgent),
    beforeModel: toGuarded("beforeModel", middleware.beforeModel),
    afterModel: toGuarded("afterModel", middleware.afterModel),
    afterAgent: toGuarded("afterAgent", middleware.afterAgent, guard.isWaiting),
    wrapModelCall:
      wrapModelCall &&
      ((request, handler) =>
        watch("wrapModelCall", (inside) =>
          wrapModelCall.call(middleware, request, (next) => inside(() => handler(next))),
        )),
    wrapToolCall:
      wrapToolCall &&
      ((request, handler) =>
        watch("wrapToolCall", (inside) =>
          wrapToolCall.call(middleware, request, (next) => inside(() => handler(next))),
        )),
  };
}

async function watchHook<Result>(
  failed: string,
  { timeoutMs, isKnown }: MiddlewareGuard,
  work: (inside: Inside) => Result | PromiseLike<Result>,
): Promise<Result> {
  const passing = new Set<unknown>();
  let timer: NodeJS.Timeout | undefined;
  let isDone = false;
  let waitsFor = 0;
  let giveUp: (error: Error) => void = () => undefined;
  const over = new Promise<never>((_resolve, reject) => {
    giveUp = reject;
  });
  let late: Error | undefined;
  const start = () => {
    timer = setTimeout(() => {
      late = new Error(`${failed}: it did not come back within ${timeoutMs} ms (modelTimeoutMs).`);
      giveUp(late);
    }, timeoutMs);
  };
  const inside: Inside = async (inner) => {
    waitsFor += 1;
    clearTimeout(timer);
    try {
      return await inner();
    } catch (error) {
      passing.add(error);
      throw error;
    } finally {
      waitsFor -= 1;
      if (waitsFor === 0 && !isDone) {
        start();
      }
    }
  };
  start();
  try {
    return await Promise.race([(async () => work(inside))(), over]);
  } catch (error) {
    if (passing.has(error) || isKnown(error)) {
      throw error;
    }
    if (isGraphBubbleUp(error)) {
      const what = "it interrupts the run, which an agent step cannot; approval.tools has people asked";
      throw new Error(`${failed}: ${what}.`, { cause: error });
    }
    throw error === late ? error : new Error(`${failed}: ${describeError(error)}`, { cause: error });
  } finally {
    isDone = true;
    clearTimeout(timer);
  }
}

/** Whether LangChain wrapped an error that was thrown inside a middleware. The cause is the original error. */
export function isMiddlewareError(error: unknown): error is Error {
  return error instanceof Error && "~brand" in error && error["~brand"] === "MiddlewareError";
}
