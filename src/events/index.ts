// Owns: the union of events, how each is stamped and numbered, and how listeners and sinks get it.
// Gives: `createEmitter`, `createSinks`, and the schemas and types of events.
// Does not touch: what happens. It only reports it.
export {
  type AgentEvent,
  agentEventSchema,
  EVENT_SCHEMA_VERSION,
  type EventStamp,
  type RunEvent,
} from "./event-schema.js";
export {
  beginEvents,
  createEmitter,
  type Emit,
  type EventListener,
  type EventPlace,
  type RunEvents,
  runEventsOf,
  type Surround,
  withEventListener,
  withRunEvents,
} from "./run-events.js";
export { createSinks, type EventSink, type SinkLoss, type Sinks } from "./sinks.js";
