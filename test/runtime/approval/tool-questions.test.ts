import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { tool } from "@langchain/core/tools";
import { Annotation, interrupt, MemorySaver, START, StateGraph } from "@langchain/langgraph";
import { createAgent, HumanMessage } from "langchain";
import { afterEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { createCheckpointer } from "../../../src/index.js";
import { byId, echo, noWait, plannedAgent } from "../../support/agent-run.js";
import { answer, approve, decide, edit, isWaiting, reject, requestOf } from "../../support/approval.js";
import { createJournal, type Journal } from "../../support/deferred.js";
import { ScriptedModel } from "../../support/scripted-model.js";

const config = { configurable: { thread_id: "1" } };

/** Books a table, and asks for the hour where it has to. What it does stands in the journal. */
const booking = (journal: Journal, questions: readonly unknown[] = ["At what hour?"]) =>
  tool(
    ({ who }, { configurable }) => {
      const answers = questions.map((question) => interrupt(question));
      journal.add(`${who} at ${answers.map(String).join(" ")}`);
      keys.push(String(configurable.idempotency_key));
      return `booked for ${who} at ${answers.map(String).join(" ")}`;
    },
    { name: "book", description: "Books a table.", schema: z.object({ who: z.string() }) },
  );
const keys: string[] = [];
const book = (id: string, who: string) => ({ id, tool: "book", args: { who }, dependsOn: [] });
const bookOnce = (who: string) => (messages: readonly { getType(): string; text: string }[]) =>
  messages.at(-1)?.getType() === "tool" ? String(messages.at(-1)?.text) : [{ name: "book", args: { who } }];

function setUp(steps: readonly unknown[], options: Parameters<typeof plannedAgent>[1] = {}, script = {}) {
  const journal = createJournal();
  const tools = [echo, booking(journal)];
  const given = { tools, checkpointer: new MemorySaver(), executor: { retry: noWait }, ...options };
  return { journal, ...plannedAgent(steps, given, script) };
}

afterEach(() => {
  keys.length = 0;
});

describe("a tool's own question", () => {
  test("reaches the person, and what a run is resumed with is its answer, as in createAgent", async () => {
    const journal = createJournal();
    const react = createAgent({
      model: new ScriptedModel(bookOnce("ann")),
      tools: [booking(journal)],
      checkpointer: new MemorySaver(),
    });
    await react.invoke({ messages: [new HumanMessage("go")] }, config);
    await react.invoke(answer("eight"), config);

    const { agent, journal: ours, model } = setUp([book("1", "ann")]);
    const request = requestOf(await agent.invoke({ input: "go" }, config));
    expect(request.actionRequests).toMatchObject([
      {
        name: "book",
        stepId: "1",
        args: { question: "At what hour?" },
        description: "book asks, for step 1: At what hour?",
      },
    ]);
    expect(request.reviewConfigs).toMatchObject([{ allowedDecisions: ["respond", "edit"] }]);
    const { pastSteps, status } = await agent.invoke(answer("eight"), config);
    expect(status).toBe("done");
    expect(byId(pastSteps)["1"]).toMatchObject({ status: "done", output: "booked for ann at eight" });
    expect(ours.entries).toEqual(journal.entries);
    expect(model.count("planner")).toBe(1);
  });

  test("comes from every kind of step in one request, and each gets its own answer", async () => {
    const { agent, journal, model } = setUp(
      [
        book("direct", "ann"),
        { id: "call", description: "book for bob", tool: "book", dependsOn: [] },
        { id: "list", tool: "echo", args: { value: ["cid", "dan"] }, dependsOn: [] },
        { id: "each", tool: "book", args: { who: "{{item}}" }, forEach: "{{list}}", dependsOn: ["list"] },
        { id: "agent", description: "find for whom to book", dependsOn: [] },
      ],
      {},
      { call: [{ name: "book", args: { who: "bob" } }], agent: bookOnce("eve") },
    );
    const request = requestOf(await agent.invoke({ input: "go" }, config));
    expect(request.actionRequests.map(({ stepId }) => stepId)).toEqual([
      "direct",
      "call",
      "each[0]",
      "each[1]",
      "agent",
    ]);
    const before = model.count();
    const respond = (response: unknown) => ({ type: "respond", response });
    const output = await agent.invoke(
      decide(respond("1"), respond("2"), respond(3), edit("book", { answer: "4" }), respond(["5"])),
      config,
    );
    expect([...journal.entries].sort()).toEqual(["ann at 1", "bob at 2", "cid at 3", "dan at 4", "eve at 5"]);
    expect(byId(output.pastSteps).agent).toMatchObject({ status: "done", output: "booked for eve at 5" });
    expect(model.count("call")).toBe(1);
    expect(model.count()).toBe(before + 2);
  });

  test("may be one of several: each is asked in turn, and the earlier answers stand", async () => {
    const journal = createJournal();
    const tools = [booking(journal, ["At what hour?", { which: "table" }])];
    const { agent } = setUp([book("1", "ann")], { tools });
    await agent.invoke({ input: "go" }, config);
    const second = requestOf(await agent.invoke(answer("eight"), config));
    expect(second.actionRequests[0]?.args.question).toEqual({ which: "table" });
    const { pastSteps } = await agent.invoke(answer({ table: 4 }), config);
    expect(byId(pastSteps)["1"]).toMatchObject({ output: "booked for ann at eight [object Object]" });
    expect(journal.entries).toHaveLength(1);
  });

  test("does not spend the approval of its call, and the edited call stays as it was edited", async () => {
    const { agent, journal } = setUp([book("1", "ann"), book("2", "bob"), book("3", "cid")], {
      approval: { tools: { book: true } },
    });
    await agent.invoke({ input: "go" }, config);
    const asked = await agent.invoke(decide(approve, edit("book", { who: "BOB" }), reject("no")), config);
    expect(requestOf(asked).actionRequests.map(({ stepId }) => stepId)).toEqual(["1", "2"]);
    const respond = { type: "respond", response: "nine" };
    const { pastSteps } = await agent.invoke(decide(respond, respond), config);
    expect([...journal.entries].sort()).toEqual(["BOB at nine", "ann at nine"]);
    expect(byId(pastSteps)["2"]).toMatchObject({ status: "done", args: { who: "BOB" } });
    expect(keys.map((key) => key.split(":").slice(1).join(":")).sort()).toEqual(["1", "2"]);
  });

  test("is answered by another process, from the database", async () => {
    const folder = mkdtempSync(join(tmpdir(), "tool-questions-"));
    try {
      const url = `sqlite:${join(folder, "threads.db")}`;
      const first = await createCheckpointer(url);
      await setUp([book("1", "ann")], { checkpointer: first.checkpointer }).agent.invoke(
        { input: "go" },
        config,
      );
      await first.close();
      const second = await createCheckpointer(url);
      const { agent, journal } = setUp([book("1", "ann")], { checkpointer: second.checkpointer });
      const { status } = await agent.invoke(answer("ten"), config);
      await second.close();
      expect(status).toBe("done");
      expect(journal.entries).toEqual(["ann at ten"]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test("takes no decision on a call for its answer", async () => {
    const { agent, journal } = setUp([book("1", "ann")]);
    await agent.invoke({ input: "go" }, config);
    const refused = await agent.invoke(decide(approve), config);
    expect(requestOf(refused).error).toContain("allowed: respond, edit");
    expect(journal.entries).toEqual([]);
    const { pastSteps } = await agent.invoke(answer(true), config);
    expect(byId(pastSteps)["1"]).toMatchObject({ output: "booked for ann at true" });
  });

  test("may be asked by an agent's tool beside one that has already been called, which is not called again", async () => {
    const journal = createJournal();
    const noted: string[] = [];
    const note = tool(
      ({ text }) => {
        noted.push(text);
        return "noted";
      },
      { name: "note", description: "", schema: z.object({ text: z.string() }) },
    );
    const { agent, model } = setUp(
      [{ id: "1", description: "note and book" }],
      { tools: [note, booking(journal)] },
      {
        agent: (messages: readonly { getType(): string }[]) =>
          messages.at(-1)?.getType() === "tool"
            ? "all done"
            : [
                { name: "note", args: { text: "once" } },
                { name: "book", args: { who: "ann" } },
              ],
      },
    );
    expect(isWaiting(await agent.invoke({ input: "go" }, config))).toBe(true);
    const { pastSteps } = await agent.invoke(answer("eight"), config);
    expect(byId(pastSteps)["1"]).toMatchObject({ status: "done", output: "all done" });
    expect(noted).toEqual(["once"]);
    expect(journal.entries).toEqual(["ann at eight"]);
    expect(model.count("agent")).toBe(2);
  });

  test("leaves a graph that the tool runs alone, with a checkpointer of its own or with none", async () => {
    const schema = Annotation.Root({ seen: Annotation<number> });
    const build = () =>
      new StateGraph(schema).addNode("count", ({ seen = 0 }) => ({ seen: seen + 1 })).addEdge(START, "count");
    const own = build().compile({ checkpointer: new MemorySaver() });
    const plain = build().compile();
    const runs = tool(
      async (_input, given) => {
        const first = await own.invoke({}, { configurable: { thread_id: "inner" } });
        const second = await plain.invoke({ seen: 5 }, given);
        return [first.seen, second.seen, interrupt("and?")];
      },
      { name: "book", description: "", schema: z.object({ who: z.string() }) },
    );
    const { agent } = setUp([book("1", "ann")], { tools: [runs] });
    await agent.invoke({ input: "go" }, config);
    const { pastSteps } = await agent.invoke(answer("so"), config);
    expect(byId(pastSteps)["1"]?.output).toEqual([2, 6, "so"]);
  });
});
