// Questions of a server. They are stored with the thread, so another agent, with another connection to the database and
// another process of the server, gives the answer: as after a restart of ours.
import { Command, MemorySaver } from "@langchain/langgraph";
import { expect, onTestFinished, test } from "vitest";
import { createCheckpointer } from "../../src/checkpoint/index.js";
import { byId } from "../support/agent-run.js";
import { createServerJournal, servedAgent, smallServer } from "./small-server.js";

const thread = { configurable: { thread_id: "1" } };
const ask = (id: string, why = id) => ({ id, tool: "small__ask_name", args: { why }, dependsOn: [] });

/** Makes agents that share a thread, each with a server of its own. */
function restartable(steps: readonly unknown[]) {
  const journal = createServerJournal();
  const url = `sqlite:${journal.path}.db`;
  const start = async () => {
    const { checkpointer, close } = await createCheckpointer(url);
    onTestFinished(close);
    return servedAgent(steps, { mcp: { small: smallServer(journal) }, checkpointer });
  };
  return { journal, start };
}

const answer = (response: unknown) => new Command({ resume: { decisions: [{ type: "respond", response }] } });

test("a server's question waits for a person, and the answer is given to another process of it", async () => {
  const { journal, start } = restartable([ask("1", "the form")]);
  const asking = await start();
  const run = await asking.agent.invoke("go", thread);
  await asking.agent.close();
  expect(run.__interrupt__?.[0]?.value.actionRequests[0]).toMatchObject({
    name: "small__ask_name",
    args: {
      question: {
        server: "small",
        message: "Your name, for the form?",
        schema: { properties: { name: { type: "string" } } },
      },
    },
  });
  const after = await (await start()).agent.invoke(answer({ name: "Ann" }), thread);
  expect(after.pastSteps[0]?.output).toBe("hello Ann");
  expect(journal.lines().filter((line) => !line.endsWith('{"action":"cancel"}'))).toEqual([
    "ask the form",
    "ask the form",
    'answered the form {"action":"accept","content":{"name":"Ann"}}',
  ]);
});

test("an answer that the server's schema refuses is asked for again, with what is wrong", async () => {
  const { start } = restartable([ask("1")]);
  const { agent } = await start();
  await agent.invoke("go", thread);
  const again = await agent.invoke(answer("A"), thread);
  const [action] = again.__interrupt__?.[0]?.value.actionRequests ?? [];
  expect(action?.args.question).toMatchObject({ problem: expect.stringContaining("name") });
  expect((await agent.invoke(answer("Ann"), thread)).pastSteps[0]?.output).toBe("hello Ann");
});

test("a person declines with null", async () => {
  const { start } = restartable([ask("1")]);
  const { agent } = await start();
  await agent.invoke("go", thread);
  expect((await agent.invoke(answer(null), thread)).pastSteps[0]?.output).toBe("decline");
});

test("two calls that ask at once are told apart, and each gets its own answer", async () => {
  const { start } = restartable([ask("1", "Ann's form"), ask("2", "Bob's form")]);
  const { agent } = await start();
  const run = await agent.invoke("go", thread);
  const request = run.__interrupt__?.[0]?.value;
  const messages = request?.actionRequests.map(({ args }) => Object(args.question).message);
  expect(messages).toEqual(["Your name, for Ann's form?", "Your name, for Bob's form?"]);
  const decisions = [
    { type: "respond", response: { name: "Ann" } },
    { type: "respond", response: { name: "Bob" } },
  ];
  const { pastSteps } = await agent.invoke(new Command({ resume: { decisions } }), thread);
  expect(byId(pastSteps)).toMatchObject({ 1: { output: "hello Ann" }, 2: { output: "hello Bob" } });
});

test("a question while other calls are open is that of the call that does not end", async () => {
  const { start } = restartable([
    { id: "0", tool: "small__say", args: { words: "x" }, dependsOn: [] },
    ask("1"),
    { id: "2", tool: "small__weather", args: { city: "Oslo" }, dependsOn: [] },
  ]);
  const { agent } = await start();
  await agent.invoke("go", thread);
  const { pastSteps } = await agent.invoke(answer("Ann"), thread);
  expect(byId(pastSteps)).toMatchObject({
    0: { output: "said x" },
    1: { output: "hello Ann" },
    2: { status: "done" },
  });
});

test("a question inside an agent step waits for a person too", async () => {
  const journal = createServerJournal();
  const checkpointer = new MemorySaver();
  const { agent } = servedAgent(
    [{ id: "1", description: "Find the name", tools: ["small__ask_name"] }],
    { mcp: { small: smallServer(journal) }, checkpointer },
    {
      agent: (messages) =>
        messages.at(-1)?.getType() === "tool"
          ? String(messages.at(-1)?.text)
          : [{ name: "small__ask_name", args: { why: "it" } }],
    },
  );
  expect((await agent.invoke("go", thread)).status).toBe("waiting");
  expect((await agent.invoke(answer("Ann"), thread)).pastSteps[0]?.output).toBe("hello Ann");
});
