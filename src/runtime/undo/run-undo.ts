// Undoes what a turn did, call by call.
//
//   (1) The calls are undone one after another, the one that ended last first.
//   (2) Each undo is a task with a place of its own, so LangGraph finds its result again. It has ended when its result is
//       stored, and only then does the next begin. So a run that is killed goes on, and nothing is undone twice.
//   (3) What may be undone, and with which arguments, comes from what was called, and never from a model.
//   (4) People are asked about everything that waits before anything is undone, because the order must hold.
//   (5) An undo that fails stops no other.
import { setMaxListeners } from "node:events";
import { linkSignal, withoutUndefined } from "../../base/index.js";
import { createTaskCalls, taskPlace } from "../../langgraph/index.js";
import {
  type AgentState,
  type Effect,
  type StateChange,
  turnOf,
  type Undone,
  type UndoneEnding,
} from "../../state/index.js";
import { recoveryOf } from "../../tools/index.js";
import type { NodeContext } from "../run/index.js";
import { OutcomeMismatchError, openStepJournal } from "../steps/index.js";
import { askPerson, endUnstored, finish, toPlanMessages } from "../turn/index.js";
import { undoCall } from "./undo-call.js";
import { judgeUndo, type UndoVerdict } from "./undo-verdict.js";

/** A call to undo, and the verdict on it. */
interface Judged {
  readonly effect: Effect;
  readonly verdict: UndoVerdict;
}

/** What the task of an undo returns. `key` tells whose it is. */
interface Kept {
  readonly key: string;
  readonly undone?: Undone;
}

/** Undoes what the turn did, and ends the run as it was to end. */
export async function runUndo(
  state: AgentState,
  ending: UndoneEnding,
  context: NodeContext,
): Promise<StateChange> {
  const { config, storage } = context;
  // Each undo listens to the run's signal and must not leave its listener there.
  const { signal, unlink } = linkSignal(context.signal);
  setMaxListeners(0, signal);
  try {
    const judged: Judged[] = [];
    for (const effect of toUndo(state, context).reverse()) {
      judged.push({ effect, verdict: await judgeUndo(effect, state, context, signal) });
    }
    const waiting = judged.flatMap(({ verdict }) => (verdict.kind === "ask" ? [verdict.action] : []));
    if (waiting.length > 0 && context.superstepLimit === undefined) {
      const messages = toPlanMessages(state, { waiting });
      return { ...askPerson(waiting, context), messages, usage: context.usageBefore };
    }
    const journal = openStepJournal(turnOf(state).id, context);
    const tasks = createTaskCalls(config);
    const undone: Undone[] = [];
    for (const { effect, verdict } of judged) {
      let isNew = false;
      const allowed = verdict.kind === "ask" ? NOBODY_ASKED : verdict;
      const place = taskPlace(`undo:${effect.key}`, turnOf(state).planMessageId ?? "");
      const kept = await tasks.call(`undo:${effect.stepId}`, place, async (): Promise<Kept> => {
        isNew = true;
        const made = await undoCall(effect, allowed, { context, state, signal, journal });
        return withoutUndefined({ key: effect.key, undone: made });
      });
      if (kept.key !== effect.key) {
        throw new OutcomeMismatchError(effect.key, kept.key);
      }
      await storage?.settledAfterTurn(context.signal);
      if (storage?.failure !== undefined) {
        return endUnstored(state, storage.failure, context);
      }
      if (kept.undone !== undefined) {
        undone.push(kept.undone);
        tellUndone(kept.undone, !isNew, context);
      }
    }
    for (const stepId of new Set(judged.map(({ effect }) => effect.stepId))) {
      await journal?.settle(stepId);
    }
    return { ...finish(state, { ...ending, undone }, context), usage: context.usageBefore };
  } finally {
    unlink();
  }
}

/** The calls to undo, in the order in which they ended. Of tools that cannot undo, only those that once could. */
function toUndo({ effects }: AgentState, { services }: NodeContext): Effect[] {
  return effects.filter(({ state, tool: name }) => {
    const tool = services.registry.get(name);
    const canUndo = tool !== undefined && recoveryOf(tool).compensate !== undefined;
    return state === "done" || (state === "unknown" && canUndo);
  });
}

const NOBODY_ASKED: UndoVerdict = {
  kind: "refused",
  reason: "It waits for a person, and the run has no superstep left in which it could ask one.",
};

/** Emits what became of the undo of a call. */
function tellUndone(
  { key: undoes, stepId, tool, args, status, reason }: Undone,
  isFound: boolean,
  { emit }: NodeContext,
) {
  const replayed = isFound ? (true as const) : undefined;
  emit(
    withoutUndefined({ type: "undo.ended" as const, stepId, tool, args, undoes, status, reason, replayed }),
  );
}
