import type { BaseMessage } from "@langchain/core/messages";
import { type ToolCall, ToolMessage } from "@langchain/core/messages/tool";
import { tool } from "@langchain/core/tools";
import { z } from "zod";
import { cutText } from "../../base/index.js";
import { callbacksHere, withHandlers } from "../../langgraph/index.js";
import {
  brokenCallIn,
  callModel,
  type ModelCall,
  ModelError,
  ModelLine,
  messageWithoutTags,
} from "../../models/index.js";
import { BLOCKED_TOOL, toBoundTool } from "../../prompts/index.js";
import { MAX_AGENT_CALLS, MAX_PROMPT_OUTPUT_BYTES } from "../run/index.js";
import { type AgentStop, openCalls, toolRounds, withOwnCallIds } from "./agent-progress.js";
import { callTool } from "./call-tool.js";
import { findFault } from "./check-output.js";
import { type Gate, passGate, refuseAtGate } from "./gate.js";
import { argsOf, assertWholeArgs } from "./make-arguments.js";
import type { Part, PartEnvironment } from "./part.js";

/** What the middleware of one agent step shares with the step. */
export interface AgentLoop {
  /** Calls that were settled before the loop began, by the call's id. */
  readonly gates: ReadonlyMap<string, Gate>;
  /** Set by the middleware where it stops the loop. */
  stopped?: AgentStop;
  /** Why the loop did not come to its end: LangChain wraps whatever is thrown inside a middleware. */
  failure?: { readonly error: unknown };
}

/** The tool with which an agent says that it cannot go on; it is never run: a call of it ends the loop. */
export function createBlockedTool() {
  return tool(() => "", {
    name: BLOCKED_TOOL,
    description: "Says that this step cannot be done, and exactly why.",
    schema: z.object({ reason: z.string() }),
  });
}

/** The middleware of an agent step: counts and limits its model calls, stops it before what waits for a person. */
export async function createStepMiddleware(part: Part, environment: PartEnvironment, loop: AgentLoop) {
  const { createMiddleware } = await import("langchain");
  const { context, signal, meter } = environment;
  const models = new ModelLine(context.settings.executor, context.services.resolveModel);
  // A step that could not be stored makes no further call: all of it will be done again.
  const assertStored = async () => {
    try {
      await context.storage?.assertStored(signal);
    } catch (error) {
      loop.failure = { error };
      throw error;
    }
  };
  const told = new Map(context.services.registry.describe().map((entry) => [entry.name, entry]));
  return createMiddleware({
    name: "PlanExecuteStep",
    beforeAgent: {
      canJumpTo: ["tools"],
      hook: ({ messages }) => (openCalls(messages).length > 0 ? { jumpTo: "tools" } : undefined),
    },
    // The role's models are called here, and not by LangChain's handler: each attempt has a signal of its own.
    wrapModelCall: async (request) => {
      const call: ModelCall = {
        role: "executor",
        stepId: part.id,
        models,
        messages: ({ model, name }) => {
          // The first message is the task, in tags of ours; after it stands what the model and tools said.
          const said = request.messages.map((one, at) => (at === 0 ? one : messageWithoutTags(one)));
          if (model.bindTools !== undefined) {
            return [request.systemMessage, ...said];
          }
          throw new ModelError("MODEL_FAILED", `The executor's model ${name} cannot call tools.`);
        },
        ask: ({ model }, messages, { signal: attemptSignal, handler }) => {
          const tools = request.tools.map((one) => toBoundTool(one, told.get(String(one.name))));
          const bound = model.bindTools?.(tools) ?? model;
          // The surroundings are the loop's own, so that tracing shows the call inside of it.
          const callbacks = withHandlers(callbacksHere(), [handler]);
          return bound.invoke([...messages], { callbacks, signal: attemptSignal });
        },
        check: (answer) => {
          const broken = brokenCallIn(answer);
          if (broken !== undefined) {
            throw new ModelError("MODEL_UNREADABLE", broken);
          }
          const { tool_calls: calls = [] } = answer;
          for (const one of calls) {
            assertWholeArgs(one);
          }
          if (calls.length <= MAX_AGENT_CALLS) {
            return;
          }
          const many = `its answer calls tools ${calls.length} times; ${MAX_AGENT_CALLS} calls are the most at once`;
          throw new ModelError("MODEL_TOO_LONG", many);
        },
      };
      await assertStored();
      try {
        const { message } = await callModel(call, { ...context.modelCalls, signal }, meter);
        return withOwnCallIds(message, request.messages);
      } catch (error) {
        loop.failure = { error };
        throw error;
      }
    },
    afterModel: {
      canJumpTo: ["end"],
      hook: async ({ messages }) => {
        if (openCalls(messages).length > 0) {
          await assertStored();
        }
        loop.stopped = await findStop(part, environment, messages);
        return loop.stopped === undefined ? undefined : { jumpTo: "end" };
      },
    },
    wrapToolCall: ({ toolCall }) => answerCall(part, environment, toolCall, loop.gates),
  });
}

