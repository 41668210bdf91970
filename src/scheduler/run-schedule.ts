// The scheduler: runs a graph of steps through a port, without barriers.
//
// A step is pending until it starts or is skipped. It enters the ready heap when its last dependency settles, and the
// queue of the slots when the order lets it go. When a step settles, everything happens in the same tick: first its
// dependents are queued, then its slot is given back, so that the slots can choose among all steps that could start.
//
//    (1) A step starts at most once.
//    (2) A step starts as soon as its last dependency has settled and a slot is free. There are no barriers or waves.
//    (3) No more steps that take slots run at once than there are slots.
//    (4) Among the steps that could start, the one with the longest way ahead goes first; ties go in plan order. In
//        sequential order one step runs at a time, the first in plan order.
//    (5) A failed step skips its dependents, direct and indirect, and nothing else.
//    (6) An abort reaches every running step and starts nothing more. The schedule ends when the running steps have
//        settled. A step that rejects after the abort counts as abandoned, and the schedule does not reject.
//    (7) When shouldStop says yes, nothing new starts, and the schedule waits for the running steps.
//    (8) A held step blocks its dependents and nothing else.
//    (9) When a step rejects, nothing new starts. The schedule waits for the running steps, then rejects with the
//        first such error. No rejection goes unhandled.
//   (10) If the signal has already aborted, nothing starts.
//   (11) The schedule always ends. Steps on a cycle, or behind an unknown dependency, do not start.
//   (12) The schedule keeps one listener on the caller's signal while it runs, and none afterwards.
import { createHeap, topologicalOrder } from "../base/index.js";
import type {
  AbandonedStep,
  ScheduledStep,
  ScheduleOptions,
  ScheduleResult,
  SkippedStep,
} from "./schedule.js";
import { goesBefore, type Release } from "./slots.js";

/** Runs steps, each as soon as its dependencies have settled. Rejects only if a step rejects. */
export async function runSchedule<S extends ScheduledStep, R>(
  options: ScheduleOptions<S, R>,
): Promise<ScheduleResult<S, R>> {
  return new Schedule(options).run();
}

const releaseNothing: Release = () => {};

class Schedule<S extends ScheduledStep, R> {
  readonly #options: ScheduleOptions<S, R>;
  readonly #nodes: readonly StepNode<S>[];
  readonly #withoutSlot: ReadonlySet<StepNode<S>>;
  readonly #ready = createHeap<StepNode<S>>(goesBefore);
  /** The steps in the queue of the slots, each with the function that takes it out. */
  readonly #queued = new Map<StepNode<S>, () => void>();
  /** One controller for each running step, so that listeners left on its signal go away with the step. */
  readonly #running = new Set<AbortController>();
  readonly #results = new Map<string, R>();
  readonly #skipped: SkippedStep<S>[] = [];
  readonly #abandoned: AbandonedStep<S>[] = [];
  #stopped = false;
  #aborted = false;
  /** Once this is true, nothing new starts. */
  #closed = false;
  #failure: { readonly error: unknown } | undefined;
  #onIdle = () => {};

  constructor(options: ScheduleOptions<S, R>) {
    this.#options = options;
    this.#nodes = linkSteps(options.steps, options.settled ?? new Set());
    if (options.order !== "sequential") {
      rankSteps(this.#nodes);
    }
    this.#withoutSlot = new Set(this.#nodes.filter((node) => options.takesSlot?.(node.step) === false));
  }

  async run(): Promise<ScheduleResult<S, R>> {
    const { signal } = this.#options;
    const abort = () => this.#abort(signal?.reason);
    if (signal?.aborted) {
      abort();
    }
    signal?.addEventListener("abort", abort);
    await new Promise<void>((resolve) => {
      this.#onIdle = resolve;
      for (const node of this.#nodes) {
        if (node.waitsFor === 0) {
          this.#ready.push(node);
        }
      }
      this.#dispatch();
      this.#endIfIdle();
    });
    signal?.removeEventListener("abort", abort);

    if (this.#failure !== undefined) {
      throw this.#failure.error;
    }
    return {
      results: this.#results,
      skipped: this.#skipped,
      abandoned: this.#abandoned,
      notStarted: this.#nodes.filter((node) => node.state === "pending").map((node) => node.step),
      stopped: this.#stopped,
      aborted: this.#aborted,
    };
  }

  /** Queues every ready step that the order lets go now. Steps that take no slot start at once. */
  #dispatch(): void {
    while (!this.#closed && this.#mayGo()) {
      const node = this.#ready.pop();
      if (node === undefined) {
        return;
      }
      if (this.#withoutSlot.has(node)) {
        this.#start(node, releaseNothing);
      } else {
        this.#queue(node);
      }
    }
  }

