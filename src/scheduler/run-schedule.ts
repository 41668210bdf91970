// The scheduler: runs a graph of steps over a port, without barriers.
//
// A step is pending until it starts or is skipped. It is in the ready heap from the moment at which its last
// dependency settles, and in the queue of the slots from the moment at which the order lets it go. Everything
// happens inside the turn in which a step settles: its dependents are queued first and its slot is given back
// after that, so that the slots choose among all that could go.
//
//    (1) A step starts once.
//    (2) A step starts as soon as its last dependency has settled and a slot is free: no barriers, no waves.
//    (3) Never more steps run than there are slots.
//    (4) Of the steps that could start, the one with the longest way ahead goes first, then the first in plan
//        order. In sequential order one runs at a time, the first in plan order.
//    (5) A failure skips what depends on it, by however many steps, and nothing else.
//    (6) An abort reaches every running step, starts nothing more, and ends the schedule when those that run
//        have settled. A step that rejects then is abandoned, which is no error of the schedule.
//    (7) When shouldStop says yes, nothing new starts and what runs is waited for.
//    (8) A held step blocks its dependents and nothing else.
//    (9) When a step rejects, nothing new starts, what runs is waited for, and the schedule rejects with the
//        first such error. No rejection is left unhandled.
//   (10) A signal that has already aborted starts nothing.
//   (11) It always ends: steps in a cycle, and behind an unknown dependency, are not started.
//   (12) One listener stands on the caller's signal while the schedule runs, and none after.
import { createHeap } from "../base/index.js";
import type {
  AbandonedStep,
  ScheduledStep,
  ScheduleOptions,
  ScheduleResult,
  SkippedStep,
} from "./schedule.js";
import { goesBefore, type Release } from "./slots.js";

/** Runs steps, each as soon as what it depends on has settled; rejects only where a step does. */
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
  /** Steps in the queue of the slots, with what takes them out of it. */
  readonly #queued = new Map<StepNode<S>, () => void>();
  /** One controller for each running step: what a step leaves on its signal ends with it. */
  readonly #running = new Set<AbortController>();
  readonly #results = new Map<string, R>();
  readonly #skipped: SkippedStep<S>[] = [];
  readonly #abandoned: AbandonedStep<S>[] = [];
  #stopped = false;
  #aborted = false;
  /** Once closed, nothing new starts. */
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

  /** Queues every ready step that the order lets go now. */
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

/** A step, what waits for it, and what became of it. */
interface StepNode<S extends ScheduledStep> {
  readonly step: S;
  /** Place in the plan. */
  readonly index: number;
  /** Steps on the longest way from here to an end, itself included; 0 for one that can never start. */
  rank: number;
  /** How many of its dependencies have not settled. */
  waitsFor: number;
  readonly dependents: StepNode<S>[];
  state: "pending" | "started" | "skipped";
}

/**
 * The steps that have not settled yet, linked to those that depend on them. A dependency that nobody has, and
 * an id that an earlier step has, are waited for without end.
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

/** Writes into each step how long the way ahead of it is; steps that can never start do not count. */
function rankSteps<S extends ScheduledStep>(nodes: readonly StepNode<S>[]): void {
  for (const node of inTopologicalOrder(nodes).reverse()) {
    let longest = 0;
    for (const dependent of node.dependents) {
      longest = Math.max(longest, dependent.rank);
    }
    node.rank = longest + 1;
  }
}

function inTopologicalOrder<S extends ScheduledStep>(nodes: readonly StepNode<S>[]): StepNode<S>[] {
  const order = nodes.filter((node) => node.waitsFor === 0);
  const waitsFor = new Map(nodes.map((node) => [node, node.waitsFor]));
  for (const node of order) {
    for (const dependent of node.dependents) {
      const left = (waitsFor.get(dependent) ?? 0) - 1;
      waitsFor.set(dependent, left);
      if (left === 0) {
        order.push(dependent);
      }
    }
  }
  return order;
}
