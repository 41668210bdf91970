// The plan as a card, for clients that render LangGraph's generative UI. It shows what the plan's message shows, and
// also how long each step takes, what it gave and which version of the plan brought it. Where the card is shown, the
// message is empty: the card belongs to it.
import { AIMessage, type BaseMessage } from "@langchain/core/messages";
import { Overwrite } from "@langchain/langgraph";
import {
  cutText,
  firstLine,
  type JsonValue,
  toQuoted,
  toVisible,
  toVisibleName,
} from "../../../base/index.js";
import { type PlanStep, type StepResult, writeStepLine, writeStepWords } from "../../../plan/index.js";
import {
  type AgentState,
  decidedPart,
  mergeResults,
  type PlanCard,
  type PlanCardStep,
  type StateUpdate,
  type Waiting,
} from "../../../state/index.js";
import { nameAction, placeOf, stepOf } from "../../run/index.js";
import { describeUndone } from "../progress.js";
import { isOnPlan, listedDecisions, nameDecision } from "./decision-lines.js";
import type { RunningStep, RunningSteps } from "./plan-lines.js";
import { isPlanMessage } from "./plan-message.js";

const MAX_RESULT_BYTES = 160;
const MAX_REASON_BYTES = 300;

type CardState = Pick<
  AgentState,
  "turn" | "plan" | "pastSteps" | "planVersions" | "decisions" | "request" | "status" | "outcome"
>;

/** What the card shows besides the state. */
interface CardExtras {
  readonly threadId?: string;
  readonly running?: RunningSteps;
}

/** The card of the turn's plan; undefined if the turn has no plan message yet. */
export function toPlanCard(state: CardState, { threadId, running }: CardExtras = {}): PlanCard | undefined {
  const { turn, plan, pastSteps, planVersions, decisions, request, status, outcome } = state;
  if (turn === null || turn.planMessageId === null) {
    return undefined;
  }
  const waiting = request?.waiting ?? [];
  const results = new Map(pastSteps.map((result) => [result.id, result]));
  const shown = listedDecisions(decisions);
  const steps = plan.map((step): PlanCardStep => {
    const actions = waiting.filter((item) => item.kind === "action" && stepOf(item.stepId) === step.id);
    const asked = waiting.some(
      (item) => item.kind !== "action" && item.steps.some(({ id }) => id === step.id),
    );
    const decided = shown
      .filter((decision) => !isOnPlan(decision) && stepOf(decidedPart(decision, turn.id)) === step.id)
      .map((decision) => toVisible(said(nameDecision(decision), decision.message)));
    const calls = actions.map((item) =>
      item.kind === "action" ? `${toVisibleName(item.tool)} ${toQuoted(item.args)}` : "",
    );
    const call = asked ? writeStepLine(step) : calls.join("\n");
    return {
      id: step.id,
      text: toVisible(writeStepWords(step, plan)),
      version: versionOf(step, planVersions),
      ...standingOf(results.get(step.id), actions.length > 0, running?.get(step.id)),
      ...(call === "" ? {} : { call }),
      ...(decided.length === 0 ? {} : { decided }),
    };
  });
  return {
    type: "ui",
    id: `plan:${turn.id}`,
    name: "plan",
    props: {
      turnId: turn.id,
      ...(threadId === undefined ? {} : { threadId }),
      status,
      steps,
      versions: planVersions.map(({ version, by, reason }) => ({
        version,
        by,
        reason: firstLine(reason, MAX_REASON_BYTES),
      })),
      decided: shown
        .filter(isOnPlan)
        .map((decision) => toVisible(said(nameDecision(decision), decision.message))),
      notes: [...toNotes(request, plan), ...describeUndone(outcome?.undone ?? []).map(toVisible)],
    },
    metadata: { message_id: turn.planMessageId },
  };
}

