// Hands events to sinks. A sink may be slow, may fail, and may never answer; no run notices.
//
//   (1) A sink gets its events in order. A sink that returns no promise gets each event at once, so an event of what is
//       about to happen is written before it happens. One that takes several events at a time gets those that waited
//       while it was busy together, and with an event those before it that the sink lets wait.
//   (2) While a sink is busy, its events wait, at most MAX_WAITING of them. Those for which there is no room are lost.
//   (3) What a sink lost is counted, and told once, when a run ends. The numbers of its events say which are missing.
//   (4) At the end of a run we wait for a sink at most FLUSH_MS. A sink that took longer is not waited for again until
//       it has caught up.
import { describeError, inTime } from "../base/index.js";
import type { AgentEvent, RunEvent } from "./event-schema.js";

/** Where events are kept or sent to. */
export interface EventSink {
  /** What `sink.failed` calls the sink. @default "sink" */
  readonly name?: string;
  /** Takes an event. If it returns a promise, the next event comes when that has settled. */
  write(event: AgentEvent): unknown;
  /** Takes the events that waited, for a sink that has less work with many at a time. @default `write`, one by one */
  writeAll?(events: readonly AgentEvent[]): unknown;
  /** Whether an event may wait for the next one, for ten milliseconds at most. @default never */
  mayWait?(event: AgentEvent): boolean;
  /** A run begins. `traceparent` is what the sink gave in an earlier run of the turn, if there was one. */
  begin?(runId: string, traceparent: string | undefined): void;
  /** Does the work of the call that an event told of, such as in the context of its span. It must return its result. */
  within?<Result>(runId: string, eventId: string, work: () => Result): Result;
  /** The run's place in a trace, as W3C writes it. The thread keeps that of the turn's first run. */
  traceparent?(runId: string): string | undefined;
  /** Finishes what `write` left half done. Called when a run ends. */
  flush?(runId: string): unknown;
  /** Ends the sink. The agent never calls it: whoever made the sink closes it. */
  close?(): unknown;
}

/** How many events wait for a busy sink. */
const MAX_WAITING = 10_000;
/** How many events a sink gets at a time at most. */
const MAX_TOGETHER = 500;
/** How long an event waits that may wait for the next one. */
const MAX_WAIT_MS = 10;
/** How long the end of a run waits for a sink. */
const FLUSH_MS = 1_000;

/** What a sink lost. */
export type SinkLoss = Extract<RunEvent, { type: "sink.failed" }>;

/** The sinks of an agent. */
export interface Sinks {
  /** Hands an event to every sink. Left out if there is none. */
  readonly listener: ((event: AgentEvent) => void) | undefined;
  begin(runId: string, traceparent: string | undefined): void;
  /** Places the work of the call that an event told of in the surroundings that sinks make for it. */
  surround<Result>(runId: string, eventId: string, work: () => Result): () => Result;
  traceparent(runId: string): string | undefined;
  /** Waits until every sink has what it was given, within limits. Returns what was lost and not yet told. */
  flush(runId: string): Promise<SinkLoss[]>;
}

/** Creates the sinks of an agent. */
export function createSinks(sinks: readonly EventSink[]): Sinks {
  const queues = sinks.map((sink) => new SinkQueue(sink));
  const surrounding = sinks.filter(isSurrounding);
  return {
    listener:
      queues.length === 0
        ? undefined
        : (event) => {
            for (const queue of queues) {
              queue.take(event);
            }
          },
    begin(runId, traceparent) {
      for (const sink of sinks) {
        attempt(() => sink.begin?.(runId, traceparent));
      }
    },
    surround(runId, eventId, work) {
      return surrounding.reduce((inner, sink) => () => doWithin(sink, runId, eventId, inner), work);
    },
    traceparent: (runId) =>
      sinks.map((sink) => attempt(() => sink.traceparent?.(runId))).find((found) => found !== undefined),
    async flush(runId) {
      await Promise.all(queues.map((queue) => queue.flush(runId)));
      return queues.flatMap((queue) => queue.takeLoss() ?? []);
    },
  };
}

