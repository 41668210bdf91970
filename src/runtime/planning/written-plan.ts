import { createStepScanner, planSchema, readPlan } from "../../plan/index.js";
import { type AgentState, turnOf } from "../../state/index.js";
import type { NodeContext } from "../run/index.js";
import { keptSteps, nextPosition, toPlanCard } from "../turn/index.js";

/** Shows the plan as a card while its model writes it, line by line. */
export interface WrittenPlan {
  /** Takes the next piece of the plan's arguments, and the id of the message that the model streams. */
  read(piece: string, messageId: string | undefined): void;
}

/** Shows what a model writes; undefined if clients are not shown cards. */
export function showWritten(
  state: AgentState,
  { settings, services, config, requester }: NodeContext,
): WrittenPlan | undefined {
  if (settings.showPlan !== "card") {
    return undefined;
  }
  const scanner = createStepScanner();
  const written: unknown[] = [];
  const turn = turnOf(state);
  const kept = keptSteps(state);
  const before = state.plan.filter(({ id }) => kept.some((result) => result.id === id));
  const options = {
    tools: services.registry.planTools(),
    firstId: nextPosition(state.pastSteps),
    pastIds: kept.map(({ id }) => id),
  };
  return {
    read(piece, messageId) {
      const steps = scanner.push(piece);
      const planMessageId = turn.planMessageId ?? messageId;
      if (steps.length === 0 || planMessageId === undefined) {
        return;
      }
      written.push(...steps);
      const read = readPlan({ steps: written }, options);
      const plan = planSchema.safeParse(read.found ? read.plan : undefined);
      if (plan.success) {
        const card = toPlanCard(
          {
            ...state,
            turn: { ...turn, planMessageId },
            plan: [...before, ...plan.data.steps],
            request: null,
          },
          { threadId: requester.threadId },
        );
        config.writer?.(card && { ...card, props: { ...card.props, status: "writing" } });
      }
    },
  };
}
