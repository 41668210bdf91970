import { describe, expect, it } from "vitest";
import { z } from "zod";
import { client } from "./server.js";

const GRAPH = "plan_execute";

const stateSchema = z.looseObject({
  response: z.string(),
  status: z.string(),
  turn: z.object({ id: z.string() }),
  messages: z.array(z.looseObject({ type: z.string(), content: z.unknown() })),
  pastSteps: z.array(z.looseObject({ id: z.string(), tool: z.string().optional(), status: z.string() })),
});
const tokenSchema = z.tuple([
  // The plan's message is removed and sent again while a superstep takes long: what removes it has an empty list.
  z.looseObject({ content: z.union([z.string(), z.tuple([])]) }),
  z.looseObject({ langgraph_node: z.string() }),
]);
const requestSchema = z.looseObject({ actionRequests: z.array(z.looseObject({ name: z.string() })) });

describe("the general graph under the development server", () => {
  it("is drawn with the ways that a run can go, as Studio shows it", async () => {
    const [assistant] = await client.assistants.search({ graphId: GRAPH });
    const { nodes, edges } = await client.assistants.getGraph(assistant?.assistant_id ?? "");
    expect(nodes).toHaveLength(7);
    expect(edges).toHaveLength(20);
    expect(edges).toContainEqual({
      source: "executor",
      target: "executor",
      data: "more can run",
      conditional: true,
    });
  });

  it("streams a run, and takes a second turn on the thread", async () => {
    const { thread_id } = await client.threads.create();
    const seen = new Set<string>();
    const events: string[] = [];
    const streamed: string[] = [];
    const stream = client.runs.stream(thread_id, GRAPH, {
      input: { input: "Calculate 17*23 and 19*29, then add the two results" },
      streamMode: ["values", "messages-tuple", "custom"],
      streamSubgraphs: true,
    });
    for await (const { event, data } of stream) {
      const [kind = ""] = event.split("|");
      seen.add(kind === "values" ? event : kind);
      if (kind === "custom") {
        events.push(z.looseObject({ type: z.string() }).parse(data).type);
      }
      if (kind === "messages") {
        const [{ content }, { langgraph_node }] = tokenSchema.parse(data);
        if (langgraph_node === "replanner") {
          streamed.push(String(content));
        }
      }
    }
    // The conversation on a client's screen is the outer one alone: no values of anything inside.
    expect([...seen].sort()).toEqual(["checkpoints", "custom", "messages", "metadata", "values"]);
    expect(events).toEqual(
      expect.arrayContaining(["plan.generated", "step.started", "step.ended", "agent.completed"]),
    );
    expect(streamed.join("")).toContain("942");
    const first = await stateOf(thread_id);
    expect(first.status).toBe("done");
    expect(first.response).toContain("942");

    await client.runs.wait(thread_id, GRAPH, {
      input: { messages: [{ type: "human", content: [{ type: "text", text: "and twice that?" }] }] },
    });
    const second = await stateOf(thread_id);
    expect(second.response).toContain("1884");
    expect(second.turn.id).not.toBe(first.turn.id);
    expect(second.messages.filter(({ type }) => type === "human")).toHaveLength(2);
  });

  it("waits for a person where the run's context says so, and goes on with the answer", async () => {
    const { thread_id } = await client.threads.create();
    const context = { approveTools: ["calculator"] };
    await client.runs.wait(thread_id, GRAPH, { input: { input: "Calculate 6*7" }, context });
    const { interrupts } = await client.threads.get(thread_id);
    const [waiting] = Object.values(interrupts).flat();
    const { actionRequests } = requestSchema.parse(waiting?.value);
    expect(actionRequests).toMatchObject([{ name: "calculator" }]);
    expect((await stateOf(thread_id)).status).toBe("waiting");

    const decisions = [{ type: "approve" }];
    await client.runs.wait(thread_id, GRAPH, { command: { resume: { decisions } }, context });
    const done = await stateOf(thread_id);
    expect(done.response).toContain("42");
    expect(done.pastSteps).toMatchObject([{ tool: "calculator", status: "done" }]);
  });
});

async function stateOf(thread: string): Promise<z.infer<typeof stateSchema>> {
  return stateSchema.parse((await client.threads.getState(thread)).values);
}
