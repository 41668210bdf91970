import { AIMessage, ToolMessage } from "@langchain/core/messages";
import { convertToOpenAITool } from "@langchain/core/utils/function_calling";
import { createAgent, createMiddleware } from "langchain";
import { describeError } from "../../../src/base/index.js";
import { withWrittenCalls } from "../../../src/models/answers/index.js";
import { TODAY } from "../clock.js";
import { type Assignment, BudgetSpentError, type EvalAgent } from "./agent.js";
import { callWithinBudget, factsOf } from "./guarded-call.js";

/** Twenty-five rounds. No task needs half as many. */
const RECURSION_LIMIT = 50;
const SYSTEM_PROMPT =
  "Reach the goal with the tools, and do nothing that it does not ask for. " +
  `Then answer in one or two sentences. Today is ${TODAY.slice(0, 10)}.`;

/**
 * LangChain's `createAgent`. With `readsWrittenCalls`, calls that the model writes as text are calls, as they are in our
 * agent.
 */
export function createReact(name: string, readsWrittenCalls: boolean): EvalAgent {
  return {
    name,
    async run(assignment) {
      const { question, tools, model, log, signal } = assignment;
      let spent: BudgetSpentError | undefined;
      const agent = createAgent({
        model,
        tools: [...tools],
        systemPrompt: SYSTEM_PROMPT,
        middleware: [
          tellErrors,
          createGuard(assignment, readsWrittenCalls, (error) => {
            spent = error;
          }),
        ],
      });
      const run = agent.invoke(
        { messages: [{ role: "user", content: question }] },
        { callbacks: [log], signal, recursionLimit: RECURSION_LIMIT },
      );
      const { messages } = await run.catch((error: unknown) => {
        // LangChain wraps what a middleware throws in an error of its own.
        throw spent ?? error;
      });
      return { answer: messages.at(-1)?.text ?? "", status: "done", repairs: 0, replans: 0 };
    },
  };
}

/** If a tool throws, the model sees the error. */
const tellErrors = createMiddleware({
  name: "TellErrors",
  wrapToolCall: async (request, handler) => {
    try {
      return await handler(request);
    } catch (error) {
      const content = `Error: ${describeError(error)}`;
      const { id = "", name } = request.toolCall;
      return new ToolMessage({ content, tool_call_id: id, name, status: "error" });
    }
  },
});

function createGuard(
  { model, budget, prices }: Pick<Assignment, "model" | "budget" | "prices">,
  readsWrittenCalls: boolean,
  onSpent: (error: BudgetSpentError) => void,
) {
  return createMiddleware({
    name: "Guard",
    wrapModelCall: async (request, handler) => {
      const tools = request.tools.map((tool) => JSON.stringify(convertToOpenAITool(tool)));
      const prompt = [SYSTEM_PROMPT, ...tools, ...request.messages.map((message) => JSON.stringify(message))];
      const guarded = { prompt: prompt.join("\n"), model: factsOf(model), budget, prices };
      const message = await callWithinBudget(guarded, async () => {
        const answer = await handler(request);
        if (!AIMessage.isInstance(answer)) {
          throw new TypeError("createAgent's model gave no message.");
        }
        return answer;
      }).catch((error: unknown) => {
        if (error instanceof BudgetSpentError) {
          onSpent(error);
        }
        throw error;
      });
      return readsWrittenCalls
        ? withWrittenCalls(
            message,
            request.tools.map((tool) => String(tool.name)),
          )
        : message;
    },
  });
}
