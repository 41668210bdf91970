import { AIMessage, RemoveMessage } from "@langchain/core/messages";
import { pushMessage } from "@langchain/langgraph";
import { createStepScanner, planSchema, readPlan } from "../../plan/index.js";
import { type AgentState, turnOf } from "../../state/index.js";
import type { NodeContext } from "../run/index.js";
import { keptSteps, nextPosition, toPlanCard } from "../turn/index.js";
import type { PlanReader } from "./asking/index.js";

/**
 * Shows the plan as a card while its model writes it, line by line. A client shows a card beside its message, and the
 * planner's message is held back until it is known whether it is an answer. So an empty one is sent first.
 */
export interface WrittenPlan extends PlanReader {
  /** A model begins to write: what an earlier attempt wrote is gone. */
  begin(): void;
}

/** Shows what a model writes; undefined if clients are not shown cards. */
export function showWritten(
  state: AgentState,
  { settings, services, config, requester }: NodeContext,
): WrittenPlan | undefined {
  if (settings.showPlan !== "card") {
    return undefined;
  }
  const turn = turnOf(state);
  const kept = keptSteps(state);
  const before = state.plan.filter(({ id }) => kept.some((result) => result.id === id));
  const options = {
    tools: services.registry.planTools(),
    firstId: nextPosition(state.pastSteps),
    pastIds: kept.map(({ id }) => id),
  };
  const unkept = { ...config, stateKey: null };
  let scanner = createStepScanner();
  let written: unknown[] = [];
  let sentId: string | undefined;

  function sendMessage(id: string): void {
    if (turn.planMessageId === null && sentId === undefined) {
      sentId = id;
      pushMessage(new AIMessage({ id, content: "" }), unkept);
    }
  }

  return {
    begin() {
      scanner = createStepScanner();
      written = [];
      if (sentId !== undefined) {
        pushMessage(new RemoveMessage({ id: sentId }), unkept);
        sentId = undefined;
      }
    },
    read(piece, messageId) {
      const steps = scanner.push(piece);
      const planMessageId = turn.planMessageId ?? messageId;
      if (steps.length === 0 || planMessageId === undefined) {
        return;
      }
      written.push(...steps);
      const read = readPlan({ steps: written }, options);
      const plan = planSchema.safeParse(read.found ? read.plan : undefined);
      if (!plan.success) {
        return;
      }
      const whole = [...before, ...plan.data.steps];
      const shown = {
        ...state,
        turn: { ...turn, planMessageId },
        plan: whole,
        pastSteps: kept,
        request: null,
      };
      const card = toPlanCard({ ...shown, status: "planning" }, { threadId: requester.threadId });
      sendMessage(planMessageId);
      config.writer?.(card);
    },
  };
}
