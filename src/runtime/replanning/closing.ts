import { copyJson, isRecord } from "../../base/index.js";
import { ModelError } from "../../models/index.js";
import type { StepResult } from "../../plan/index.js";
import { type AnswerRequest, type ShownDecision, type Told, toFacts } from "../../prompts/index.js";
import {
  type AgentState,
  decidedPart,
  leftSteps,
  planActionId,
  type StateUpdate,
  turnOf,
  unresolvedTrouble,
} from "../../state/index.js";
import type { UsageMeter } from "../../usage/index.js";
import {
  answerAllTheSame,
  answerModels,
  type Closing,
  cutForPrompt,
  isBrief,
  showTools,
  structureAnswer,
  writeCheckedAnswer,
} from "../planning/index.js";
import {
  type AgentSettings,
  askFunction,
  type NodeContext,
  readJudgedAnswer,
  roleFunctions,
} from "../run/index.js";
import { earlierConversation, endOrEscalate, finish, keptSteps } from "../turn/index.js";

/** Has the answer of a plan written that ended well and whose answer is not known yet. */
export async function askForAnswer(
  state: AgentState,
  context: NodeContext,
  meter: UsageMeter,
): Promise<Closing> {
  const { settings } = context;
  const told = answerRequest(state, context);
  const { write } = roleFunctions(settings);
  const deeds = write === undefined ? await tellDeeds(told, context) : undefined;
  if (deeds !== undefined) {
    return { kind: "answer", text: deeds, messageId: undefined };
  }
  if (write === undefined) {
    const work = { texts: [told.goal], using: [JSON.stringify(told.plan)] };
    const { tools } = await showTools(work, context);
    return writeCheckedAnswer(
      { ...told, tools, moreTools: told.tools.length - tools.length },
      context,
      meter,
    );
  }
  return readReply(await askFunction("answer", (signal) => write({ ...told, signal }), context));
}

/**
 * Tells what was done for a goal that asks for deeds and no question: a small model says of a mail that was sent that it
 * was not, or how one would send it. Undefined if there is no deed, or if the model is no small one.
 */
async function tellDeeds(told: Told<AnswerRequest>, context: NodeContext): Promise<string | undefined> {
  const { registry } = context.services;
  const acts = (tool: string) => !registry.isReadOnly(tool);
  const isDeed = told.plan.some(({ tool }) => tool !== undefined && acts(tool)) && !told.goal.includes("?");
  return isDeed && (await isBrief(answerModels(context.settings), context))
    ? toFacts({ ...told, cut: cutForPrompt }, acts)
    : undefined;
}

/** Ends a run that no other plan helps, with an answer all the same if there is one. */
export async function endOrAnswer(
  state: AgentState,
  reason: string,
  context: NodeContext,
  meter: UsageMeter,
): Promise<StateUpdate> {
  return (await answerFromOutputs(state, reason, context, meter)) ?? endOrEscalate(state, reason, context);
}

/**
 * Ends a run whose steps have failed with what the others gave, if that is the answer: a small model is asked so, unless a
 * step that may do more than read is not done. Returns undefined if it is not, or if nobody was asked.
 */
export async function answerFromOutputs(
  state: AgentState,
  reason: string,
  context: NodeContext,
  meter: UsageMeter,
): Promise<StateUpdate | undefined> {
  const { settings, services } = context;
  const undone = new Set([...unresolvedTrouble(state), ...leftSteps(state)].map(({ id }) => id));
  const isOnlyRead = state.plan.every(
    ({ id, tool }) => !undone.has(id) || (tool !== undefined && services.registry.isReadOnly(tool)),
  );
  const told = answerRequest(state, context);
  const mayAnswer =
    isOnlyRead && roleFunctions(settings).write === undefined && told.pastSteps.some(hasOutput);
  const text = mayAnswer ? await answerAllTheSame(told, context, meter) : undefined;
  if (text === undefined) {
    return undefined;
  }
  const structured = await structureAnswer(state, text, undefined, context, meter);
  const ending = { status: "done", reason: `Answered all the same: ${reason}.`, response: text } as const;
  return { ...finish(state, { ...ending, messageId: services.createId() }, context), ...structured };
}

function hasOutput({ status, output }: StepResult): boolean {
  return status === "done" && output !== undefined && output !== null;
}

/** What the one who writes the answer is told. */
export function answerRequest(state: AgentState, context: NodeContext): Told<AnswerRequest> {
  const turn = turnOf(state);
  return {
    instructions: toInstructions(context.settings),
    conversation: earlierConversation(state.messages, turn.goalMessageId),
    goal: turn.goal,
    tools: context.services.registry.describe(),
    plan: state.plan,
    pastSteps: keptSteps(state),
    decisions: shownDecisions(state),
  };
}

/** Understands what a function gave, which may be anything. */
function readReply(reply: unknown): Closing {
  if (typeof reply === "string" && reply.trim() !== "") {
    return { kind: "answer", text: reply, messageId: undefined };
  }
  const copy = copyJson(reply);
  const given = copy.ok && isRecord(copy.value) ? copy.value : {};
  const { missing } = given;
  const judged = readJudgedAnswer(given);
  if (judged !== undefined) {
    return { kind: "answer", text: judged.answer, reached: judged.reached, messageId: undefined };
  }
  if (typeof missing === "string" && missing.trim() !== "") {
    return { kind: "missing", missing: cutForPrompt(missing) };
  }
  const what = copy.ok
    ? cutForPrompt(JSON.stringify(copy.value))
    : `something that cannot be read: ${copy.reason}`;
  throw new ModelError(
    "MODEL_UNREADABLE",
    `The answer's function gave ${what}. Give a text, { answer, reached } or { missing }.`,
  );
}

/** The replanner's instructions may say when a goal is reached, and the answer's say how to put it. */
function toInstructions({ answer, replanner }: AgentSettings): string | undefined {
  const told = [replanner.instructions, answer.instructions].filter((text) => text !== undefined);
  return told.length === 0 ? undefined : told.join("\n\n");
}

/** What people changed or rejected in this turn, for the replanner. Void decisions are left out. */
export function shownDecisions(state: AgentState): ShownDecision[] {
  const { decisions, planVersions } = state;
  const { id: turnId } = turnOf(state);
  return decisions.flatMap((decision): ShownDecision[] => {
    const { type, actionId, shown, tool, args, message } = decision;
    if (decision.isVoid || type === "approve" || type === "respond") {
      return [];
    }
    const words = message === undefined ? {} : { message };
    const version = planVersions.findIndex((planned) => planActionId(planned.version) === actionId);
    const plan = planVersions[version];
    if (plan !== undefined) {
      const instead = type === "edit" ? { instead: planVersions[version + 1]?.steps } : {};
      return [{ decision: type, shown: plan.steps, ...instead, ...words }];
    }
    // A decision on guidance is not shown: it made a plan of its own, or it is why the replanner is asked.
    if (shown === undefined) {
      return [];
    }
    const step = decidedPart(decision, turnId);
    return [
      { step, decision: type, shown, ...(type === "edit" ? { instead: { tool, args } } : {}), ...words },
    ];
  });
}
