import { Overwrite } from "@langchain/langgraph";
import type { StepResult } from "../../plan/index.js";
import { isSameWork } from "../../policy/index.js";
import {
  describeCauses,
  type ReplanCause,
  type ReplanRequest,
  type Told,
  toReplannerMessages,
} from "../../prompts/index.js";
import {
  type AgentState,
  failedSteps,
  leftSteps,
  type RunStatus,
  replacedResults,
  type StateUpdate,
  turnOf,
} from "../../state/index.js";
import type { UsageMeter } from "../../usage/index.js";
import {
  cutForPrompt,
  type EarlySteps,
  isBrief,
  lookAhead,
  requestPlan,
  showTools,
  showWritten,
  structureAnswer,
  withoutStrangers,
  writeAnswer,
} from "../planning/index.js";
import { describeTools, type NodeContext, roleFunctions, todayIn } from "../run/index.js";
import {
  type AcceptedPlan,
  acceptPlan,
  earlierConversation,
  endAtRecursionLimit,
  endOrEscalate,
  endRefused,
  finish,
  keptSteps,
  messageIdFor,
  nextPosition,
} from "../turn/index.js";
import { callAgain } from "./call-again.js";
import { answerFromOutputs, answerRequest, endOrAnswer, shownDecisions } from "./closing.js";

/** Why a plan may have to change, apart from what people said. */
interface Occasion {
  /** Steps that went wrong. */
  readonly trouble: readonly StepResult[];
  /** What the goal still lacks although all steps succeeded. */
  readonly missing?: string;
}

/** Asks the replanner, which answers or gives a new remainder. */
export async function revise(
  state: AgentState,
  { trouble, missing }: Occasion,
  context: NodeContext,
  meter: UsageMeter,
  early: EarlySteps | undefined,
): Promise<StateUpdate> {
  const { settings, services, emit } = context;
  const turn = turnOf(state);
  const left = leftSteps(state);
  const kept = keptSteps(state);
  const causes = causesOf(state, { trouble, missing });
  const reason = describeCauses(causes);
  const kinds = causes.map(({ kind }) => kind);
  emit({ type: "replanning", reason, causes: kinds, steps: trouble.map(({ id }) => id) });
  const { replan } = roleFunctions(settings);
  const resolves = trouble.map(({ id }) => id);
  const replansLeft = settings.replanner.maxReplans - state.replans;
  const again = callAgain(state, trouble, services.registry.isReadOnly);
  // The last change is left to the model.
  const mayCall = replansLeft > 1 && !isTold(state) && replan === undefined;
  if (again !== undefined && mayCall && (await isBrief(settings.replanner, context))) {
    const answer = state.answerStep === null ? {} : { answer: state.answerStep };
    const plan = { steps: again, ...answer };
    return takeRemainder(
      state,
      { plan, by: "rule", reason, resolves, messageId: services.createId() },
      context,
    );
  }
  // What was found may be enough. To ask so costs less than a plan, and a small model plans worse a second time.
  const isAsked = trouble.length > 0 && !isTold(state) && replan === undefined;
  const answeredNow = isAsked ? await answerFromOutputs(state, reason, context, meter) : undefined;
  if (answeredNow !== undefined) {
    return answeredNow;
  }
  const end = (why: string) =>
    isAsked ? endOrEscalate(state, why, context) : endOrAnswer(state, why, context, meter);
  const { maxSteps } = settings.planner;
  const told: Told<ReplanRequest> = {
    tools: describeTools(services),
    plans: services.plans,
    workers: services.registry.workers,
    maxSteps,
    instructions: toInstructions(settings),
    conversation: earlierConversation(state.messages, turn.goalMessageId),
    goal: turn.goal,
    today: todayIn(context),
    unfinished: turn.unfinished,
    plan: state.plan,
    pastSteps: kept,
    remaining: left,
    answer: state.answerStep ?? undefined,
    replaced: replacedResults(state),
    decisions: shownDecisions(state),
    causes,
    firstId: nextPosition(kept),
  };
  // A person's remark may well mean that the same should be tried again.
  const mayNotRepeat = state.words?.kind !== "remark";
  const work = {
    texts: [turn.goal, reason, ...left.map(({ description }) => description)],
    using: [state.plan, turn.unfinished].map((used) => JSON.stringify(used ?? [])),
  };
  const all =
    replan === undefined ? await showTools(work, context) : { tools: told.tools, others: undefined };
  const seen = replan === undefined ? await lookAhead(state, settings.replanner, context) : [];
  const shown = withoutStrangers(all, seen, context);
  const answered = await requestPlan(
    {
      role: "replanner",
      settings: settings.replanner,
      goal: turn.goal,
      maxSteps,
      pastSteps: kept,
      replacedIds: [...left, ...trouble].map(({ id }) => id),
      firstId: told.firstId,
      failed: mayNotRepeat ? failedSteps(state) : [],
      early,
      tools: shown,
      shown: showWritten(state, context),
      messages: (method, style) =>
        toReplannerMessages({
          ...told,
          ...shown,
          seen,
          method,
          style,
          strongModel: settings.executor.strongModel !== undefined,
          cut: cutForPrompt,
        }),
      answerNow: async () => {
        const closing = await writeAnswer(
          { ...answerRequest(state, context), style: "short" },
          context,
          meter,
        );
        return closing.kind === "answer" ? closing : { text: closing.missing, messageId: undefined };
      },
      ask: replan && ((one) => replan({ ...told, ...one })),
    },
    context,
    meter,
  );
  if (answered.kind === "refused") {
    return endRefused(state, answered, context);
  }
  const messageId = messageIdFor(answered.messageId, state, services.createId);
  if (answered.kind === "text") {
    const { text, reached } = answered;
    const ending = { ...statusOfAnswer(state, trouble, left.length, reached), response: text, messageId };
    const isDone = ending.status === "done";
    const structured = isDone ? await structureAnswer(state, text, undefined, context, meter) : {};
    return { ...finish(state, ending, context), ...structured };
  }
  if (answered.kind === "invalid") {
    const issues = answered.issues.map(({ message }) => message).join(" ");
    return end(`the replanner gave no valid plan: ${issues}`);
  }
  if (context.superstepLimit !== undefined) {
    return endAtRecursionLimit(state, context.superstepLimit, context);
  }
  const { steps } = answered.plan;
  // With trouble, the old remainder holds a step that failed, which was sent back as such.
  if (trouble.length === 0 && isSameWork(left, steps)) {
    return state.words?.kind === "feedback"
      ? endOrEscalate(state, "the run stalls: the new plan changes nothing", context)
      : { verdict: null, words: null, status: "executing" };
  }
  if (replansLeft <= 0 && !isTold(state)) {
    return end(`the plan was changed ${state.replans} times, which is maxReplans`);
  }
  return takeRemainder(state, { plan: answered.plan, by: "replanner", reason, resolves, messageId }, context);
}

