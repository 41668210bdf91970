import type { PlanStep } from "../../plan/index.js";
import type { Priority, Release, Slots } from "../../scheduler/index.js";
import type { AgentState } from "../../state/index.js";
import type { ToolSuccess } from "../../tools/index.js";
import type { Usage } from "../../usage/index.js";
import type { Attempts, EarlyAgentEnd, EarlyRun, NodeContext, PermittedCall } from "../run/index.js";

/** Ranks above every step. */
const FIRST: Priority = { rank: Number.POSITIVE_INFINITY, index: -1 };

/**
 * The calls that started while the plan was written, as the executor takes them over. Each counts as running until it
 * has ended, or until its step has a slot of its own.
 */
export class EarlyCalls {
  readonly #run: EarlyRun | undefined;
  readonly #context: NodeContext;
  readonly #held = new Map<string, Release>();

  constructor(run: EarlyRun | undefined, context: NodeContext) {
    this.#run = run;
    this.#context = context;
  }

  /** Takes a slot for each call that is still running. */
  holdSlots(slots: Slots): void {
    for (const [id, outcome] of this.#run?.underWay() ?? []) {
      slots.request(FIRST, (release) => {
        this.#held.set(id, release);
        outcome.then(release, release);
      });
    }
  }

  /** The result of a call that started early, if it is exactly this call. */
  claim(call: PermittedCall, signal: AbortSignal): Promise<Attempts<ToolSuccess>> | undefined {
    const outcome = this.#run?.claim(call, signal, this.#context.emit);
    if (outcome !== undefined) {
      this.#held.get(call.partId)?.();
    }
    return outcome;
  }

  /** The end of an agent step that started early, if it is exactly this step. */
  claimAgent(
    step: PlanStep,
    state: AgentState,
    signal: AbortSignal,
  ): Promise<EarlyAgentEnd | undefined> | undefined {
    const end = this.#run?.agents.claim(step, state, signal, this.#context.emit);
    if (end !== undefined) {
      this.#held.get(step.id)?.();
    }
    return end;
  }

  /** What agents used that no step has taken over. */
  async usageOfDropped(): Promise<Usage[]> {
    return this.#run === undefined ? [] : [await this.#run.agents.usageOfDropped()];
  }

  /** Ends the calls that no step has taken over. */
  cancel(): void {
    this.#run?.cancel();
  }
}
