// Owns: the table of events, which any process reads from any place on, while a run goes on and afterwards.
// Gives: `createEventStream`, which is a sink and a reader, and `createEventRoutes`, which serves it over HTTP.
// Does not touch: what an event is, and the checkpoints in the same database.
export { createEventRoutes, type EventRoutes, type EventRoutesOptions } from "./event-routes.js";
export {
  createEventStream,
  type EventStream,
  type EventStreamOptions,
  openEventStream,
  type ReadEventsOptions,
  toRow,
} from "./event-stream.js";
export { addHeldEvents, EVENT_MIGRATIONS, type EventRow, type KeptEvent } from "./event-table.js";
