import type { ToolCall } from "@langchain/core/messages/tool";
import type { RunnableConfig } from "@langchain/core/runnables";
import { AsyncLocalStorageProviderSingleton } from "@langchain/core/singletons";
import {
  type ClientTool,
  DynamicStructuredTool,
  DynamicTool,
  StructuredTool,
  Tool,
} from "@langchain/core/tools";
import { classThatDefines, isOfClass } from "../../base/index.js";
import { withAnswers } from "./tool-questions.js";

/** What a caller needs of a tool. */
export interface InvokableTool {
  invoke(call: ToolCall, config: RunnableConfig): Promise<unknown>;
}

/** The classes of core that define how a tool is called. */
const CORE_CLASSES = new Set<string | undefined>(
  [StructuredTool, Tool, DynamicTool, DynamicStructuredTool].map(({ name }) => name),
);

/**
 * Wraps a tool so that `change` gets what the tool's function returns before LangChain's core converts it. Core turns
 * everything that is not a text into `JSON.stringify(output)`, so a value with a cycle becomes "[object Object]", and a
 * 50 MB buffer becomes a text of 180 MB. The function's questions get `answers`. A tool of another class, or one that
 * overrides how it is called, stays as it is.
 */
export function changingOutput(
  tool: ClientTool,
  change: (raw: unknown) => unknown,
  answers: readonly unknown[] = [],
): InvokableTool {
  if (!isCalledByCore(tool)) {
    return tool;
  }
  const call: unknown = Reflect.get(tool, "_call");
  if (typeof call !== "function") {
    return tool;
  }
  const changedCall = async (input: unknown, manager: unknown, config: RunnableConfig): Promise<unknown> => {
    const asking = withAnswers(config, answers);
    const run: () => unknown = call.bind(tool, input, manager, asking);
    const raw = await AsyncLocalStorageProviderSingleton.runWithConfig(asking, run);
    return isAsyncGenerator(raw) ? changeReturn(raw, change) : change(raw);
  };
  // Getters run on the tool itself, because a proxy cannot reach the private fields of a subclass.
  return new Proxy(tool, {
    get: (target, key) => (key === "_call" ? changedCall : Reflect.get(target, key, target)),
  });
}

/** Whether a tool of any copy of core is called as that copy calls its tools. */
function isCalledByCore(tool: ClientTool): boolean {
  return (
    isOfClass(tool, StructuredTool) &&
    classThatDefines("invoke", tool) === StructuredTool.name &&
    CORE_CLASSES.has(classThatDefines("call", tool))
  );
}

function isAsyncGenerator(value: unknown): value is AsyncGenerator<unknown, unknown, undefined> {
  return typeof value === "object" && value !== null && Symbol.asyncIterator in value && "next" in value;
}

async function* changeReturn(
  events: AsyncGenerator<unknown, unknown, undefined>,
  change: (raw: unknown) => unknown,
): AsyncGenerator<unknown, unknown, undefined> {
  return change(yield* events);
}
