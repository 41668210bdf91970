import {
  type BaseMessage,
  mapChatMessagesToStoredMessages,
  mapStoredMessagesToChatMessages,
  type StoredMessage,
} from "@langchain/core/messages";
import { cutText, type JsonValue, raceSignal } from "../../../base/index.js";
import { keptState, runDetached, TokenHandler } from "../../../langgraph/index.js";
import {
  FORM_TAG,
  isCutAnswer,
  LimitError,
  type Marks,
  ModelError,
  ResultText,
  readMissing,
} from "../../../models/index.js";
import {
  chooseStepMarks,
  toAgentInstructions,
  toExpectation,
  toTaskMessage,
} from "../../../prompts/index.js";
import { type AgentTool, readOutputText, toJson } from "../../../tools/index.js";
import { MAX_PROMPT_OUTPUT_BYTES, MAX_STATE_OUTPUT_BYTES, StorageError, timeNow } from "../../run/index.js";
import { createBlockedTool } from "../blocked-tool.js";
import type { Gate } from "../gate.js";
import { ended, type Part, type PartEnd, type PartEnvironment, toBlocked } from "../part.js";
import type { PartOutcome, SuspendedPart } from "../step-outcome.js";
import { toStepPrompt } from "../step-prompt.js";
import { type AgentCalls, toStandIn } from "./agent-calls.js";
import { createInnerMiddleware, createOuterMiddleware } from "./agent-middleware.js";
import { createAgentModels } from "./agent-models.js";
import {
  type AgentLoop,
  assertNotOver,
  callIdOf,
  createAgentLoop,
  openCalls,
  type SettledCall,
  toolRounds,
  withCallsAsMade,
  withHeldCallsOpen,
} from "./agent-progress.js";
import { repeatedAnswers } from "./agent-repeats.js";
import { type AgentTools, broughtTools, offeredTools, passAgentGate } from "./agent-tools.js";
import { guardMiddleware, isMiddlewareError, type MiddlewareGuard } from "./guard-middleware.js";

/** How many supersteps of the agent's own graph a round of model and tools takes, including our middleware. */
const SUPERSTEPS_A_ROUND = 5;

/** How many supersteps each further middleware adds to a round. */
const SUPERSTEPS_A_MIDDLEWARE = 2;

/** How many calls of one answer run at once. With more, LangGraph prints a warning about listeners. */
const MAX_AT_ONCE = 10;

/**
 * Runs an agent step: a loop of the executor's model and the tools. If it meets an action that waits for a person, it
 * stops before it and hands over its transcript. Later it continues from there, so no model call and no tool call is
 * made twice.
 */
