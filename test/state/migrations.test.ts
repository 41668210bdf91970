import { describe, expect, it, test } from "vitest";
import { STATE_MIGRATION, STATE_VERSION, stateSchema } from "../../src/state/index.js";

const WRITTEN = "2026-11-29T10:00:00.000Z";

const nothing = {
  messages: [],
  input: "",
  turnId: "",
  goal: "",
  goalMessageId: "",
  startedAt: "",
  plan: [],
  answerStep: "",
  planVersions: [],
  planMessageId: "",
  pastSteps: [],
  requestId: "",
  askedAt: "",
  expiresAt: "",
  refusal: "",
  toNotify: false,
  waitedMs: 0,
  waiting: [],
  suspended: [],
  standingRules: { plan: "never", tools: [], calls: [], requireRequestId: false },
  decisions: [],
  feedback: "",
  remark: "",
  steering: [],
  moreToRun: false,
  replanAsked: false,
  limitReached: "",
  response: "",
  status: "planning",
  outcome: null,
  failure: null,
  replans: 0,
  rejections: 0,
  droppedCalls: 0,
  usage: { calls: 0, inputTokens: 0, outputTokens: 0, costUsd: 0, byRole: {} },
  schemaVersion: 1,
};

const action = {
  kind: "action",
  actionId: "a",
  stepId: "1",
  tool: "charge",
  args: { who: "ann" },
  allowedDecisions: ["approve"],
};

const migrated = (values: object) => STATE_MIGRATION.migrateState({ ...nothing, ...values }, WRITTEN);

describe("a state of version 1", () => {
  it("with nothing in it is a state with nothing in it, and has all channels of today and no other", () => {
    const state = migrated({});
    // The chosen plan, the cards, the segment, the trace and what an undo needs came later, and a structured answer is written only by agents that have a form for it.
    const {
      chosenPlan: _later,
      ui: _cards,
      segment: _segment,
      traceparent: _trace,
      effects: _effects,
      undoing: _undoing,
      structuredResponse: _response,
      ...channels
    } = stateSchema.shape;
    expect(Object.keys(state).sort()).toEqual(Object.keys(channels).sort());
    expect(state).toMatchObject({ turn: null, request: null, words: null, verdict: null, answerStep: null });
    expect(state).toMatchObject({ input: "", response: "", schemaVersion: STATE_VERSION });
  });

  it("has its turn in one channel", () => {
    const turn = { turnId: "t", goal: "go", goalMessageId: "m", startedAt: "2026-01-01T00:00:00.000Z" };
    expect(migrated(turn).turn).toEqual({
      id: "t",
      goal: "go",
      goalMessageId: "m",
      planMessageId: null,
      startedAt: "2026-01-01T00:00:00.000Z",
    });
    expect(migrated({ ...turn, planMessageId: "p" }).turn).toMatchObject({ planMessageId: "p" });
  });

  it("has its request in one channel", () => {
    const asked = { requestId: "r", askedAt: "2026-01-01T00:00:00.000Z", waiting: [action] };
    expect(migrated(asked).request).toEqual({
      id: "r",
      askedAt: "2026-01-01T00:00:00.000Z",
      expiresAt: null,
      refusal: null,
      toNotify: false,
      waiting: [action],
    });
    const more = { expiresAt: "2026-01-02T00:00:00.000Z", refusal: "no", toNotify: true };
    expect(migrated({ ...asked, ...more }).request).toMatchObject(more);
  });

  it("of a build that kept no times was asked, and begun, when it was written", () => {
    const { askedAt: _, startedAt: __, ...values } = nothing;
    const old = { ...values, turnId: "t", requestId: "r", waiting: [action] };
    expect(STATE_MIGRATION.migrateState(old, WRITTEN)).toMatchObject({
      turn: { startedAt: WRITTEN },
      request: { askedAt: WRITTEN },
    });
  });

  it.each([
    [{ feedback: "no" }, { kind: "feedback", text: "no" }],
    [{ remark: "also" }, { kind: "remark", text: "also" }],
  ])("with words %j has them with what they are", (values, words) => {
    expect(migrated(values).words).toEqual(words);
  });

  it.each([
    [{ moreToRun: true }, { kind: "run-on" }],
    [{ moreToRun: true, replanAsked: true }, { kind: "replan" }],
    [
      { moreToRun: true, replanAsked: true, limitReached: "too long" },
      { kind: "limit", reason: "too long" },
    ],
  ])("in which %j goes where it went", (values, verdict) => {
    expect(migrated(values).verdict).toEqual(verdict);
  });

  it("keeps the step that answers", () => {
    expect(migrated({ answerStep: "a" }).answerStep).toBe("a");
  });
});

test.each([
  [{ schemaVersion: 1 }, true],
  [{ schemaVersion: STATE_VERSION }, false],
  [{ schemaVersion: STATE_VERSION + 1 }, false],
  [{}, false],
])("whether %j is of an older version: %s", (values, isOutdated) => {
  expect(STATE_MIGRATION.isOutdated(values)).toBe(isOutdated);
});

describe("what a task of version 1 wrote", () => {
  const before = {
    ...nothing,
    turnId: "t",
    goal: "go",
    goalMessageId: "m",
    planMessageId: "p",
    startedAt: "2026-01-01T00:00:00.000Z",
    requestId: "r",
    askedAt: "2026-01-01T00:00:00.000Z",
    expiresAt: "2026-01-02T00:00:00.000Z",
    waiting: [action],
    remark: "also",
    answerStep: "a",
  };
  const written = (values: object) => STATE_MIGRATION.migrateWrites({ ...values }, before, WRITTEN);

  it("is written to the channels that it touched, and to no other", () => {
    expect(written({ answerStep: "" })).toEqual({ answerStep: null });
    expect(written({ remark: "", replanAsked: false })).toEqual({ words: null, verdict: null });
    expect(written({ moreToRun: true })).toEqual({ verdict: { kind: "run-on" } });
  });

  it("keeps of a channel what it did not write of it", () => {
    expect(written({ refusal: "not so" })).toEqual({
      request: {
        id: "r",
        askedAt: before.askedAt,
        expiresAt: before.expiresAt,
        refusal: "not so",
        toNotify: false,
        waiting: [action],
      },
    });
    expect(written({ planMessageId: "q" })).toEqual({
      turn: {
        id: "t",
        goal: "go",
        goalMessageId: "m",
        planMessageId: "q",
        startedAt: before.startedAt,
      },
    });
  });

  it("ends the request where nothing waits after it", () => {
    const none = { waiting: [], requestId: "", askedAt: "", expiresAt: "", refusal: "", toNotify: false };
    expect(written(none)).toEqual({ request: null });
  });
});
