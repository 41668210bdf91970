import type { EventStamp } from "../../src/events/index.js";

/** A stamp for events that a test makes by hand. */
export const stamp: EventStamp = {
  id: "turn:1:1",
  schemaVersion: 1,
  at: "2026-01-01T00:00:00.000Z",
  seq: 1,
  segment: 1,
  turnId: "turn",
  threadId: "1",
  runId: "run",
};