async function findStop(
  part: Part,
  environment: PartEnvironment,
  messages: readonly BaseMessage[],
): Promise<AgentStop | undefined> {
  const calls = openCalls(messages);
  const blocked = calls.find(({ name }) => name === BLOCKED_TOOL);
  if (blocked !== undefined) {
    return { stop: "blocked", reason: toReason(blocked.args.reason) };
  }
  if (calls.length > 0 && toolRounds(messages) > environment.context.settings.executor.maxToolRounds) {
    return { stop: "rounds" };
  }
  const gates = await Promise.all(
    calls.map(async (call): Promise<[string, Gate]> => {
      const gate = await passGate(part.id, call.name, argsOf(call), environment, call.id);
      return [call.id ?? call.name, await refuseAtGate(gate, environment)];
    }),
  );
  const isWaiting = gates.some(([, { gate }]) => gate === "wait");
  return isWaiting ? { stop: "waiting", gates: new Map(gates) } : undefined;
}

/** Makes one call of an agent's, and gives its answer as the message that the model sees. */
async function answerCall(
  part: Part,
  environment: PartEnvironment,
  call: ToolCall,
  gates: ReadonlyMap<string, Gate>,
): Promise<ToolMessage> {
  const callId = call.id ?? call.name;
  const passed = gates.get(callId) ?? (await passGate(part.id, call.name, argsOf(call), environment, callId));
  const gate = await refuseAtGate(passed, environment);
  const answer = (content: string, failed: boolean) =>
    new ToolMessage({
      content: cutText(content, MAX_PROMPT_OUTPUT_BYTES),
      tool_call_id: callId,
      name: call.name,
      status: failed ? "error" : "success",
    });
  if (gate.gate === "rejected") {
    return answer(`A person rejected this call: ${gate.message}`, true);
  }
  if (gate.gate === "refused") {
    return answer(`This call was refused: ${gate.message}`, true);
  }
  if (gate.gate === "wait") {
    return answer("This call waits for a person and was not made.", true);
  }
  const { description } = part.step;
  const { approval } = gate;
  const permitted = { partId: part.id, description, tool: gate.tool, args: gate.args, callId, approval };
  const outcome = await callTool(permitted, environment);
  if (!outcome.ok) {
    return answer(outcome.error.message, true);
  }
  const { output } = outcome.value;
  const fault = await findFault(output, gate, environment.context);
  if (fault !== undefined) {
    return answer(fault, true);
  }
  return answer(typeof output === "string" ? output : JSON.stringify(output), false);
}

function toReason(reason: unknown): string {
  if (reason === undefined) {
    return "no reason given";
  }
  return cutText(typeof reason === "string" ? reason : JSON.stringify(reason), MAX_PROMPT_OUTPUT_BYTES);
}
