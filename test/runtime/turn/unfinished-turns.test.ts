// A turn that was cut off, or that waits, when the person says something new.
import { tool } from "@langchain/core/tools";
import { MemorySaver } from "@langchain/langgraph";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { createPlanExecuteAgent } from "../../../src/agent/index.js";
import { chargingAgent, echo, journalTool, plannedAgent } from "../../support/agent-run.js";
import { approve, decide, isWaiting, requestOf } from "../../support/approval.js";
import { createDeferred, createJournal } from "../../support/deferred.js";
import { readSection } from "../../support/read-section.js";
import { planCall } from "../../support/scripted-model.js";

const thread = { configurable: { thread_id: "1" } };
const charge = (id: string, who: string) => ({ id, tool: "charge", args: { who } });
const say = (id: string, value: unknown) => ({ id, tool: "echo", args: { value } });

/** A call with a plan whose last step is the answer. */
const plan = (steps: readonly { readonly id: string }[]) => planCall(steps, steps.at(-1)?.id);

/** A run that is cut off during its second step, in the superstep in which the first one charged. */
async function cutOff(answers: readonly (Parameters<typeof plan>[0] | "hang")[]) {
  const journal = createJournal();
  let hanging = createDeferred();
  const hang = tool(
    (_, { signal }) => {
      hanging.resolve();
      return new Promise((_resolve, reject) =>
        signal?.addEventListener("abort", () => reject(signal.reason)),
      );
    },
    { name: "hang", description: "takes long", schema: z.object({}) },
  );
  const plans = [...answers];
  const made = plannedAgent(
    [],
    { tools: [journalTool(journal), hang, echo], checkpointer: new MemorySaver() },
    {
      planner: () => {
        const steps = plans.shift() ?? [];
        if (steps !== "hang") {
          return plan(steps);
        }
        hanging.resolve();
        return new Promise(() => {});
      },
    },
  );
  /** A turn that is cut off while a tool, or the planner, hangs. */
  const hangOnce = async (input: string) => {
    hanging = createDeferred();
    const controller = new AbortController();
    const run = made.agent.invoke({ input }, { ...thread, signal: controller.signal });
    await hanging.promise;
    controller.abort();
    await expect(run).rejects.toThrow();
  };
  await hangOnce("charge ann");
  return { ...made, journal, hangOnce };
}

const FIRST = [charge("a", "ann"), { id: "h", tool: "hang", args: {} }];

describe("a turn that was cut off", () => {
  test("is known to the next planner: what is done, also in the superstep that was lost, and what is left", async () => {
    const { agent, model, journal } = await cutOff([FIRST, [say("b", "the rest")]]);
    const run = await agent.invoke({ input: "please continue where you stopped" }, thread);
    expect(run).toMatchObject({ status: "done", response: "the rest" });
    expect(journal.entries).toEqual(["ann"]);
    const asked = model.calls.at(-1)?.messages.at(-1)?.text ?? "";
    const lines = readSection("unfinished_turn", asked)?.split("\n") ?? [];
    expect(lines[0]).toBe("done:");
    expect(JSON.parse(lines[1] ?? "")).toMatchObject({
      id: "a",
      args: { who: "ann" },
      output: "charged ann",
    });
    expect(lines[2]).toBe("left:");
    expect(JSON.parse(lines[3] ?? "")).toMatchObject({ id: "h", tool: "hang" });
    expect(asked).toContain("do not do it again");
    expect(asked).not.toContain("approved");
  });

  test("is not told of in the turn after the next, nor where a turn ended", async () => {
    const { agent, model } = await cutOff([FIRST, [say("b", 1)], [say("b", 2)]]);
    await agent.invoke({ input: "continue" }, thread);
    await agent.invoke({ input: "and now" }, thread);
    expect(model.calls.at(-1)?.prompt).not.toContain("unfinished_turn");
  });

  test("is known also where the next turn was cut off before it had a plan", async () => {
    const { agent, model, hangOnce } = await cutOff([FIRST, "hang", [say("b", 1)]]);
    await hangOnce("continue");
    await agent.invoke({ input: "continue now" }, thread);
    expect(model.calls.at(-1)?.prompt).toContain("charged ann");
  });

  test("is handed on where the next turn was cut off too", async () => {
    const { agent, model, hangOnce } = await cutOff([
      FIRST,
      [{ id: "g", tool: "hang", args: {} }],
      [say("b", 1)],
    ]);
    await hangOnce("continue");
    await agent.invoke({ input: "continue now" }, thread);
    const told = readSection("unfinished_turn", model.calls.at(-1)?.messages.at(-1)?.text ?? "");
    expect(told).toContain("charged ann");
    expect(told).toContain('"id":"g"');
  });
});

