// Threads that an older version of this package left in its users' databases, by LangGraph 1.4.17. Whatever has
// become of the code since, a thread shows what it showed then, asks what it asked then, and continues from there:
// finished work is not repeated, and a tool that was running is called again under the same key.
import { describe, expect, it } from "vitest";
import type { z } from "zod";
import { answer, approve, decide, edit, reject, requestOf } from "../support/approval.js";
import type { DatabaseKind } from "./threads/databases.js";
import { frozenThreads, SECOND_GOAL } from "./threads/frozen-threads.js";
import { aboutWhat, openFrozen as open, type outputSchema } from "./threads/open-frozen.js";
import type { Shown } from "./threads/shown.js";
import { type Call, reportOf } from "./threads/world.js";

const byId = ({ pastSteps }: z.infer<typeof outputSchema>) =>
  Object.fromEntries(pastSteps.map(({ id, status, output }) => [id, [status, output]]));
const asked = ({ request }: Shown) =>
  request?.actionRequests.map(({ name, stepId, args }) => [name, stepId, args]);

const kinds: readonly DatabaseKind[] = ["sqlite", "postgres"];

describe.each(kinds)("a thread that an older version left in %s", (kind) => {
  it.each(Object.keys(frozenThreads))("shows what it showed and asks what it asked: %s", async (id) => {
    const { show, left } = await open(kind, id);
    expect(await show()).toEqual(left);
  });

  describe("finished", () => {
    it("answers a second turn, of which nothing is left but the conversation", async () => {
      const { left, end, calls, show } = await open(kind, "finished");
      expect(left).toMatchObject({ status: "done", response: "the answer" });
      const output = await end({ input: SECOND_GOAL });
      expect(output).toMatchObject({ status: "done", response: "It went well.", pastSteps: [] });
      expect(output.usage.calls).toBe(1);
      expect((await show()).messages).toEqual([
        ...left.messages,
        ["human", SECOND_GOAL],
        ["ai", "It went well."],
      ]);
      expect(calls).toEqual([]);
    });

    it("does the same steps again for a new goal, under new keys", async () => {
      const { end, called, calls, callsBefore } = await open(kind, "finished");
      expect(byId(await end({ input: "go" }))).toEqual({ a: ["done", "a done"], b: ["done", "b done"] });
      expect(called()).toEqual(["work a", "work b"]);
      const keys = new Set([...callsBefore, ...calls].map(({ key }) => key));
      expect(keys.size).toBe(4);
    });

    it("after several turns, answers another", async () => {
      const { left, end, show } = await open(kind, "turns");
      expect(left).toMatchObject({ status: "done", response: "c done" });
      expect((await end({ input: SECOND_GOAL })).response).toBe("It went well.");
      const { messages } = await show();
      expect(messages.slice(0, -2)).toEqual(left.messages);
      expect(messages.filter(([type]) => type === "human")).toHaveLength(4);
    });

    it("whose conversation is kept as differences, answers another turn", async () => {
      const { left, end, show } = await open(kind, "turns-as-deltas");
      expect((await end({ input: SECOND_GOAL })).response).toBe("It went well.");
      const { messages } = await show();
      expect(messages.slice(0, -2)).toEqual(left.messages);
      expect(messages.filter(([type]) => type === "human")).toHaveLength(3);
    });
  });

  describe("waiting for a plan to be approved", () => {
    it("carries out the plan when it is approved", async () => {
      const { left, end, called, roles } = await open(kind, "plan");
      expect(left.request?.actionRequests).toMatchObject([
        { name: "plan", steps: [{ id: "a" }, { id: "b" }] },
      ]);
      const output = await end(decide(approve));
      expect(output).toMatchObject({ status: "done", response: "the answer" });
      expect(called()).toEqual(["work a", "work b"]);
      expect(roles()).not.toContain("planner");
    });

    it("plans again when it is rejected with words, and then asks for the new plan", async () => {
      const { invoke, left, called, roles, end } = await open(kind, "plan");
      const request = requestOf(await invoke(decide(reject("begin with c"))));
      expect(request.requestId).not.toBe(left.request?.requestId);
      expect(request.actionRequests).toMatchObject([{ steps: [{ id: "c" }, { id: "a" }, { id: "b" }] }]);
      expect(roles()).toEqual(["planner"]);
      expect(called()).toEqual([]);
      expect((await end(decide(approve))).status).toBe("done");
      expect(called()).toEqual(["work a", "work b", "work c"]);
    });

    it("carries out the plan as it is edited", async () => {
      const { end, called } = await open(kind, "plan");
      const steps = [{ id: "only", description: "only this", tool: "work", args: { name: "e" } }];
      const output = await end(decide({ type: "edit", steps }));
      expect(byId(output)).toEqual({ only: ["done", "e done"] });
      expect(called()).toEqual(["work e"]);
    });

    it("takes the answer that names its request", async () => {
      const { left, end } = await open(kind, "plan");
      const requestId = left.request?.requestId;
      expect((await end(answer({ requestId, decisions: [approve] }))).status).toBe("done");
    });

    it("ends the request when a new goal comes, and plans for that", async () => {
      const { end, calls } = await open(kind, "plan");
      expect((await end({ input: SECOND_GOAL })).response).toBe("It went well.");
      expect(calls).toEqual([]);
    });

    it("after one was rejected, carries out the new one when it is approved", async () => {
      const { left, end, called } = await open(kind, "plan-revised");
      expect(left.request?.actionRequests).toMatchObject([
        { steps: [{ id: "c" }, { id: "a" }, { id: "b" }] },
      ]);
      expect((await end(decide(approve))).status).toBe("done");
      expect(called()).toEqual(["work a", "work b", "work c"]);
    });

    it("inside another graph, carries out the plan when it is approved", async () => {
      const { left, end, called } = await open(kind, "plan-inside");
      expect(left.request?.actionRequests).toMatchObject([{ name: "plan", steps: [{ id: "a" }] }]);
      expect(await end(decide(approve))).toMatchObject({ status: "done", response: "the answer" });
      expect(called()).toEqual(["work a"]);
    });
  });

  describe("waiting for actions to be decided", () => {
    it("calls each tool as it was shown when all are approved, and the agent goes on from its transcript", async () => {
      const { left, end, called, roles } = await open(kind, "actions");
      expect(asked(left)).toEqual([
        ["charge", "direct", { who: "ann", amount: 1 }],
        ["charge", "called", { who: "dan", amount: 4 }],
        ["charge", "each[0]", { who: "x", amount: 2 }],
        ["charge", "each[1]", { who: "y", amount: 2 }],
        ["charge", "agent", { who: "eve", amount: 5 }],
      ]);
      const output = await end(decide(approve, approve, approve, approve, approve));
      expect(byId(output)).toEqual({
        list: ["done", ["x", "y"]],
        direct: ["done", "charged ann 1"],
        called: ["done", "charged dan 4"],
        each: ["done", ["charged x 2", "charged y 2"]],
        agent: ["done", "told: charged eve 5"],
      });
      expect(called()).toEqual(["charge ann", "charge dan", "charge eve", "charge x", "charge y"]);
      // The call step's arguments and the agent's first round are not made again.
      expect(roles()).toEqual(["agent", "answer"]);
    });

    it("calls what was edited as it was edited, and nothing that was rejected", async () => {
      const { end, called, calls, roles } = await open(kind, "actions");
      const output = await end(
        decide(
          edit("charge", { who: "bea", amount: 10 }),
          reject("not dan"),
          approve,
          edit("charge", { who: "Y", amount: 20 }),
          reject("not eve"),
        ),
      );
      expect(called()).toEqual(["charge Y", "charge bea", "charge x"]);
      expect(calls.map(({ args }) => args.amount).sort()).toEqual([10, 2, 20]);
      const results = byId(output);
      expect(results.direct).toEqual(["done", "charged bea 10"]);
      expect(results.called?.[0]).toBe("rejected");
      expect(results.each).toEqual(["done", ["charged x 2", "charged Y 20"]]);
      expect(results.agent).toEqual(["done", expect.stringMatching(/^told: .*not eve/)]);
      expect(roles()).toContain("agent");
    });

    it("after an answer was refused, still says why and takes another", async () => {
      const { left, end, called } = await open(kind, "answer-refused");
      expect(left.request?.error).toMatch(/cannot be read/);
      expect((await end(decide(approve))).status).toBe("done");
      expect(called()).toEqual(["charge ann"]);
    });

    it("with values too large for a checkpoint, calls with all of them", async () => {
      const { end, calls } = await open(kind, "large");
      const output = await end(decide(approve));
      expect(calls.map(({ tool, args }) => [tool, args])).toEqual([
        ["charge", { who: reportOf(1500), amount: 1 }],
      ]);
      expect(byId(output)).toEqual({
        report: ["done", reportOf(1500)],
        pay: ["done", "charged a long name 1"],
      });
    });
  });

  describe("waiting for guidance", () => {
    it("ends with what was achieved when that is approved", async () => {
      const { left, end, calls } = await open(kind, "guidance");
      expect(left.request?.actionRequests).toMatchObject([
        { name: "guidance", steps: [{ id: "f" }, { id: "s" }] },
      ]);
      const output = await end(decide(approve));
      expect(output.status).toBe("incomplete");
      expect(output.response).toContain("a done");
      expect(calls).toEqual([]);
    });

    it("does what failed again when a person hands in the remainder", async () => {
      const { left, end, called } = await open(kind, "guidance");
      const steps = left.request?.actionRequests[0]?.steps;
      const output = await end(decide({ type: "edit", steps }));
      expect(output).toMatchObject({ status: "done", response: "the answer" });
      expect(called()).toEqual(["send letter", "work s"]);
    });

    it("asks the replanner with a person's words when it is rejected", async () => {
      const { end, called, roles } = await open(kind, "guidance");
      const output = await end(decide(reject("work on d instead")));
      expect(output.response).toBe("the answer");
      expect(called()).toEqual(["work d"]);
      expect(roles()[0]).toBe("replanner");
    });
  });

  describe("cut off by a kill", () => {
    it.each(["killed", "killed-inside"])("goes on, and no finished step is done again: %s", async (id) => {
      const { end, called, calls, callsBefore, roles } = await open(kind, id);
      expect(callsBefore.map(aboutWhat).sort()).toEqual([
        "list",
        "work a",
        "work draft",
        "work slow",
        "work x",
        "work y",
      ]);
      const output = await end(null);
      expect(output).toMatchObject({ status: "done", response: "the answer", usage: { cutOff: 1 } });
      expect(byId(output)).toEqual({
        a: ["done", "a done"],
        list: ["done", ["x", "y"]],
        each: ["done", ["x done", "y done"]],
        think: ["done", "told: draft done"],
        slow: ["done", "slow done"],
        z: ["done", "z done"],
      });
      expect(called()).toEqual(["work slow", "work z"]);
      expect(keyOf(calls, "work slow")).toBe(keyOf(callsBefore, "work slow"));
      expect(roles()).toEqual(["answer"]);
    });

    it("while it did what was approved, asks for nothing again and does nothing twice", async () => {
      const { end, called, calls, callsBefore } = await open(kind, "killed-approved");
      expect(callsBefore.map(aboutWhat)).toEqual(["charge ann", "work slow"]);
      const output = await end(null);
      expect(byId(output)).toEqual({ pay: ["done", "charged ann 1"], slow: ["done", "slow done"] });
      expect(called()).toEqual(["work slow"]);
      expect(keyOf(calls, "work slow")).toBe(keyOf(callsBefore, "work slow"));
    });

    it("and steered after it, goes on as it was steered, and finds the finished steps in the store", async () => {
      const { end, called, calls, callsBefore } = await open(kind, "killed-steered");
      const output = await end(null);
      expect(byId(output)).toMatchObject({
        a: ["done", "a done"],
        each: ["done", ["x done", "y done"]],
        think: ["done", "told: draft done"],
        slow: ["done", "slow done"],
      });
      expect(byId(output).z?.[0]).toBe("skipped");
      expect(called()).toEqual(["work slow"]);
      expect(keyOf(calls, "work slow")).toBe(keyOf(callsBefore, "work slow"));
    });
  });

  it("steered after it ended incomplete, does the failed step again and goes on behind it", async () => {
    const { end, called, callsBefore } = await open(kind, "steered");
    expect(callsBefore.map(aboutWhat)).toEqual(["work a", "send letter"]);
    const output = await end(null);
    expect(output).toMatchObject({ status: "done", response: "the answer" });
    expect(byId(output).f).toEqual(["done", "sent letter"]);
    expect(called()).toEqual(["send letter", "work s"]);
  });

  it("stopped by a model that failed, goes on when the model works", async () => {
    const { left, end, calls, roles } = await open(kind, "model-down");
    expect(left.status).toBe("failed");
    expect(await end(null)).toMatchObject({ status: "done", response: "the answer" });
    expect(calls).toEqual([]);
    expect(roles()).toEqual(["answer"]);
  });
});

function keyOf(calls: readonly Call[], what: string): string | undefined {
  return calls.find((call) => aboutWhat(call) === what)?.key;
}
