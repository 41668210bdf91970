// The goals that each graph shows to clients, on the real server with the real client and without a key: whatever waits
// for a person is approved, until the run has ended.
import { existsSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { servedFolder, servedWorkspace } from "../../../graphs/shared/folders.js";
import { requestSchema } from "../../support/approval.js";
import { client, server } from "./server.js";

const repository = new URL("../../../", import.meta.url);
const { graphs } = z
  .object({ graphs: z.record(z.string(), z.string()) })
  .parse(JSON.parse(readFileSync(new URL("langgraph.json", repository), "utf8")));
const MAX_ANSWERS = 20;

const stateSchema = z.looseObject({
  status: z.string(),
  response: z.string(),
  replans: z.number(),
  messages: z.array(z.looseObject({ type: z.string(), content: z.unknown() })),
  pastSteps: z.array(z.looseObject({ id: z.string(), tool: z.string().optional(), status: z.string() })),
  decisions: z.array(z.looseObject({ type: z.string(), by: z.string().optional() })),
});

/** Runs a goal to its end, approving all that is asked; gives the state, and what was asked. */
async function approveAll(graph: string, goal: string) {
  const { thread_id } = await client.threads.create();
  await client.runs.wait(thread_id, graph, { input: { input: goal } });
  const asked: string[] = [];
  for (let answers = 0; answers < MAX_ANSWERS; answers += 1) {
    const { interrupts } = await client.threads.get(thread_id);
    const [waiting] = Object.values(interrupts).flat();
    if (waiting === undefined) {
      break;
    }
    const { actionRequests } = requestSchema.parse(waiting.value);
    asked.push(...actionRequests.map(({ name }) => name));
    const resume = { decisions: actionRequests.map(() => ({ type: "approve" })), decidedBy: "olga" };
    await client.runs.wait(thread_id, graph, { command: { resume } });
  }
  return { asked, ...stateSchema.parse((await client.threads.getState(thread_id)).values) };
}

/** Where a graph leaves what it writes for those whom the server does not know. */
const servedPath = (graph: string) => relative(servedFolder(), servedWorkspace(graph)({}));

/** What a graph's goals come to: the tools that asked, and a file that is there afterwards. */
const outcomes: Readonly<Record<string, { asks: readonly string[]; leaves?: string }>> = {
  finance: { asks: ["place_order"], leaves: servedPath("finance") },
  security: { asks: ["apply_patch"], leaves: servedPath("security") },
  data_pipeline: { asks: ["load"], leaves: servedPath("data-pipeline") },
  support: { asks: ["refund"], leaves: "support" },
};
const formsSchema = z.object({
  input_schema: z.object({ properties: z.object({ input: z.object({ examples: z.array(z.string()) }) }) }),
});

describe.each(Object.keys(graphs))("the graph %s on the server", (graph) => {
  it("does each of the goals that it shows, without a key", async () => {
    const [assistant] = await client.assistants.search({ graphId: graph });
    const forms = formsSchema.parse(await client.assistants.getSchemas(assistant?.assistant_id ?? ""));
    const { asks = [], leaves } = outcomes[graph] ?? {};
    const allAsked: string[] = [];
    for (const goal of forms.input_schema.properties.input.examples) {
      const { asked, status, response, messages, decisions } = await approveAll(graph, goal);
      expect([goal, status, response]).toEqual([goal, "done", expect.stringMatching(/./)]);
      expect(decisions).toHaveLength(asked.length);
      expect(messages.filter(({ type }) => type === "human")).toHaveLength(1);
      expect(messages.at(-1)).toMatchObject({ type: "ai", content: response });
      allAsked.push(...asked);
    }
    expect([...new Set(allAsked)]).toEqual(asks);
    if (leaves !== undefined) {
      expect(existsSync(join(server.files, ".plan-execute", leaves))).toBe(true);
    }
  }, 120_000);

  it("refuses what is no goal of its own", async () => {
    const values = await client.runs.wait(null, graph, { input: { input: "Sing me a song about the sea" } });
    expect(values).toMatchObject({ status: "refused", pastSteps: [] });
  });
});
