import { setImmediate as nextTurn } from "node:timers/promises";
import { tool } from "@langchain/core/tools";
import { END, MemorySaver, START, StateGraph } from "@langchain/langgraph";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { z } from "zod";
import { StateUpdateError, steer } from "../../src/index.js";
import { byId, plannedAgent } from "../support/agent-run.js";
import { createDeferred, createJournal, type Journal } from "../support/deferred.js";
import { planCall, type ScriptByRole } from "../support/scripted-model.js";

const thread = { configurable: { thread_id: "1" } };

/** A checkpointer of which one read or write, the next one from now on, takes as long as a test likes. */
class SlowSaver extends MemorySaver {
  readonly #journal: Journal;
  readonly #held = new Map<"read" | "write", Promise<void>>();
  /** Whether nothing can be written any more. */
  isFull = false;

  constructor(journal: Journal) {
    super();
    this.#journal = journal;
  }

  hold(next: "read" | "write", until: Promise<void>): void {
    this.#held.set(next, until);
  }

  override async put(...given: Parameters<MemorySaver["put"]>) {
    await this.#wait("write");
    if (this.isFull) {
      throw new Error("the disk is full");
    }
    return super.put(...given);
  }

  override async getTuple(...given: Parameters<MemorySaver["getTuple"]>) {
    const tuple = await super.getTuple(...given);
    await this.#wait("read");
    return tuple;
  }

  async #wait(what: "read" | "write"): Promise<void> {
    const held = this.#held.get(what);
    if (held === undefined) {
      return;
    }
    this.#held.delete(what);
    this.#journal.add(what);
    await held;
  }
}

/** A run whose first step is in flight until it is let go; two more come after it. */
function setUp(script: ScriptByRole = {}, options = {}) {
  const journal = createJournal();
  const gate = createDeferred();
  const work = tool(
    async ({ name }) => {
      journal.add(name);
      if (name === "slow") {
        await gate.promise;
      }
      return `${name} done`;
    },
    { name: "work", description: "works", schema: z.object({ name: z.string() }) },
  );
  const step = (id: string, dependsOn: string[]) => ({
    id,
    description: id,
    tool: "work",
    args: { name: id },
    dependsOn,
  });
  const made = plannedAgent(
    [step("slow", []), step("b", ["slow"]), step("c", ["b"])],
    { tools: [work], checkpointer: new MemorySaver(), ...options },
    script,
  );
  return { ...made, journal, gate, step };
}

