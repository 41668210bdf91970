// A turn that a model's failure ended can go on: by a null input, or by a person who says so in the chat. Chat clients
// have no other input than words, and show a run that stands still as a card without buttons. So such a turn ends, and
// these words take it up again.
import { HumanMessage } from "@langchain/core/messages";
import { type AgentState, type StateChange, turnOf } from "../../state/index.js";
import type { AgentServices } from "../run/index.js";
import { hasNewGoal, newWords } from "./begin-turn.js";

/** What to write in the chat. The failure's message says so. */
export const TRY_AGAIN = "try again";

/** Other words that can mean nothing else where a turn has failed. */
const WORDS: ReadonlySet<string> = new Set([
  TRY_AGAIN,
  "again",
  "continue",
  "go on",
  "once more",
  "retry",
  "try it again",
  "try once more",
  "try that again",
]);

/** Whether words say nothing but that a turn that failed is to go on. */
export function saysTryAgain(words: string): boolean {
  return WORDS.has(toPlainWords(words));
}

/** Whether a turn that failed is to go on: nobody gave a new goal, or the words ask for just that. */
function isTakenUp(state: AgentState): boolean {
  if (state.failure === null || state.status !== "failed" || state.chosenPlan !== null) {
    return false;
  }
  return !hasNewGoal(state) || saysTryAgain(newWords(state)?.text ?? "");
}

function toPlainWords(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[^\p{L}\s]/gu, " ")
    .replaceAll(/\bplease\b/g, " ")
    .replaceAll(/\s+/g, " ")
    .trim();
}

/** Takes up the turn that failed, if that is what the run is for. The words stay in the conversation. */
export function takeUpFailed(
  state: AgentState,
  { createId }: Pick<AgentServices, "createId">,
): StateChange | undefined {
  if (state.failure === null || !isTakenUp(state)) {
    return undefined;
  }
  const words = newWords(state);
  const said =
    words === undefined || words.message !== undefined
      ? undefined
      : new HumanMessage({ id: createId(), content: words.text });
  const againMessageId = (said ?? words?.message)?.id;
  return {
    input: "",
    failure: { ...state.failure, isTakenUp: true },
    ...(againMessageId === undefined ? {} : { turn: { ...turnOf(state), againMessageId } }),
    ...(said === undefined ? {} : { messages: [said] }),
  };
}
