import type { Priority, Release, Slots } from "../../scheduler/index.js";
import type { ToolSuccess } from "../../tools/index.js";
import type { Attempts, EarlyRun, NodeContext, PermittedCall } from "../run/index.js";

/** Goes before every step. */
const FIRST: Priority = { rank: Number.POSITIVE_INFINITY, index: -1 };

/**
 * The calls that started while the plan was written, as the executor takes them on. Each counts as what runs at once,
 * until it has ended or its step has a slot of its own.
 */
export class EarlyCalls {
  readonly #run: EarlyRun | undefined;
  readonly #context: NodeContext;
  readonly #held = new Map<string, Release>();

  constructor(run: EarlyRun | undefined, context: NodeContext) {
    this.#run = run;
    this.#context = context;
  }

  /** Takes a slot for each call that is under way. */
  holdSlots(slots: Slots): void {
    for (const [id, outcome] of this.#run?.underWay() ?? []) {
      slots.request(FIRST, (release) => {
        this.#held.set(id, release);
        outcome.then(release, release);
      });
    }
  }

  /** What came of a call that started early, if it is this very call. */
  claim(call: PermittedCall, signal: AbortSignal): Promise<Attempts<ToolSuccess>> | undefined {
    const outcome = this.#run?.claim(call, signal, this.#context.emit);
    if (outcome !== undefined) {
      this.#held.get(call.partId)?.();
    }
    return outcome;
  }

  /** Ends what no step has taken on. */
  cancel(): void {
    this.#run?.cancel();
  }
}