describe("while the thread runs in this process", () => {
  it("a change is made when the steps in flight have ended, and the run goes on with it by itself", async () => {
    const { agent, journal, gate, eventsOf } = setUp();
    const run = agent.invoke({ input: "go" }, thread);
    await journal.seen("slow");
    const steered = steer(agent, "1", { type: "skip", stepId: "b" }, { by: "olga" });
    gate.resolve();
    await steered;
    const { status, pastSteps } = await run;
    expect(status).toBe("done");
    expect(journal.entries).toEqual(["slow", "c"]);
    expect(byId(pastSteps).b).toMatchObject({ status: "skipped" });
    expect(eventsOf("agent.steered")).toMatchObject([
      { changes: [{ type: "skip", stepId: "b", by: "olga" }] },
    ]);
    expect((await agent.getState(thread)).values.steering).toMatchObject([{ stepId: "b", by: "olga" }]);
  });

  it("a message asks the replanner before anything new starts", async () => {
    const { agent, journal, gate, model } = setUp({
      replanner: (messages) =>
        messages.at(-1)?.text.includes("only d") === true
          ? planCall([{ id: "d", tool: "work", args: { name: "d" } }], "d")
          : "the answer",
    });
    const run = agent.invoke({ input: "go" }, thread);
    await journal.seen("slow");
    const steered = steer(agent, "1", { type: "message", text: "only d, please" });
    gate.resolve();
    await steered;
    const { response } = await run;
    expect(response).toBe("d done");
    expect(journal.entries).toEqual(["slow", "d"]);
    expect(model.count("replanner")).toBe(1);
  });

  it("a change that cannot be made is refused, and the run goes on as it was", async () => {
    const { agent, journal, gate } = setUp();
    const run = agent.invoke({ input: "go" }, thread);
    await journal.seen("slow");
    const steered = steer(agent, "1", {
      type: "plan",
      steps: [{ id: "x", description: "x", tool: "nothing" }],
    });
    const refused = expect(steered).rejects.toThrow(StateUpdateError);
    gate.resolve();
    await refused;
    expect((await run).status).toBe("done");
    expect(journal.entries).toEqual(["slow", "b", "c"]);
  });

  it("a change that comes while the plan is made waits for the plan", async () => {
    const planning = createDeferred();
    const asked = createJournal();
    const { agent, journal, gate, step } = setUp({
      planner: async () => {
        asked.add("asked");
        await planning.promise;
        return planCall([step("b", []), step("c", ["b"])]);
      },
    });
    gate.resolve();
    const run = agent.invoke({ input: "go" }, thread);
    await asked.seen("asked");
    const steered = steer(agent, "1", { type: "skip", stepId: "b" });
    planning.resolve();
    await steered;
    await run;
    expect(journal.entries).toEqual(["c"]);
  });

  it("a change that comes with the answer is too late for the run: it is made on the thread", async () => {
    const answering = createDeferred();
    const asked = createJournal();
    const { agent, journal, gate, step } = setUp({
      replanner: async () => {
        asked.add("asked");
        await answering.promise;
        return "the answer";
      },
    });
    gate.resolve();
    const run = agent.invoke({ input: "go" }, thread);
    await asked.seen("asked");
    const steered = steer(agent, "1", { type: "plan", steps: [step("d", [])] });
    answering.resolve();
    expect((await run).status).toBe("done");
    await steered;
    expect((await agent.invoke(null, thread)).status).toBe("done");
    expect(journal.entries).toEqual(["slow", "b", "c", "d"]);
    await expect(steer(agent, "1", { type: "message", text: "more" })).rejects.toMatchObject({
      code: "NOTHING_TO_STEER",
    });
  });

  it("a run that is cut off gives the change back to the thread", async () => {
    const { agent, journal, gate } = setUp();
    const abort = new AbortController();
    const run = agent.invoke({ input: "go" }, { ...thread, signal: abort.signal });
    await journal.seen("slow");
    const steered = steer(agent, "1", { type: "skip", stepId: "b" });
    abort.abort();
    await expect(run).rejects.toThrow();
    await steered;
    gate.resolve();
    expect((await agent.invoke(null, thread)).status).toBe("done");
    expect(journal.entries).toEqual(["slow", "slow", "c"]);
  });

  it("as a subgraph too, by the namespace of its state", async () => {
    const { agent, journal, gate } = setUp();
    const parent = new StateGraph(z.object({ input: z.string(), status: z.any() }))
      .addNode("inner", agent)
      .addEdge(START, "inner")
      .addEdge("inner", END)
      .compile({ checkpointer: new MemorySaver() });
    const run = parent.invoke({ input: "go" }, thread);
    await journal.seen("slow");
    const { tasks } = await parent.getState(thread, { subgraphs: true });
    const inner = tasks[0]?.state;
    const config = inner !== undefined && "config" in inner ? inner.config : {};
    const namespace = config.configurable?.checkpoint_ns;
    expect(namespace).toMatch(/^inner:/);
    const steered = parent.updateState(
      { configurable: { thread_id: "1", checkpoint_ns: namespace } },
      { steering: [{ type: "skip", stepId: "b" }] },
    );
    // The parent looks for the subgraph first.
    for (let turns = 0; turns < 20; turns += 1) {
      await nextTurn();
    }
    gate.resolve();
    await steered;
    expect((await run).status).toBe("done");
    expect(journal.entries).toEqual(["slow", "c"]);
  });
});

