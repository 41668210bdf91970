import { once } from "node:events";
import { createServer } from "node:http";
import { text } from "node:stream/consumers";
import { MemorySaver, START, StateGraph } from "@langchain/langgraph";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { OnWaiting, WaitingNotice } from "../../../src/runtime/index.js";
import { stateSchema } from "../../../src/state/index.js";
import { journalTool, noWait, plannedAgent } from "../../support/agent-run.js";
import { answer, approve, decide, requestOf } from "../../support/approval.js";
import { createJournal } from "../../support/deferred.js";

const config = { configurable: { thread_id: "1" } };

function setUp(onWaiting: OnWaiting | undefined, options = {}, who = "ann") {
  const journal = createJournal();
  const planned = plannedAgent(
    [
      { id: "1", tool: "charge", args: { who }, dependsOn: [] },
      { id: "2", tool: "charge", args: { who: "bob" }, dependsOn: ["1"] },
    ],
    {
      tools: [journalTool(journal)],
      approval: { tools: { charge: true }, expiresAfter: "24h", onWaiting },
      checkpointer: new MemorySaver(),
      executor: { retry: noWait },
      ...options,
    },
  );
  return { ...planned, journal };
}

/** A function that keeps what it is told. */
function createListener() {
  const notices: WaitingNotice[] = [];
  return { notices, onWaiting: (notice: WaitingNotice) => void notices.push(notice) };
}

describe("a function", () => {
  test("is told once of each request, whatever is answered to it", async () => {
    const { notices, onWaiting } = createListener();
    const { agent, journal, eventsOf } = setUp(onWaiting);
    const first = requestOf(await agent.invoke({ input: "go" }, config));
    expect(notices).toHaveLength(1);
    requestOf(await agent.invoke(answer(["wrong"]), config));
    requestOf(await agent.invoke(null, config));
    expect(notices).toHaveLength(1);
    const second = requestOf(await agent.invoke(decide(approve), config));
    expect(notices.map(({ requestId }) => requestId)).toEqual([first.requestId, second.requestId]);
    await agent.invoke(decide(approve), config);
    expect(journal.entries).toEqual(["ann", "bob"]);
    expect(notices).toHaveLength(2);
    expect(eventsOf("approval.notified")).toMatchObject([{ attempts: 1 }, { attempts: 1 }]);
  });

  test("gets the request, the thread and how to answer", async () => {
    const { notices, onWaiting } = createListener();
    const { agent } = setUp(onWaiting);
    const { requestId, askedAt, expiresAt, actionRequests } = requestOf(
      await agent.invoke({ input: "go" }, config),
    );
    const { turn } = (await agent.getState(config)).values;
    expect(notices).toEqual([
      {
        threadId: "1",
        turnId: turn?.id,
        requestId,
        askedAt,
        expiresAt,
        actions: [{ ...actionRequests[0], allowedDecisions: ["approve", "edit", "reject"] }],
        howToAnswer: expect.stringContaining(`{ "requestId": "${requestId}", "decisions": [...] }`),
      },
    ]);
  });

  test("is not told again when the agent is a node of another graph, alone or beside another that is answered", async () => {
    const one = createListener();
    const other = createListener();
    const outer = new StateGraph(stateSchema)
      .addNode("one", setUp(one.onWaiting, { checkpointer: undefined }).agent)
      .addNode("other", async (_, runConfig) => {
        await setUp(other.onWaiting, { checkpointer: undefined }, "eve").agent.invoke(
          { input: "go" },
          runConfig,
        );
        return {};
      })
      .addEdge(START, "one")
      .addEdge(START, "other")
      .compile({ checkpointer: new MemorySaver() });
    await outer.invoke({ input: "go" }, config);
    const [first] = one.notices;
    expect([one.notices.length, other.notices.length]).toEqual([1, 1]);
    // A plain answer reaches both; the one that it does not name refuses it, and asks on.
    await outer.invoke(answer({ requestId: first?.requestId, decisions: [approve] }), config);
    expect([one.notices.length, other.notices.length]).toEqual([2, 1]);
    await outer.invoke(answer({ requestId: one.notices[1]?.requestId, decisions: [approve] }), config);
    expect([one.notices.length, other.notices.length]).toEqual([2, 1]);
  });

  test("that throws is asked again, and then it is told as an event without its words; the run waits all the same", async () => {
    let calls = 0;
    const { agent, journal, eventsOf } = setUp(() => {
      calls++;
      throw Object.assign(new Error("https://hooks.example/secret"), { code: "ECONNRESET" });
    });
    requestOf(await agent.invoke({ input: "go" }, config));
    expect(calls).toBe(3);
    const [failed] = eventsOf("approval.notify-failed");
    expect(failed).toMatchObject({ attempts: 3, error: "Error (ECONNRESET)" });
    expect(JSON.stringify(failed)).not.toContain("secret");
    await agent.invoke(decide(approve), config);
    expect(journal.entries).toEqual(["ann"]);
  });

  test("whose own fault it is, is not asked again", async () => {
    let calls = 0;
    const { agent, eventsOf } = setUp(() => {
      calls++;
      throw new TypeError("not a function");
    });
    requestOf(await agent.invoke({ input: "go" }, config));
    expect(calls).toBe(1);
    expect(eventsOf("approval.notify-failed")).toMatchObject([{ attempts: 1, error: "TypeError" }]);
  });

  test("whose run is aborted meanwhile ends with it, and is told anew of the same request when the run goes on", async () => {
    const controller = new AbortController();
    const notices: string[] = [];
    const { agent } = setUp((notice, { signal }) => {
      notices.push(notice.requestId);
      if (notices.length > 1) {
        return undefined;
      }
      controller.abort();
      return new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
    });
    await expect(agent.invoke({ input: "go" }, { ...config, signal: controller.signal })).rejects.toThrow();
    const { requestId } = requestOf(await agent.invoke(null, config));
    expect(notices).toEqual([requestId, requestId]);
  });

  test("of a build that nobody told of a waiting request takes nothing from its first answer", async () => {
    const checkpointer = new MemorySaver();
    const before = setUp(undefined, { checkpointer });
    requestOf(await before.agent.invoke({ input: "go" }, config));
    const { notices, onWaiting } = createListener();
    const after = setUp(onWaiting, { checkpointer });
    requestOf(await after.agent.invoke(decide(approve), config));
    expect(after.journal.entries).toEqual(["ann"]);
    expect(notices).toHaveLength(1);
  });

  test("is passed over where the run has no superstep left for it, and the event says so", async () => {
    const { notices, onWaiting } = createListener();
    const { agent, eventsOf } = setUp(onWaiting);
    requestOf(await agent.invoke({ input: "go" }, { ...config, recursionLimit: 4 }));
    expect(notices).toEqual([]);
    expect(eventsOf("approval.notify-failed")).toMatchObject([
      { attempts: 0, error: expect.stringContaining("recursionLimit") },
    ]);
    requestOf(await agent.invoke(decide(approve), config));
    expect(notices).toHaveLength(1);
  });

  describe("that never comes back", () => {
    beforeEach(() => {
      vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    });
    afterEach(() => {
      vi.useRealTimers();
    });

    test("is left behind after five seconds, each of three times", async () => {
      const calls = createJournal();
      const { agent, eventsOf } = setUp(() => {
        calls.add("called");
        return new Promise(() => {});
      });
      const run = agent.invoke({ input: "go" }, config);
      for (let times = 1; times <= 3; times++) {
        await calls.seen("called", times);
        await vi.advanceTimersByTimeAsync(5_000);
      }
      requestOf(await run);
      expect(eventsOf("approval.notify-failed")).toMatchObject([{ attempts: 3, error: "TimeoutError" }]);
    });
  });
});