/** Shows the plan in an update as a card: adds the card, and empties the message that would show the plan as text. */
export function withPlanCard(
  before: AgentState,
  update: StateUpdate,
  threadId: string | undefined,
): StateUpdate {
  const messages = latest([], update.messages);
  const after = stateAfter(before, update);
  const cards = messages.filter(isPlanMessage).flatMap(({ id }) => {
    // A new goal puts aside what waited, so the card of the turn before changes too.
    const state = [after, { ...before, request: null }].find(({ turn }) => turn?.planMessageId === id);
    return (state && toPlanCard(state, { threadId })) ?? [];
  });
  if (cards.length === 0) {
    return update;
  }
  return {
    ...update,
    ui: cards,
    messages: messages.map((message) => (isPlanMessage(message) ? emptied(message) : message)),
  };
}

function emptied({ id, response_metadata }: BaseMessage): AIMessage {
  return new AIMessage({ id, content: "", response_metadata });
}

function stateAfter(before: AgentState, update: StateUpdate): CardState {
  return {
    turn: latest(before.turn, update.turn),
    plan: latest(before.plan, update.plan),
    decisions: latest(before.decisions, update.decisions),
    request: latest(before.request, update.request),
    status: latest(before.status, update.status),
    outcome: latest(before.outcome, update.outcome),
    pastSteps: latest(before.pastSteps, update.pastSteps, mergeResults),
    planVersions: latest(before.planVersions, update.planVersions, (one, other) => [...one, ...other]),
  };
}

/** The value of a channel after an update. */
function latest<Value>(
  current: Value,
  update: Value | Overwrite<Value> | undefined,
  merge: (current: Value, update: Value) => Value = (_, next) => next,
): Value {
  if (update === undefined) {
    return current;
  }
  return Overwrite.isInstance<Value>(update) ? update.__overwrite__ : merge(current, update);
}

/** The version of the plan that brought a step. */
function versionOf({ id }: PlanStep, versions: CardState["planVersions"]): number {
  return versions.findLast(({ steps }) => steps.some((step) => step.id === id))?.version ?? 1;
}

function standingOf(
  result: StepResult | undefined,
  waits: boolean,
  running: RunningStep | undefined,
): Pick<PlanCardStep, "state" | "startedAt" | "seconds" | "items" | "result" | "reason"> {
  if (result === undefined) {
    if (waits) {
      return { state: "waiting" };
    }
    if (running === undefined) {
      return { state: "open" };
    }
    const { startedAt, ended, total } = running;
    return { state: "running", startedAt, ...(total === undefined ? {} : { items: { ended, total } }) };
  }
  const { status, startedAt, endedAt, output, error } = result;
  const seconds = startedAt === undefined ? undefined : (Date.parse(endedAt) - Date.parse(startedAt)) / 1000;
  return {
    state: status,
    ...(seconds === undefined ? {} : { seconds }),
    ...(output === undefined || status !== "done" ? {} : { result: toResult(output) }),
    ...(error === undefined ? {} : { reason: toVisible(firstLine(error.message, MAX_REASON_BYTES)) }),
  };
}

function toResult(output: JsonValue): string {
  const text = typeof output === "string" ? output.replaceAll(/\s+/g, " ").trim() : JSON.stringify(output);
  return toVisible(cutText(text, MAX_RESULT_BYTES));
}

/** What the person has to know now: what waits for them, and why their last answer was not taken. */
function toNotes(request: CardState["request"], plan: readonly PlanStep[]): string[] {
  if (request === null) {
    return [];
  }
  const waits = request.waiting.map((item) => toNote(item, plan));
  const refused =
    request.refusal === null ? [] : [`Your last answer was not taken: ${toVisible(request.refusal)}`];
  return [...waits, ...refused];
}

function toNote(item: Waiting, plan: readonly PlanStep[]): string {
  switch (item.kind) {
    case "plan":
      return "The plan waits for you.";
    case "guidance":
      return `The run needs you. It cannot go on by itself: ${toVisible(item.reason)}`;
    case "action": {
      const { asks, stepId } = item;
      const place = placeOf(stepId, plan);
      if (asks === undefined) {
        return `Waits for you: ${nameAction(item, plan)}${place}`;
      }
      return `Asks you: ${toVisible(typeof asks === "string" ? asks : JSON.stringify(asks))}${place}`;
    }
  }
}

function said(name: string, message: string | undefined): string {
  return message === undefined || message.trim() === "" ? name : `${name}: “${message}”`;
}
