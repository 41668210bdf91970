// An agent with more tools than a prompt should describe.
import type { BaseMessage } from "@langchain/core/messages";
import { tool } from "@langchain/core/tools";
import { MemorySaver } from "@langchain/langgraph";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { echo, journalTool, plannedAgent } from "../../support/agent-run.js";
import { createJournal } from "../../support/deferred.js";
import { readSection } from "../../support/read-section.js";
import { planCall, type ScriptByRole } from "../../support/scripted-model.js";

const schema = z.object({ value: z.string() });
const metadata = { readOnly: true };
const fillers = Array.from({ length: 40 }, (_, at) =>
  tool(({ value }) => value, { name: `filler_${at}`, description: "Fills a form.", schema, metadata }),
);
const weather = tool(() => "rain", {
  name: "get_weather",
  description: "Says the weather.",
  schema,
  metadata,
});
const tools = [...fillers, weather, echo];
const toolSearch = { limit: 3 };
const step = (name: string) => ({ tool: name, args: { value: "Bonn" } });
const search = (...queries: string[]) => queries.map((query) => ({ name: "find_tools", args: { query } }));

/** The names of the tools that a prompt describes. */
function describedIn(prompt: string | undefined): string[] {
  const lines = readSection("tools", prompt ?? "")?.split("\n") ?? [];
  return lines.filter((line) => /^\w+\(/.test(line)).map((line) => line.split("(", 1).join());
}

/** A planner that searches first, and then hands in the steps. */
function searching(
  first: readonly { name: string; args: object }[][],
  steps: readonly unknown[],
): ScriptByRole {
  let asked = 0;
  return {
    planner: () => {
      asked += 1;
      return (first[asked - 1] as ReturnType<typeof planCall> | undefined) ?? planCall(steps);
    },
  };
}

const answersOf = (messages: readonly BaseMessage[] = []) =>
  messages.filter((message) => message.getType() === "tool").map(({ text }) => text);

describe("the planner of an agent with many tools", () => {
  test("is told a part of them, the names of the others, and how to see them", async () => {
    const { agent, model } = plannedAgent([step("get_weather")], { tools, toolSearch });
    const { status } = await agent.invoke({ input: "How is the weather in Bonn?" });
    expect(status).toBe("done");
    const [asked] = model.calls;
    expect(describedIn(asked?.prompt)).toEqual(["filler_0", "filler_1", "get_weather"]);
    expect(asked?.prompt).toContain("Not described: filler_2, filler_3");
    expect(asked?.prompt).toContain(
      "There are more tools: 39 are only named. If the goal may need one of these",
    );
    expect(asked?.tools).toEqual(["plan", "find_tools"]);
  });

  test("is told all of them, as ever, below toolSearch.from", async () => {
    const { agent, model } = plannedAgent([step("get_weather")], {
      tools,
      toolSearch: { limit: 3, from: 43 },
    });
    await agent.invoke({ input: "How is the weather in Bonn?" });
    expect(describedIn(model.calls[0]?.prompt)).toHaveLength(tools.length);
    expect(model.calls[0]?.prompt).not.toContain("more tools");
    expect(model.calls[0]?.tools).toEqual(["plan"]);
  });

  test("may plan with a tool that it was not told of", async () => {
    const { agent } = plannedAgent([step("filler_39")], { tools, toolSearch });
    const { status, pastSteps } = await agent.invoke({ input: "How is the weather in Bonn?" });
    expect([status, pastSteps[0]?.output]).toEqual(["done", "Bonn"]);
  });

  test("searches, several times at once, and is shown what was found before it plans", async () => {
    const script = searching([search("weather", "zebra")], [step("get_weather")]);
    const { agent, model } = plannedAgent([], { tools, toolSearch }, script);
    const { status, usage } = await agent.invoke({ input: "Bonn?" });
    expect(status).toBe("done");
    const [first, second] = model.calls;
    expect(describedIn(first?.prompt)).not.toContain("get_weather");
    const [found = "", none = ""] = answersOf(second?.messages);
    expect(describedIn(found)).toEqual(["get_weather"]);
    expect(none).toBe('No tool has to do with "zebra".');
    // What was sent before stays as it was, so that a provider's cache hits.
    expect(second?.messages.slice(0, first?.messages.length)).toEqual(first?.messages);
    expect(usage.byRole.planner?.calls).toBe(2);
  });

  test("has to plan after three rounds of searches", async () => {
    const script = searching([search("a"), search("b"), search("c"), search("d")], [step("get_weather")]);
    const { agent, model, eventsOf } = plannedAgent([], { tools, toolSearch }, script);
    const { status } = await agent.invoke({ input: "Bonn?" });
    expect([status, model.count("planner")]).toEqual(["done", 5]);
    expect(eventsOf("plan.invalid").map(({ issues }) => issues.join())).toEqual([
      "There is no plan yet, and no more searching: plan with the tools that you know.",
    ]);
  });

  test("that searches without end is left, and one agent step does the goal", async () => {
    const { agent, model } = plannedAgent(
      [],
      { tools, toolSearch, planner: { method: "tool" } },
      { planner: search("weather"), agent: "It rains." },
    );
    const { plan, status } = await agent.invoke({ input: "Weather?" });
    expect([status, plan.length]).toEqual(["done", 1]);
    expect(model.count("planner")).toBeLessThanOrEqual(6);
  });

  test("pays for searches out of the turn's limits", async () => {
    const script = searching([search("a"), search("b")], [step("get_weather")]);
    const limits = { maxModelCalls: 2 };
    const { agent, model } = plannedAgent([], { tools, toolSearch, limits }, script);
    const { status, outcome } = await agent.invoke({ input: "Bonn?" });
    expect([status, model.calls.length]).toEqual(["incomplete", 2]);
    expect(outcome?.reason).toContain("maxModelCalls");
  });

  test("plans at once if it searches and hands in a plan in one answer", async () => {
    const { agent, model } = plannedAgent(
      [],
      { tools, toolSearch },
      { planner: [...search("weather"), ...planCall([step("get_weather")])] },
    );
    expect((await agent.invoke({ input: "Bonn?" })).status).toBe("done");
    expect(model.count("planner")).toBe(1);
  });

  test("that hands its plan in as text is told to use names and words, and cannot search", async () => {
    const { agent, model } = plannedAgent(
      [],
      { tools, toolSearch, planner: { method: "text" } },
      { planner: JSON.stringify({ steps: [step("get_weather")] }) },
    );
    expect((await agent.invoke({ input: "Bonn?" })).status).toBe("done");
    expect(model.calls[0]?.prompt).toContain("A step may have one of these by its name");
    expect(model.calls[0]?.prompt).not.toContain("find_tools");
  });

  test("sees what was said before, so that a goal which points back finds its tools", async () => {
    const { agent, model } = plannedAgent([step("get_weather")], {
      tools,
      toolSearch,
      checkpointer: new MemorySaver(),
    });
    const thread = { configurable: { thread_id: "1" } };
    await agent.invoke({ input: "How is the weather in Bonn?" }, thread);
    await agent.invoke({ input: "And in Rome?" }, thread);
    const [, later] = model.calls.filter(({ role }) => role === "planner");
    expect(describedIn(later?.prompt)).toContain("get_weather");
  });

  test("as a function gets all of them", async () => {
    let given = 0;
    const plan = ({ tools: all }: { tools: readonly unknown[] }) => {
      given = all.length;
      return "Hello.";
    };
    await plannedAgent([], { tools, toolSearch, planner: { plan } }).agent.invoke({ input: "hi" });
    expect(given).toBe(tools.length);
  });
});

describe("who works on a plan with many tools", () => {
  test("a replanner is told the tools of the plan, and may search too", async () => {
    const broken = tool(
      () => {
        throw new Error("out of order");
      },
      { name: "filler_x", description: "", schema, metadata },
    );
    let asked = 0;
    const { agent, model } = plannedAgent(
      [step("filler_x"), step("filler_20")],
      { tools: [...tools, broken], toolSearch },
      {
        replanner: () => {
          asked += 1;
          return asked === 1 ? search("weather") : "It is not known.";
        },
      },
    );
    await agent.invoke({ input: "Bonn?" });
    const calls = model.calls.filter(({ role }) => role === "replanner");
    expect(calls[0]?.tools).toEqual(["plan", "respond", "find_tools"]);
    expect(describedIn(calls[0]?.prompt)).toEqual(expect.arrayContaining(["filler_20", "filler_x"]));
    expect(answersOf(calls[1]?.messages).join()).toContain("get_weather");
  });

  test("an agent is offered what its step's words need, or just what the step names", async () => {
    const steps = [
      { id: "a", description: "Look up the weather" },
      { id: "b", description: "Look up the weather", tools: ["filler_7"] },
    ];
    const { agent, model } = plannedAgent(steps, { tools, toolSearch }, { agent: "rain" });
    await agent.invoke({ input: "Bonn?" });
    const offered = model.calls.filter(({ role }) => role === "agent").map((call) => call.tools);
    expect(offered).toEqual([
      ["filler_0", "filler_1", "get_weather", "blocked"],
      ["filler_7", "blocked"],
    ]);
  });

  test("a call that waits for a person still waits, and goes on with its tool", async () => {
    const journal = createJournal();
    const { agent, model } = plannedAgent(
      [{ id: "a", description: "Do what filler forms say" }],
      {
        tools: [...tools, journalTool(journal)],
        toolSearch,
        approval: { tools: { charge: true } },
        checkpointer: new MemorySaver(),
      },
      {
        agent: (messages) =>
          messages.some((message) => message.getType() === "tool")
            ? "charged"
            : [{ name: "charge", args: { who: "Ann" } }],
      },
    );
    const thread = { configurable: { thread_id: "1" } };
    const waiting = await agent.invoke({ input: "Fill forms" }, thread);
    expect([waiting.status, journal.entries]).toEqual(["waiting", []]);
    const { Command } = await import("@langchain/langgraph");
    const done = await agent.invoke(new Command({ resume: { decisions: [{ type: "approve" }] } }), thread);
    expect([done.status, journal.entries]).toEqual(["done", ["Ann"]]);
    expect(model.calls.filter(({ role }) => role === "agent").at(-1)?.tools).toContain("charge");
  });

  test("the closing call names the chosen tools and counts the others", async () => {
    const { agent, model } = plannedAgent(
      [step("get_weather")],
      { tools, toolSearch },
      { answer: "It rains." },
    );
    await agent.invoke({ input: "How is the weather in Bonn?" });
    expect(model.calls.at(-1)?.prompt).toContain(
      "Tools for more work: filler_0, filler_1, get_weather and 39 more.",
    );
  });

  test("embeddings that fail are told as an event, and the run goes on", async () => {
    const embeddings = {
      embedQuery: async () => [1],
      embedDocuments: () => Promise.reject(new Error("no quota")),
    };
    const { agent, eventsOf } = plannedAgent([step("get_weather")], {
      tools,
      toolSearch: { ...toolSearch, embeddings },
    });
    expect((await agent.invoke({ input: "The weather in Bonn?" })).status).toBe("done");
    expect(eventsOf("policy.failed")[0]).toMatchObject({
      policy: "toolSearch.embeddings",
      error: "no quota",
    });
  });
});
