import { describeError, raceSignal } from "../../base/index.js";
import type { LimitError } from "../../models/index.js";
import { type ReplanWhen, stopsForReplan } from "../../policy/index.js";
import { type AgentState, openSteps, turnOf } from "../../state/index.js";
import { type NodeContext, threadKey } from "../run/index.js";
import type { TurnResults } from "./turn-results.js";

/** When a superstep starts nothing more, though steps can run. */
export class StopRules {
  /** Whether the policy wants the replanner asked. */
  replanAsked = false;
  /** The limit that forbade a call of a step's, as a sentence, where one did. */
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

  /** Notes the first limit that forbids a call, and tells of it. */
  meetLimit({ limit, message }: LimitError): void {
    if (this.limitMet !== undefined) {
      return;
    }
    this.limitMet = message;
    this.#context.emit({ type: "limit.reached", limit, message });
  }

  /** Notes that a step has ended. A step that waits, or was not run, is no progress that could ask for another plan. */
  noteEnd(): void {
    this.#hasEnded = true;
  }

  /** Whether nothing more is to start, now that a step has settled and so many slots are taken. */
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

  /** Asks the policy whether the replanner is to be asked, before what depends on a step that ended can start. */
  async askPolicy(state: AgentState, results: TurnResults, signal: AbortSignal): Promise<void> {
    const { when } = this.#context.settings.replanner;
    // The lists of the progress cost time for each step of a long plan; the default does not look at them.
    if (when === "needed" || this.replanAsked) {
      return;
    }
    const { plan } = state;
    const { goal } = turnOf(state);
    const pastSteps = [...results.all];
    const progress = { goal, plan, pastSteps, remaining: openSteps(plan, pastSteps) };
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
      // What a policy that is broken would have said nobody knows: the replanner may look.
      this.#context.emit({ type: "policy.failed", policy: "replanner.when", error: describeError(error) });
      return true;
    }
  }
}
