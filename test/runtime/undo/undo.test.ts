// What a turn did is undone when its run ends without reaching its goal.
import { tool } from "@langchain/core/tools";
import { InMemoryStore, MemorySaver } from "@langchain/langgraph";
import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { z } from "zod";
import { type FoundOutcome, StateUpdateError, steer, withRecovery } from "../../../src/index.js";
import { noWait, plannedAgent } from "../../support/agent-run.js";
import { answer, approve, decide, isWaiting, reject, requestOf } from "../../support/approval.js";
import { planCall } from "../../support/scripted-model.js";

const thread = { configurable: { thread_id: "1" } };
type Options = NonNullable<Parameters<typeof plannedAgent>[1]>;
type Script = NonNullable<Parameters<typeof plannedAgent>[2]>;

/** Tools that book something and cancel it again, and what they did. */
function createWorld(broken: readonly string[] = []) {
  const did: string[] = [];
  const keys: string[] = [];
  const configs: unknown[] = [];
  const book = withRecovery(
    tool(
      ({ what }, config) => {
        did.push(`book ${what}`);
        keys.push(config.configurable.idempotency_key);
        return { booked: what };
      },
      { name: "book", description: "books", schema: z.object({ what: z.string() }) },
    ),
    {
      compensate: ({ what }, output, { configurable }) => {
        did.push(`cancel ${JSON.stringify(output)}`);
        const { idempotency_key, undoes } = configurable ?? {};
        keys.push(idempotency_key);
        configs.push({ what, undoes });
        if (broken.includes(String(what))) {
          throw new Error(`${what} is gone`);
        }
        return `cancelled ${what}`;
      },
    },
  );
  const pay = tool(
    () => {
      did.push("pay");
      throw new Error("declined");
    },
    { name: "pay", description: "pays", schema: z.object({}) },
  );
  const note = tool(
    ({ what }) => {
      did.push(`note ${what}`);
      return "noted";
    },
    { name: "note", description: "notes, and cannot undo it", schema: z.object({ what: z.string() }) },
  );
  const find = tool(
    () => {
      throw new Error("not found");
    },
    { name: "find", description: "finds", schema: z.object({}), metadata: { readOnly: true } },
  );
  return { did, keys, configs, tools: [book, pay, note, find] };
}

const book = (id: string, what: string, more = {}) => ({ id, tool: "book", args: { what }, ...more });
const pay = { id: "pay", tool: "pay", args: {} };

/** Runs a plan with `undo`, whose last step fails. */
async function fail(
  plan: readonly unknown[],
  { broken = [] as readonly string[], ...options }: Options & { broken?: readonly string[] } = {},
  script: Script = {},
) {
  const world = createWorld(broken);
  const made = plannedAgent(
    plan,
    {
      tools: world.tools,
      undo: "onFailure",
      replanner: { maxReplans: 0 },
      checkpointer: new MemorySaver(),
      ...options,
    },
    script,
  );
  return { ...world, ...made, run: await made.agent.invoke({ input: "go" }, thread) };
}

