import { expect } from "vitest";
import { z } from "zod";
import { type AgentEvent, agentEventSchema } from "../../src/events/index.js";

/** A call as a tool noted it. */
export interface NotedCall {
  readonly tool: string;
  readonly args: unknown;
  readonly key: string;
}

/** Reads events back as a program would that got them as JSON. Throws if one has not the documented form. */
export function readEvents(events: readonly unknown[]): AgentEvent[] {
  return z.array(agentEventSchema).parse(JSON.parse(JSON.stringify(events)));
}

/**
 * Asserts that these are all events of one or more turns: in order, without gaps, each with an id of its own, each call
 * with an end, and with the calls that the tools noted. Calls that a killed process made may lack their end.
 */
export function expectWhole(
  given: readonly unknown[],
  noted: readonly NotedCall[],
  { killed = false }: { readonly killed?: boolean } = {},
): void {
  const events = readEvents(given);
  expect(events).toEqual(JSON.parse(JSON.stringify(given)));
  expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
  const byTurn = groupBy(events, ({ turnId }) => turnId);
  for (const ofTurn of byTurn.values()) {
    const bySegment = groupBy(ofTurn, ({ segment }) => segment);
    expect([...bySegment.keys()]).toEqual(Array.from(bySegment, (_, index) => index + 1));
    for (const ofSegment of bySegment.values()) {
      expect(ofSegment.map(({ seq }) => seq)).toEqual(Array.from(ofSegment, (_, index) => index + 1));
      expect(new Set(ofSegment.map(({ runId }) => runId)).size).toBe(1);
    }
  }
  const called = events.flatMap((event) =>
    event.type === "tool.called" ? [{ tool: event.tool, args: event.args, key: event.idempotencyKey }] : [],
  );
  expect(sorted(called)).toEqual(sorted(noted.map(({ tool, args, key }) => ({ tool, args, key }))));
  if (!killed) {
    expect(openCalls(events)).toEqual([]);
  }
}

function groupBy<Key>(
  events: readonly AgentEvent[],
  keyOf: (event: AgentEvent) => Key,
): Map<Key, AgentEvent[]> {
  const groups = new Map<Key, AgentEvent[]>();
  for (const event of events) {
    groups.set(keyOf(event), [...(groups.get(keyOf(event)) ?? []), event]);
  }
  return groups;
}

/** The ids of the calls that neither came back nor were left behind. */
function openCalls(events: readonly AgentEvent[]): string[] {
  const begun = events.flatMap(({ type, id }) =>
    type === "tool.called" || type === "model.called" ? [id] : [],
  );
  const ended = new Set(events.map((event) => ("call" in event ? event.call : undefined)));
  return begun.filter((id) => !ended.has(id));
}

function sorted(calls: readonly NotedCall[]): string[] {
  return calls.map((call) => JSON.stringify(call)).sort();
}
