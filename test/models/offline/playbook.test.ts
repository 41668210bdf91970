import { tool } from "@langchain/core/tools";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { createPlanExecuteAgent, type Playbook, type PlaybookRequest } from "../../../src/index.js";

/** An agent of a shop whose stock fails for one product, and what its playbook was asked. */
function shop(answerTo: Playbook) {
  const asked: PlaybookRequest[] = [];
  const stock = tool(
    ({ product }) => {
      if (product === "gone") {
        throw new Error("no such product");
      }
      return { product, count: 7 };
    },
    {
      name: "stock",
      description: "How many there are",
      schema: z.object({ product: z.string() }),
      metadata: { readOnly: true },
    },
  );
  const agent = createPlanExecuteAgent({
    model: "offline",
    tools: [stock],
    offline: {
      playbook: (request) => {
        asked.push(request);
        return answerTo(request);
      },
    },
  });
  return { agent, asked };
}

const lookUp = (product: string) => ({ steps: [{ id: product, tool: "stock", args: { product } }] });

describe("a playbook of the offline model", () => {
  it("plans, is shown what came of the steps, and answers", async () => {
    const { agent, asked } = shop(({ kind, pastSteps }) =>
      kind === "plan" ? lookUp("ink") : { text: `There are ${JSON.stringify(pastSteps[0]?.output)}.` },
    );
    const run = await agent.invoke({ input: "How much ink?" });
    expect(run.response).toBe('There are {"product":"ink","count":7}.');
    expect(run.status).toBe("done");
    expect(asked).toMatchObject([
      { kind: "plan", goal: "How much ink?", tools: ["stock"], pastSteps: [], conversation: [] },
      { kind: "replan", pastSteps: [{ id: "ink", tool: "stock", status: "done" }], remaining: [] },
    ]);
  });

  it("is told what went wrong, and gives another remainder", async () => {
    const { agent, asked } = shop(({ kind, pastSteps }) => {
      if (kind === "plan") {
        return lookUp("gone");
      }
      return pastSteps.some(({ status }) => status === "done") ? { text: "found" } : lookUp("ink");
    });
    const run = await agent.invoke({ input: "How much is there?" });
    expect(run).toMatchObject({ status: "done", response: "found" });
    expect(asked[1]?.why).toContain("no such product");
    expect(asked[1]?.pastSteps).toMatchObject([
      { status: "failed", error: { message: expect.stringContaining("no such product") } },
    ]);
  });

  it("goes on where a plan that ended well was not all: it is asked for the answer first, then for the steps", async () => {
    const { agent, asked } = shop(({ kind, pastSteps }) => {
      if (kind === "plan") {
        return lookUp("ink");
      }
      return pastSteps.length === 1 ? lookUp("paper") : { text: "There are both." };
    });
    const run = await agent.invoke({ input: "How much is there?" });
    expect(run).toMatchObject({ status: "done", response: "There are both." });
    expect(run.pastSteps.map(({ id }) => id)).toEqual(["ink", "paper"]);
    expect(asked.map(({ tools, why }) => [tools.length, why])).toEqual([
      [1, ""],
      [0, ""],
      [1, "All steps are done, and the goal is not reached. Missing: stock"],
      [0, ""],
    ]);
    expect(run.usage.byRole).toMatchObject({ answer: { calls: 2 }, replanner: { calls: 1 } });
  });

  it("leaves to the general rules what is none of its goals", async () => {
    const { agent } = shop(() => undefined);
    expect((await agent.invoke({ input: "Sing me a song about the sea" })).response).toContain("cannot plan");
  });

  it("does not hand in again the plan that was sent back", async () => {
    const { agent, asked } = shop(() => ({ steps: [{ tool: "nothing_of_the_kind", args: {} }] }));
    const run = await agent.invoke({ input: "Go" });
    expect(run.response).toContain("my plan was sent back");
    expect(asked).toHaveLength(2);
  });
});
