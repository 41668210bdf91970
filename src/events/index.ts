// Owns: the union of events, and how they reach the stream and `onEvent`.
// Gives: `createEmitter`, and the types of events.
// Does not touch: what happens: it only tells.
export {
  type AgentEvent,
  createEmitter,
  type Emit,
  type EventListener,
  type EventStamp,
  type RunEvent,
} from "./events.js";