describe("a webhook", () => {
  /** A server that answers with these statuses, one after the other, and the last for ever. */
  async function withServer(
    statuses: readonly number[],
    work: (url: string, bodies: readonly string[]) => Promise<void>,
  ) {
    const bodies: string[] = [];
    const server = createServer(async (request, response) => {
      bodies.push(
        `${request.method} ${request.url} ${request.headers["content-type"]} ${await text(request)}`,
      );
      const status = statuses[Math.min(bodies.length, statuses.length) - 1] ?? 200;
      response.writeHead(status, { location: "/elsewhere" }).end("said");
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    try {
      await work(`http://127.0.0.1:${port}/hook/secret`, bodies);
    } finally {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    }
  }

  test("gets the notice as JSON, once", async () => {
    await withServer([200], async (url, bodies) => {
      const { agent, eventsOf } = setUp(url);
      const { requestId } = requestOf(await agent.invoke({ input: "go" }, config));
      requestOf(await agent.invoke(answer("what?"), config));
      expect(bodies).toHaveLength(1);
      const [head = "", body = ""] = bodies[0]?.split(/ (?=\{)/, 1) ?? [];
      expect(head).toBe("POST /hook/secret application/json");
      expect(body).toBe("");
      const notice: unknown = JSON.parse(bodies[0]?.slice(head.length) ?? "");
      expect(notice).toMatchObject({ threadId: "1", requestId, actions: [{ name: "charge" }] });
      expect(eventsOf("approval.notified")).toMatchObject([{ requestId, attempts: 1 }]);
    });
  });

  test("that is busy is asked again", async () => {
    await withServer([503, 429, 204], async (url, bodies) => {
      const { agent, eventsOf } = setUp(url);
      requestOf(await agent.invoke({ input: "go" }, config));
      expect(bodies).toHaveLength(3);
      expect(eventsOf("approval.notified")).toMatchObject([{ attempts: 3 }]);
    });
  });

  test.each([
    [404, 1],
    [302, 1],
    [500, 3],
  ])(
    "that answers with %d is asked %d times, never elsewhere, and the event names no address",
    async (status, attempts) => {
      await withServer([status], async (url, bodies) => {
        const { agent, events } = setUp(url);
        requestOf(await agent.invoke({ input: "go" }, config));
        expect(bodies.map((body) => body.split(" ")[1])).toEqual(Array(attempts).fill("/hook/secret"));
        const failed = events.find(({ type }) => type === "approval.notify-failed");
        expect(failed).toMatchObject({ attempts, error: `WebhookError (${status})` });
        expect(JSON.stringify(events)).not.toContain("secret");
      });
    },
  );

  test("that is not there costs an event, and the run waits", async () => {
    let gone = "";
    await withServer([200], async (url) => {
      gone = url;
    });
    const { agent, journal, events, eventsOf } = setUp(gone);
    requestOf(await agent.invoke({ input: "go" }, config));
    expect(eventsOf("approval.notify-failed")).toMatchObject([
      { attempts: 3, error: "TypeError (ECONNREFUSED)" },
    ]);
    expect(JSON.stringify(events)).not.toContain("secret");
    await agent.invoke(decide(approve), config);
    expect(journal.entries).toEqual(["ann"]);
  });

  test("with a user name and a password in its address is refused at construction, without saying them", () => {
    expect(() => setUp("https://ann:hunter2@hooks.example/")).toThrow(
      /onWaiting: must be a function, or an http/,
    );
    expect(() => setUp("https://ann:hunter2@hooks.example/")).not.toThrow(/hunter2/);
  });
});
