import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BaseCheckpointSaver, START, StateGraph } from "@langchain/langgraph";
import { afterAll, describe, expect, test } from "vitest";
import { createCheckpointer } from "../../../src/checkpoint/index.js";
import { stateSchema } from "../../../src/state/index.js";
import { echo, itemIn, journalTool, plannedAgent } from "../../support/agent-run.js";
import { answer, approve, decide, edit, reject, requestOf } from "../../support/approval.js";
import { createJournal, type Journal } from "../../support/deferred.js";
import type { Script, ScriptedModel } from "../../support/scripted-model.js";

const folder = mkdtempSync(join(tmpdir(), "plan-execute-graphs-"));
afterAll(() => rmSync(folder, { recursive: true }));

const config = { configurable: { thread_id: "1" } };
const steps = [
  { id: "list", tool: "look_up", args: { who: "list" }, dependsOn: [] },
  { id: "direct", tool: "charge", args: { who: "ann" }, dependsOn: [] },
  { id: "each", description: "charge {{item}}", forEach: "{{names}}", dependsOn: ["names"] },
  { id: "names", tool: "echo", args: { value: ["bob", "cid"] }, dependsOn: [] },
];
const chargeTwice: Script = (messages) => {
  const who = itemIn(messages);
  const rounds = messages.filter((message) => message.getType() === "tool").length;
  return rounds === 2 ? "done" : [{ name: "charge", args: { who: `${who}${rounds}` } }];
};

type Planned = ReturnType<typeof plannedAgent>;

/** The agent by itself, or inside another graph. */
const places = {
  "by itself": ({ agent }: Planned) => agent,
  "as a node of another graph": ({ agent }: Planned, checkpointer: BaseCheckpointSaver) =>
    new StateGraph(stateSchema).addNode("inner", agent).addEdge(START, "inner").compile({ checkpointer }),
  "invoked inside a node of another graph": ({ agent }: Planned, checkpointer: BaseCheckpointSaver) =>
    new StateGraph(stateSchema)
      .addNode("inner", async ({ input }, runConfig) => {
        const { status, pastSteps } = await agent.invoke({ input }, runConfig);
        return { status, pastSteps };
      })
      .addEdge(START, "inner")
      .compile({ checkpointer }),
};

function setUp(checkpointer: BaseCheckpointSaver, isAlone: boolean) {
  const journal = createJournal();
  const planned = plannedAgent(
    steps,
    {
      tools: [echo, journalTool(journal), journalTool(journal, "look_up")],
      approval: { plan: true, tools: { charge: true } },
      ...(isAlone ? { checkpointer } : {}),
    },
    { agent: chargeTwice },
  );
  return { planned, journal };
}

/** How many model calls and tool calls there were since the last time. */
function createCounter(model: ScriptedModel, journal: Journal) {
  let seen = { models: 0, tools: 0 };
  return () => {
    const now = { models: model.count(), tools: journal.entries.length };
    const since = [now.models - seen.models, now.tools - seen.tools];
    seen = now;
    return since;
  };
}

describe.each(["memory:", "sqlite"])("with %s", (kind) => {
  test.each(Object.entries(places))(
    "no answer repeats a model call or a tool call, %s",
    async (place, compile) => {
      const url = kind === "sqlite" ? `sqlite:${join(folder, `${place.replaceAll(" ", "-")}.db`)}` : kind;
      const { checkpointer, close } = await createCheckpointer(url);
      const { planned, journal } = setUp(checkpointer, place === "by itself");
      const graph = compile(planned, checkpointer);
      const counted = createCounter(planned.model, journal);

      const plan = requestOf(await graph.invoke({ input: "go" }, config));
      expect(plan.actionRequests).toMatchObject([{ name: "plan" }]);
      expect(counted()).toEqual([1, 0]);

      requestOf(await graph.invoke(answer("perhaps"), config));
      expect(counted()).toEqual([0, 0]);

      const first = requestOf(await graph.invoke(answer(true), config));
      expect(first.actionRequests.map(({ stepId, args }) => [stepId, args.who])).toEqual([
        ["direct", "ann"],
        ["each[0]", "bob0"],
        ["each[1]", "cid0"],
      ]);
      expect(counted()).toEqual([2, 1]);

      requestOf(await graph.invoke(decide(approve), config));
      expect(counted()).toEqual([0, 0]);

      const second = requestOf(
        await graph.invoke(decide(reject("no"), approve, edit("charge", { who: "CID" })), config),
      );
      expect(second.actionRequests.map(({ stepId, args }) => [stepId, args.who])).toEqual([
        ["each[0]", "bob1"],
        ["each[1]", "cid1"],
      ]);
      expect(counted()).toEqual([2, 2]);

      const output = await graph.invoke(decide(approve, reject("enough")), config);
      expect(counted()).toEqual([3, 1]);
      expect([...journal.entries].sort()).toEqual(["CID", "bob0", "bob1", "list"]);
      expect(output.status).toBe("incomplete");
      await close();
    },
  );
});
