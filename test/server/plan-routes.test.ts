import { Client } from "@langchain/langgraph-sdk";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { createGatedModel } from "../browser/gated-model.js";
import { type OpenAiServer, startOpenAiServer } from "../support/openai-server.js";
import { type DevServer, startDevServer } from "./dev-server.js";

const USERS = { "the token of ann": { identity: "ann" }, "the token of bob": { identity: "bob" } };
const context = { approveTools: ["calculator"], showPlan: "card" };
const model = createGatedModel();
let models: OpenAiServer;
let server: DevServer;
let ann: Client;
let bob: Client;

beforeAll(async () => {
  models = await startOpenAiServer(model.answer);
  server = await startDevServer({
    ...models.environment,
    PLAN_EXECUTE_MODEL: "openai:gpt-4.1-mini",
    PLAN_EXECUTE_USERS: JSON.stringify(USERS),
  });
  const clientOf = (apiKey: string) =>
    new Client({ apiUrl: server.url, apiKey, callerOptions: { maxRetries: 0 } });
  ann = clientOf("the token of ann");
  bob = clientOf("the token of bob");
}, 90_000);
afterEach(() => model.reset());
afterAll(async () => {
  await server.stop();
  await models.close();
});

const stateSchema = z.looseObject({
  steering: z.array(
    z.looseObject({ type: z.string(), by: z.string().optional(), saidBy: z.string().optional() }),
  ),
  pastSteps: z.array(z.looseObject({ id: z.string(), status: z.string() })),
});

async function stateOf(threadId: string) {
  return stateSchema.parse((await ann.threads.getState(threadId)).values);
}

const skip = (by: string) => ({ values: { steering: [{ type: "skip", stepId: "c", by }] } });

describe("a change from the card", () => {
  it("is taken by a run under way, in the name of the server's user, whatever the request says", async () => {
    model.close("agent");
    const { thread_id: threadId } = await ann.threads.create();
    const run = ann.runs.wait(threadId, "plan_execute", { input: { input: "go" }, context });
    await expect
      .poll(
        async () => {
          const { values } = await ann.threads.getState<{ plan?: [] }>(threadId);
          return [(await ann.threads.get(threadId)).status, values.plan?.length];
        },
        { timeout: 20_000 },
      )
      .toEqual(["busy", 3]);
    await expect(bob.threads.updateState(threadId, skip("ann"))).rejects.toThrow(/40[34]/);
    const changed = ann.threads.updateState(threadId, skip("bob"));
    model.open("agent");
    await changed;
    await run;
    expect(await stateOf(threadId)).toMatchObject({
      steering: [{ type: "skip", stepId: "c", by: "ann" }],
      pastSteps: [
        { id: "b", status: "done" },
        { id: "c", status: "skipped" },
      ],
    });
    expect((await stateOf(threadId)).steering[0]?.saidBy).toBeUndefined();
  });

  it("is made in the name of the server's user where nothing runs as well, and refused with what is wrong", async () => {
    const { thread_id: threadId } = await ann.threads.create();
    await ann.runs.wait(threadId, "plan_execute", { input: { input: "go" }, context });
    await expect(bob.threads.updateState(threadId, skip("ann"))).rejects.toThrow(/40[34]/);
    await ann.threads.updateState(threadId, skip("bob"));
    expect((await stateOf(threadId)).steering).toMatchObject([{ by: "ann" }]);
    const wrong = { values: { steering: [{ type: "retry", stepId: "b" }] } };
    await expect(ann.threads.updateState(threadId, wrong)).rejects.toThrow(/422.*STEP_NOT_STEERABLE/s);
  });
});

describe("the component of an assistant that is named by its id", () => {
  it("is found, and needs the server's token", async () => {
    const { assistant_id: id } = await ann.assistants.create({ graphId: "plan_execute", context });
    const load = (headers: Record<string, string>) =>
      fetch(`${server.url}/ui/${id}`, {
        method: "POST",
        headers: { "content-type": "application/json", ...headers },
        body: JSON.stringify({ name: "plan" }),
      });
    const html = await (await load({ "x-api-key": "the token of ann" })).text();
    expect(html).toContain(`${server.url.replace("http:", "")}/ui/plan_execute/entrypoint.js`);
    expect((await load({})).status).toBe(401);
  });
});