export async function runAgent(
  part: Part,
  environment: PartEnvironment,
  suspended: SuspendedPart | undefined,
  startedAt: string,
): Promise<PartOutcome> {
  const { middleware } = environment.context.settings.executor;
  const brought = broughtTools(middleware);
  const told = await toStepPrompt(part, environment);
  const expect = toExpectation(part.step, environment.state.plan);
  const isAnswer = part.id === environment.state.answerStep;
  const prompt = { ...told, step: { ...told.step, expect }, isAnswer };
  // Without tools, its model cannot call `blocked`. It is a plain call of the model then.
  const marks = part.step.tools?.length === 0 ? chooseStepMarks(prompt) : undefined;
  const transcript = suspended?.transcript === undefined ? undefined : restore(suspended.transcript);
  const gates = await settleOpenCalls({ part, environment, brought }, transcript ?? []);
  const before = suspended?.rounds ?? toolRounds(transcript ?? []);
  const wait = (waiting: readonly Gate[], stopped: StoppedAgent): PartOutcome => {
    const { messages, rounds, kept } = stopped;
    return {
      kind: "waiting",
      actions: waiting.flatMap((gate) => (gate.gate === "wait" ? [gate.action] : [])),
      suspended: [
        {
          stepId: part.id,
          startedAt,
          attempts: 1,
          transcript: store(messages),
          ...(rounds === toolRounds(messages) ? {} : { rounds }),
          ...(kept === undefined ? {} : { middleware: kept }),
        },
      ],
    };
  };
  // An edited call keeps the form in which it was decided, because that form identifies it until it is made.
  const asShown = (judged: typeof gates, messages: readonly BaseMessage[]) =>
    withCallsAsMade(messages, new Map([...judged].filter(([, { gate }]) => gate === "wait")));
  if (transcript !== undefined && [...gates.values()].some(({ gate }) => gate === "wait")) {
    const messages = asShown(gates, transcript);
    return wait([...gates.values()], { messages, rounds: before, kept: suspended?.middleware });
  }

  const task = toTaskMessage(prompt);
  const messages = transcript === undefined ? [task] : withCallsAsMade(transcript, gates);
  const settled = openCalls(messages).flatMap((call): SettledCall[] => {
    const gate = gates.get(callIdOf(call));
    return gate === undefined ? [] : [{ call, gate }];
  });
  const loop = createAgentLoop(settled, before);
  const calls: AgentCalls = { part, environment, loop, brought, canHold: middleware.length > 0 };
  const final = await runLoop(calls, { ...suspended?.middleware, messages }, { task, marks });
  const stoppedWith = (left: readonly BaseMessage[]): StoppedAgent => ({
    messages: left,
    rounds: loop.rounds,
    kept: keptState(middleware, final),
  });
  if (loop.held.size > 0) {
    const left = withHeldCallsOpen(final.messages, new Set(loop.held.keys()), transcript ?? []);
    return wait([...loop.held.values()], stoppedWith(left));
  }
  if (loop.stopped?.stop === "waiting") {
    // The calls that are not made again have their answers already. What waits is all that is open.
    const left = [
      ...asShown(loop.stopped.gates, final.messages),
      ...repeatedAnswers(final.messages, loop.repeats),
    ];
    return wait([...loop.stopped.gates.values()], stoppedWith(left));
  }
  const endedAt = timeNow(environment.context.services);
  return ended(part, endOf(final.messages, loop, environment, marks), { startedAt, endedAt, attempts: 1 });
}

/** What is kept of an agent that waits. */
interface StoppedAgent {
  readonly messages: readonly BaseMessage[];
  readonly rounds: number;
  /** What middleware keeps in the agent's state. */
  readonly kept: Record<string, JsonValue> | undefined;
}

async function runLoop(
  calls: AgentCalls,
  state: { readonly messages: BaseMessage[] },
  { task, marks }: { readonly task: BaseMessage; readonly marks: Marks | undefined },
): Promise<{ readonly messages: BaseMessage[] }> {
  const { part, environment, loop } = calls;
  const { context, signal } = environment;
  const { executor, modelTimeoutMs } = context.settings;
  const { middleware } = executor;
  const hasMiddleware = middleware.length > 0;
  const { createAgent } = await import("langchain");
  const models = await createAgentModels(part, environment, loop, hasMiddleware);
  const own = await offeredTools(calls, state.messages);
  const tools: AgentTool[] = [
    ...(hasMiddleware ? own.map((tool) => toStandIn(tool, calls)) : own),
    ...(marks === undefined ? [createBlockedTool()] : []),
  ];
  const guard: MiddlewareGuard = {
    timeoutMs: modelTimeoutMs,
    isWaiting: () => loop.stopped?.stop === "waiting" || loop.held.size > 0,
    isKnown: isOurs,
    toStandIn: (tool) => toStandIn(tool, calls),
  };
  const agent = createAgent({
    model: models.model,
    tools,
    systemPrompt: toAgentInstructions(executor.instructions, marks),
    middleware: [
      await createOuterMiddleware(calls),
      ...middleware.map((one) => guardMiddleware(one, guard)),
      await createInnerMiddleware(calls, models, hasMiddleware ? task : undefined),
    ],
    checkpointer: false,
  });
  const handlers = [
    new TokenHandler(context.emit, part.id, { tag: FORM_TAG, createReader: () => new ResultText() }),
    ...(models.foreign === undefined ? [] : [models.foreign]),
  ];
  const config = { ...context.toInnerConfig(part.id, signal, {}, handlers), runName: `step ${part.id}` };
  const hooks = middleware.length * SUPERSTEPS_A_MIDDLEWARE;
  const recursionLimit = (executor.maxToolRounds + 2) * (SUPERSTEPS_A_ROUND + hooks) + hooks;
  const maxConcurrency = executor.order === "sequential" ? 1 : Math.min(executor.concurrency, MAX_AT_ONCE);
  const run = runDetached(() => agent.invoke(state, { ...config, recursionLimit, maxConcurrency }));
  try {
    const final = await raceSignal(run, signal);
    assertNotOver(loop);
    return final;
  } catch (error) {
    throw loop.fatal === undefined ? toCause(error, recursionLimit) : loop.fatal.error;
  } finally {
    loop.isOver = true;
  }
}