  #mayGo(): boolean {
    return this.#options.order !== "sequential" || this.#running.size + this.#queued.size === 0;
  }

  #queue(node: StepNode<S>): void {
    const cancel = this.#options.slots.request(node, (release) => this.#start(node, release));
    if (node.state === "pending") {
      this.#queued.set(node, cancel);
    }
  }

  #start(node: StepNode<S>, release: Release): void {
    this.#queued.delete(node);
    node.state = "started";
    void this.#runStep(node, release);
  }

  async #runStep({ step, rank, index, dependents }: StepNode<S>, release: Release): Promise<void> {
    const controller = new AbortController();
    this.#running.add(controller);
    try {
      const result = await this.#options.runStep(step, controller.signal, { rank, index });
      this.#settle(step, dependents, result);
    } catch (error) {
      this.#reject(step, error);
    }
    this.#running.delete(controller);
    this.#dispatch();
    release();
    this.#endIfIdle();
  }

  #settle(step: S, dependents: readonly StepNode<S>[], result: R): void {
    const settlement = this.#options.settlementOf(result);
    this.#results.set(step.id, result);
    if (settlement === "settled") {
      for (const dependent of dependents) {
        this.#dependencySettled(dependent);
      }
    } else if (settlement === "failed") {
      this.#skip(dependents, step.id);
    }
    if (!this.#closed && this.#options.shouldStop?.(this.#results)) {
      this.#stopped = true;
      this.#close();
    }
  }

  #dependencySettled(node: StepNode<S>): void {
    node.waitsFor -= 1;
    if (node.waitsFor === 0) {
      this.#ready.push(node);
    }
  }

  #skip(dependents: readonly StepNode<S>[], because: string): void {
    const behind = [...dependents];
    for (const node of behind) {
      if (node.state === "skipped") {
        continue;
      }
      node.state = "skipped";
      this.#skipped.push({ step: node.step, because });
      for (const dependent of node.dependents) {
        behind.push(dependent);
      }
    }
  }

  #reject(step: S, error: unknown): void {
    if (this.#aborted) {
      this.#abandoned.push({ step, error });
    } else {
      this.#failure ??= { error };
      this.#close();
    }
  }

  #abort(reason: unknown): void {
    this.#aborted = true;
    this.#close();
    for (const controller of this.#running) {
      controller.abort(reason);
    }
    this.#endIfIdle();
  }

  #close(): void {
    this.#closed = true;
    for (const cancel of this.#queued.values()) {
      cancel();
    }
    this.#queued.clear();
  }

  #endIfIdle(): void {
    if (this.#running.size + this.#queued.size === 0) {
      this.#onIdle();
    }
  }
}

/** A step in the graph, with its dependents and its state. */
interface StepNode<S extends ScheduledStep> {
  readonly step: S;
  /** The step's place in the plan. */
  readonly index: number;
  /**
   * The number of steps on the longest way from here to an end, this one included. It is 0 for a step that can never
   * start, and for all steps in sequential order.
   */
  rank: number;
  /** How many of its dependencies have not settled. */
  waitsFor: number;
  readonly dependents: StepNode<S>[];
  state: "pending" | "started" | "skipped";
}

/**
 * Links the steps that have not settled to their dependents. A step with an unknown dependency, or with the id of an
 * earlier step, waits for ever.
 */
function linkSteps<S extends ScheduledStep>(
  steps: readonly S[],
  settled: ReadonlySet<string>,
): StepNode<S>[] {
  const nodes: StepNode<S>[] = [];
  const byId = new Map<string, StepNode<S>>();
  for (const [index, step] of steps.entries()) {
    if (settled.has(step.id)) {
      continue;
    }
    const node: StepNode<S> = { step, index, rank: 0, waitsFor: 0, dependents: [], state: "pending" };
    nodes.push(node);
    if (byId.has(step.id)) {
      node.waitsFor += 1;
    } else {
      byId.set(step.id, node);
    }
  }
  for (const node of nodes) {
    for (const id of node.step.dependsOn) {
      if (settled.has(id)) {
        continue;
      }
      node.waitsFor += 1;
      byId.get(id)?.dependents.push(node);
    }
  }
  return nodes;
}

/** Sets the rank of each step. Steps that can never start keep rank 0. */
function rankSteps<S extends ScheduledStep>(nodes: readonly StepNode<S>[]): void {
  const places = new Map(nodes.map((node, place) => [node, place]));
  const dependents = nodes.map((node) => node.dependents.map((dependent) => places.get(dependent) ?? -1));
  const waitsFor = nodes.map((node) => node.waitsFor);
  for (const place of topologicalOrder(dependents, waitsFor).reverse()) {
    const node = nodes[place];
    if (node === undefined) {
      continue;
    }
    let longest = 0;
    for (const dependent of node.dependents) {
      longest = Math.max(longest, dependent.rank);
    }
    node.rank = longest + 1;
  }
}
