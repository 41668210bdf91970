// What the events of one invocation have in common. A turn may take several invocations: a resume, an answer, a run
// that goes on after a kill. Each is a segment of the turn, and counts its events from 1.
import { withoutUndefined } from "../base/index.js";
import { type AgentEvent, EVENT_SCHEMA_VERSION, type EventStamp, type RunEvent } from "./event-schema.js";

/** The events of one invocation. */
export interface RunEvents {
  readonly runId: string;
  /** Which invocation of the turn it is. */
  readonly segment: number;
  /** The place of the last event. */
  seq: number;
  /** Who hears of this invocation alone. */
  readonly listener?: EventListener | undefined;
}

/** The key under which an invocation's events travel to its nodes. */
const RUN_EVENTS = Symbol("planExecuteEvents");
/** The key under which whoever invokes an agent gives it a listener. */
const LISTENER = Symbol("planExecuteListener");

/** The part of a run's config that concerns its events. */
interface Configured {
  readonly configurable?: object;
}

/** Begins the events of an invocation. `config` is what it was invoked with. */
export function beginEvents(runId: string, segment: number, { configurable }: Configured = {}): RunEvents {
  return { runId, segment, seq: 0, listener: Reflect.get(configurable ?? {}, LISTENER) };
}

/** Adds a listener for one invocation of an agent to its config. */
export function withEventListener<Options extends Configured>(
  options: Options,
  listener: EventListener,
): Options {
  return { ...options, configurable: { ...options.configurable, [LISTENER]: listener } };
}

/** Adds an invocation's events to a config, so that its nodes find them. */
export function withRunEvents<Options extends Configured>(options: Options, events: RunEvents): Options {
  return { ...options, configurable: { ...options.configurable, [RUN_EVENTS]: events } };
}

/** Finds the events of the invocation that a config belongs to. A node that is called by itself is a run of its own. */
export function runEventsOf({ configurable }: Configured): RunEvents {
  const found: RunEvents | undefined = Reflect.get(configurable ?? {}, RUN_EVENTS);
  return found ?? beginEvents("", 1);
}

/** For whom and in what turn something happens. */
export type EventPlace = Pick<EventStamp, "turnId" | "threadId" | "userId">;

/** Reports an event of a run, and returns its id. `at` is the time at which it happened, if that is not now. */
export type Emit = (event: RunEvent, at?: string) => string;

/** Places the work of the call that an event told of in the surroundings that sinks make for it. */
export type Surround = <Result>(eventId: string, work: () => Result) => () => Result;

/** A listener to events. What it throws or rejects with is dropped, so it cannot hurt the run. */
export type EventListener = (event: AgentEvent) => unknown;

/** What an emitter needs besides the run's events. */
interface Emitting {
  readonly place: EventPlace;
  /** The time now, as ISO text. */
  readonly timeNow: () => string;
  /** Who gets each event, in this order. */
  readonly listeners: readonly (EventListener | undefined)[];
}

/** Creates an emitter that stamps each event and hands it to every listener, in order. */
export function createEmitter(events: RunEvents, { place, timeNow, listeners }: Emitting): Emit {
  const { runId, segment, listener } = events;
  const { turnId, threadId, userId } = place;
  const whose = withoutUndefined({ turnId, threadId, runId, userId });
  const listening = [...listeners, listener].filter((one) => one !== undefined);
  return (event, at = timeNow()) => {
    events.seq += 1;
    const { seq } = events;
    const id = `${turnId === "" ? runId : turnId}:${segment}:${seq}`;
    if (listening.length > 0) {
      const schemaVersion = EVENT_SCHEMA_VERSION;
      const stamp: EventStamp = { id, schemaVersion, at, seq, segment, ...whose };
      // Keys that a literal has after a spread cost a microsecond each.
      const stamped: AgentEvent = Object.assign(withoutUndefined(event), stamp);
      for (const one of listening) {
        deliver(one, stamped);
      }
    }
    return id;
  };
}

function deliver(listener: EventListener, event: AgentEvent): void {
  try {
    const pending = listener(event);
    if (pending instanceof Promise) {
      pending.catch(() => {});
    }
  } catch {
    // A listener's failure is its own trouble, not the run's.
  }
}
