import { type BaseMessage, HumanMessage } from "@langchain/core/messages";
import type { LangGraphRunnableConfig } from "@langchain/langgraph";
import { taskIdIn } from "../../langgraph/index.js";
import { type Attachment, attachmentsIn } from "../../models/index.js";
import { NO_STANDING_RULES } from "../../policy/index.js";
import { type AgentState, STATE_VERSION, type StateChange, type UnfinishedTurn } from "../../state/index.js";
import { emptyUsage } from "../../usage/index.js";
import {
  type AgentServices,
  InputError,
  MAX_ATTACHED_CHARACTERS,
  MAX_GOAL_CHARACTERS,
  timeNow,
} from "../run/index.js";

/** The start of a turn: its goal, and a state that keeps only the conversation from earlier turns. */
export interface TurnStart {
  /** The state that the turn begins with. */
  readonly state: AgentState;
  /** What changed in the channels that have no reducer. */
  readonly change: StateChange;
  /** The goal as a message, if the conversation does not contain it yet. */
  readonly messages: BaseMessage[];
}

/** What a new turn begins with, beside the state. */
interface NewTurn {
  readonly turnId: string;
  /** The goal of the saved plan that the turn carries out. */
  readonly plannedGoal?: string;
  readonly unfinished?: UnfinishedTurn;
}

/**
 * Begins a turn. The goal is the new `input` or, if there is none, the last message that a person sent since the last
 * turn. We clear the `input` channel when a turn begins, so anything in it is new: the same words twice make two turns,
 * and an empty input never means the words of last time. If nobody says a goal, it is the saved plan's.
 */
export function beginTurn(
  state: AgentState,
  { turnId, plannedGoal, unfinished }: NewTurn,
  { createId, now }: Pick<AgentServices, "createId" | "now">,
): TurnStart {
  const last = newMessage(state);
  const said = state.input === "" ? last?.text : state.input;
  const attached = state.input === "" && last !== undefined ? attachmentsIn(last) : [];
  const isAttachedAlone = attached.length > 0 && said?.trim() === "";
  const goal = isAttachedAlone ? ATTACHED_ALONE : (said ?? plannedGoal ?? "");
  assertGoal(goal);
  assertAttached(attached);
  const goalMessage =
    last !== undefined && (isAttachedAlone || last.text === goal)
      ? last
      : new HumanMessage({ id: createId(), content: goal });
  const fresh = {
    input: "",
    chosenPlan: null,
    turn: {
      id: turnId,
      goal,
      goalMessageId: goalMessage.id ?? null,
      planMessageId: null,
      startedAt: timeNow({ now }),
      ...(unfinished === undefined ? {} : { unfinished }),
    },
    plan: [],
    answerStep: null,
    request: null,
    waitedMs: 0,
    suspended: [],
    standingRules: NO_STANDING_RULES,
    decisions: [],
    effects: [],
    undoing: null,
    words: null,
    steering: [],
    verdict: null,
    response: "",
    status: "planning",
    outcome: null,
    failure: null,
    replans: 0,
    rejections: 0,
    droppedCalls: 0,
    schemaVersion: STATE_VERSION,
    ...(state.structuredResponse === undefined ? {} : { structuredResponse: null }),
  } satisfies StateChange;
  const messages = goalMessage === last ? [] : [goalMessage];
  return {
    state: {
      ...state,
      ...fresh,
      // What waits ends only once there is a plan.
      request: state.request,
      messages: [...state.messages, ...messages],
      planVersions: [],
      pastSteps: [],
      usage: emptyUsage(),
    },
    change: fresh,
    messages,
  };
}

/**
 * The id of the turn that a planner's task begins. It is the task's own id, which LangGraph derives from the checkpoint
 * before it. So if a turn is cut off during planning and begins again, it keeps its id, and with it the idempotency
 * keys of steps that had already started. A fork gets another id.
 */
export function turnIdOf({ configurable }: LangGraphRunnableConfig): string | undefined {
  return taskIdIn(configurable?.checkpoint_ns);
}

/** Whether a person gave a new goal since the last turn began. */
export function hasNewGoal(state: AgentState): boolean {
  return state.input !== "" || state.chosenPlan !== null || newMessage(state) !== undefined;
}

/** What a person said since the last turn began, with its message if it came as one; undefined if nothing. */
export function newWords(
  state: AgentState,
): { readonly text: string; readonly message?: BaseMessage } | undefined {
  if (state.input !== "") {
    return { text: state.input };
  }
  const message = newMessage(state);
  return message === undefined ? undefined : { text: message.text, message };
}

/** The last message, if it is from a person, has not begun a turn yet, and is not a remark made during this turn. */
function newMessage({ messages, turn, steering }: AgentState): BaseMessage | undefined {
  const last = messages.at(-1);
  const known: readonly unknown[] = [turn?.goalMessageId, turn?.againMessageId];
  if (last?.getType() !== "human" || (last.id !== undefined && known.includes(last.id))) {
    return undefined;
  }
  return steering.some(({ messageId }) => messageId !== undefined && messageId === last.id)
    ? undefined
    : last;
}

/** The goal of a message without words. */
const ATTACHED_ALONE = "See what is attached.";

function assertAttached(attached: readonly Attachment[]): void {
  const size = attached.reduce((sum, one) => sum + JSON.stringify(one).length, 0);
  if (size > MAX_ATTACHED_CHARACTERS) {
    throw new InputError(
      "GOAL_TOO_LONG",
      `What is attached has ${size.toLocaleString("en-US")} characters; ${MAX_ATTACHED_CHARACTERS.toLocaleString("en-US")} are allowed.`,
    );
  }
}

function assertGoal(goal: string): void {
  if (goal === "") {
    throw new InputError(
      "GOAL_MISSING",
      'There is no goal. Pass { input: "…" }, or messages that end with a person\'s.',
    );
  }
  if (goal.trim() === "") {
    throw new InputError("GOAL_EMPTY", "The goal is blank. Say in words what is to be done.");
  }
  if (goal.length > MAX_GOAL_CHARACTERS) {
    throw new InputError(
      "GOAL_TOO_LONG",
      `The goal has ${goal.length.toLocaleString("en-US")} characters; ${MAX_GOAL_CHARACTERS.toLocaleString("en-US")} are allowed. Put long material into a file or a tool.`,
    );
  }
}
