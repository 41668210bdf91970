// Each document that is made of events, as it stands in test/audit/fixtures. FROZEN=record writes them anew: review them.
import { CloudEvent } from "cloudevents";
import { expect, test } from "vitest";
import { LineBuffer } from "../../src/audit/audit-line.js";
import { auditRecordSchema, toAuditRecord, toCloudEvent, toOcsfEvent } from "../../src/audit/index.js";
import { readEvents } from "../support/whole-events.js";
import { fixture, wholeTurn } from "./fixtures.js";

const [called] = wholeTurn.filter(({ type }) => type === "tool.called").slice(-1);
if (called === undefined) {
  throw new Error("the turn calls no tool");
}

test("the turn of the fixtures is one of real events", () => {
  expect(readEvents(wholeTurn)).toEqual(JSON.parse(JSON.stringify(wholeTurn)));
});

test("an event is one line of JSON", () => {
  expect(JSON.parse(JSON.stringify(called))).toEqual(fixture("event", called));
});

test("a line of the log holds its writer, its place in the chain, the event and the hash", () => {
  const place = { writer: "writer-1", line: 7, previous: "0".repeat(64) };
  const lines = new LineBuffer();
  lines.add(place, JSON.stringify(called));
  const made: unknown = JSON.parse(lines.take().toString());
  expect(made).toEqual(fixture("audit-line", made));
  expect(Object.keys(Object(made))).toEqual(["writer", "line", "previous", "event", "hash"]);
});

test("a turn's record says what was asked, planned, done, decided and paid", () => {
  const record = toAuditRecord(wholeTurn);
  expect(record).toEqual(fixture("audit-record", record));
  expect(auditRecordSchema.parse(record)).toEqual(record);
  expect(record.phase).toBe("done");
  expect(record.steps.map(({ id, status, attempts }) => [id, status, attempts])).toEqual([
    ["look", "failed", 2],
    ["buy", "done", 1],
    ["again", "done", 1],
  ]);
  expect(record.replans.map(({ before, after }) => [before.length, after.length])).toEqual([[2, 3]]);
  expect(record.decisions).toMatchObject([
    { by: "ann", decision: "approve", at: "2026-11-30T15:00:00.000Z" },
  ]);
  expect(record.cost).toMatchObject({ calls: 2, inputTokens: 250, costUsd: 0.0011, cachedInputTokens: 80 });
});

test("a record of half a turn says how far it came", () => {
  const upTo = (type: string) =>
    toAuditRecord(wholeTurn.slice(0, wholeTurn.findIndex((event) => event.type === type) + 1));
  expect(upTo("model.returned").phase).toBe("planning");
  expect(upTo("tool.called")).toMatchObject({ phase: "executing", answer: null });
  expect(upTo("tool.called").steps[0]).toMatchObject({ status: "running", calls: [{ status: null }] });
  expect(upTo("approval.asked").phase).toBe("waiting");
  expect(() => toAuditRecord([])).toThrow(/There are no events of turn ""/);
});

test("an event is a CloudEvent as the specification's own package reads it, with OCSF's fields in it", () => {
  const made = toCloudEvent(called);
  expect(made).toEqual(fixture("cloud-event", made));
  for (const event of wholeTurn) {
    const { data, ...envelope } = toCloudEvent(event);
    const read = new CloudEvent({ ...envelope, data }, true);
    expect(read.validate()).toBe(true);
    expect(JSON.parse(JSON.stringify(read)).data).toEqual(JSON.parse(JSON.stringify(data)));
  }
});

test("OCSF's required fields are there, and what it has no field for is not lost", () => {
  const made = toOcsfEvent(called);
  expect(made).toEqual(fixture("ocsf", made));
  for (const event of wholeTurn) {
    const { class_uid, activity_id, type_uid, category_uid, severity_id, metadata, time } =
      toOcsfEvent(event);
    expect(type_uid).toBe(class_uid * 100 + activity_id);
    expect([category_uid, severity_id, time].every(Number.isInteger)).toBe(true);
    expect(metadata).toMatchObject({
      uid: event.id,
      sequence: event.seq,
      product: { name: "langgraph-plan-execute" },
    });
    if (class_uid === 6003) {
      expect(toOcsfEvent(event)).toMatchObject({ actor: {}, api: {}, src_endpoint: {} });
    }
  }
  expect(made.unmapped).toMatchObject({ args: { name: "ACME", price: 67.25 }, idempotencyKey: "turn-1:buy" });
});
