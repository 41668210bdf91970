import { MemorySaver, START, StateGraph } from "@langchain/langgraph";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { ApprovalOptions } from "../../../src/agent/index.js";
import { stateSchema } from "../../../src/state/index.js";
import { journalTool, plannedAgent } from "../../support/agent-run.js";
import { answer, approve, decide, requestOf, withoutRefusal } from "../../support/approval.js";
import { createJournal } from "../../support/deferred.js";

const config = { configurable: { thread_id: "1" } };
const MINUTE_MS = 60_000;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"], now: new Date("2026-11-21T10:00:00Z") });
});
afterEach(() => {
  vi.useRealTimers();
});

const pass = (minutes: number) => vi.setSystemTime(Date.now() + minutes * MINUTE_MS);

function setUp(approval: ApprovalOptions = {}, options = {}) {
  const journal = createJournal();
  const steps = [
    { id: "1", tool: "charge", args: { who: "ann" }, dependsOn: [] },
    { id: "2", description: "charge bob", dependsOn: [] },
  ];
  const planned = plannedAgent(
    steps,
    {
      tools: [journalTool(journal)],
      approval: { tools: { charge: true }, expiresAfter: "30m", ...approval },
      checkpointer: new MemorySaver(),
      ...options,
    },
    {
      agent: (messages) =>
        messages.at(-1)?.getType() === "tool" ? "done" : [{ name: "charge", args: { who: "bob" } }],
    },
  );
  return { ...planned, journal };
}

test("a request says when it was asked and when it expires, in the state and in the event too", async () => {
  const { agent, eventsOf } = setUp();
  const request = requestOf(await agent.invoke({ input: "go" }, config));
  const times = { askedAt: "2026-11-21T10:00:00.000Z", expiresAt: "2026-11-21T10:30:00.000Z" };
  expect(request).toMatchObject(times);
  expect((await agent.getState(config)).values).toMatchObject({ request: times });
  expect(eventsOf("approval.asked")).toMatchObject([{ expiresAt: times.expiresAt }]);
});

test("without the option a request never expires, and says nothing of it", async () => {
  const { agent, journal } = setUp({ expiresAfter: undefined });
  const request = requestOf(await agent.invoke({ input: "go" }, config));
  expect(request.askedAt).toBe("2026-11-21T10:00:00.000Z");
  expect(request).not.toHaveProperty("expiresAt");
  pass(60 * 24 * 7 * 52);
  await agent.invoke(decide(approve, approve), config);
  expect(journal.entries).toEqual(["ann", "bob"]);
});

test("an answer at the last moment is taken", async () => {
  const { agent, journal } = setUp();
  await agent.invoke({ input: "go" }, config);
  vi.setSystemTime(Date.now() + 30 * MINUTE_MS - 1);
  await agent.invoke(decide(approve, approve), config);
  expect(journal.entries).toEqual(["ann", "bob"]);
});

test("a late answer releases nothing; the same is asked anew under a new id, and no model is asked for it", async () => {
  const { agent, journal, model, events, eventsOf } = setUp();
  const first = requestOf(await agent.invoke({ input: "go" }, config));
  const calls = model.count();
  pass(30);
  const second = requestOf(await agent.invoke(decide(approve, approve), config));
  expect(journal.entries).toEqual([]);
  expect(second.requestId).not.toBe(first.requestId);
  expect(withoutRefusal(second).actionRequests).toEqual(first.actionRequests);
  expect(second).toMatchObject({
    askedAt: "2026-11-21T10:30:00.000Z",
    expiresAt: "2026-11-21T11:00:00.000Z",
    error: expect.stringContaining(`${first.requestId} expired at 2026-11-21T10:30:00.000Z`),
  });
  const approvals = events.map(({ type }) => type).filter((type) => type.startsWith("approval."));
  expect(approvals).toEqual(["approval.asked", "approval.expired", "approval.asked"]);
  expect(eventsOf("approval.expired")).toMatchObject([{ requestId: first.requestId }]);

  const toTheFirst = answer({ requestId: first.requestId, decisions: [approve, approve] });
  const still = requestOf(await agent.invoke(toTheFirst, config));
  expect(still).toMatchObject({ requestId: second.requestId, error: expect.stringContaining("request") });
  expect(journal.entries).toEqual([]);

  pass(29);
  const output = await agent.invoke(decide(approve, approve), config);
  expect(output.status).toBe("done");
  expect(journal.entries).toEqual(["ann", "bob"]);
  expect(model.count()).toBe(calls + 2);
  expect((await agent.getState(config)).values.waitedMs).toBe(59 * MINUTE_MS);
});

test("a rejection that comes too late is no decision either", async () => {
  const { agent, journal } = setUp();
  await agent.invoke({ input: "go" }, config);
  pass(31);
  const { error } = requestOf(await agent.invoke(answer("reject"), config));
  expect(error).toContain("expired");
  const { decisions } = (await agent.getState(config)).values;
  expect(decisions).toEqual([]);
  expect(journal.entries).toEqual([]);
});

test("a plan expires as well, and a run's context may say after how long", async () => {
  const { agent, journal } = setUp({ plan: true, tools: {} });
  const run = { ...config, context: { approvalExpiresAfter: "1m" } };
  const first = requestOf(await agent.invoke({ input: "go" }, run));
  expect(first.expiresAt).toBe("2026-11-21T10:01:00.000Z");
  pass(2);
  const second = requestOf(await agent.invoke(answer(true), run));
  expect(withoutRefusal(second).actionRequests).toEqual(first.actionRequests);
  await agent.invoke(answer(true), run);
  expect(journal.entries).toEqual(["ann", "bob"]);
});

test("inside an outer graph a late answer is refused in the same way", async () => {
  const { agent, journal, model } = setUp({}, { checkpointer: undefined });
  const outer = new StateGraph(stateSchema)
    .addNode("inner", agent)
    .addEdge(START, "inner")
    .compile({ checkpointer: new MemorySaver() });
  const first = requestOf(await outer.invoke({ input: "go" }, config));
  pass(30);
  const second = requestOf(await outer.invoke(decide(approve, approve), config));
  expect(second.requestId).not.toBe(first.requestId);
  expect(journal.entries).toEqual([]);
  expect((await outer.invoke(decide(approve, approve), config)).status).toBe("done");
  expect(journal.entries).toEqual(["ann", "bob"]);
  expect(model.count()).toBe(4);
});
