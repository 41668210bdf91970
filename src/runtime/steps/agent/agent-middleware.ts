// An agent step runs with the user's middleware between two of ours.
//
//   (1) The outer one stands first. Its `beforeModel` runs before all others and its `afterModel` after all others. So
//       it sees the calls as they will be made, and stops the loop before a call that waits.
//   (2) The inner one stands last. Each model call or tool call reaches it after the others have changed it.
import { type BaseMessage, isAIMessage } from "@langchain/core/messages";
import { hasSameTags, isLimitedModel, messageWithoutTags } from "../../../models/index.js";
import { BLOCKED_TOOL } from "../../../prompts/index.js";
import { MAX_AGENT_CALLS } from "../../run/index.js";
import { assertWholeArgs } from "../arguments/index.js";
import { toReason } from "../blocked-tool.js";
import { type Gate, refuseAtGate } from "../gate.js";
import { type AgentCalls, answerCall } from "./agent-calls.js";
import type { AgentModels } from "./agent-models.js";
import {
  type AgentLoop,
  type AgentStop,
  assertNotOver,
  assertStored,
  callIdOf,
  lastCalls,
  openCalls,
  withOwnCallIds,
} from "./agent-progress.js";
import { findRepeats, mustAnswer } from "./agent-repeats.js";
import { passAgentGate } from "./agent-tools.js";

/**
 * The first middleware of an agent step. It stops the loop before a call that waits for a person, and after too many
 * rounds of tool calls.
 */
export async function createOuterMiddleware(made: AgentCalls) {
  const { environment, loop, canHold } = made;
  const { createMiddleware } = await import("langchain");
  return createMiddleware({
    name: "PlanExecuteStep",
    beforeAgent: {
      canJumpTo: ["tools"],
      hook: ({ messages }) => (openCalls(messages).length > 0 ? { jumpTo: "tools" } : undefined),
    },
    beforeModel: {
      canJumpTo: ["end"],
      hook: ({ messages }) => (goesOn(loop, messages) ? undefined : { jumpTo: "end" }),
    },
    afterModel: {
      canJumpTo: ["end", "model"],
      hook: async ({ messages: given }) => {
        assertNotOver(loop);
        const renamed = canHold ? withCallIds(given) : undefined;
        const messages = renamed ?? given;
        const open = openCalls(messages);
        if (open.length > 0) {
          await assertStored(environment, loop);
        }
        const calls = lastCalls(messages);
        loop.rounds += calls.length > 0 ? 1 : 0;
        loop.repeats = findRepeats(messages, environment.context.services.registry);
        loop.stopped = await findStop(made, messages);
        const update = renamed === undefined ? {} : { messages: renamed };
        if (loop.stopped !== undefined) {
          return { ...update, jumpTo: "end" };
        }
        // A middleware answered all the calls. LangChain would take its last message for the agent's answer.
        const isAnswered = calls.length > 0 && open.length === 0 && messages.at(-1)?.getType() === "tool";
        return isAnswered ? { ...update, jumpTo: "model" } : renamed && update;
      },
    },
  });
}

/**
 * The last middleware of an agent step. It holds all model calls to the limits and sends all tool calls through the
 * gate.
 */
export async function createInnerMiddleware(calls: AgentCalls, models: AgentModels, task?: BaseMessage) {
  const { createMiddleware } = await import("langchain");
  const { brought } = calls;
  return createMiddleware({
    name: "PlanExecuteCalls",
    wrapModelCall: async (request, handler) => {
      const model = isLimitedModel(request.model) ? request.model : await models.limit(request.model);
      // The first message is the task, and its tags are ours. Later messages are what the model and tools said.
      const messages = request.messages.map((one, at) =>
        at === 0 && (task === undefined || isTask(one, task)) ? one : messageWithoutTags(one),
      );
      const toolChoice = mustAnswer(request.messages) ? "none" : request.toolChoice;
      const answer = await handler({ ...request, model, messages, toolChoice });
      return isMessage(answer) && isAIMessage(answer) ? withOwnCallIds(answer, request.messages) : answer;
    },
    wrapToolCall: (request, handler) =>
      answerCall(calls, {
        call: request.toolCall,
        bring: async (call) => handler({ ...request, toolCall: call, tool: brought.get(call.name) }),
      }),
  });
}

/** Gives ids to the calls that a middleware added. Returns undefined if each call has one. */
function withCallIds(messages: readonly BaseMessage[]): BaseMessage[] | undefined {
  const last = messages.findLastIndex((message) => isAIMessage(message));
  const message = messages[last];
  if (message === undefined || !isAIMessage(message)) {
    return undefined;
  }
  const named = withOwnCallIds(message, messages.slice(0, last));
  return named === message ? undefined : messages.with(last, named);
}

/** Whether the loop may ask its model again. Throws if a middleware left messages that no model can answer. */
function goesOn(loop: AgentLoop, messages: readonly BaseMessage[]): boolean {
  assertNotOver(loop);
  if (loop.held.size > 0) {
    return false;
  }
  const [open] = openCalls(messages);
  if (open === undefined) {
    return true;
  }
  throw new Error(`A middleware took away the answer to the call ${open.id} of ${open.name}.`);
}

/** Whether a message is still the task, even if a middleware has changed some of its words. */
function isTask(message: BaseMessage, task: BaseMessage): boolean {
  const [head = ""] = task.text.split("\n", 1);
  return message.text.startsWith(head) && hasSameTags(message.text, task.text);
}

function isMessage(value: object): value is BaseMessage {
  return "getType" in value;
}

async function findStop(made: AgentCalls, messages: readonly BaseMessage[]): Promise<AgentStop | undefined> {
  const { environment, loop } = made;
  const calls = openCalls(messages);
  const blocked = calls.find(({ name }) => name === BLOCKED_TOOL);
  if (blocked !== undefined) {
    return { stop: "blocked", reason: toReason(blocked) };
  }
  const last = messages.findLastIndex((message) => isAIMessage(message));
  const [repeated] = calls;
  if (repeated !== undefined && mustAnswer(messages.slice(0, last))) {
    return { stop: "repeats", name: repeated.name };
  }
  if (lastCalls(messages).length > 0 && loop.rounds > environment.context.settings.executor.maxToolRounds) {
    return { stop: "rounds" };
  }
  if (calls.length > MAX_AGENT_CALLS) {
    throw new Error(
      `A middleware made ${calls.length} calls of one answer; ${MAX_AGENT_CALLS} calls are the most at once.`,
    );
  }
  for (const call of calls) {
    assertWholeArgs(call);
  }
  const judged = calls.filter((call) => loop.repeats.get(callIdOf(call))?.isMadeAgain !== false);
  const gates = await Promise.all(
    judged.map(async (call): Promise<[string, Gate]> => {
      return [callIdOf(call), await refuseAtGate(await passAgentGate(made, call), environment)];
    }),
  );
  const isWaiting = gates.some(([, { gate }]) => gate === "wait");
  return isWaiting ? { stop: "waiting", gates: new Map(gates) } : undefined;
}