describe("a change is made, or refused, and never lost", () => {
  const slowly = () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    onTestFinished(() => void vi.useRealTimers());
    const saved = createJournal();
    const saver = new SlowSaver(saved);
    return { ...setUp({}, { checkpointer: saver }), saved, saver };
  };
  const skip = (stepId: string) => ({ type: "skip", stepId }) as const;
  /** Longer than any guess of how long a run may be between two nodes. */
  const aMinute = async () => {
    await vi.advanceTimersByTimeAsync(60_000);
    for (let turns = 0; turns < 20; turns += 1) {
      await nextTurn();
    }
  };

  it("where a write between two nodes takes as long as it likes", async () => {
    const { agent, journal, gate, saved, saver } = slowly();
    const run = agent.invoke({ input: "go" }, thread);
    await journal.seen("slow");
    const first = steer(agent, "1", skip("b"));
    const written = createDeferred();
    saver.hold("write", written.promise);
    gate.resolve();
    await saved.seen("write");
    const second = steer(agent, "1", skip("c"));
    await aMinute();
    written.resolve();
    await Promise.all([first, second]);
    expect((await run).status).toBe("done");
    expect(journal.entries).toEqual(["slow"]);
    expect((await agent.getState(thread)).values.steering).toMatchObject([skip("b"), skip("c")]);
  });

  it("where the run is about to read its thread", async () => {
    const { agent, journal, gate, saved, saver } = slowly();
    gate.resolve();
    await agent.invoke({ input: "go" }, { ...thread, interruptAfter: ["planner"] });
    const read = createDeferred();
    saver.hold("read", read.promise);
    const run = agent.invoke(null, thread);
    await saved.seen("read");
    const steered = steer(agent, "1", skip("b"));
    await aMinute();
    read.resolve();
    await steered;
    expect((await run).status).toBe("done");
    expect(journal.entries).toEqual(["slow", "c"]);
  });

  it("where a run begins while it is written", async () => {
    const { agent, journal, gate, saved, saver } = slowly();
    gate.resolve();
    await agent.invoke({ input: "go" }, { ...thread, interruptAfter: ["planner"] });
    const written = createDeferred();
    saver.hold("write", written.promise);
    const steered = steer(agent, "1", skip("b"));
    await saved.seen("write");
    const run = agent.invoke(null, thread);
    for (let turns = 0; turns < 20; turns += 1) {
      await nextTurn();
    }
    written.resolve();
    await steered;
    expect((await run).status).toBe("done");
    expect(journal.entries).toEqual(["slow", "c"]);
  });

  it("where several people make one at the same moment", async () => {
    const { agent, journal, gate } = slowly();
    gate.resolve();
    await agent.invoke({ input: "go" }, { ...thread, interruptAfter: ["planner"] });
    await Promise.all(["b", "c"].map((id) => steer(agent, "1", skip(id))));
    await agent.invoke(null, thread);
    expect(journal.entries).toEqual(["slow"]);
  });

  it("where it was made and could not be stored: whoever made it is told so", async () => {
    const { agent, journal, gate, saver } = slowly();
    const run = agent.invoke({ input: "go" }, thread);
    await journal.seen("slow");
    const steered = steer(agent, "1", skip("b"));
    saver.isFull = true;
    gate.resolve();
    const { status, outcome } = await run;
    expect(status).toBe("failed");
    expect(outcome?.reason).toContain("the disk is full");
    await expect(steered).rejects.toMatchObject({
      code: "RUN_CUT_OFF",
      message: expect.stringMatching(/^The run was cut off/),
    });
  });

  it("where its reader leaves a stream, and never comes back for its end", async () => {
    const { agent, journal } = slowly();
    const abort = new AbortController();
    const goal = async function* () {
      yield { input: "go" };
    };
    const chunks = agent.transform(goal(), { ...thread, signal: abort.signal });
    await chunks.next();
    await journal.seen("slow");
    const steered = steer(agent, "1", skip("b"));
    abort.abort();
    await steered;
    expect((await agent.getState(thread)).values.steering).toMatchObject([skip("b")]);
    await expect(chunks.next()).rejects.toThrow("aborted");
  });
});

describe("a run that stands still between two nodes", () => {
  it("takes a change as its own, or gives it back to the thread when nothing begins any more", async () => {
    const { agent, journal, gate } = setUp();
    gate.resolve();
    await agent.invoke({ input: "go" }, { ...thread, interruptAfter: ["planner"] });
    await steer(agent, "1", { type: "skip", stepId: "b" });
    expect((await agent.invoke(null, thread)).status).toBe("done");
    expect(journal.entries).toEqual(["slow", "c"]);
  });
});
