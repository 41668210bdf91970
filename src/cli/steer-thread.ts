import { type PlanExecuteAgent, steer } from "../agent/index.js";
import { writeStepLine } from "../plan/index.js";
import { editPlanText, StateUpdateError } from "../runtime/index.js";
import { leftSteps, type SteerChange } from "../state/index.js";
import {
  createPrompter,
  describePlan,
  editText,
  planText,
  type ThreadValues,
  type ToolKnowledge,
} from "./asking/index.js";
import type { CommandOptions } from "./options/index.js";
import { type DependenciesOf, toOneLine } from "./showing/index.js";
import { canAsk, type Surroundings, UsageError } from "./surroundings.js";

/** A thread that is to be changed, and the person who is there to change it. */
export interface SteeredThread {
  readonly agent: PlanExecuteAgent;
  readonly threadId: string;
  readonly dependenciesOf: DependenciesOf;
  readonly tools: ToolKnowledge;
  readonly options: CommandOptions;
  readonly surroundings: Surroundings;
}

const MAX_PROBLEM = 500;

/** Whether the options ask for a change of a thread. */
export function asksToSteer({ steer: message, skip, retry, giveUp, editPlan }: CommandOptions): boolean {
  return message !== undefined || skip.length > 0 || retry.length > 0 || giveUp || editPlan;
}

/** Makes the changes that the options ask for, all or none. Throws if one cannot be made. */
export async function steerThread(values: ThreadValues | undefined, thread: SteeredThread): Promise<void> {
  const { agent, threadId, options, surroundings } = thread;
  const by = surroundings.userName;
  const changes: SteerChange[] = [
    ...options.retry.map((stepId) => ({ type: "retry" as const, stepId })),
    ...options.skip.map((stepId) => ({ type: "skip" as const, stepId })),
    ...(options.steer === undefined ? [] : [{ type: "message" as const, text: options.steer }]),
    ...(options.giveUp ? [{ type: "give-up" as const }] : []),
  ];
  if (!options.editPlan) {
    await steer(agent, threadId, changes, { by });
  } else {
    await editRemainder(values, thread, (plan) => steer(agent, threadId, [plan, ...changes], { by }));
  }
}

type SendPlan = (change: SteerChange) => Promise<unknown>;

/**
 * Lets the person edit the remaining steps until they can be used or the person gives up. What they typed is never
 * lost.
 */
async function editRemainder(
  values: ThreadValues | undefined,
  { options, surroundings, dependenciesOf, tools }: SteeredThread,
  send: SendPlan,
): Promise<void> {
  if (!canAsk(options, surroundings)) {
    throw new UsageError("--edit-plan opens an editor: call it in a terminal, and without --json.");
  }
  const { plan = [], pastSteps = [] } = values ?? {};
  const left = leftSteps({ plan, pastSteps });
  if (left.length === 0) {
    throw new UsageError("--edit-plan: no step of the plan is left. Give --steer or a new goal.");
  }
  const editable = planText(left.map(writeStepLine).join("\n"), describePlan(left, dependenciesOf));
  const takenIds = pastSteps.map(({ id }) => id);
  const isTool = (name: string) => tools.describe(name) !== undefined;
  const prompter = createPrompter(surroundings);
  try {
    for (let draft = editable.original, problems: readonly string[] = []; ; ) {
      const file = { fileName: editable.fileName, text: editable.toText(draft, problems) };
      const edited = await prompter.leaveTerminal(() => editText(file, surroundings));
      if (!edited.ok) {
        throw new UsageError(edited.message);
      }
      draft = editable.fromText(edited.text);
      if (draft === "" || draft === editable.original) {
        throw new UsageError("The plan was not changed, and nothing was done.");
      }
      const read = editPlanText(draft, left, { takenIds, isTool });
      problems = read.ok ? await problemsOf(send, read.steps) : read.problems;
      if (problems.length === 0) {
        return;
      }
      prompter.say(
        `It cannot be used so:\n${problems.map((problem) => `  ${toOneLine(problem, MAX_PROBLEM)}\n`).join("")}`,
      );
      const again = await prompter.ask("Enter: edit it again, q: leave the plan as it is: ");
      if (again !== "") {
        throw new UsageError("The plan was left as it is.");
      }
    }
  } finally {
    prompter.close();
  }
}

/** What is wrong with a plan; empty if it was accepted. */
async function problemsOf(send: SendPlan, steps: readonly unknown[]): Promise<readonly string[]> {
  try {
    await send({ type: "plan", steps: [...steps] });
    return [];
  } catch (error) {
    if (!(error instanceof StateUpdateError) || error.code !== "INVALID_PLAN") {
      throw error;
    }
    return error.issues.length === 0 ? [error.message] : error.issues.map(({ message }) => message);
  }
}
