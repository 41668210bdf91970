// The plan on the screen while a superstep runs. LangGraph shows a state only when a superstep ends, and a superstep of
// parallel steps may take minutes. So what starts and ends meanwhile is streamed beside the state:
//
//   (1) As text, in the stream of messages: the plan's message is removed and sent again under its id. Clients append
//       what they get under a known id, so the message alone would be shown twice.
//   (2) As a card, in the custom stream, as an item of generative UI.
//   (3) Nothing of this is kept. The state that the superstep ends with says the same.
//   (4) It is sent at most every `LEAST_PAUSE_MS`, and not at all if everything has ended before the first pause is over.
import { RemoveMessage } from "@langchain/core/messages";
import { pushMessage } from "@langchain/langgraph";
import type { RunEvent } from "../../../events/index.js";
import type { StepResult } from "../../../plan/index.js";
import { type AgentState, mergeResults } from "../../../state/index.js";
import { type NodeContext, stepOf, timeNow } from "../../run/index.js";
import { toPlanCard } from "./plan-card.js";
import type { RunningStep } from "./plan-lines.js";
import { toPlanMessages } from "./plan-message.js";

const FIRST_PAUSE_MS = 50;
const LEAST_PAUSE_MS = 250;

/** Shows how the steps of a superstep go on. */
export interface PlanView {
  /** The node's context. What it emits is shown too. */
  readonly context: NodeContext;
  /** Says how many items a for-each step has. */
  countItems(stepId: string, total: number): void;
  /** Shows nothing any more. */
  close(): void;
}

/** Creates the view of one superstep. */
export function createPlanView(state: AgentState, context: NodeContext): PlanView {
  const running = new Map<string, RunningStep>();
  const ended = new Map<string, StepResult>();
  const { config, requester, settings, services } = context;
  let timer: NodeJS.Timeout | undefined;
  let pauseMs = FIRST_PAUSE_MS;
  let isClosed = false;

  function show(): void {
    timer = undefined;
    pauseMs = LEAST_PAUSE_MS;
    try {
      send();
    } catch {
      // Nobody watches any more: the stream is closed, and this runs in a timer.
    }
  }

  function send(): void {
    const shown = { ...state, pastSteps: mergeResults(state.pastSteps, [...ended.values()]) };
    if (settings.showPlan === "card") {
      config.writer?.(toPlanCard(shown, { threadId: requester.threadId, running }));
      return;
    }
    for (const message of toPlanMessages(shown, { running })) {
      const { id = "", response_metadata } = message;
      pushMessage(new RemoveMessage({ id, response_metadata }), { ...config, stateKey: null });
      pushMessage(message, { ...config, stateKey: null });
    }
  }

  function schedule(): void {
    if (!isClosed) {
      timer ??= setTimeout(show, pauseMs).unref();
    }
  }

  function note(event: RunEvent): void {
    if (event.type === "step.started") {
      noteStart(event.stepId);
    } else if (event.type === "step.ended") {
      noteEnd(event);
    } else {
      return;
    }
    schedule();
  }

  function noteStart(partId: string): void {
    const stepId = stepOf(partId);
    if (!running.has(stepId)) {
      running.set(stepId, { startedAt: timeNow(services), ended: 0 });
    }
  }

  function noteEnd(event: Extract<RunEvent, { type: "step.ended" }>): void {
    const { stepId: partId, status, attempts, output, error } = event;
    const stepId = stepOf(partId);
    const step = running.get(stepId);
    if (partId !== stepId) {
      if (step !== undefined) {
        running.set(stepId, { ...step, ended: step.ended + 1 });
      }
      return;
    }
    running.delete(stepId);
    ended.set(stepId, {
      id: stepId,
      description: "",
      status,
      attempts,
      endedAt: timeNow(services),
      ...(step === undefined ? {} : { startedAt: step.startedAt }),
      ...(output === undefined ? {} : { output }),
      ...(error === undefined ? {} : { error }),
    });
  }

  return {
    context: {
      ...context,
      emit(event, at) {
        const id = context.emit(event, at);
        note(event);
        return id;
      },
    },
    countItems(stepId, total) {
      const step = running.get(stepId);
      if (step !== undefined) {
        running.set(stepId, { ...step, total });
        schedule();
      }
    },
    close() {
      isClosed = true;
      clearTimeout(timer);
    },
  };
}
