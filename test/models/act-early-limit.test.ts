import { describe, expect, it } from "vitest";
import { createStepCounter } from "../../src/runtime/run/step-counter.js";
import { planReply } from "../support/openai-server.js";
import { finish, look, setUp, thread } from "./early-agent.js";

const REACHED = "limits.maxSteps to allow more";
const eight = Array.from({ length: 8 }, (_, index) => look(`${index + 1}`, `${index}`));

describe("limits.maxSteps holds for what starts while the plan is written", () => {
  it.each([1, 3])("no more than %i of eight calls are made", async (maxSteps) => {
    const { agent, journal, pieces, written } = await setUp(planReply(eight), {
      holdAt: 0.99,
      limits: { maxSteps },
    });
    const run = agent.invoke({ input: "go" }, thread);
    await pieces.seen("held");
    await journal.seen("0");
    expect(await finish(run, written)).toMatchObject({
      status: "incomplete",
      outcome: { reason: expect.stringContaining(REACHED) },
    });
    expect(journal.entries).toEqual(["0", "1", "2"].slice(0, maxSteps));
  });

  it("what the executor takes on counts once", async () => {
    const { agent, journal, pieces, written } = await setUp(planReply(eight, "8"), {
      holdAt: 0.99,
      limits: { maxSteps: 8 },
    });
    const run = agent.invoke({ input: "go" }, thread);
    await pieces.seen("held");
    await journal.seen("0");
    expect(await finish(run, written)).toMatchObject({ status: "done", response: "saw 7" });
    expect(journal.entries).toHaveLength(8);
    expect((await agent.getState(thread)).values.droppedCalls).toBe(0);
  });

  it("a call that is dropped with its plan stays counted, to the end of the turn", async () => {
    const broken = planReply([
      look("1", "dropped"),
      { id: "2", tool: "nothing", args: {} },
      look("3", "never"),
    ]);
    const mended = planReply([{ id: "1", tool: "post", args: { name: "posted" } }, look("2", "{{1.none}}")]);
    const changed = planReply([look("3", "instead")], "3");
    for (const [maxSteps, status] of [
      [3, "incomplete"],
      [4, "done"],
    ] as const) {
      const set = await setUp(broken, { holdAt: 0.6, limits: { maxSteps } }, [mended, changed]);
      const run = set.agent.invoke({ input: "go" }, thread);
      await set.pieces.seen("held");
      await set.journal.seen("dropped");
      expect((await finish(run, set.written)).status).toBe(status);
      expect((await set.agent.getState(thread)).values.droppedCalls).toBe(1);
      expect(set.journal.count("instead")).toBe(maxSteps - 3);
    }
  });

  it("a call that the plan turns out to make otherwise is a second one", async () => {
    const [first, second] = [look("1", "as it seemed"), look("1", "as it is")].map((one) =>
      JSON.stringify(one),
    );
    const args = `{"steps":[${first}],"note":"${"x".repeat(400)}","steps":[${second}]}`;
    const { agent, journal, pieces, written } = await setUp(
      { calls: [{ name: "plan", args }] },
      { holdAt: 0.5, limits: { maxSteps: 1 } },
    );
    const run = agent.invoke({ input: "go" }, thread);
    await pieces.seen("held");
    await journal.seen("as it seemed");
    expect((await finish(run, written)).status).toBe("incomplete");
    expect(journal.entries.filter((entry) => !entry.endsWith("aborted"))).toEqual(["as it seemed"]);
    expect((await agent.getState(thread)).values.droppedCalls).toBe(1);
  });
});

describe("the counter of a turn's steps", () => {
  const call = { partId: "1", description: "", tool: "look", args: { name: "a" } };
  const kept = { id: "1", description: "", status: "done", tool: "look", args: { name: "a" } } as const;
  const turn = { pastSteps: [], planVersions: [], suspended: [], droppedCalls: 0 };

  it("counts a call that began early, and whose result the journal has, once", () => {
    const counter = createStepCounter(2, turn);
    expect(counter.beginEarly(call)).toBe(true);
    counter.count({ ...kept, attempts: 1, endedAt: "" });
    expect([counter.begin("1", call), counter.begin("2")]).toEqual([undefined, undefined]);
    expect(counter.begin("3")?.message).toContain("has begun 2 of 2 steps");
  });

  it("begins with what was dropped before", () => {
    const counter = createStepCounter(2, { ...turn, droppedCalls: 1 });
    expect(counter.beginEarly(call)).toBe(true);
    expect(counter.beginEarly({ ...call, partId: "2" })).toBe(false);
    counter.dropEarly();
    expect(counter.dropped).toBe(2);
    expect(counter.begin("1", call)?.limit).toBe("maxSteps");
  });
});
