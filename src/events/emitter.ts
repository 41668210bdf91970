import type { AgentEvent, EventStamp, RunEvent } from "./event.js";

/** Takes the events of a run. */
export type Emit = (event: RunEvent) => void;

/** A listener to events; what it throws, or rejects with, is dropped: it never hurts the run. */
export type EventListener = (event: AgentEvent) => unknown;

/** An emitter that stamps each event and hands it to every sink, in order. */
export function createEmitter(stamp: () => EventStamp, sinks: readonly (EventListener | undefined)[]): Emit {
  const listening = sinks.filter((sink) => sink !== undefined);
  return (event) => {
    if (listening.length === 0) return;
    const stamped: AgentEvent = { ...event, ...stamp() };
    for (const sink of listening) deliver(sink, stamped);
  };
}

function deliver(sink: EventListener, event: AgentEvent): void {
  try {
    const pending = sink(event);
    if (pending instanceof Promise) pending.catch(() => {});
  } catch {
    // A listener is a guest: its own trouble is not the run's.
  }
}
