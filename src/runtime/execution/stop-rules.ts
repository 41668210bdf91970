import { describeError, raceSignal } from "../../base/index.js";
import type { LimitError } from "../../models/index.js";
import { type ReplanWhen, stopsForReplan } from "../../policy/index.js";
import { type AgentState, progressOf } from "../../state/index.js";
import { type NodeContext, threadKey } from "../run/index.js";
import type { TurnResults } from "./turn-results.js";

/** Decides when a superstep starts nothing more, even though steps could run. */
export class StopRules {
  /** Whether the policy wants to ask the replanner. */
  replanAsked = false;
  /** The limit that forbade a step's call, as a sentence; undefined if none did. */
  limitMet: string | undefined;
  readonly #context: NodeContext;
  readonly #limit: AbortSignal;
  readonly #startedMs: number;
  readonly #threadKey: string;
  /** Whether a step has ended since the scheduler last asked. */
  #hasEnded = false;

  constructor(context: NodeContext, limit: AbortSignal) {
    this.#context = context;
    this.#limit = limit;
    this.#startedMs = context.services.now();
    this.#threadKey = threadKey(context.config, true);
  }

  /** Records the first limit that forbids a call, and emits it. */
  meetLimit({ limit, message }: LimitError): void {
    if (this.limitMet !== undefined) {
      return;
    }
    this.limitMet = message;
    this.#context.emit({ type: "limit.reached", limit, message });
  }

  /** Records that a step has ended. A step that waits or did not run is no progress that could call for a new plan. */
  noteEnd(): void {
    this.#hasEnded = true;
  }

  /** Whether nothing more may start, now that a step has settled and this many slots are taken. */
  shouldStop(slotsTaken: number): boolean {
    const hasEnded = this.#hasEnded;
    this.#hasEnded = false;
    const { storage, services, settings } = this.#context;
    if (this.#limit.aborted || this.limitMet !== undefined || storage?.failure !== undefined) {
      return true;
    }
    if (services.liveThreads.hasMail(this.#threadKey)) {
      return true;
    }
    if (!hasEnded) {
      return false;
    }
    if (this.replanAsked) {
      return true;
    }
    return services.now() - this.#startedMs >= settings.executor.commitAfterMs && slotsTaken <= 1;
  }

  /** Asks the policy whether to ask the replanner, before the dependents of a step that ended can start. */
  async askPolicy(state: AgentState, results: TurnResults, signal: AbortSignal): Promise<void> {
    const { when } = this.#context.settings.replanner;
    // Building these lists takes time for each step of a long plan, and the default policy does not look at them.
    if (when === "needed" || this.replanAsked) {
      return;
    }
    const progress = progressOf({ ...state, pastSteps: results.all });
    this.replanAsked ||= await this.#wantsReplan(when, progress, signal);
  }

  async #wantsReplan(
    when: ReplanWhen,
    progress: Parameters<typeof stopsForReplan>[1],
    signal: AbortSignal,
  ): Promise<boolean> {
    try {
      return await raceSignal(stopsForReplan(when, progress, this.#context.requester), signal);
    } catch (error) {
      // Nobody knows what a broken policy would have said, so we let the replanner look.
      this.#context.emit({ type: "policy.failed", policy: "replanner.when", error: describeError(error) });
      return true;
    }
  }
}
