import { setImmediate as nextTurn } from "node:timers/promises";
import { tool } from "@langchain/core/tools";
import { END, START, StateGraph } from "@langchain/langgraph";
import { describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { type PlanExecuteOptions, steer } from "../../../src/agent/index.js";
import { byId, plannedAgent } from "../../support/agent-run.js";
import { approve, decide, isWaiting } from "../../support/approval.js";
import { createDeferred, createJournal } from "../../support/deferred.js";
import { FailingSaver, type StorageCall } from "../../support/failing-saver.js";
import { expectNone } from "../../support/no-trouble.js";
import type { ScriptByRole } from "../../support/scripted-model.js";

const config = { configurable: { thread_id: "1" } };
expectNone("unhandledRejection");

/** What a step of this name returned. */
const resultOf =
  (...names: string[]) =>
  ({ about, text }: StorageCall) =>
    about[0] === "__return__" && names.some((name) => text.includes(`${name} done`));
const anyWrite = ({ kind }: StorageCall) => kind !== "getTuple";
const isPut =
  (source: string) =>
  ({ kind, about }: StorageCall) =>
    kind === "put" && about[0] === source;

/** What a run ends with that cannot be stored. */
const unstored = (reason: string) => ({
  status: "failed",
  outcome: { status: "failed", code: "STORAGE_FAILED", reason: expect.stringContaining(reason) },
});

function setUp(
  steps: readonly unknown[],
  options: Omit<PlanExecuteOptions, "model"> = {},
  script: ScriptByRole = {},
) {
  const journal = createJournal();
  const held = new Map<string, ReturnType<typeof createDeferred>>();
  const work = tool(
    async ({ name }) => {
      journal.add(name);
      await held.get(name)?.promise;
      return `${name} done`;
    },
    { name: "work", description: "works", schema: z.object({ name: z.string() }) },
  );
  const saver = new FailingSaver();
  const planned = plannedAgent(
    steps,
    { tools: [work], checkpointer: saver, ...options },
    { replanner: "the answer", ...script },
  );
  const hold = (name: string) => {
    const deferred = createDeferred();
    held.set(name, deferred);
    return () => {
      held.delete(name);
      deferred.resolve();
    };
  };
  return { ...planned, journal, saver, hold };
}

const step = (id: string, ...dependsOn: string[]) => ({ id, tool: "work", args: { name: id }, dependsOn });
const names = Array.from({ length: 12 }, (_, index) => `s${index}.`);
const chain = names.map((name, index) => step(name, ...names.slice(Math.max(0, index - 1), index)));
const sideBySide = names.map((name) => step(name));

describe("a write that fails", () => {
  test.each([
    ["a step's result", resultOf("s3.")],
    ["the input", isPut("input")],
    ["a checkpoint", isPut("loop")],
    ["anything", anyWrite],
  ])("for a moment is made again: %s", async (_, fails) => {
    const { agent, journal, saver } = setUp(chain);
    saver.fails = (call) => fails(call) && saver.failed < 3;
    const output = await agent.invoke({ input: "go" }, config);
    expect(output).toMatchObject({ status: "done", response: "the answer" });
    expect(saver.failed).toBe(3);
    expect(journal.entries).toEqual(names);
    expect((await agent.getState(config)).values).toMatchObject({ status: "done" });
  });

  test("for ever ends the run, and no step starts behind the one whose result is lost", async () => {
    const { agent, journal, saver, eventsOf } = setUp(chain);
    saver.fails = resultOf("s3.");
    const output = await agent.invoke({ input: "go" }, config);
    expect(output).toMatchObject(unstored("database or disk is full (tried 4 times)"));
    expect(saver.failed).toBe(4);
    expect(journal.entries).toEqual(names.slice(0, 4));
    expect(Object.keys(byId(output.pastSteps))).toEqual(names.slice(0, 4));
    expect(output.outcome?.left.map(({ id }) => id)).toEqual(names.slice(4));
    expect(output.response).toContain("database or disk is full");
    expect(eventsOf("agent.failed")).toHaveLength(1);
  });

  test.each([
    ["one step at once", 1],
    ["three", 3],
  ])("lets nothing start beside it either: %s", async (_, concurrency) => {
    const { agent, journal, saver } = setUp(sideBySide, { executor: { concurrency } });
    saver.fails = ({ about }) => about[0] === "__return__";
    const output = await agent.invoke({ input: "go" }, config);
    expect(output).toMatchObject(unstored("disk is full"));
    expect(journal.entries).toEqual(names.slice(0, concurrency));
  });

  test("leaves the thread where a null input goes on, and only what was lost is done again", async () => {
    const { agent, journal, saver, model } = setUp(sideBySide, { executor: { concurrency: 4 } });
    saver.fails = resultOf("s1.", "s2.");
    await agent.invoke({ input: "go" }, config);
    saver.fails = () => false;
    const output = await agent.invoke(null, config);
    expect(output).toMatchObject({ status: "done", response: "the answer" });
    for (const name of names) {
      expect([name, journal.count(name)]).toEqual([name, /s[12]\./.test(name) ? 2 : 1]);
    }
    expect(model.count("planner")).toBe(1);
  });

  test("lets what is at work come to its end, and keeps it where that can be stored", async () => {
    const { agent, journal, saver, hold } = setUp([step("slow"), step("lost"), step("next", "lost")]);
    const letGo = hold("slow");
    saver.fails = (call) => {
      if (!resultOf("lost")(call)) {
        return false;
      }
      if (saver.failed === 3) {
        letGo();
      }
      return true;
    };
    const output = await agent.invoke({ input: "go" }, config);
    expect(output).toMatchObject(unstored("disk is full"));
    expect(byId(output.pastSteps)).toMatchObject({ slow: { status: "done" }, lost: { status: "done" } });
    saver.fails = () => false;
    expect(await agent.invoke(null, config)).toMatchObject({ status: "done" });
    expect(journal.count("slow")).toBe(1);
    expect(journal.count("lost")).toBe(2);
  });
});

describe("a checkpoint that cannot be stored", () => {
  test("of the plan: no step starts, and a null input plans again", async () => {
    const { agent, journal, saver, model } = setUp(chain);
    saver.fails = isPut("loop");
    expect(await agent.invoke({ input: "go" }, config)).toMatchObject(unstored("invoke(null, config)"));
    expect(journal.entries).toEqual([]);
    saver.fails = () => false;
    expect(await agent.invoke(null, config)).toMatchObject({ status: "done" });
    expect(model.count("planner")).toBe(2);
  });

  test.each(["sync", "async", "exit"] as const)(
    "of the input, with durability %s: the caller is told to give it again",
    async (durability) => {
      const { agent, journal, saver } = setUp(chain);
      saver.fails = anyWrite;
      const first = { ...config, durability };
      const output = await agent.invoke({ input: "go" }, first);
      expect(output).toMatchObject(
        unstored(durability === "exit" ? "disk is full" : "give the same input again"),
      );
      if (durability !== "exit") {
        expect(journal.entries).toEqual([]);
      }
      saver.fails = () => false;
      expect(await agent.invoke({ input: "go" }, first)).toMatchObject({ status: "done" });
    },
  );

  test("of the last superstep: the caller has the answer, and that it is not stored", async () => {
    const { agent, journal, saver, eventsOf } = setUp(chain.slice(0, 2));
    let answered = false;
    saver.fails = ({ kind, text }) => {
      answered ||= text.includes("the answer");
      return answered && kind === "put";
    };
    const output = await agent.invoke({ input: "go" }, config);
    expect(output).toMatchObject({ ...unstored("disk is full"), response: "the answer" });
    expect(eventsOf("agent.failed")).toHaveLength(1);
    saver.fails = () => false;
    expect((await agent.getState(config)).next).toEqual([]);
    expect(await agent.invoke(null, config)).toMatchObject({ status: "done", response: "the answer" });
    expect(journal.entries).toEqual(names.slice(0, 2));
  });

  test("of an answer without a plan: the caller has the answer, and that it is not stored", async () => {
    const { agent, saver } = setUp([], {}, { planner: "hello" });
    saver.fails = isPut("loop");
    const output = await agent.invoke({ input: "hi" }, config);
    expect(output).toMatchObject({ ...unstored("disk is full"), response: "hello" });
  });

  test.each([
    ["values", { streamMode: "values" }],
    ["several modes", { streamMode: ["updates", "values"] }],
    ["subgraphs", { streamMode: ["values"], subgraphs: true }],
  ] satisfies [string, object][])("is the last that a stream says: %s", async (_, options: object) => {
    const { agent, saver } = setUp(chain.slice(0, 1));
    saver.fails = isPut("loop");
    const chunks: unknown[] = [];
    for await (const chunk of await agent.stream({ input: "go" }, { ...config, ...options })) {
      chunks.push(Array.isArray(chunk) ? chunk.at(-1) : chunk);
    }
    expect(chunks.at(-1)).toMatchObject(unstored("disk is full"));
  });

  test("is thrown by a stream that shows no state", async () => {
    const { agent, saver } = setUp([], {}, { planner: "hello" });
    saver.fails = isPut("loop");
    const read = async () => {
      for await (const _ of await agent.stream({ input: "hi" }, { ...config, streamMode: "messages" })) {
        // Only its end counts.
      }
    };
    await expect(read()).rejects.toMatchObject({ code: "STORAGE_FAILED", cause: { code: "SQLITE_FULL" } });
  });
});

test.each(["sync", "async"] as const)(
  "no step starts for a plan that is not stored yet, with %s",
  async (durability) => {
    const { agent, journal, saver } = setUp(chain);
    const put = saver.put.bind(saver);
    const [begun, stored] = [createDeferred(), createDeferred()];
    saver.put = async (...given) => {
      if (given[2].step === 0) {
        begun.resolve();
        await stored.promise;
      }
      return put(...given);
    };
    const run = agent.invoke({ input: "go" }, { ...config, durability });
    await begun.promise;
    for (let turn = 0; turn < 20; turn += 1) {
      await nextTurn();
    }
    expect(journal.entries).toEqual([]);
    stored.resolve();
    expect(await run).toMatchObject({ status: "done" });
  },
);

describe("where a person is asked", () => {
  const gated = { approval: { tools: { work: true } } } as const;

  test("a question that cannot be stored is not asked", async () => {
    const { agent, saver } = setUp(chain.slice(0, 1), gated);
    saver.fails = ({ about }) => about.includes("__interrupt__");
    const output = await agent.invoke({ input: "go" }, config);
    expect(isWaiting(output)).toBe(false);
    expect(output).toMatchObject(unstored("disk is full"));
    saver.fails = () => false;
    expect(isWaiting(await agent.invoke(null, config))).toBe(true);
    expect(await agent.invoke(decide(approve), config)).toMatchObject({ status: "done" });
  });

  test("nobody is told of a request that cannot be stored", async () => {
    for (const durability of ["sync", "async"] as const) {
      const told: unknown[] = [];
      const onWaiting = (notice: unknown) => told.push(notice);
      const { agent, saver, eventsOf } = setUp(chain.slice(0, 1), {
        approval: { ...gated.approval, onWaiting },
      });
      saver.fails = ({ text, kind }) => kind === "put" || text.includes("waiting");
      const output = await agent.invoke({ input: "go" }, { ...config, durability });
      expect(output).toMatchObject(unstored("disk is full"));
      saver.fails = ({ text }) => text.includes('"kind":"waiting"');
      expect(await agent.invoke({ input: "go" }, { ...config, durability })).toMatchObject(
        unstored("disk is full"),
      );
      expect(eventsOf("approval.asked")).toEqual([]);
      expect(told).toEqual([]);
    }
  });

  test.each([
    ["the answer itself", ({ about }: StorageCall) => about.includes("__resume__"), "answer once more"],
    ["the decision", ({ about }: StorageCall) => about.includes("decisions"), "invoke(null, config)"],
    ["the state with the decision", isPut("loop"), "invoke(null, config)"],
    ["anything", anyWrite, "answer once more"],
  ])("a decision that cannot be stored lets no call run: %s", async (_, fails, whatNext) => {
    for (const durability of ["sync", "async"] as const) {
      const { agent, journal, saver } = setUp(chain.slice(0, 1), gated);
      await agent.invoke({ input: "go" }, config);
      saver.fails = fails;
      const output = await agent.invoke(decide(approve), { ...config, durability });
      expect(output).toMatchObject(unstored(whatNext));
      expect(journal.entries).toEqual([]);
      saver.fails = () => false;
      let next = await agent.invoke(null, config);
      if (isWaiting(next)) {
        next = await agent.invoke(decide(approve), config);
      }
      expect(next).toMatchObject({ status: "done" });
      expect(journal.entries).toEqual(names.slice(0, 1));
    }
  });
});

describe("inside a step", () => {
  test("no further item of a list is begun, and those done are done again with it", async () => {
    const list = tool(() => names, { name: "list", description: "lists", schema: z.object({}) });
    const work = tool(
      async ({ name }) => {
        journal.add(name);
        if (name === "s0.") {
          await first.promise;
        }
        return `${name} done`;
      },
      { name: "work", description: "works", schema: z.object({ name: z.string() }) },
    );
    const journal = createJournal();
    const first = createDeferred();
    const saver = new FailingSaver();
    const { agent } = plannedAgent(
      [
        { id: "list", tool: "list", args: {}, dependsOn: [] },
        { id: "each", tool: "work", args: { name: "{{item}}" }, forEach: "{{list}}" },
        step("lost", "list"),
      ],
      { tools: [list, work], checkpointer: saver, executor: { concurrency: 2 } },
    );
    saver.fails = (call) => {
      if (!resultOf("lost")(call)) {
        return false;
      }
      if (saver.failed === 3) {
        first.resolve();
      }
      return true;
    };
    expect(await agent.invoke({ input: "go" }, config)).toMatchObject(unstored("disk is full"));
    expect(journal.entries.toSorted()).toEqual(["lost", "s0."]);
    saver.fails = () => false;
    const output = await agent.invoke(null, config);
    expect(byId(output.pastSteps).each?.output).toEqual(names.map((name) => `${name} done`));
    expect(journal.count("s1.")).toBe(1);
  });

  test("an agent makes no further call", async () => {
    const { agent, journal, saver, model, hold } = setUp(
      [{ id: "agent", description: "think", dependsOn: [] }, step("lost")],
      {},
      {
        agent: async () => {
          letGo();
          await lost.promise;
          return [{ name: "work", args: { name: "call" } }];
        },
      },
    );
    const lost = createDeferred();
    const letGo = hold("lost");
    saver.fails = (call) => {
      if (!resultOf("lost")(call)) {
        return false;
      }
      if (saver.failed === 3) {
        lost.resolve();
      }
      return true;
    };
    expect(await agent.invoke({ input: "go" }, config)).toMatchObject(unstored("disk is full"));
    expect(journal.entries).toEqual(["lost"]);
    expect(model.count("agent")).toBe(1);
  });

  test("nothing starts early for an input that cannot be stored", async () => {
    const read = tool(() => journal.add("read"), {
      name: "read",
      description: "reads",
      schema: z.object({}),
      metadata: { readOnly: true },
    });
    const journal = createJournal();
    const saver = new FailingSaver();
    const { agent } = plannedAgent([{ id: "a", tool: "read", args: {} }], {
      tools: [read],
      checkpointer: saver,
    });
    saver.fails = isPut("input");
    expect(await agent.invoke({ input: "go" }, config)).toMatchObject(unstored("give the same input again"));
    expect(journal.entries).toEqual([]);
  });
});

describe("inside another graph", () => {
  const parentState = z.object({ input: z.string(), status: z.string().optional() });

  test("the agent's lost result ends the agent as failed, and the other graph goes on", async () => {
    const { agent, journal, saver } = setUp(chain, { checkpointer: undefined });
    const parent = new StateGraph(parentState)
      .addNode("inner", agent)
      .addEdge(START, "inner")
      .addEdge("inner", END)
      .compile({ checkpointer: saver });
    saver.fails = resultOf("s3.");
    expect(await parent.invoke({ input: "go" }, config)).toMatchObject({ status: "failed" });
    expect(journal.entries).toEqual(names.slice(0, 4));
  });
});

describe("a read that fails", () => {
  const isRead = ({ kind }: StorageCall) => kind === "getTuple";

  test("for a moment is made again, at the beginning and for an answer", async () => {
    const { agent, journal, saver } = setUp(chain.slice(0, 1), { approval: { tools: { work: true } } });
    saver.fails = (call) => isRead(call) && saver.failed < 3;
    await agent.invoke({ input: "go" }, config);
    expect(saver.failed).toBe(3);
    saver.failed = 0;
    expect(await agent.invoke(decide(approve), config)).toMatchObject({ status: "done" });
    expect(saver.failed).toBe(3);
    expect(journal.entries).toEqual(names.slice(0, 1));
  });

  test("for ever rejects with its cause, and nothing is done", async () => {
    const { agent, journal, saver, model } = setUp(chain);
    await agent.invoke({ input: "go" }, config);
    saver.fails = isRead;
    const done = journal.entries.length;
    for (const input of [{ input: "again" }, null, decide(approve)]) {
      await expect(agent.invoke(input, config)).rejects.toMatchObject({
        name: "StorageError",
        code: "STORAGE_FAILED",
        cause: { code: "SQLITE_FULL" },
      });
    }
    expect(journal.entries).toHaveLength(done);
    expect(model.count("planner")).toBe(1);
  });
});

test("a change to a running thread that is lost with its superstep is refused", async () => {
  const { agent, saver, journal, hold } = setUp(chain.slice(0, 2));
  const letGo = hold("s0.");
  const run = agent.invoke({ input: "go" }, config);
  await journal.seen("s0.");
  const change = steer(agent, "1", { type: "skip", stepId: "s1." });
  saver.fails = resultOf("s0.");
  letGo();
  await expect(change).rejects.toMatchObject({ code: "STORAGE_FAILED" });
  expect(await run).toMatchObject(unstored("disk is full"));
});

test("a write that gets no answer is given up", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  try {
    const { agent, saver } = setUp(chain);
    saver.putWrites = () => {
      setImmediate(() => vi.advanceTimersByTime(30_000));
      return new Promise(() => {});
    };
    expect(await agent.invoke({ input: "go" }, config)).toMatchObject(unstored("no answer for 30000 ms"));
  } finally {
    vi.useRealTimers();
  }
});

test("a caller who aborts is not kept waiting by a database that fails", async () => {
  const { agent, saver } = setUp(chain, { executor: { retry: { baseMs: 60_000, maxMs: 60_000 } } });
  const abort = new AbortController();
  saver.fails = (call) => {
    if (resultOf("s0.")(call)) {
      abort.abort(new Error("gone"));
    }
    return resultOf("s0.")(call);
  };
  await expect(agent.invoke({ input: "go" }, { ...config, signal: abort.signal })).rejects.toThrow("gone");
  expect(saver.failed).toBe(1);
});
