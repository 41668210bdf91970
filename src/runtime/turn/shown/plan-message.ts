import { AIMessage, type BaseMessage, isAIMessage } from "@langchain/core/messages";
import { escapeMarkdown, toVisible } from "../../../base/index.js";
import { attachmentsIn, textBeside } from "../../../models/index.js";
import type { AgentState, Waiting } from "../../../state/index.js";
import { ATTACHMENT_BYTES, MAX_CONVERSATION_BYTES } from "../../run/index.js";
import { toDecisionLines, toWaitingHead, toWaitingLines } from "./decision-lines.js";
import { type RunningSteps, toPlanLines } from "./plan-lines.js";

/** What the plan's message shows of the state. */
export type PlannedState = Pick<AgentState, "turn" | "plan" | "pastSteps" | "decisions">;

/** What else it shows. */
export interface PlanMessageExtras {
  /** What waits for a person. */
  readonly waiting?: readonly Waiting[];
  /** Why their last answer was refused. */
  readonly refusal?: string;
  /** What runs just now. */
  readonly running?: RunningSteps;
}

/**
 * The plan as people read it. It is one message, updated in place: a list of the steps and how each of them stands,
 * what waits for a person, and what people have decided.
 */
export function toPlanMessage(id: string, state: PlannedState, extras: PlanMessageExtras = {}): AIMessage {
  const { waiting = [], refusal, running } = extras;
  const { plan, pastSteps } = state;
  const content = [
    TITLE,
    ...toWaitingHead(waiting),
    toPlanLines({ plan, pastSteps, waiting, running }),
    ...toWaitingLines(waiting, plan),
    ...toDecisionLines(state),
    ...(refusal === undefined ? [] : [`${ON_REFUSED} ${escapeMarkdown(toVisible(refusal))}`]),
  ].join("\n\n");
  return new AIMessage({ id, content, response_metadata: { [KIND]: "plan" } });
}

/** The message that shows the turn's current plan, or none if the turn has no plan message. */
export function toPlanMessages(state: PlannedState, extras: PlanMessageExtras = {}): AIMessage[] {
  const planMessageId = state.turn?.planMessageId ?? null;
  return planMessageId === null ? [] : [toPlanMessage(planMessageId, state, extras)];
}

/** Where a message says that it shows the plan. */
const KIND = "plan_execute_kind";

/**
 * Whether a message of the conversation shows the plan. Every other message of the agent is for the person: an answer,
 * or what waits for them. Takes a message, one from the stream, or its JSON.
 */
export function isPlanMessage(message: object): boolean {
  return Reflect.get(Object(Reflect.get(message, "response_metadata")), KIND) === "plan";
}

const TITLE = "**Plan**";
const ON_REFUSED = "**Your last answer was not taken:**";

/**
 * An id for a message: the one under which it was streamed, unless the conversation already has a message with that id.
 */
export function messageIdFor(
  streamed: string | undefined,
  state: AgentState,
  createId: () => string,
): string {
  const isTaken = state.messages.some(({ id }) => id === streamed);
  return isTaken || streamed === undefined ? createId() : streamed;
}

/**
 * The conversation before this turn's goal, as a planner needs it to understand the goal. It leaves out plans and tool
 * calls, because those belong to another agent and a provider refuses a call without its answer. If the conversation is
 * long, only the newest messages are shown.
 */
export function earlierConversation(
  messages: readonly BaseMessage[],
  goalMessageId: string | null,
): BaseMessage[] {
  const goalIndex = messages.findIndex(({ id }) => id === goalMessageId);
  const before = goalIndex < 0 ? messages : messages.slice(0, goalIndex);
  const shown: BaseMessage[] = [];
  let bytes = 0;
  for (let index = before.length - 1; index >= 0; index--) {
    const said = toSaid(before[index]);
    if (said === undefined) {
      continue;
    }
    bytes += Buffer.byteLength(textBeside(said)) + ATTACHMENT_BYTES * attachmentsIn(said).length;
    if (bytes > MAX_CONVERSATION_BYTES) {
      break;
    }
    shown.push(said);
  }
  return shown.reverse();
}

/** A message as shown in the earlier conversation; undefined if it says nothing. */
function toSaid(message: BaseMessage | undefined): BaseMessage | undefined {
  if (message === undefined || message.getType() === "tool" || isPlanMessage(message)) {
    return undefined;
  }
  if (!isAIMessage(message)) {
    return message;
  }
  // Plans of earlier versions say it only in their title.
  if (message.text.startsWith(`${TITLE}\n`)) {
    return undefined;
  }
  return message.text.trim() === "" ? undefined : new AIMessage({ id: message.id, content: message.text });
}
