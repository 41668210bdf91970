import { isDeepStrictEqual } from "node:util";
import { AIMessage, type BaseMessage, ToolMessage } from "@langchain/core/messages";
import type { JsonValue } from "../../base/index.js";
import { markIn, toMissing } from "../missing.js";
import { readSection } from "../tags.js";
import { carryOutTask, makeArguments, type NextMove } from "./carry-out-task.js";
import { composeAnswer, readPastSteps } from "./compose-answer.js";
import { readEarlierTurns } from "./earlier-turns.js";
import { planByRule } from "./plan-by-rule.js";
import { type Playbook, type PlaybookMove, type PlaybookStep, toPlaybookRequest } from "./playbook.js";
import { readCatalogue, type ToolCard } from "./tool-card.js";

/** What to set for a model that understands more. */
export const REAL_MODEL =
  "This is the offline model, which works by rule: lists, arithmetic, files, words and lines, CSV and JSON tables, dates. For a real model set OPENAI_API_KEY, or PLAN_EXECUTE_MODEL=provider:name.";

const GREETING =
  /^\s*(?:hi|hello|hey|good (?:morning|evening|afternoon|day)|greetings|thanks?(?: you)?(?: so much| a lot)?|thank you|ok(?:ay)?|great|cool|bye|goodbye|how are you|who are you|what (?:are you|can you do)|help)\b(?:[\s,]+(?:there|everyone|all|friend|again|to you|today|you|very much|a lot|for (?:that|your help)|nice))*\s*[!.?]*\s*$/i;

/** What the model is asked with: the messages, the tools that are bound, and the one that is forced. */
export interface RuleRequest {
  readonly messages: readonly BaseMessage[];
  readonly tools: readonly ToolCard[];
  readonly forced?: ToolCard;
  /** Rules of a field, asked before the general ones. */
  readonly playbook?: Playbook;
}

/** Plays the part that the sections and the tools ask for: planner, replanner, one step, one call; else says what it is. */
export function replyByRule({ messages, tools, forced, playbook }: RuleRequest): NextMove {
  const at = messages.findLastIndex((message) => message.getType() === "human" && hasSection(message.text));
  const asked =
    messages[at]?.text ?? messages.findLast((message) => message.getType() === "human")?.text ?? "";
  const task = readSection("task", asked);
  if (forced !== undefined && forced.name !== "plan") {
    return { tool: forced.name, args: makeArguments(forced, task ?? asked, readSection("inputs", asked)) };
  }
  const known = playbook === undefined ? undefined : askPlaybook(playbook, messages, at, tools);
  if (known !== undefined) {
    return known;
  }
  const pastSteps = readSection("past_steps", asked);
  if (pastSteps !== undefined) {
    return { text: composeAnswer(readPastSteps(pastSteps), REAL_MODEL) };
  }
  const goal = readSection("goal", asked);
  if (goal !== undefined && task === undefined) {
    return replyToGoal(goal, asked, messages, at, tools);
  }
  if (task !== undefined) {
    const since = messages.slice(at + 1);
    return carryOutTask({ task, inputs: readSection("inputs", asked), tools, since, realModel: REAL_MODEL });
  }
  return { text: REAL_MODEL };
}

function hasSection(text: string): boolean {
  return ["goal", "task", "past_steps"].some((name) => readSection(name, text) !== undefined);
}

/** What the playbook says to a planner's or replanner's prompt, unless it was sent back. */
function askPlaybook(
  playbook: Playbook,
  messages: readonly BaseMessage[],
  at: number,
  bound: readonly ToolCard[],
): NextMove | undefined {
  const request = toPlaybookRequest(messages, at, catalogueOf(messages));
  const move = request === undefined ? undefined : playbook(request);
  if (move === undefined || "text" in move) {
    return move;
  }
  // Whoever is asked for the answer alone can only say that there is more to do.
  if (asksForAnswer(messages[at]?.text ?? "")) {
    return { text: toMissing(nameSteps(move.steps), markIn(messages)) };
  }
  return handIn(toArgs(move), messages.slice(at + 1), bound);
}

/** Whether a prompt shows what became of the steps, and asks for no plan. */
function asksForAnswer(asked: string): boolean {
  return readSection("past_steps", asked) !== undefined && readSection("why", asked) === undefined;
}

function nameSteps(steps: readonly PlaybookStep[]): string {
  return steps.map(({ description, tool }) => description ?? tool ?? "a step").join("; ");
}

/** The plan as plain JSON: what is undefined in it is left out. */
function toArgs({ steps, answer }: Extract<PlaybookMove, { steps: unknown }>): Record<string, JsonValue> {
  const plan: Record<string, JsonValue> = JSON.parse(JSON.stringify({ steps, answer }));
  return plan;
}

function catalogueOf(messages: readonly BaseMessage[]): ToolCard[] {
  const system = messages.filter((message) => message.getType() === "system").map((message) => message.text);
  return readCatalogue(readSection("tools", system.join("\n\n")) ?? "");
}

/** A plan as the model hands it in; one that came back as it was is not handed in again. */
function handIn(
  args: Record<string, JsonValue>,
  since: readonly BaseMessage[],
  bound: readonly ToolCard[],
): NextMove {
  if (isSentBack(since, args)) {
    return { text: `I cannot plan this: my plan was sent back, and I know no other. ${REAL_MODEL}` };
  }
  if (bound.some((tool) => tool.name === "plan")) {
    return { tool: "plan", args };
  }
  return { text: `\`\`\`json\n${JSON.stringify(args)}\n\`\`\`` };
}

function replyToGoal(
  goal: string,
  asked: string,
  messages: readonly BaseMessage[],
  at: number,
  bound: readonly ToolCard[],
): NextMove {
  if (GREETING.test(goal)) {
    return { text: `Hello. ${REAL_MODEL}` };
  }
  if (readSection("feedback", asked) !== undefined) {
    return { text: `I cannot change a plan by what is said about it. ${REAL_MODEL}` };
  }
  const tools = catalogueOf(messages);
  const earlier = readEarlierTurns(messages.slice(0, at).filter((message) => message.getType() !== "system"));
  const made = planByRule({ goal, tools, earlier: earlier.results, file: earlier.file });
  if (made.kind === "value") {
    return { text: made.text };
  }
  if (made.kind === "unclear") {
    return {
      text: `I cannot plan this: I do not understand “${cut(made.part)}”, so I did nothing. ${REAL_MODEL}`,
    };
  }
  const args: Record<string, JsonValue> = {
    ...made.plan,
    steps: made.plan.steps.map((step) => ({ ...step })),
  };
  return handIn(args, messages.slice(at + 1), bound);
}

/** Whether this very plan was handed in after the goal, and came back. */
function isSentBack(since: readonly BaseMessage[], plan: Record<string, JsonValue>): boolean {
  if (!since.some((message) => ToolMessage.isInstance(message) || message.getType() === "human")) {
    return false;
  }
  const calls = since.flatMap((message) => (AIMessage.isInstance(message) ? (message.tool_calls ?? []) : []));
  return calls.length === 0 || calls.some((call) => isDeepStrictEqual(call.args, plan));
}

function cut(part: string): string {
  const line = part.replace(/\s+/g, " ").trim();
  return line.length > 200 ? `${line.slice(0, 200)}…` : line;
}