/** Our own errors already say what they are, however deep in the loop they were thrown. */
function isOurs(error: unknown): boolean {
  return error instanceof ModelError || error instanceof LimitError || error instanceof StorageError;
}

/** Unwraps an error of the loop from what LangChain puts around it. */
function toCause(error: unknown, recursionLimit: number): unknown {
  if (isMiddlewareError(error) && error.cause !== undefined) {
    return toCause(error.cause, recursionLimit);
  }
  if (error instanceof Error && error.name === "GraphRecursionError") {
    const message = `The agent did not come to an end within ${recursionLimit} supersteps: a middleware keeps sending it back.`;
    return new Error(message, { cause: error });
  }
  return error;
}

function endOf(
  messages: readonly BaseMessage[],
  loop: AgentLoop,
  environment: PartEnvironment,
  marks: Marks | undefined,
): PartEnd {
  if (loop.stopped?.stop === "blocked") {
    return toBlocked(loop.stopped.reason);
  }
  if (loop.stopped?.stop === "rounds") {
    const { maxToolRounds } = environment.context.settings.executor;
    const message = `The agent called tools ${maxToolRounds} times (executor.maxToolRounds) and was not done.`;
    return { ok: false, status: "failed", error: { code: "TOOL_ROUNDS_EXCEEDED", message } };
  }
  if (loop.stopped?.stop === "repeats") {
    const message = `The agent called ${loop.stopped.name} again although its calls gave nothing new, and did not answer.`;
    return { ok: false, status: "failed", error: { code: "TOOL_ROUNDS_EXCEEDED", message } };
  }
  const last = messages.at(-1);
  const [open] = openCalls(messages);
  if (open !== undefined || last === undefined || last.getType() === "human") {
    const before =
      open === undefined ? "before its model answered" : `before its call of ${open.name} was made`;
    const message = `A middleware ended the agent ${before}.`;
    return { ok: false, status: "failed", error: { code: "STEP_FAILED", message } };
  }
  const missing = marks === undefined ? undefined : readMissing(last.text, marks);
  if (missing !== undefined) {
    return toBlocked(cutText(missing, MAX_PROMPT_OUTPUT_BYTES));
  }
  const { value, truncated } = toJson(readOutputText(last?.text ?? ""), { maxBytes: MAX_STATE_OUTPUT_BYTES });
  return { ok: true, output: value, truncated: truncated || isCutAnswer(last) };
}

async function settleOpenCalls(
  agent: AgentTools,
  transcript: readonly BaseMessage[],
): Promise<ReadonlyMap<string, Gate>> {
  const gates = new Map<string, Gate>();
  for (const call of openCalls(transcript)) {
    gates.set(callIdOf(call), await passAgentGate(agent, call));
  }
  return gates;
}

/** The messages in LangChain's stored form, which is plain JSON, as a checkpoint needs it. */
function store(messages: readonly BaseMessage[]): JsonValue[] {
  const stored: JsonValue[] = JSON.parse(JSON.stringify(mapChatMessagesToStoredMessages([...messages])));
  return stored;
}

function restore(transcript: readonly JsonValue[]): BaseMessage[] {
  const stored: StoredMessage[] = JSON.parse(JSON.stringify(transcript));
  return mapStoredMessagesToChatMessages(stored);
}
