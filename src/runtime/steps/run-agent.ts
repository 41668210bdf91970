import {
  type BaseMessage,
  mapChatMessagesToStoredMessages,
  mapStoredMessagesToChatMessages,
  type StoredMessage,
} from "@langchain/core/messages";
import { cutText, type JsonValue, raceSignal } from "../../base/index.js";
import { runDetached, TokenHandler } from "../../langgraph/index.js";
import { isCutAnswer, OFFLINE_MODEL } from "../../models/index.js";
import { toAgentInstructions, toTaskMessage } from "../../prompts/index.js";
import { type AgentTool, readOutputText, toJson } from "../../tools/index.js";
import { MAX_PROMPT_OUTPUT_BYTES, MAX_STATE_OUTPUT_BYTES, timeNow } from "../run/index.js";
import { type AgentLoop, createBlockedTool, createStepMiddleware } from "./agent-middleware.js";
import { openCalls, withCallsAsMade } from "./agent-progress.js";
import { type Gate, passGate } from "./gate.js";
import { argsOf } from "./make-arguments.js";
import { ended, type Part, type PartEnd, type PartEnvironment } from "./part.js";
import type { PartOutcome, SuspendedPart } from "./step-outcome.js";

/** Supersteps of the agent's own graph that a round of model and tools takes, with its middleware. */
const SUPERSTEPS_A_ROUND = 4;

/** Calls of one answer that run at once: with more of them LangGraph prints a warning about listeners. */
const MAX_AT_ONCE = 10;

/**
 * Carries out an agent step: a loop of the executor's model and the tools. Where it meets an action that waits
 * for a person it stops before it, hands over its transcript, and goes on from there later: no model call and no
 * tool call is made twice.
 */
export async function runAgent(
  part: Part,
  environment: PartEnvironment,
  suspended: SuspendedPart | undefined,
  startedAt: string,
): Promise<PartOutcome> {
  const transcript = suspended?.transcript === undefined ? undefined : restore(suspended.transcript);
  const gates = await settleOpenCalls(part, environment, transcript ?? []);
  const wait = (judged: typeof gates, messages: readonly BaseMessage[]): PartOutcome => {
    // A call that was edited stays as it was decided on: it is known by that until it is made.
    const waiting = new Map([...judged].filter(([, { gate }]) => gate === "wait"));
    const transcript = store(withCallsAsMade(messages, waiting));
    return {
      kind: "waiting",
      actions: [...waiting.values()].flatMap((gate) => (gate.gate === "wait" ? [gate.action] : [])),
      suspended: [{ stepId: part.id, startedAt, attempts: 1, transcript }],
    };
  };
  if (transcript !== undefined && [...gates.values()].some(({ gate }) => gate === "wait")) {
    return wait(gates, transcript);
  }

  const loop: AgentLoop = { gates };
  const messages =
    transcript === undefined ? [toFirstMessage(part, environment)] : withCallsAsMade(transcript, gates);
  const final = await runLoop(part, environment, messages, loop);
  if (loop.stopped?.stop === "waiting") {
    return wait(loop.stopped.gates, final);
  }
  const endedAt = timeNow(environment.context.services);
  return ended(part, endOf(final, loop, environment), { startedAt, endedAt, attempts: 1 });
}

async function runLoop(
  part: Part,
  environment: PartEnvironment,
  messages: BaseMessage[],
  loop: AgentLoop,
): Promise<BaseMessage[]> {
  const { context, signal } = environment;
  const { executor } = context.settings;
  // LangChain wants a model, which it never calls: the middleware calls the role's own.
  const { model } = await context.services.resolveModel(OFFLINE_MODEL);
  const { createAgent } = await import("langchain");
  const tools: AgentTool[] = [...context.services.registry.list(), createBlockedTool()];
  const agent = createAgent({
    model,
    tools,
    systemPrompt: toAgentInstructions(executor.instructions),
    middleware: [await createStepMiddleware(part, environment, loop)],
    checkpointer: false,
  });
  const config = context.toInnerConfig(signal, {}, [new TokenHandler(context.emit, part.id)]);
  const recursionLimit = (executor.maxToolRounds + 2) * SUPERSTEPS_A_ROUND;
  const maxConcurrency = executor.order === "sequential" ? 1 : Math.min(executor.concurrency, MAX_AT_ONCE);
  const run = runDetached(() => agent.invoke({ messages }, { ...config, recursionLimit, maxConcurrency }));
  try {
    return (await raceSignal(run, signal)).messages;
  } catch (error) {
    throw loop.failure === undefined ? error : loop.failure.error;
  }
}

function endOf(messages: readonly BaseMessage[], loop: AgentLoop, environment: PartEnvironment): PartEnd {
  if (loop.stopped?.stop === "blocked") {
    const error = { code: "BLOCKED", message: loop.stopped.reason } as const;
    return { ok: false, status: "blocked", error };
  }
  if (loop.stopped?.stop === "rounds") {
    const { maxToolRounds } = environment.context.settings.executor;
    const message = `The agent called tools ${maxToolRounds} times (executor.maxToolRounds) and was not done.`;
    return { ok: false, status: "failed", error: { code: "TOOL_ROUNDS_EXCEEDED", message } };
  }
  const last = messages.at(-1);
  const { value, truncated } = toJson(readOutputText(last?.text ?? ""), { maxBytes: MAX_STATE_OUTPUT_BYTES });
  return { ok: true, output: value, truncated: truncated || isCutAnswer(last) };
}

async function settleOpenCalls(
  part: Part,
  environment: PartEnvironment,
  transcript: readonly BaseMessage[],
): Promise<ReadonlyMap<string, Gate>> {
  const gates = new Map<string, Gate>();
  for (const call of openCalls(transcript)) {
    gates.set(call.id ?? call.name, await passGate(part.id, call.name, argsOf(call), environment, call.id));
  }
  return gates;
}

function toFirstMessage({ step, inputs, values }: Part, { goal }: PartEnvironment): BaseMessage {
  return toTaskMessage({ goal, step, inputs, values, cut: (text) => cutText(text, MAX_PROMPT_OUTPUT_BYTES) });
}

/** The messages as a checkpoint keeps them: LangChain's stored form, which is plain JSON. */
function store(messages: readonly BaseMessage[]): JsonValue[] {
  const stored: JsonValue[] = JSON.parse(JSON.stringify(mapChatMessagesToStoredMessages([...messages])));
  return stored;
}

function restore(transcript: readonly JsonValue[]): BaseMessage[] {
  const stored: StoredMessage[] = JSON.parse(JSON.stringify(transcript));
  return mapStoredMessagesToChatMessages(stored);
}
