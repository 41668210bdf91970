import type { Priority, ScheduledStep, Settlement } from "../../src/scheduler/index.js";

/** A step out of `"c < a b"`: c depends on a and b. */
export function toStep(text: string): ScheduledStep {
  const [id = "", dependsOn = ""] = text.split("<").map((part) => part.trim());
  return { id, dependsOn: dependsOn.split(" ").filter((dependency) => dependency !== "") };
}

/** Steps out of lines such as `"c < a b"`. */
export function toSteps(...lines: string[]): ScheduledStep[] {
  return lines.map(toStep);
}

interface RunningStep {
  readonly resolve: (result: Settlement) => void;
  readonly reject: (error: unknown) => void;
  readonly signal: AbortSignal;
  readonly priority: Priority;
}

/** Lets every microtask that can run, run. */
export const untilQuiet = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A port whose steps end when the test says so; their results are settlements. */
export function createDeferredSteps() {
  const log: string[] = [];
  const running = new Map<string, RunningStep>();

  function take(id: string): RunningStep {
    const step = running.get(id);
    if (step === undefined) {
      throw new Error(`${id} does not run; running: ${[...running.keys()].join(" ")}`);
    }
    running.delete(id);
    return step;
  }

  return {
    /** Starts and ends, in order. */
    log,
    /** What runs now. */
    running: () => [...running.keys()],
    signalOf: (id: string) => running.get(id)?.signal,
    priorityOf: (id: string) => running.get(id)?.priority,
    runStep: ({ id }: ScheduledStep, signal: AbortSignal, priority: Priority) =>
      new Promise<Settlement>((resolve, reject) => {
        log.push(`+${id}`);
        running.set(id, { resolve, reject, signal, priority });
      }),
    settlementOf: (settlement: Settlement) => settlement,
    /** Ends steps, one after the other. */
    async end(ids: string, settlement: Settlement = "settled") {
      for (const id of ids.split(" ")) {
        const { resolve } = take(id);
        log.push(`-${id}`);
        resolve(settlement);
        await untilQuiet();
      }
    },
    async reject(id: string, error: unknown) {
      const { reject } = take(id);
      log.push(`!${id}`);
      reject(error);
      await untilQuiet();
    },
  };
}
