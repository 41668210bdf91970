// Agents that make one call over and over, and tools whose calls may be repeated.
import { tool } from "@langchain/core/tools";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { REPEAT_RULE } from "../../../src/prompts/index.js";
import { chargingAgent, echo, journalTool, plannedAgent } from "../../support/agent-run.js";
import { approve, decide, isWaiting, requestOf } from "../../support/approval.js";
import { createJournal } from "../../support/deferred.js";
import type { Script, ScriptedAnswer, ScriptedCall } from "../../support/scripted-model.js";

const steps = [{ id: "1", description: "do it" }];
const thread = { configurable: { thread_id: "1" } };
const charge = (who: string): ScriptedCall => ({ name: "charge", args: { who } });

/** Gives these answers in turn, and the last one from then on. */
function inTurn(...answers: readonly ScriptedAnswer[]): Script {
  let asked = 0;
  return () => answers[Math.min(asked++, answers.length - 1)] ?? "";
}

/** A tool that gives these outputs in turn, and the last one from then on. */
function reading(outputs: readonly string[], metadata: Record<string, unknown> = { readOnly: true }) {
  let calls = 0;
  const read = tool(() => outputs[Math.min(calls++, outputs.length - 1)], {
    name: "look",
    description: "looks",
    schema: z.object({}),
    metadata,
  });
  return { read, calls: () => calls };
}
const look: readonly ScriptedCall[] = [{ name: "look", args: {} }];

describe("a call that was already made", () => {
  test("is not made again if it changes something: its model is told the result", async () => {
    const journal = createJournal();
    const { agent, model } = plannedAgent(
      steps,
      { tools: [journalTool(journal)] },
      { agent: inTurn([charge("ann")], [charge("ann")], "done") },
    );
    expect(await agent.invoke({ input: "go" })).toMatchObject({
      pastSteps: [{ status: "done", output: "done" }],
    });
    expect(journal.entries).toEqual(["ann"]);
    const last = model.calls.filter(({ role }) => role === "agent").at(-1);
    expect(last?.messages.at(-1)?.text).toBe(`charged ann\n\n${REPEAT_RULE}`);
    expect(last?.toolChoice).toBeUndefined();
  });

  test("a second time has its model answer without tools", async () => {
    const journal = createJournal();
    const { agent, model } = plannedAgent(
      steps,
      { tools: [journalTool(journal)] },
      { agent: inTurn([charge("ann")], [charge("ann")], [charge("ann")], "done") },
    );
    expect(await agent.invoke({ input: "go" })).toMatchObject({
      pastSteps: [{ status: "done", output: "done" }],
    });
    expect(journal.entries).toEqual(["ann"]);
    const asked = model.calls.filter(({ role }) => role === "agent");
    expect(asked.map(({ toolChoice }) => toolChoice)).toEqual([undefined, undefined, undefined, "none"]);
  });

  test.each([
    ["calls it", [charge("ann")]],
    ["writes it", '{"name": "charge", "arguments": {"who": "ann"}}'],
  ])("ends the step in failure where its model still %s", async (_, again) => {
    const journal = createJournal();
    const { agent, model } = plannedAgent(
      steps,
      { tools: [journalTool(journal)], executor: { maxToolRounds: 50 }, replanner: { maxReplans: 0 } },
      { agent: again },
    );
    const run = await agent.invoke({ input: "go" });
    expect(run).toMatchObject({ status: "incomplete", pastSteps: [{ status: "failed" }] });
    expect(journal.entries).toEqual(["ann"]);
    expect(model.count("agent")).toBeLessThan(7);
  });

  test("is made again if it reads and something has changed, and else ends there", async () => {
    const { read, calls } = reading(["pending", "pending", "ready"]);
    const polled = plannedAgent(steps, { tools: [read] }, { agent: inTurn(look, look, look, "pending") });
    expect(await polled.agent.invoke({ input: "go" })).toMatchObject({ pastSteps: [{ output: "pending" }] });
    expect(calls()).toBe(2);
    const other = reading(["pending", "running", "ready"]);
    const { agent } = plannedAgent(
      steps,
      { tools: [other.read] },
      { agent: inTurn(look, look, look, "ready") },
    );
    expect(await agent.invoke({ input: "go" })).toMatchObject({ pastSteps: [{ output: "ready" }] });
    expect(other.calls()).toBe(3);
  });

  test("is made again after another call that changed something", async () => {
    const journal = createJournal();
    const { read, calls } = reading(["one", "one"], {});
    const { agent } = plannedAgent(
      steps,
      { tools: [read, journalTool(journal)] },
      { agent: inTurn(look, [charge("ann")], look, [charge("ann")], "done") },
    );
    expect(await agent.invoke({ input: "go" })).toMatchObject({ pastSteps: [{ output: "done" }] });
    expect(calls()).toBe(2);
    expect(journal.entries).toEqual(["ann"]);
  });

  test("is made as often as its model likes if its tool says that it may be repeated", async () => {
    const { read, calls } = reading(["4"], { repeatable: true });
    const { agent } = plannedAgent(steps, { tools: [read] }, { agent: inTurn(look, look, look, "4, 4, 4") });
    expect(await agent.invoke({ input: "go" })).toMatchObject({ pastSteps: [{ output: "4, 4, 4" }] });
    expect(calls()).toBe(3);
  });

  test("is made again if it failed, but not for ever", async () => {
    let calls = 0;
    const fail = tool(
      () => {
        calls += 1;
        throw new Error("no");
      },
      { name: "look", description: "looks", schema: z.object({}) },
    );
    const { agent } = plannedAgent(
      steps,
      { tools: [fail], executor: { maxToolRounds: 50 } },
      { agent: inTurn(look, look, look, "It cannot be done.") },
    );
    await agent.invoke({ input: "go" });
    expect(calls).toBe(2);
  });
});

describe("a repeated call and a person's approval", () => {
  test("asks nobody a second time for what was done", async () => {
    const { agent, journal } = chargingAgent(
      steps,
      {},
      { agent: inTurn([charge("ann")], [charge("ann")], "done") },
    );
    await agent.invoke({ input: "go" }, thread);
    const run = await agent.invoke(decide(approve), thread);
    expect(isWaiting(run)).toBe(false);
    expect(run).toMatchObject({ status: "done", pastSteps: [{ output: "done" }] });
    expect(journal.entries).toEqual(["ann"]);
  });

  test("does not keep the other calls of the answer from being asked for, and made", async () => {
    const { agent, journal } = chargingAgent(
      steps,
      {},
      { agent: inTurn([charge("ann")], [charge("ann"), charge("bob")], "done") },
    );
    await agent.invoke({ input: "go" }, thread);
    const second = await agent.invoke(decide(approve), thread);
    expect(requestOf(second).actionRequests.map(({ args }) => args)).toEqual([{ who: "bob" }]);
    expect(await agent.invoke(decide(approve), thread)).toMatchObject({ pastSteps: [{ output: "done" }] });
    expect(journal.entries).toEqual(["ann", "bob"]);
  });

  test("counts rounds without progress across a stop", async () => {
    const { agent, journal, model } = chargingAgent(
      steps,
      { tools: [journalTool(createJournal()), echo] },
      { agent: inTurn([charge("ann")], [charge("ann")], [charge("ann")], "done") },
    );
    await agent.invoke({ input: "go" }, thread);
    await agent.invoke(decide(approve), thread);
    expect(model.calls.filter(({ role }) => role === "agent").at(-1)?.toolChoice).toBe("none");
    expect(journal.entries).toEqual([]);
  });
});
