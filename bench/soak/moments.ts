/** The moments at which a caller cancels a run. */
export const moments = [
  "planner-call",
  "planner-retry-wait",
  "tool",
  "tool-retry-wait",
  "items-and-slots",
  "agent-call",
  "agent-tool",
  "answer-call",
] as const;

export type Moment = (typeof moments)[number];

interface Cancelling {
  readonly moment: Moment;
  readonly controller: AbortController;
  /** Whether work in flight ends with the signal, or goes on for ever. */
  readonly heedsSignal: boolean;
}

/** The caller of many runs, which cancels some of them at their chosen moments. */
export class Canceller {
  readonly #runs = new Map<string, Cancelling>();

  /** Chooses a run to be cancelled, and returns the signal to run it with. */
  plan(runId: string, moment: Moment, heedsSignal: boolean): AbortSignal {
    const controller = new AbortController();
    this.#runs.set(runId, { moment, controller, heedsSignal });
    return controller.signal;
  }

  forget(runId: string): void {
    this.#runs.delete(runId);
  }

  isAt(runId: string, moment: Moment): boolean {
    return this.#runs.get(runId)?.moment === moment;
  }

  /** Cancels the run in the next turn of the event loop. */
  cancel(runId: string): void {
    const run = this.#runs.get(runId);
    setImmediate(() => run?.controller.abort(new Error("the caller has gone")));
  }

  /** If the run is to be cancelled here, cancels it and hangs. Otherwise returns at once. */
  async reach(runId: string, moment: Moment, signal: AbortSignal | undefined): Promise<void> {
    const run = this.#runs.get(runId);
    if (run?.moment !== moment) {
      return;
    }
    this.cancel(runId);
    await new Promise<never>((_resolve, reject) => {
      if (run.heedsSignal) {
        signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
      }
    });
  }
}
