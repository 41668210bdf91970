import { DynamicStructuredTool } from "@langchain/core/tools";
import { z } from "zod";
import { describeError, withoutUndefined } from "../../base/index.js";
import type { AgentState, Effect, Undone } from "../../state/index.js";
import { recoveryOf, toJson } from "../../tools/index.js";
import { MAX_STATE_OUTPUT_BYTES, type NodeContext, timeNow, UNDO } from "../run/index.js";
import { askOutcome, callTool, type Found, type StepJournal } from "../steps/index.js";
import type { UndoVerdict } from "./undo-verdict.js";

/** What the undo of a call needs. */
export interface UndoEnvironment {
  readonly context: NodeContext;
  readonly state: AgentState;
  readonly signal: AbortSignal;
  readonly journal: StepJournal | undefined;
}

/** Undoes one call, if it may be undone. Its end is a value, unless the run is aborted; undefined: it was never made. */
export async function undoCall(
  effect: Effect,
  verdict: UndoVerdict,
  environment: UndoEnvironment,
): Promise<Undone | undefined> {
  const { context, signal } = environment;
  const { key, stepId, tool: name, args } = effect;
  const end = (status: Undone["status"], more: Pick<Undone, "output" | "reason">): Undone => {
    const at = timeNow(context.services);
    return withoutUndefined({ key, stepId, tool: name, args, status, ...more, at });
  };
  if (verdict.kind === "refused") {
    return end("not-undone", { reason: verdict.reason });
  }
  const tool = context.services.registry.get(name);
  const { compensate } = tool === undefined ? {} : recoveryOf(tool);
  if (tool === undefined || compensate === undefined) {
    return end("not-undone", { reason: "The tool cannot undo its calls." });
  }
  try {
    // If nobody knew whether the call was carried out, its tool is asked once more.
    const found: Found =
      effect.state === "done"
        ? { kind: effect.state, output: effect.output }
        : await askOutcome(effect, key, environment);
    if (found.kind !== "done") {
      const reason = "Nobody knows whether it was carried out. Find out, and undo it by hand.";
      return found.kind === "not-done" ? undefined : end("not-undone", { reason });
    }
    const output = toJson(found.output ?? null, { maxBytes: MAX_STATE_OUTPUT_BYTES }).value;
    const undoing = {
      tool: new DynamicStructuredTool({
        name,
        description: "Undoes a call.",
        schema: z.looseObject({}),
        func: async (_input: unknown, _manager, config) =>
          compensate(structuredClone(args), structuredClone(output), config ?? {}),
      }),
      key: `${UNDO}${key}`,
      undoes: key,
    };
    const call = { partId: stepId, description: `undo ${name}`, tool: name, args, undoing };
    const { journal, ...others } = environment;
    const outcome = await callTool(call, { ...others, common: { journal } });
    return outcome.ok
      ? end("undone", { output: outcome.value.output })
      : end("not-undone", { reason: outcome.error.message });
  } catch (error) {
    signal.throwIfAborted();
    return end("not-undone", { reason: describeError(error) });
  }
}
