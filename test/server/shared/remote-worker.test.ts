// A worker on a server: an agent of ours under LangGraph's development server, reached as a RemoteGraph.
import { MemorySaver } from "@langchain/langgraph";
import { RemoteGraph } from "@langchain/langgraph/remote";
import { Client } from "@langchain/langgraph-sdk";
import { expect, test } from "vitest";
import { byId, plannedAgent } from "../../support/agent-run.js";
import { approve, decide, reject, requestOf } from "../../support/approval.js";
import { workerStep } from "../../support/worker-agents.js";
import { client, server } from "./server.js";

const thread = { configurable: { thread_id: "1" } };
const GOAL = "Calculate 17*23 and 19*29, then add the two results";

/** An agent here, with workers there. Their calculations wait for a person. */
function withRemoteWorkers(ids: readonly string[], options = {}) {
  const remote = new RemoteGraph({ graphId: "plan_execute", url: server.url }).withConfig(
    // Its types know no context, which servers take.
    Object.assign({ tags: [] }, { context: { approveTools: ["calculator"] } }),
  );
  return plannedAgent(
    ids.map((id) => workerStep(id, "remote", GOAL)),
    {
      replanner: { maxReplans: 0 },
      workers: { remote: { description: "calculates", agent: remote } },
      checkpointer: new MemorySaver(),
      ...options,
    },
  );
}

test("two steps on a server ask here, each with its own answers, go on there, and are told of", async () => {
  const { agent, eventsOf } = withRemoteWorkers(["a", "b"]);
  const { actionRequests } = requestOf(await agent.invoke({ input: "go" }, thread));
  expect(actionRequests.map(({ stepId, name, args }) => [stepId, name, args.expression])).toEqual([
    ["a", "calculator", "17*23"],
    ["a", "calculator", "19*29"],
    ["b", "calculator", "17*23"],
    ["b", "calculator", "19*29"],
  ]);
  // The sum waits too, where there is one.
  const next = await agent.invoke(decide(approve, approve, reject("no"), reject("no")), thread);
  expect(requestOf(next).actionRequests).toMatchObject([
    { stepId: "a", args: { expression: "sum(391, 551)" } },
  ]);
  const { pastSteps, status } = await agent.invoke(decide(approve), thread);
  expect(byId(pastSteps)).toMatchObject({
    a: { status: "done", output: expect.stringContaining("942") },
    b: { status: "failed", error: { message: expect.stringContaining('The worker "remote" ended') } },
  });
  expect(status).toBe("incomplete");
  const told = eventsOf("worker.event").map(({ stepId, event }) => `${stepId} ${Object(event).type}`);
  expect(told).toEqual(expect.arrayContaining(["a plan.generated", "b plan.generated", "a tool.returned"]));
}, 60_000);

test("a process that comes back finds what the server did meanwhile, and begins nothing anew", async () => {
  const checkpointer = new MemorySaver();
  const first = withRemoteWorkers(["a"], { checkpointer });
  await first.agent.invoke({ input: "go" }, thread);
  const before = await client.threads.search({ limit: 100 });
  const second = withRemoteWorkers(["a"], { checkpointer });
  const next = requestOf(await second.agent.invoke(decide(approve, approve), thread));
  expect(next.actionRequests).toHaveLength(1);
  expect(await client.threads.search({ limit: 100 })).toHaveLength(before.length);
}, 60_000);

test("a server that cannot be reached is a failed step", async () => {
  const away = new Client({ apiUrl: "http://127.0.0.1:9", callerOptions: { maxRetries: 0 } });
  const agent = new RemoteGraph({ graphId: "plan_execute", client: away });
  const workers = { remote: { description: "is away", agent } };
  const { pastSteps } = await withRemoteWorkers(["a"], { workers }).agent.invoke({ input: "go" }, thread);
  expect(pastSteps).toMatchObject([{ status: "failed", error: { code: "STEP_FAILED" } }]);
}, 60_000);
