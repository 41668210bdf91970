import { tool } from "@langchain/core/tools";
import { MemorySaver } from "@langchain/langgraph";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { byId, plannedAgent } from "../../support/agent-run.js";
import { approve, decide, requestOf } from "../../support/approval.js";
import { createJournal, type Journal } from "../../support/deferred.js";
import { expectNone } from "../../support/no-trouble.js";

const config = { configurable: { thread_id: "1" } };
expectNone("unhandledRejection");

/** A ragged plan: each step gives back its own name and those of what it depends on. */
const ragged = [
  { id: "a", needs: [] },
  { id: "b", needs: [] },
  { id: "c", needs: ["a"] },
  { id: "d", needs: ["b"] },
  { id: "e", needs: ["c", "b"] },
  { id: "f", needs: ["d"] },
  { id: "g", needs: ["e", "f"] },
].map(({ id, needs }) => ({
  id,
  tool: "work",
  args: { name: id, of: needs.map((need) => `{{${need}}}`) },
  dependsOn: needs,
}));

const expected = {
  a: "a()",
  b: "b()",
  c: "c(a())",
  d: "d(b())",
  e: "e(c(a()),b())",
  f: "f(d(b()))",
  g: "g(e(c(a()),b()),f(d(b())))",
};

/** A tool whose calls end, but for those of one name, which abort the run and hang for ever. */
function createWork(journal: Journal, crash: { at?: string; controller?: AbortController }) {
  return tool(
    async ({ name, of }, { signal }) => {
      journal.add(`start ${name}`);
      signal?.addEventListener("abort", () => journal.add(`signal ${name}`));
      if (crash.at === name) {
        crash.controller?.abort(new Error("the caller has gone"));
        return await new Promise<string>(() => {});
      }
      journal.add(`end ${name}`);
      return `${name}(${of.join(",")})`;
    },
    { name: "work", description: "works", schema: z.object({ name: z.string(), of: z.array(z.string()) }) },
  );
}

function setUp(steps: readonly unknown[], at?: string, script = {}) {
  const journal = createJournal();
  const crash = { at, controller: new AbortController() };
  const planned = plannedAgent(
    steps,
    { tools: [createWork(journal, crash)], checkpointer: new MemorySaver(), executor: { concurrency: 3 } },
    script,
  );
  return { ...planned, journal, crash };
}

const outputs = (results: readonly { id: string; output?: unknown }[]) =>
  Object.fromEntries(results.map(({ id, output }) => [id, output]));

describe("a run that its caller aborts", () => {
  test("rejects, and its tools see the signal", async () => {
    const { agent, crash, journal, eventsOf } = setUp(ragged, "d");
    const { signal } = crash.controller;
    await expect(agent.invoke({ input: "go" }, { ...config, signal })).rejects.toThrow("the caller has gone");
    await journal.seen("signal d");
    expect(journal.entries).not.toContain("end d");
    expect(eventsOf("agent.cancelled").flatMap(({ inFlight }) => inFlight)).toContain("d");
  });

  test("rejects where the model of a step ignores its signal", async () => {
    const controller = new AbortController();
    const { agent } = setUp([{ id: "1", description: "think" }], undefined, {
      agent: () => {
        controller.abort(new Error("gone"));
        return new Promise(() => {});
      },
    });
    await expect(agent.invoke({ input: "go" }, { ...config, signal: controller.signal })).rejects.toThrow(
      "gone",
    );
  });

  test.each(["a", "b", "c", "d", "e", "f", "g"])(
    "in the middle of %s goes on later, each step with its own output and none a second time",
    async (at) => {
      const { agent, crash, journal, model, eventsOf } = setUp(ragged, at);
      const { signal } = crash.controller;
      await expect(agent.invoke({ input: "go" }, { ...config, signal })).rejects.toThrow(
        "the caller has gone",
      );
      const finished = eventsOf("step.ended").map(({ stepId }) => `end ${stepId}`);
      crash.at = undefined;
      const { pastSteps, status } = await agent.invoke(null, config);
      expect(status).toBe("done");
      expect(outputs(pastSteps)).toEqual(expected);
      for (const entry of finished) {
        expect(journal.count(entry)).toBe(1);
      }
      for (const id of ragged.find((step) => step.id === at)?.dependsOn ?? []) {
        expect(finished).toContain(`end ${id}`);
      }
      expect(model.count("planner")).toBe(1);
    },
  );

  test("goes on with a context that gates one more tool, each step with its own output", async () => {
    const { agent, crash, journal, eventsOf } = setUp(ragged, "e");
    const { signal } = crash.controller;
    await expect(agent.invoke({ input: "go" }, { ...config, signal })).rejects.toThrow("the caller has gone");
    const finished = eventsOf("step.ended").map(({ stepId }) => `end ${stepId}`);
    crash.at = undefined;
    const gated = { ...config, context: { approveTools: ["work"] } };
    let output = await agent.invoke(null, gated);
    const asked: (string | undefined)[] = [];
    while (output.status !== "done") {
      const { actionRequests } = requestOf(output);
      asked.push(...actionRequests.map(({ stepId }) => stepId));
      output = await agent.invoke(decide(...actionRequests.map(() => approve)), gated);
    }
    expect(outputs(output.pastSteps)).toEqual(expected);
    for (const entry of finished) {
      expect(journal.count(entry)).toBe(1);
    }
    expect([...asked].sort()).toEqual([..."abcdefg"].filter((id) => !finished.includes(`end ${id}`)));
  });

  test("is over where the caller gives a new input instead, and the new turn has nothing of it", async () => {
    const { agent, crash } = setUp(ragged, "e");
    const { signal } = crash.controller;
    await expect(agent.invoke({ input: "go" }, { ...config, signal })).rejects.toThrow("the caller has gone");
    crash.at = undefined;
    const { pastSteps, status } = await agent.invoke({ input: "again" }, config);
    expect(status).toBe("done");
    expect(outputs(pastSteps)).toEqual(expected);
  });
});

test("three turns on a thread are kept apart", async () => {
  const { agent } = setUp(ragged.slice(0, 1));
  for (const goal of ["one", "two", "three"]) {
    const output = await agent.invoke({ input: goal }, config);
    expect(byId(output.pastSteps)).toMatchObject({ a: { status: "done" } });
    expect(output.usage.calls).toBe(2);
    const { values } = await agent.getState(config);
    expect(values).toMatchObject({ turn: { goal }, replans: 0, decisions: [], suspended: [] });
  }
});
