import { readFileSync } from "node:fs";
import { MemorySaver } from "@langchain/langgraph";
import { expect, test } from "vitest";
import { z } from "zod";
import { StateVersionError } from "../../../src/runtime/index.js";
import { echo, journalTool, plannedAgent } from "../../support/agent-run.js";
import { answer, approve, decide, edit, reject, requestOf } from "../../support/approval.js";
import { createJournal } from "../../support/deferred.js";

// The last checkpoints of threads that the build at commit 08ad621 left waiting, as MemorySaver kept them: the first
// with state version 1, before requests expired, had refusals and kept what was shown.
const recordedSchema = z.record(
  z.string(),
  z.object({
    id: z.string(),
    checkpoint: z.looseObject({ channel_values: z.looseObject({ schemaVersion: z.number() }) }),
    metadata: z.unknown(),
    writes: z.array(z.tuple([z.string(), z.string(), z.string(), z.unknown()])),
  }),
);
const recorded = recordedSchema.parse(
  JSON.parse(readFileSync(new URL("./recorded/threads-of-version-1.json", import.meta.url), "utf8")),
);

/** A saver that holds one of the threads, and an agent of this build. */
function setUp(name: string, schemaVersion = 1) {
  const thread = recorded[name];
  if (thread === undefined) {
    throw new Error(`There is no recorded thread ${name}.`);
  }
  const { id, checkpoint, metadata, writes } = structuredClone(thread);
  checkpoint.channel_values.schemaVersion = schemaVersion;
  const bytes = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
  const checkpointer = new MemorySaver();
  checkpointer.storage[name] = { "": { [id]: [bytes(checkpoint), bytes(metadata), undefined] } };
  checkpointer.writes[JSON.stringify([name, "", id])] = Object.fromEntries(
    writes.map(([place, task, channel, value]) => [place, [task, channel, bytes(value)]]),
  );
  const journal = createJournal();
  const planned = plannedAgent(
    [],
    {
      tools: [journalTool(journal), echo],
      approval: { plan: name === "plan", tools: name === "plan" ? {} : { charge: true }, expiresAfter: "1h" },
      checkpointer,
    },
    { planner: "no plan", agent: (messages) => `told: ${messages.at(-1)?.text}` },
  );
  return { ...planned, journal, config: { configurable: { thread_id: name } } };
}

test("a plan that waits since an older build is approved, and runs", async () => {
  const { agent, journal, model, config } = setUp("plan");
  const output = await agent.invoke(answer(true), config);
  expect(output.status).toBe("done");
  expect(journal.entries).toEqual(["ann", "bob"]);
  expect(model.count()).toBe(1);
});

test("actions of all kinds that wait since an older build are decided one by one, the agent going on from its transcript", async () => {
  const { agent, journal, model, config } = setUp("actions");
  const output = await agent.invoke(
    decide(approve, edit("charge", { who: "BOB" }), reject("not cid"), approve),
    config,
  );
  expect([...journal.entries].sort()).toEqual(["BOB", "ann", "eve"]);
  expect(output.pastSteps.map(({ id, status }) => [id, status])).toEqual([
    ["list", "done"],
    ["direct", "done"],
    ["each", "rejected"],
    ["agent", "done"],
  ]);
  expect(output.pastSteps.find(({ id }) => id === "agent")?.output).toBe("told: charged eve");
  expect(model.count("agent")).toBe(1);
});

test("a request of an older build never expires: it did not say so", async () => {
  const { agent, journal, config } = setUp("actions");
  const { actionRequests } = requestOf(await agent.invoke(answer("what?"), config));
  expect(actionRequests).toHaveLength(4);
  await agent.invoke(decide(approve, approve, approve, approve), config);
  expect([...journal.entries].sort()).toEqual(["ann", "bob", "cid", "eve"]);
});

test("a thread whose answer an older build had refused takes the next one", async () => {
  const { agent, journal, config } = setUp("refused");
  const all = decide(approve, approve, approve, approve);
  expect((await agent.invoke(all, config)).status).toBe("done");
  expect(journal.entries).toHaveLength(4);
});

test("decisions of an older build hold, though they do not say what was shown", async () => {
  const { agent, journal, config } = setUp("decided");
  const { actionRequests } = requestOf(await agent.invoke(answer(true), config));
  expect(actionRequests).toMatchObject([{ stepId: "third", args: { who: "cid" } }]);
  expect((await agent.invoke(answer(true), config)).status).toBe("done");
  expect(journal.entries).toEqual(["bob", "cid"]);
});

test("words on an old thread are answered in this version, and leave what waits", async () => {
  const { agent, config, eventsOf } = setUp("actions");
  const output = await agent.invoke({ input: "something else" }, config);
  expect(output).toMatchObject({ status: "waiting", response: "no plan" });
  expect(eventsOf("approval.expired")).toEqual([]);
});

test.each([
  ["an answer", answer(true)],
  ["a new goal", { input: "something else" }],
])("a state of a newer version is refused with what to do, and %s changes nothing", async (_, input) => {
  const { agent, journal, model, config } = setUp("plan", 3);
  const refused = agent.invoke(input, config);
  await expect(refused).rejects.toThrow(StateVersionError);
  await expect(refused).rejects.toMatchObject({
    code: "STATE_TOO_NEW",
    message: expect.stringMatching(/version 3.*newer version, or begin another thread/s),
  });
  expect(journal.entries).toEqual([]);
  expect(model.count()).toBe(0);
  expect((await agent.getState(config)).values).toMatchObject({ schemaVersion: 3, status: "waiting" });
});
