// A database of which every read gives what version 1 would have written there: whatever a run reads it has to migrate,
// with the writes of a superstep that was cut off among it.
import { MemorySaver } from "@langchain/langgraph";
import { describe, expect, it } from "vitest";
import { STATE_VERSION } from "../../src/state/index.js";
import { journalTool, plannedAgent } from "../support/agent-run.js";
import { answer, approve, reject, requestOf } from "../support/approval.js";
import { createJournal } from "../support/deferred.js";

type Tuple = NonNullable<Awaited<ReturnType<MemorySaver["getTuple"]>>>;
type Values = Record<string, unknown>;

const thread = { configurable: { thread_id: "1" } };

/** A channel of today as the channels of version 1. */
function flattened([channel, value]: readonly [string, unknown]): (readonly [string, unknown])[] {
  const { id = "", kind, text = "", reason = "", ...fields }: Values = Object(value);
  const or = (name: string, none: unknown) => [name, fields[name] ?? none] as const;
  switch (channel) {
    case "turn": {
      const texts = ["goal", "goalMessageId", "planMessageId", "startedAt"];
      return [["turnId", id], ...texts.map((name) => or(name, ""))];
    }
    case "request": {
      const texts = ["askedAt", "expiresAt", "refusal"];
      return [
        ["requestId", id],
        ...texts.map((name) => or(name, "")),
        or("toNotify", false),
        or("waiting", []),
      ];
    }
    case "words":
      return [
        ["feedback", kind === "feedback" ? text : ""],
        ["remark", kind === "remark" ? text : ""],
      ];
    case "verdict":
      return [
        ["moreToRun", kind === "run-on"],
        ["replanAsked", kind === "replan"],
        ["limitReached", reason],
      ];
    case "answerStep":
      return [[channel, value ?? ""]];
    case "schemaVersion":
      return [[channel, 1]];
    default:
      return [[channel, value]];
  }
}

function asVersionOne<Tuples extends Tuple>(tuple: Tuples): Tuples {
  const { checkpoint, pendingWrites = [] } = tuple;
  const flatten = (channels: Values) => Object.fromEntries(Object.entries(channels).flatMap(flattened));
  const versions = Object.entries(checkpoint.channel_versions).flatMap(([channel, version]) =>
    flattened([channel, undefined]).map(([name]) => [name, version] as const),
  );
  return {
    ...tuple,
    checkpoint: {
      ...checkpoint,
      channel_values: flatten(checkpoint.channel_values),
      channel_versions: Object.fromEntries(versions),
    },
    pendingWrites: pendingWrites.flatMap(([taskId, channel, value]) =>
      flattened([channel, value]).map(([name, one]) => [taskId, name, one]),
    ),
  };
}

/** The database. It can break: then no checkpoint is written any more, as if the process had died before. */
class VersionOneSaver extends MemorySaver {
  /** How many checkpoints are still written. */
  left = Number.POSITIVE_INFINITY;

  override async getTuple(...given: Parameters<MemorySaver["getTuple"]>) {
    const tuple = await super.getTuple(...given);
    return tuple && asVersionOne(tuple);
  }

  override async *list(...given: Parameters<MemorySaver["list"]>) {
    for await (const tuple of super.list(...given)) {
      yield asVersionOne(tuple);
    }
  }

  override async put(...given: Parameters<MemorySaver["put"]>) {
    this.left -= 1;
    if (this.left < 0) {
      throw new Error("the process has died");
    }
    return super.put(...given);
  }
}

const steps = [
  { id: "pay", description: "Pay ann", tool: "charge", args: { who: "ann" } },
  { id: "more", description: "Pay bob", tool: "charge", args: { who: "bob" } },
];

function setUp() {
  const saver = new VersionOneSaver();
  const journal = createJournal();
  const { agent, eventsOf } = plannedAgent(steps, {
    tools: [journalTool(journal)],
    approval: { plan: true, tools: { charge: true } },
    checkpointer: saver,
  });
  return { saver, journal, agent, eventsOf };
}

