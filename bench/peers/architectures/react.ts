import { ToolMessage } from "@langchain/core/messages";
import { createAgent, createMiddleware } from "langchain";
import { ERROR_PREFIX } from "../model/transcript.js";
import type { Architecture, Task } from "./architecture.js";

/** More rounds than any of the works needs. */
const RECURSION_LIMIT = 200;

/** LangChain's agent with the tools. If a tool throws, the model sees the error. */
export function createLoop(
  model: ReturnType<Task["model"]>,
  tools: Task["tools"],
  systemPrompt: string,
): (message: string) => Promise<string> {
  const tellErrors = createMiddleware({
    name: "TellErrors",
    wrapToolCall: async (request, handler) => {
      try {
        return await handler(request);
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        const { id = "", name } = request.toolCall;
        return new ToolMessage({
          content: `${ERROR_PREFIX}${reason}`,
          tool_call_id: id,
          name,
          status: "error",
        });
      }
    },
  });
  const agent = createAgent({ model, tools: [...tools], systemPrompt, middleware: [tellErrors] });
  return async (message) => {
    const { messages } = await agent.invoke(
      { messages: [{ role: "user", content: message }] },
      { recursionLimit: RECURSION_LIMIT },
    );
    return messages.at(-1)?.text ?? "";
  };
}

/** LangChain's `createAgent`: a loop of one model and the tools. */
export function createReact(name: string, models: Architecture["models"], isParallel: boolean): Architecture {
  return {
    name,
    models,
    family: "react",
    run({ work, tools, model }) {
      return createLoop(
        model(models, !isParallel),
        tools,
        "Reach the goal with the tools. Answer with what is asked for and nothing else.",
      )(work.goal);
    },
  };
}
