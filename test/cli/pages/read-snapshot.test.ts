import { tool } from "@langchain/core/tools";
import { MemorySaver } from "@langchain/langgraph";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { readSnapshot } from "../../../src/cli/pages/read-snapshot.js";
import { readRun, renderReport } from "../../../src/report/index.js";
import { plannedAgent } from "../../support/agent-run.js";
import { createDeferred } from "../../support/deferred.js";

const reading = { now: Date.now, isReadOnly: () => true };
const config = { configurable: { thread_id: "1" } };

describe("a snapshot for a page", () => {
  it("holds the steps that have settled while the run goes on, and says which can run", async () => {
    const held = createDeferred();
    const reached = createDeferred();
    const wait = tool(
      async ({ isHeld }) => {
        if (isHeld) {
          reached.resolve();
          await held.promise;
        }
        return "done";
      },
      { name: "wait", description: "waits", schema: z.object({ isHeld: z.boolean() }) },
    );
    const checkpointer = new MemorySaver();
    const { agent } = plannedAgent(
      [
        { id: "a", tool: "wait", args: { isHeld: false }, dependsOn: [] },
        { id: "b", tool: "wait", args: { isHeld: true }, dependsOn: ["a"] },
        { id: "c", tool: "wait", args: { isHeld: false }, dependsOn: ["b"] },
      ],
      { tools: [wait], checkpointer },
    );
    const run = agent.invoke({ input: "go" }, config);
    await reached.promise;
    const during = await readSnapshot(agent, { checkpointer }, "1");
    expect(readRun(during, reading).steps.map(({ id, state }) => [id, state])).toEqual([
      ["a", "done"],
      ["b", "running"],
      ["c", "open"],
    ]);
    expect(readRun(during, reading)).toMatchObject({ isUnderWay: true, status: "unfinished" });
    expect(renderReport(during, { refreshSeconds: 1 })).toContain("under way, or cut off");
    held.resolve();
    await run;
    const after = readRun(await readSnapshot(agent, { checkpointer }, "1"), reading);
    expect(after.steps.map(({ state }) => state)).toEqual(["done", "done", "done"]);
    expect(after).toMatchObject({ isUnderWay: false, status: "done" });
  });

  it("of a thread that is not there is refused", async () => {
    const checkpointer = new MemorySaver();
    const { agent } = plannedAgent([], { checkpointer });
    await expect(readSnapshot(agent, { checkpointer }, "gone")).rejects.toThrow("There is no thread gone.");
  });
});
