// Which answer a request takes: the one that this run brought, and only where it can be meant for it.
import { Command, interrupt, MemorySaver, START, StateGraph } from "@langchain/langgraph";
import { describe, expect, test } from "vitest";
import { createCheckpointer } from "../../../src/checkpoint/index.js";
import { stateSchema } from "../../../src/state/index.js";
import { journalTool, plannedAgent } from "../../support/agent-run.js";
import { answer, approve, decide, edit, reject, requestOf, requestSchema } from "../../support/approval.js";
import { createJournal, type Journal } from "../../support/deferred.js";

const config = { configurable: { thread_id: "1" } };

function agentFor(who: string, journal: Journal, options: object = {}) {
  return plannedAgent([{ id: "1", tool: "charge", args: { who }, dependsOn: [] }], {
    tools: [journalTool(journal)],
    approval: { tools: { charge: true } },
    ...options,
  }).agent;
}

/** Our agent as a node, and one beside it that asks something else. */
function besideAQuestion(journal: Journal) {
  const answers: unknown[] = [];
  const graph = new StateGraph(stateSchema)
    .addNode("inner", agentFor("ann", journal))
    .addNode("question", () => {
      answers.push(interrupt("Do you like the weather?"));
      return {};
    })
    .addEdge(START, "inner")
    .addEdge(START, "question")
    .compile({ checkpointer: new MemorySaver() });
  return { graph, answers };
}

/** What waits in the outermost graph. */
async function questions(graph: { getState(at: object): Promise<{ tasks: readonly object[] }> }) {
  const { tasks } = await graph.getState(config);
  return tasks.flatMap((task): { id: string; value: unknown }[] => Reflect.get(task, "interrupts"));
}

async function ourQuestion(graph: Parameters<typeof questions>[0], who: string) {
  const found = (await questions(graph)).find(({ value }) => JSON.stringify(value).includes(who));
  return { id: found?.id ?? "", request: requestSchema.parse(found?.value) };
}

/** An agent whose request was approved, and the config from before that answer. */
async function answeredOnce(url: string) {
  const { checkpointer, close } = await createCheckpointer(url);
  const journal = createJournal();
  const agent = agentFor("ann", journal, { checkpointer });
  requestOf(await agent.invoke({ input: "go" }, config));
  const { config: waiting } = await agent.getState(config);
  await agent.invoke(decide(approve), config);
  return { agent, journal, waiting, close };
}

describe.each(["memory:", "sqlite::memory:"])("in a fork from before an answer, with %s", (url) => {
  test("the answer of this run counts, not the one that was given there", async () => {
    const { agent, journal, waiting, close } = await answeredOnce(url);
    const rejected = await agent.invoke(decide(reject("no")), waiting);
    expect(rejected.pastSteps).toMatchObject([{ status: "rejected" }]);
    const [asked] = (await agent.getState(waiting)).tasks.flatMap(({ interrupts }) => interrupts);
    const resume = { [String(asked?.id)]: { decisions: [edit("charge", { who: "bob" })] } };
    await agent.invoke(new Command({ resume }), waiting);
    expect(journal.entries).toEqual(["ann", "bob"]);
    await close();
  });

  test("an answer that cannot be taken is refused, and a run without one asks", async () => {
    const { agent, journal, waiting, close } = await answeredOnce(url);
    expect(requestOf(await agent.invoke(decide("perhaps"), waiting)).error).toContain("cannot be read");
    expect(requestOf(await agent.invoke(null, waiting)).error).toBeUndefined();
    expect(journal.entries).toEqual(["ann"]);
    await close();
  });

  test("the agent inside another graph stays where its own thread ended, and makes nothing twice", async () => {
    const { checkpointer, close } = await createCheckpointer(url);
    const journal = createJournal();
    const graph = new StateGraph(stateSchema)
      .addNode("inner", agentFor("ann", journal))
      .addEdge(START, "inner")
      .compile({ checkpointer });
    requestOf(await graph.invoke({ input: "go" }, config));
    const { config: waiting } = await graph.getState(config);
    await graph.invoke(decide(approve), config);
    // LangGraph goes back in the outer graph alone: the agent's thread has ended, and says what was done.
    const { pastSteps } = await graph.invoke(decide(reject("no")), waiting);
    expect(pastSteps).toMatchObject([{ status: "done" }]);
    await graph.invoke(null, waiting);
    expect(journal.entries).toEqual(["ann"]);
    await close();
  });
});

describe("inside another graph", () => {
  test.each([true, "approve", approve, [approve], { decisions: [approve] }])(
    "%j is not taken where something else waits as well, and it is said how to answer",
    async (given) => {
      const journal = createJournal();
      const { graph, answers } = besideAQuestion(journal);
      await graph.invoke({ input: "go" }, config);
      await graph.invoke(answer(given), config);
      expect(answers).toEqual([given]);
      const { request } = await ourQuestion(graph, "ann");
      expect(request.error).toContain(`{ requestId: "${request.requestId}", decisions: [...] }`);
      await graph.invoke(null, config);
      expect(journal.entries).toEqual([]);
      await graph.invoke(answer({ requestId: request.requestId, decisions: [approve] }), config);
      expect(journal.entries).toEqual(["ann"]);
    },
  );

  test("an answer by the interrupt's id is taken, and one by another's is not", async () => {
    const journal = createJournal();
    const { graph, answers } = besideAQuestion(journal);
    await graph.invoke({ input: "go" }, config);
    const weather = (await questions(graph)).find(({ value }) => typeof value === "string");
    await graph.invoke(new Command({ resume: { [String(weather?.id)]: true } }), config);
    expect([answers, journal.entries]).toEqual([[true], []]);
    const { id } = await ourQuestion(graph, "ann");
    await graph.invoke(new Command({ resume: { [id]: true } }), config);
    expect(journal.entries).toEqual(["ann"]);
  });

  test("decisions that name their actions are taken", async () => {
    const journal = createJournal();
    const { graph } = besideAQuestion(journal);
    await graph.invoke({ input: "go" }, config);
    const { request } = await ourQuestion(graph, "ann");
    const [action] = request.actionRequests;
    await graph.invoke(answer({ ...approve, actionId: action?.actionId }), config);
    expect(journal.entries).toEqual(["ann"]);
  });

  test("of two agents that one node runs, an answer is for the one that was shown", async () => {
    const journal = createJournal();
    const agents = ["ann", "bob"].map((who) => agentFor(who, journal));
    const graph = new StateGraph(stateSchema)
      .addNode("both", async (_, runConfig) => {
        await Promise.all(agents.map((agent) => agent.invoke({ input: "go" }, runConfig)));
        return {};
      })
      .addEdge(START, "both")
      .compile({ checkpointer: new MemorySaver() });
    const nameIn = ({ actionRequests }: ReturnType<typeof requestOf>) => actionRequests[0]?.args.who;
    const shown = nameIn(requestOf(await graph.invoke({ input: "go" }, config)));
    // The other one asks again, which ends the node: what was approved is then done by the next run.
    const next = nameIn(requestOf(await graph.invoke(answer(true), config)));
    expect([...new Set([shown, next])].sort()).toEqual(["ann", "bob"]);
    expect(journal.entries).not.toContain(next);
    await graph.invoke(answer(false), config);
    expect(new Set(journal.entries)).toEqual(new Set([shown]));
  });
});
