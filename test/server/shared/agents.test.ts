import { expect, it, vi } from "vitest";
import { z } from "zod";
import { client } from "./server.js";

const resultSchema = z.looseObject({ status: z.string(), response: z.string() });

it("serves each file of the folder as an assistant", async () => {
  const offered = await vi.waitFor(
    async () => {
      const assistants = await client.assistants.search({ graphId: "agents" });
      const made = assistants.filter(({ metadata }) => metadata?.created_by === "agents");
      expect(made.map(({ name }) => name).sort()).toEqual(["arithmetic", "stock"]);
      return made;
    },
    { timeout: 20_000, interval: 200 },
  );
  const run = async (name: string, input: Record<string, unknown>) => {
    const { assistant_id: id = "" } = offered.find((assistant) => assistant.name === name) ?? {};
    const { thread_id: threadId } = await client.threads.create();
    return {
      threadId,
      result: resultSchema.parse(await client.runs.wait(threadId, id, { input })),
    };
  };
  const { result: sum } = await run("arithmetic", { input: "Calculate 6*7" });
  expect([sum.status, sum.response]).toEqual(["done", "42"]);
  const { result: low, threadId } = await run("stock", { plan: { name: "low-stock", with: { least: 5 } } });
  expect(JSON.parse(low.response)).toMatchObject({ rows: [{ article: "lamp" }] });
  const { values } = await client.threads.getState(threadId);
  expect(resultSchema.parse(values).response).toBe(low.response);
  const { result: other } = await run("arithmetic", { input: "how many lamps are there in stock.csv" });
  expect(other.status).toBe("refused");
});