/** Does what comes next in the thread: gives the goal, answers, or goes on. */
async function proceed(agent: ReturnType<typeof setUp>["agent"], isRejected: boolean): Promise<void> {
  const { tasks, createdAt } = await agent.getState(thread);
  if (createdAt === undefined) {
    await agent.invoke({ input: "go" }, thread);
    return;
  }
  const request = tasks.flatMap(({ interrupts }) => interrupts)[0]?.value;
  const { actionRequests } =
    request === undefined ? { actionRequests: [] } : requestOf({ __interrupt__: [{ value: request }] });
  const isPlan = actionRequests[0]?.name === "plan";
  const decisions = actionRequests.map(() => (isRejected && isPlan ? reject("pay less") : approve));
  await agent.invoke(request === undefined ? null : answer({ decisions }), thread);
}

describe("a thread of version 1", () => {
  it("goes on wherever its process died, and pays once", async () => {
    let deaths = 0;
    for (let left = 0; ; left++) {
      const { saver, journal, agent } = setUp();
      saver.left = left;
      let status: unknown;
      for (let times = 0; status !== "done" && times < 10; times++) {
        await proceed(agent, false).catch(() => {});
        deaths += saver.left < 0 ? 1 : 0;
        saver.left = saver.left < 0 ? Number.POSITIVE_INFINITY : saver.left;
        status = (await agent.getState(thread)).values.status;
      }
      expect([left, status, [...journal.entries].sort()]).toEqual([left, "done", ["ann", "bob"]]);
      if (saver.left !== Number.POSITIVE_INFINITY) {
        break;
      }
    }
    expect(deaths).toBeGreaterThan(5);
  });

  it("whose plan was rejected is planned again with the words, and shows them until then", async () => {
    const { saver, agent, eventsOf } = setUp();
    await agent.invoke({ input: "go" }, thread);
    saver.left = 0;
    await proceed(agent, true);
    saver.left = Number.POSITIVE_INFINITY;
    expect((await agent.getState(thread)).values).toMatchObject({
      turn: { goal: "go" },
      request: null,
      words: { kind: "feedback", text: "pay less" },
      schemaVersion: STATE_VERSION,
    });
    await agent.invoke(null, thread);
    expect(eventsOf("plan.generated").at(-1)?.reason).toBe("a person rejected the plan: pay less");
  });

  it("can be looked through, written to and steered", async () => {
    const { agent, journal } = setUp();
    await agent.invoke({ input: "go" }, thread);
    await agent.updateState(thread, { steering: [{ type: "skip", stepId: "more" }] });
    const { values, next } = await agent.getState(thread);
    expect([values.request, values.verdict, next]).toEqual([null, { kind: "run-on" }, ["executor"]]);
    const goals = [];
    for await (const state of agent.getStateHistory(thread)) {
      goals.push(state.values.turn?.goal);
    }
    expect(goals.slice(0, 2)).toEqual(["go", "go"]);
    const config = await agent.updateState(thread, { messages: [{ role: "user", content: "hm" }] });
    expect((await agent.getState(config)).values.turn).toMatchObject({ goal: "go" });
    expect(journal.entries).toEqual([]);
  });
});

it("a config that getState gives can be written as JSON: the saver that read it is not in it", async () => {
  const { agent } = setUp();
  const { config } = await agent.getState(thread);
  expect(config.configurable).toEqual({ thread_id: "1" });
  await agent.invoke({ input: "go" }, thread);
  const history = [];
  for await (const state of agent.getStateHistory(thread)) {
    history.push(state);
  }
  for (const state of [await agent.getState(thread), ...history]) {
    const keys = Object.keys({ ...state.config.configurable, ...state.parentConfig?.configurable });
    expect(keys.sort()).toEqual(["checkpoint_id", "checkpoint_ns", "thread_id"]);
  }
});
