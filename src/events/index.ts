// Owns: the union of events, and how each event is stamped and handed to its listeners.
// Gives: `createEmitter`, and the types of events.
// Does not touch: what happens. It only reports it.
export {
  type AgentEvent,
  createEmitter,
  type Emit,
  type EventListener,
  type EventStamp,
  type RunEvent,
} from "./events.js";
