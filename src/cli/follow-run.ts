import { AIMessage } from "@langchain/core/messages";
import type { PlanExecuteAgent } from "../agent/index.js";
import type { AgentEvent } from "../events/index.js";
import type { PendingRequest } from "./asking/index.js";
import { type DependenciesOf, type ProgressView, type Screen, withEvent } from "./showing/index.js";

/**
 * The value that answers a request. `approve` and `reject` decide about all that waits in it, and are bound to it. The
 * name of who decided is added if there is room for it: only an object has some.
 */
export function toAnswer(
  resume: unknown,
  { requestId, actionRequests }: PendingRequest,
  userName: string | undefined,
): unknown {
  const by = userName === undefined ? {} : { decidedBy: userName };
  if (isDecision(resume)) {
    return { requestId, decisions: actionRequests.map(() => ({ type: resume })), ...by };
  }
  return typeof resume === "object" && resume !== null && !Array.isArray(resume)
    ? { ...by, ...resume }
    : resume;
}

/** Whether an answer is one word for all that waits. */
export function isDecision(resume: unknown): resume is "approve" | "reject" {
  return resume === "approve" || resume === "reject";
}

/** How a run begins: with a goal, with an answer to what waits, or with null to continue what was cut off. */
export type RunInput = Parameters<PlanExecuteAgent["stream"]>[0];

/** A run and its audience. */
export interface WatchedRun {
  readonly agent: PlanExecuteAgent;
  readonly dependenciesOf: DependenciesOf;
  readonly threadId: string;
  readonly signal: AbortSignal;
  readonly screen: Screen;
  /** Whether the run stops before its first step. */
  readonly isPlanOnly?: boolean;
}

/** What was seen of a run. */
interface SeenRun {
  readonly view: ProgressView;
  /** The turn that ran; empty if it had not begun. */
  readonly turnId: string;
  /** The text that was shown last while it arrived. It is the answer, if the answer was streamed. */
  readonly streamed: string;
  /** Whether the person stopped it. */
  readonly isInterrupted: boolean;
}

/** The options of a run that only plans. What a plan would do early is not done either. */
const PLAN_ONLY = { interruptBefore: ["executor" as const], context: { actEarly: false } };

/** The nodes whose text is the answer. The text of steps never arrives here. */
const ANSWERING_NODES = new Set(["planner", "replanner"]);

/**
 * Runs the agent until it ends or waits, and shows what happens. Events come from the custom stream and not from
 * `onEvent`, because only there they are in order with the answer's tokens.
 */
export async function followRun(input: RunInput, run: WatchedRun, before: ProgressView): Promise<SeenRun> {
  const { agent, dependenciesOf, threadId, signal, screen, isPlanOnly = false } = run;
  let view = before;
  let turnId = "";
  let streamed = { id: "", text: "" };
  try {
    signal.throwIfAborted();
    const stream = await agent.stream(input, {
      ...(isPlanOnly ? PLAN_ONLY : {}),
      configurable: { thread_id: threadId },
      streamMode: ["messages", "custom"],
      signal,
    });
    for await (const [mode, chunk] of stream) {
      if (mode === "custom") {
        if (!isAgentEvent(chunk)) {
          continue;
        }
        turnId = chunk.turnId;
        view = withEvent(view, chunk, dependenciesOf);
        screen.event(chunk, view);
      } else if (screen.showsTokens) {
        const [message, { langgraph_node: node }] = chunk;
        if (!isPieceOfMessage(message) || !ANSWERING_NODES.has(node) || message.text === "") {
          continue;
        }
        const id = message.id ?? "";
        if (streamed.text !== "" && streamed.id !== id) {
          screen.settle();
        }
        streamed = { id, text: streamed.id === id ? streamed.text + message.text : message.text };
        screen.token(message.text);
      }
    }
  } catch (error) {
    if (!signal.aborted) {
      throw error;
    }
  } finally {
    screen.settle();
  }
  return { view, turnId, streamed: streamed.text, isInterrupted: signal.aborted };
}

/** Whole messages come too, with a node's output. Only a piece can be joined with another. */
function isPieceOfMessage(message: unknown): boolean {
  return AIMessage.isInstance(message) && "concat" in message;
}

function isAgentEvent(value: unknown): value is AgentEvent {
  return typeof value === "object" && value !== null && "type" in value && "turnId" in value;
}
