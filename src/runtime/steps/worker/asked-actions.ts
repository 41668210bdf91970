import { stableStringify, withoutUndefined } from "../../../base/index.js";
import { type Decision, turnOf, type WaitingAction } from "../../../state/index.js";
import { toAsked, type WorkerQuestion, type WorkerState } from "../../../workers/index.js";
import type { Part, PartEnvironment } from "../part.js";
import type { StepPast } from "../step-past.js";

/** A question of a worker, and what waits for a person because of it. */
export interface PendingQuestion {
  readonly question: WorkerQuestion;
  readonly actions: readonly WaitingAction[];
}

/**
 * Everything that a worker still asks, as actions that wait. Each has an id that changes with what exactly is asked, and
 * no two questions of a worker share one. So what an answer was given to is not asked again.
 */
export function askedBy(
  { questions }: WorkerState,
  part: Part,
  worker: string,
  { state, past }: Pick<PartEnvironment, "state" | "past">,
): PendingQuestion[] {
  const { id: turnId } = turnOf(state);
  const asked = questions.map((question) => ({
    question,
    actions: toAsked(question).map(({ key, tool = worker, args, description, asks, allowedDecisions }) =>
      withoutUndefined({
        kind: "action" as const,
        actionId: [turnId, part.id, "worker", key].join(":"),
        stepId: part.id,
        worker,
        tool,
        args,
        description,
        asks,
        allowedDecisions,
      }),
    ),
  }));
  return asked.filter(({ actions }) => !actions.every(({ actionId }) => past.wasSpent(actionId)));
}

/** What people decided about a question, in its order; undefined if something of it is not decided. */
export function decisionsOn(
  { actions }: PendingQuestion,
  past: Pick<StepPast, "decisionFor">,
): Decision[] | undefined {
  const decisions = actions.flatMap((action) => {
    const decision = past.decisionFor(action.actionId);
    return decision !== undefined && isOn(decision, action)
      ? [{ ...decision, tool: action.tool, args: decision.args ?? action.args }]
      : [];
  });
  return decisions.length === actions.length ? decisions : undefined;
}

/** The id contains a hash, and somebody could construct a collision. So we compare everything that was shown. */
function isOn({ shown, stepId }: Decision, { tool, args, stepId: partId }: WaitingAction): boolean {
  return stepId === partId && shown?.tool === tool && stableStringify(shown.args) === stableStringify(args);
}