class SinkQueue {
  readonly #sink: EventSink;
  readonly #waiting: AgentEvent[] = [];
  #lost = 0;
  #error: string | undefined;
  /** Settles when what the sink is doing is done. Undefined: it does nothing. */
  #busy: Promise<void> | undefined;
  #isLate = false;
  /** Whether what waits will be written. */
  #isDue = false;

  constructor(sink: EventSink) {
    this.#sink = sink;
  }

  take(event: AgentEvent): void {
    if (this.#waiting.length >= MAX_WAITING) {
      this.#lose([event]);
      return;
    }
    this.#waiting.push(event);
    if (this.#sink.mayWait?.(event) !== true) {
      this.#writeWaiting();
    } else if (!this.#isDue) {
      this.#isDue = true;
      setTimeout(() => {
        this.#isDue = false;
        this.#writeWaiting();
      }, MAX_WAIT_MS);
    }
  }

  async flush(runId: string): Promise<void> {
    if (this.#isLate) {
      return;
    }
    const caughtUp = this.#catchUp(runId);
    try {
      await inTime(caughtUp, FLUSH_MS, "the sink is late");
    } catch {
      this.#isLate = true;
      const again = () => {
        this.#isLate = false;
      };
      caughtUp.then(again, again);
    }
  }

  /** Returns what was lost since this was last asked. */
  takeLoss(): SinkLoss | undefined {
    if (this.#lost === 0) {
      return undefined;
    }
    const error = this.#error === undefined ? {} : { error: this.#error };
    const loss: SinkLoss = {
      type: "sink.failed",
      sink: this.#sink.name ?? "sink",
      lost: this.#lost,
      ...error,
    };
    this.#lost = 0;
    this.#error = undefined;
    return loss;
  }

  async #catchUp(runId: string): Promise<void> {
    this.#writeWaiting();
    while (this.#busy !== undefined) {
      await this.#busy;
    }
    await this.#sink.flush?.(runId);
  }

  #writeWaiting(): void {
    const together = this.#sink.writeAll === undefined ? 1 : MAX_TOGETHER;
    while (this.#busy === undefined && this.#waiting.length > 0) {
      this.#write(this.#waiting.splice(0, together));
    }
  }

  #write(events: readonly AgentEvent[]): void {
    const [event] = events;
    if (event === undefined) {
      return;
    }
    try {
      const sink = this.#sink;
      const pending = sink.writeAll === undefined ? sink.write(event) : sink.writeAll(events);
      if (isThenable(pending)) {
        this.#busy = this.#settle(events, pending);
      }
    } catch (error) {
      this.#lose(events, error);
    }
  }

  async #settle(events: readonly AgentEvent[], pending: PromiseLike<unknown>): Promise<void> {
    try {
      await pending;
    } catch (error) {
      this.#lose(events, error);
    }
    this.#busy = undefined;
    this.#writeWaiting();
  }

  #lose(events: readonly AgentEvent[], error?: unknown): void {
    // Otherwise a sink that takes nothing would be told of again for not taking that it was told of.
    const lost = events.filter(({ type }) => type !== "sink.failed").length;
    if (lost > 0) {
      this.#lost += lost;
      this.#error = error === undefined ? this.#error : describeError(error);
    }
  }
}

/** Asks a sink for something. One that throws has nothing to say. */
function attempt<Result>(ask: () => Result): Result | undefined {
  try {
    return ask();
  } catch {
    return undefined;
  }
}

/** A sink that makes surroundings for work. */
type SurroundingSink = EventSink & Required<Pick<EventSink, "within">>;

function isSurrounding(sink: EventSink): sink is SurroundingSink {
  return sink.within !== undefined;
}

/** Does work in the surroundings that a sink makes for it, or without them if the sink cannot make them. */
function doWithin<Result>(sink: SurroundingSink, runId: string, eventId: string, work: () => Result): Result {
  let isBegun = false;
  const begin = () => {
    isBegun = true;
    return work();
  };
  try {
    return sink.within(runId, eventId, begin);
  } catch (error) {
    if (isBegun) {
      throw error;
    }
    return work();
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && "then" in value && typeof value.then === "function";
}
