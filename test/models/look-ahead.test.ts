// What a small model is shown of what the goal names, before it plans.
import { tool } from "@langchain/core/tools";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import type { PlanExecuteOptions } from "../../src/agent/index.js";
import { echo } from "../support/agent-run.js";
import type { ModelRequest } from "../support/openai-server.js";
import { held, schemaAgent, schemaOf } from "./schema-agent.js";

const told = (request: ModelRequest | undefined) => String(request?.messages.at(-1)?.content);
const system = (request: ModelRequest | undefined) => String(request?.messages[0]?.content);

/** Two tables, told apart by the ends of their names. */
function tables() {
  const calls: string[] = [];
  const table = (name: string, pattern: string) =>
    tool(
      ({ path }) => {
        calls.push(path);
        if (path.startsWith("no")) {
          throw new Error("not there");
        }
        return {
          rows: [
            { item: "lamp", price: 3 },
            { item: "chair", price: 9 },
          ],
          count: 2,
        };
      },
      {
        name,
        description: `Reads ${name}`,
        schema: z.object({ path: z.string() }),
        metadata: { readOnly: true, preview: { argument: "path", pattern } },
      },
    );
  return { calls, tools: [table("read_sheet", "\\.sheet$"), table("read_book", "\\.book$"), echo] };
}

const run = async (goal: string, options: PlanExecuteOptions = {}) => {
  const { calls, tools } = tables();
  const { agent, server, events } = await schemaAgent(
    (request) =>
      schemaOf(request) === undefined
        ? { text: "Done." }
        : held({ description: "say", tool: "echo", args: { value: "x" } }),
    { tools, ...options },
  );
  const { status } = await agent.invoke({ input: goal });
  return { calls, status, first: server.requests[0], events };
};

describe("before a small model plans", () => {
  it("it is shown fields and some texts of what the goal names", async () => {
    const { calls, status, first } = await run("How many lamps are in shop.sheet?");
    expect({ calls, status }).toEqual({ calls: ["shop.sheet"], status: "done" });
    expect(told(first)).toBe(
      '<seen>\nread_sheet on shop.sheet gives: {rows: [{item: "lamp"|"chair", price}], count}\n</seen>\n\nGoal: "How many lamps are in shop.sheet?"',
    );
  });

  it("tools that know none of the goal's names are left out", async () => {
    const { first } = await run("How many lamps are in shop.sheet?");
    expect(system(first)).toContain("- read_sheet(");
    expect(system(first)).not.toContain("- read_book(");
    expect(JSON.stringify(schemaOf(first ?? { model: "", stream: false, messages: [] }))).not.toContain(
      "read_book",
    );
  });

  it("what is not there shows nothing, and leaves no tool out", async () => {
    const { calls, status, first } = await run("How many lamps are in none.sheet?");
    // A call that fails is made twice, as in a step.
    expect({ calls, status }).toEqual({ calls: ["none.sheet", "none.sheet"], status: "done" });
    expect(told(first)).toBe('Goal: "How many lamps are in none.sheet?"');
    expect(system(first)).toContain("- read_book(");
  });

  it("what would wait for a person is not looked at", async () => {
    const { calls } = await run("How many lamps are in shop.sheet?", {
      approval: { tools: { read_sheet: true } },
    });
    expect(calls).toEqual([]);
  });

  it("at most three names are looked at, and each call is told of", async () => {
    const { calls, events } = await run("Compare a.sheet, b.sheet, c.book and d.book.");
    expect(calls).toEqual(["a.sheet", "b.sheet", "c.book"]);
    const stepIds = events.flatMap((event) => (event.type === "tool.called" ? [event.stepId] : []));
    expect(stepIds.slice(0, 3)).toEqual(["seen-1", "seen-2", "seen-3"]);
  });

  it("a model with full prompts is shown nothing", async () => {
    const { calls } = await run("How many lamps are in shop.sheet?", {
      planner: { method: "schema", prompt: "full" },
    });
    expect(calls).toEqual([]);
  });
});