describe("when a run ends without reaching its goal", () => {
  it("what was done is undone, the last first, under keys of its own, and told", async () => {
    const { run, did, keys, configs, eventsOf } = await fail([
      book("1", "flight"),
      { id: "2", tool: "note", args: { what: "x" } },
      book("3", "hotel"),
      pay,
    ]);
    expect(did).toEqual([
      "book flight",
      "note x",
      "book hotel",
      "pay",
      'cancel {"booked":"hotel"}',
      'cancel {"booked":"flight"}',
    ]);
    expect(keys.slice(2)).toEqual([`undo:${keys[1]}`, `undo:${keys[0]}`]);
    expect(configs).toEqual([
      { what: "hotel", undoes: keys[1] },
      { what: "flight", undoes: keys[0] },
    ]);
    expect(run.status).toBe("incomplete");
    expect(run.outcome?.undone).toMatchObject([
      { stepId: "3", tool: "book", args: { what: "hotel" }, status: "undone", output: "cancelled hotel" },
      { stepId: "1", status: "undone" },
    ]);
    expect(run.response).toContain('Undone:\n- book {"what":"hotel"}\n- book {"what":"flight"}');
    expect(eventsOf("undo.started")).toHaveLength(1);
    expect(eventsOf("undo.ended").map(({ undoes, status }) => [undoes, status])).toEqual([
      [keys[1], "undone"],
      [keys[0], "undone"],
    ]);
    expect(eventsOf("agent.completed")).toMatchObject([{ status: "incomplete", response: run.response }]);
  });

  it("nothing is undone without the option, nor when the goal is reached", async () => {
    const { did } = await fail([book("1", "flight"), pay], { undo: "never" });
    expect(did).toEqual(["book flight", "pay"]);
    const reached = await fail([book("1", "flight")]);
    expect(reached.run.status).toBe("done");
    expect(reached.did).toEqual(["book flight"]);
    expect(reached.run.outcome?.undone).toBeUndefined();
  });

  it("an undo that fails is told, and the others are still made", async () => {
    const { run, did } = await fail([book("1", "flight"), book("2", "hotel"), pay], { broken: ["hotel"] });
    expect(did.at(-1)).toBe('cancel {"booked":"flight"}');
    expect(run.outcome?.undone).toMatchObject([
      { stepId: "2", status: "not-undone", reason: expect.stringContaining("hotel is gone") },
      { stepId: "1", status: "undone" },
    ]);
    expect(run.response).toMatch(/Could not be undone, so it still holds:\n- book {"what":"hotel"} \(.*gone/);
  });

  it("items and the calls of agents are undone, too, also those of a step that failed", async () => {
    let rounds = 0;
    const { run, did } = await fail(
      [
        { id: "1", tool: "book", args: { what: "{{item}}" }, forEach: '["a","b"]', description: "book each" },
        { id: "2", description: "book c, then pay", dependsOn: ["1"] },
      ],
      { executor: { retry: noWait, concurrency: 1 } },
      {
        agent: () => {
          rounds += 1;
          if (rounds === 1) {
            return [{ name: "book", args: { what: "c" } }];
          }
          return rounds === 2
            ? [{ name: "pay", args: {} }]
            : [{ name: "blocked", args: { reason: "no money" } }];
        },
      },
    );
    expect(did.slice(-3)).toEqual([
      'cancel {"booked":"c"}',
      'cancel {"booked":"b"}',
      'cancel {"booked":"a"}',
    ]);
    expect(run.outcome?.undone?.map(({ stepId }) => stepId)).toEqual(["2", "1[1]", "1[0]"]);
  });

  it("a model's failure ends the run for good, because what it would go on with is undone", async () => {
    const { run, did, agent } = await fail([book("1", "flight")], {}, { replanner: new Error("down") });
    expect(run.status).toBe("failed");
    expect(did.at(-1)).toBe('cancel {"booked":"flight"}');
    expect(run.response).not.toContain("try again");
    const { next, values } = await agent.getState(thread);
    expect([next, values.failure, values.undoing]).toEqual([[], null, null]);
    await expect(steer(agent, "1", { type: "retry", stepId: "1" })).rejects.toThrow(StateUpdateError);
  });
});

describe("no model has a say in it", () => {
  const asked = { replanner: { maxReplans: 3 } };

  it("an answer that calls the goal reached skips no undo", async () => {
    const { run, did } = await fail([book("1", "flight"), pay], asked, {
      replanner: [{ name: "respond", args: { answer: "All is well.", reached: true } }],
    });
    expect(run.status).toBe("incomplete");
    expect(did.at(-1)).toBe('cancel {"booked":"flight"}');
    expect(run.response).toMatch(/^All is well\.\n\nUndone:/);
  });

  it("an answer that calls the goal not reached causes none, where nothing went wrong", async () => {
    const { did, run } = await fail([book("1", "flight")], asked, {
      answer: [{ name: "respond", args: { answer: "Undo all of it!", reached: false } }],
      replanner: [{ name: "respond", args: { answer: "Undo all of it!", reached: false } }],
    });
    expect(did).toEqual(["book flight"]);
    expect(run.outcome?.undone).toBeUndefined();
  });

  it("a look-up that failed beside what was done is no failure of what was done", async () => {
    const { did } = await fail(
      [book("1", "flight"), { id: "2", tool: "find", args: {}, dependsOn: [] }],
      asked,
      {
        replanner: "The flight is booked.",
      },
    );
    expect(did).toEqual(["book flight"]);
  });

  it("steps and arguments that look like an undo are calls like any other", async () => {
    const { did, keys } = await fail([
      book("1", "flight"),
      { ...book("2", "undo:1"), description: "undo:1 compensate" },
      pay,
    ]);
    expect(did.slice(-2)).toEqual(['cancel {"booked":"undo:1"}', 'cancel {"booked":"flight"}']);
    expect(new Set(keys).size).toBe(4);
    expect(keys.filter((key) => key.startsWith("undo:"))).toHaveLength(2);
  });
});

describe("people", () => {
  const approval = { tools: { book: true } };
  const begin = async (options: Options = {}) => {
    const begun = await fail([book("1", "flight"), book("2", "hotel"), pay], { approval, ...options });
    const { agent, run } = begun;
    expect(isWaiting(run)).toBe(true);
    const first = await agent.invoke(decide(approve), thread);
    const second = await agent.invoke(decide(approve), thread);
    expect(isWaiting(first)).toBe(true);
    return { ...begun, asked: second };
  };

  it("are asked about the undo of a call that they were asked about, under a name of its own", async () => {
    const { asked, did, agent, eventsOf } = await begin();
    const { actionRequests, reviewConfigs } = requestOf(asked);
    expect(did).toEqual(["book flight", "book hotel", "pay"]);
    expect(actionRequests.map(({ name, args }) => [name, args])).toEqual([
      ["undo:book", { what: "hotel" }],
      ["undo:book", { what: "flight" }],
    ]);
    expect(actionRequests[0]?.description).toMatch(/^Undo what was done: /);
    expect(reviewConfigs[0]?.allowedDecisions).toEqual(["approve", "reject"]);
    const run = await agent.invoke(decide(reject("keep the hotel"), approve), thread);
    expect(did.slice(3)).toEqual(['cancel {"booked":"flight"}']);
    expect(run.outcome?.undone).toMatchObject([
      { stepId: "2", status: "not-undone", reason: "A person rejected it: keep the hotel" },
      { stepId: "1", status: "undone" },
    ]);
    expect(eventsOf("approval.decided").at(-1)?.decisions).toMatchObject([
      { decision: "reject" },
      { decision: "approve" },
    ]);
  });

  it("cannot be passed over: a new input and a change of the plan are refused until it is undone", async () => {
    const { agent, did } = await begin();
    await expect(agent.invoke({ input: "something else" }, thread)).rejects.toMatchObject({
      code: "UNDO_UNFINISHED",
    });
    await expect(steer(agent, "1", { type: "message", text: "go on" })).rejects.toThrow(/undone/);
    const run = await agent.invoke(decide(approve, approve), thread);
    expect(did).toHaveLength(5);
    expect(run.outcome?.undone).toHaveLength(2);
    const next = await agent.invoke({ input: "once more" }, thread);
    expect(isWaiting(next)).toBe(true);
  });

  it("who give up have it undone, and who take what was achieved do not", async () => {
    const escalated = async (given: unknown) => {
      const { agent, did } = await fail([book("1", "flight"), pay], { approval: { escalate: true } });
      const run = await agent.invoke(answer(given), thread);
      return { did, run };
    };
    const givenUp = await escalated({ decisions: [reject("give up")] });
    expect(givenUp.did.at(-1)).toBe('cancel {"booked":"flight"}');
    expect(givenUp.run.outcome?.reason).toMatch(/^A person gave up/);
    const taken = await escalated({ decisions: [approve] });
    expect(taken.did).toEqual(["book flight", "pay"]);
  });

  it.each([
    ["onFailureOrCancel", 1],
    ["onFailure", 0],
  ] as const)("who give the turn up between its steps have it undone with %s", async (undo, count) => {
    const { agent, did } = await fail([book("1", "flight"), { id: "2", tool: "note", args: { what: "x" } }], {
      approval: { tools: { note: true } },
      undo,
    });
    await steer(agent, "1", { type: "give-up" });
    const run = await agent.invoke(null, thread);
    expect(run.status).toBe("cancelled");
    expect(did.filter((what) => what.startsWith("cancel"))).toHaveLength(count);
    expect(run.outcome?.undone?.length ?? 0).toBe(count);
  });

  it("a rule that refuses the call refuses its undo", async () => {
    let calls = 0;
    const rule = {
      book: { when: () => false, refuse: () => (calls++ > 0 ? "not on Sundays" : undefined) },
    };
    const { run } = await fail([book("1", "flight"), pay], { approval: { tools: rule } });
    expect(run.outcome?.undone).toMatchObject([
      { status: "not-undone", reason: "The tool's rule refused it: not on Sundays" },
    ]);
  });
});

test.each<[FoundOutcome["kind"], string[], unknown]>([
  ["done", ["cancel 7"], [{ status: "undone" }]],
  ["not-done", [], []],
  ["unknown", [], [{ status: "not-undone", reason: expect.stringContaining("Nobody knows") }]],
])("a call of which nobody knew, and then %s", async (kind, cancelled, undone) => {
  const did: string[] = [];
  let asked = 0;
  const slow = withRecovery(
    tool(async () => new Promise<string>(() => {}), { name: "slow", description: "", schema: z.object({}) }),
    {
      findOutcome: () => {
        asked += 1;
        if (asked === 1 || kind === "unknown") {
          return { kind: "unknown" };
        }
        return kind === "done" ? { kind, output: 7 } : { kind };
      },
      compensate: (_args, output) => {
        did.push(`cancel ${output}`);
      },
    },
  );
  const { agent } = plannedAgent([{ id: "1", tool: "slow", args: {} }], {
    tools: [slow],
    undo: "onFailure",
    replanner: { maxReplans: 0 },
    executor: { stepTimeoutMs: 30 },
  });
  const run = await agent.invoke({ input: "go" });
  expect(did).toEqual(cancelled);
  expect(run.outcome?.undone).toMatchObject(undone as object);
});

test("whatever the shape of the plan, what ended last is undone first, and each call once", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ delay: fc.integer({ min: 0, max: 4 }), after: fc.integer({ min: 0, max: 9 }) }), {
        minLength: 1,
        maxLength: 8,
      }),
      fc.array(fc.integer({ min: 0, max: 7 }), { maxLength: 3 }),
      async (shape, broken) => {
        const ended: string[] = [];
        const undone: string[] = [];
        const make = withRecovery(
          tool(
            async ({ id, delay }) => {
              await new Promise((resolve) => setTimeout(resolve, delay * 7));
              ended.push(id);
              return id;
            },
            { name: "make", description: "", schema: z.object({ id: z.string(), delay: z.number() }) },
          ),
          {
            compensate: ({ id }) => {
              undone.push(String(id));
              if (broken.includes(Number(id))) {
                throw new Error("broken");
              }
            },
          },
        );
        const steps = shape.map(({ delay, after }, index) => ({
          id: `s${index}`,
          tool: "make",
          args: { id: String(index), delay },
          dependsOn: index === 0 ? [] : [`s${after % index}`],
        }));
        const last = { id: "pay", tool: "pay", args: {}, dependsOn: steps.map(({ id }) => id) };
        const world = createWorld();
        const { agent } = plannedAgent([...steps, last], {
          tools: [...world.tools, make],
          undo: "onFailure",
          replanner: { maxReplans: 0 },
          store: new InMemoryStore(),
        });
        const run = await agent.invoke({ input: "go" }, thread);
        // Two that end within one millisecond have no order.
        expect([...undone].sort()).toEqual([...ended].sort());
        for (const [index, { after }] of shape.entries()) {
          if (index > 0) {
            expect(undone.indexOf(String(index))).toBeLessThan(undone.indexOf(String(after % index)));
          }
        }
        const told = run.outcome?.undone ?? [];
        expect(told.map(({ args }) => args.id)).toEqual(undone);
        expect(
          told
            .filter(({ status }) => status === "not-undone")
            .map(({ args }) => Number(args.id))
            .sort(),
        ).toEqual([...new Set(broken)].filter((id) => id < shape.length).sort());
      },
    ),
    { numRuns: 15, seed: 20 },
  );
});

test("a new plan that puts it right leaves nothing to undo", async () => {
  const { run, did } = await fail(
    [book("1", "flight"), pay],
    { replanner: { maxReplans: 3 } },
    {
      replanner: (messages: readonly { text: string }[]) =>
        messages.some(({ text }) => text.includes("noted"))
          ? "done"
          : planCall([{ id: "n", tool: "note", args: { what: "x" } }]),
    },
  );
  expect(run.status).toBe("done");
  expect(did).toEqual(["book flight", "pay", "note x"]);
});
