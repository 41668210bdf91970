export { createEmitter, type Emit, type EventListener } from "./emitter.js";
export type { ActionSummary, AgentEvent, DecisionSummary, EventStamp, RunEvent } from "./event.js";
