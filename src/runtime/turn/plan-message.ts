import { AIMessage, type BaseMessage, isAIMessage } from "@langchain/core/messages";
import { toVisible } from "../../base/index.js";
import { attachmentsIn, textBeside } from "../../models/index.js";
import { type PlanStep, type StepResult, writeStepLine } from "../../plan/index.js";
import type { AgentState, Waiting, WaitingAction } from "../../state/index.js";
import { ATTACHMENT_BYTES, hiddenCall, MAX_CONVERSATION_BYTES, toCode } from "../run/index.js";

/**
 * The plan as people read it. It is one message, updated in place, with finished steps struck through. While a person
 * is asked about the plan, each step also shows what runs. If their answer was refused, the message says why.
 */
export function toPlanMessage(
  id: string,
  plan: readonly PlanStep[],
  pastSteps: readonly StepResult[],
  waiting: readonly Waiting[] = [],
  refusal?: string,
): AIMessage {
  const actions = waiting.filter((item) => item.kind === "action");
  const text = actions.length < waiting.length ? toShownPlan(plan, pastSteps) : toPlanText(plan, pastSteps);
  const refused = refusal === undefined ? [] : [`${ON_REFUSED} ${toVisible(refusal)}`];
  const content = [TITLE, text, ...warnings(actions), ...refused].join("\n\n");
  return new AIMessage({ id, content, response_metadata: { [KIND]: "plan" } });
}

/** The message that shows the turn's current plan, or none if the turn has no plan message. */
export function toPlanMessages(
  { turn, plan, pastSteps }: Pick<AgentState, "turn" | "plan" | "pastSteps">,
  waiting: readonly Waiting[] = [],
  refusal?: string,
): AIMessage[] {
  const planMessageId = turn?.planMessageId ?? null;
  return planMessageId === null ? [] : [toPlanMessage(planMessageId, plan, pastSteps, waiting, refusal)];
}

/** The plan as a numbered list, one step per line. */
export function toPlanText(plan: readonly PlanStep[], pastSteps: readonly StepResult[]): string {
  return toList(plan, pastSteps, ({ description }) => description.replaceAll(/\s+/g, " "));
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
const ON_LINES =
  "It waits for you. Each line is a step: its id, what runs, and last what the model says of it.";
const ON_HIDDEN =
  "**Look closely:** what waits for you holds characters that cannot be seen. Written out, it is";
const ON_REFUSED = "**Your last answer was not taken:**";

function toShownPlan(plan: readonly PlanStep[], pastSteps: readonly StepResult[]): string {
  return `${ON_LINES}\n\n${toList(plan, pastSteps, (step) => toCode(writeStepLine(step)))}`;
}

/** A form shows a call's arguments as they are and so hides these characters. */
function warnings(actions: readonly WaitingAction[]): string[] {
  const calls = actions.map(hiddenCall).filter((call) => call !== undefined);
  return calls.length === 0 ? [] : [ON_HIDDEN, calls.map((call) => `- ${call}`).join("\n")];
}

function toList(
  plan: readonly PlanStep[],
  pastSteps: readonly StepResult[],
  write: (step: PlanStep) => string,
): string {
  const ended = new Map(pastSteps.map((result) => [result.id, result.status]));
  const lines = plan.map((step, index) => {
    const status = ended.get(step.id);
    const text = write(step);
    if (status === undefined) {
      return `${index + 1}. ${text}`;
    }
    return `${index + 1}. ~~${text}~~${status === "done" ? "" : ` (${status})`}`;
  });
  return lines.join("\n");
}

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