/** Goes on with a new remainder. */
async function takeRemainder(
  state: AgentState,
  accepted: AcceptedPlan,
  context: NodeContext,
): Promise<StateUpdate> {
  return {
    ...(await acceptPlan(state, accepted, context)),
    replans: state.replans + 1,
    pastSteps: new Overwrite(keptSteps(state, accepted.plan.steps)),
  };
}

/** Whether a person's words ask for another plan, no matter how often it was changed before. */
export function isTold({ words }: AgentState): boolean {
  return words !== null;
}

/** The replanner's instructions. They include those for the answer, because the replanner may write it. */
function toInstructions({ replanner, answer }: NodeContext["settings"]): string | undefined {
  if (answer.instructions === undefined) {
    return replanner.instructions;
  }
  const forAnswer = `For the final answer: ${answer.instructions}`;
  return replanner.instructions === undefined ? forAnswer : `${replanner.instructions}\n\n${forAnswer}`;
}

/**
 * The status of an answer in words. Whoever wrote it may say whether the goal is reached. If they do not, it is not if
 * the plan did not succeed. If nothing went wrong and only the policy asked, the goal was reached before the plan's end.
 */
function statusOfAnswer(
  { words }: AgentState,
  trouble: readonly StepResult[],
  left: number,
  reached: boolean | undefined,
): { readonly status: Extract<RunStatus, "done" | "incomplete">; readonly reason: string } {
  const isRight = trouble.length === 0 && words?.kind !== "feedback";
  const named = trouble.map(({ id, status }) => `step ${id} ended ${status}`);
  const undone = left === 0 ? [] : [stepsLeft(left)];
  const why = [...named, ...undone].join("; ");
  if (!(reached ?? (isRight || why === ""))) {
    const reason = why === "" ? "The goal is not reached." : `Answered without a further plan: ${why}.`;
    return { status: "incomplete", reason };
  }
  if (why === "") {
    return { status: "done", reason: "All steps are done." };
  }
  const how = isRight ? "before the plan's end" : "all the same";
  return { status: "done", reason: `The goal was reached ${how}: ${why}.` };
}

function stepsLeft(count: number): string {
  return count === 1 ? "1 step was left" : `${count} steps were left`;
}

/** Says why the replanner is asked. A person's words on a rejected plan are the whole reason. */
function causesOf({ words }: AgentState, { trouble, missing }: Occasion): ReplanCause[] {
  if (words?.kind === "feedback") {
    return [words];
  }
  const causes: ReplanCause[] = [
    ...(words === null ? [] : [words]),
    ...(trouble.length === 0 ? [] : [{ kind: "trouble" as const, steps: trouble }]),
  ];
  if (causes.length > 0) {
    return causes;
  }
  return [missing === undefined ? { kind: "check" } : { kind: "missing", what: missing }];
}
