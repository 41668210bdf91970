import { type BaseMessage, HumanMessage } from "@langchain/core/messages";
import type { AgentState, StateChange } from "../state/index.js";
import { emptyUsage } from "../usage/index.js";
import { InputError } from "./input-error.js";
import { MAX_GOAL_CHARACTERS } from "./settings.js";

/** The beginning of a turn: its goal, and the state without anything of the turn before but the conversation. */
export interface TurnStart {
  /** The state with which the turn begins. */
  readonly state: AgentState;
  /** What has changed in the channels that are not reduced. */
  readonly change: StateChange;
  /** The goal as a message, where the conversation does not have it yet. */
  readonly messages: BaseMessage[];
}

/**
 * Begins a turn. The goal is the new `input`; where that is what it was, the last message of a person since the
 * last turn's. The same words twice are two turns: only a new input leads here.
 */
export function beginTurn(state: AgentState, createId: () => string, now: () => number): TurnStart {
  const last = state.messages.at(-1);
  const lastIsNew = last?.getType() === "human" && last.id !== state.goalMessageId;
  const goal = lastIsNew && state.input === state.goal ? last.text : state.input;
  assertGoal(goal);
  const goalMessage =
    lastIsNew && last.text === goal ? last : new HumanMessage({ id: createId(), content: goal });
  const fresh = {
    input: goal,
    goal,
    goalMessageId: goalMessage.id ?? "",
    turnId: createId(),
    startedAt: new Date(now()).toISOString(),
    plan: [],
    answerStep: "",
    planMessageId: "",
    requestId: "",
    waiting: [],
    suspended: [],
    decisions: [],
    feedback: "",
    moreToRun: false,
    replanAsked: false,
    limitReached: "",
    response: "",
    status: "planning",
    outcome: null,
    replans: 0,
    rejections: 0,
  } satisfies StateChange;
  const messages = goalMessage === last ? [] : [goalMessage];
  return {
    state: {
      ...state,
      ...fresh,
      messages: [...state.messages, ...messages],
      planVersions: [],
      pastSteps: [],
      usage: emptyUsage(),
    },
    change: fresh,
    messages,
  };
}

function assertGoal(goal: string): void {
  if (goal === "") {
    throw new InputError(
      "GOAL_MISSING",
      'There is no goal. Pass { input: "…" }, or messages that end with a person\'s.',
    );
  }
  if (goal.trim() === "")
    throw new InputError("GOAL_EMPTY", "The goal is blank. Say in words what is to be done.");
  if (goal.length > MAX_GOAL_CHARACTERS) {
    throw new InputError(
      "GOAL_TOO_LONG",
      `The goal has ${goal.length} characters; ${MAX_GOAL_CHARACTERS} are allowed. Put long material into a file or a tool.`,
    );
  }
}