describe("words while a request waits", () => {
  const PAY = [charge("p", "ann")];

  /** An agent whose charge waits; its planner says these words to all but the first input. */
  async function waiting(said: string | Parameters<typeof plan>[0]) {
    let isFirst = true;
    const made = chargingAgent(
      PAY,
      {},
      {
        planner: () => {
          const steps = isFirst ? PAY : said;
          isFirst = false;
          return typeof steps === "string" ? steps : plan(steps);
        },
      },
    );
    const request = requestOf(await made.agent.invoke({ input: "charge ann" }, thread));
    return { ...made, request };
  }

  test("approve nothing: the planner sees what waits, its words are shown, and the request stays open", async () => {
    const { agent, model, journal, request, eventsOf } = await waiting(
      "The charge of ann waits: approve it.",
    );
    const run = await agent.invoke({ input: "yes, go ahead" }, thread);
    expect(isWaiting(run)).toBe(true);
    expect(requestOf(run).requestId).toBe(request.requestId);
    expect(run).toMatchObject({ status: "waiting", response: "The charge of ann waits: approve it." });
    expect(run.messages.slice(-2).map(({ text }) => text)).toEqual([
      "yes, go ahead",
      "The charge of ann waits: approve it.",
    ]);
    expect(journal.entries).toEqual([]);
    expect(eventsOf("approval.expired")).toEqual([]);
    const asked = model.calls.at(-1)?.messages.at(-1)?.text ?? "";
    expect(readSection("unfinished_turn", asked)).toContain('waits for approval:\n{"charge":{"who":"ann"}}');
    expect(asked).toContain("never by words");

    const { status, plan } = await agent.invoke(decide(approve), thread);
    expect(status).toBe("done");
    expect(plan.map(({ id }) => id)).toEqual(["p"]);
    expect(journal.entries).toEqual(["ann"]);
  });

  test("that lead to a plan end the request, before the plan is known", async () => {
    const { agent, journal, request, events } = await waiting([say("b", "instead")]);
    const run = await agent.invoke({ input: "no, say something instead" }, thread);
    expect(run).toMatchObject({ status: "done", response: "instead" });
    expect(journal.entries).toEqual([]);
    const types = events.map(({ type }) => type);
    expect(events.find(({ type }) => type === "approval.expired")).toMatchObject({
      requestId: request.requestId,
    });
    expect(types.indexOf("approval.expired")).toBeLessThan(types.lastIndexOf("plan.generated"));
  });

  test("leave the request open where the planner's model fails", async () => {
    let calls = 0;
    const down = Object.assign(new Error("bad key"), { status: 401 });
    const { agent, journal } = chargingAgent(
      PAY,
      {},
      {
        planner: () => {
          calls += 1;
          return calls === 1 ? planCall(PAY) : down;
        },
      },
    );
    await agent.invoke({ input: "charge ann" }, thread);
    const run = await agent.invoke({ input: "yes" }, thread);
    expect(isWaiting(run)).toBe(true);
    expect(run.response).toBe(
      "The model that makes the plan could not be reached or gave an error, so this is not finished.",
    );
    await agent.invoke(decide(approve), thread);
    expect(journal.entries).toEqual(["ann"]);
  });

  test.each(["yes, go ahead", "OK", "Yes please, approve it!", "thanks"])(
    "are answered without a model too: %j says what waits",
    async (words) => {
      const journal = createJournal();
      const agent = createPlanExecuteAgent({
        model: "offline",
        tools: [journalTool(journal)],
        approval: { tools: { charge: true } },
        checkpointer: new MemorySaver(),
      });
      const { requestId } = requestOf(await agent.invoke({ input: "charge who=ann" }, thread));
      const run = await agent.invoke({ input: words }, thread);
      expect(requestOf(run).requestId).toBe(requestId);
      expect(run.response).toContain(
        'words do not approve it: approve, edit or reject it in its request.\n- {"charge"',
      );
      expect(journal.entries).toEqual([]);
      expect((await agent.invoke(decide(approve), thread)).status).toBe("done");
      expect(journal.entries).toEqual(["ann"]);
    },
  );
});
