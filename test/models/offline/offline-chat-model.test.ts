import {
  AIMessage,
  type AIMessageChunk,
  HumanMessage,
  SystemMessage,
  ToolMessage,
} from "@langchain/core/messages";
import { tool } from "@langchain/core/tools";
import { afterAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { OfflineChatModel } from "../../../src/models/offline/index.js";
import { toSection } from "../../../src/models/tags.js";
import { toCatalogue } from "../../../src/prompts/catalogue.js";
import { createToolRegistry } from "../../../src/tools/index.js";
import { World } from "./world.js";

const nothing = async (): Promise<string> => "";
const weather = tool(nothing, {
  name: "get_weather",
  description: "Gives the weather of a city.",
  schema: z.object({ city: z.string() }),
});
const email = tool(nothing, {
  name: "send_email",
  description: "Sends an e-mail.",
  schema: z.object({ to: z.string(), subject: z.string(), body: z.string() }),
});
const search = tool(nothing, {
  name: "web_search",
  description: "Searches the web.",
  schema: z.object({ query: z.string() }),
});
const planTool = tool(nothing, {
  name: "plan",
  description: "Hands in the plan.",
  schema: z.object({ steps: z.array(z.unknown()) }),
});
const blocked = tool(nothing, {
  name: "blocked",
  description: "Says why it cannot go on.",
  schema: z.object({ reason: z.string() }),
});

const world = new World([weather, email, search]);
afterAll(() => world.remove());

const catalogue = new SystemMessage(toCatalogue(createToolRegistry(world.tools).describe()));
const goalMessage = (goal: string): HumanMessage => new HumanMessage(toSection("goal", goal));

async function plan(
  goal: string,
  conversation: readonly (HumanMessage | AIMessage)[] = [],
): Promise<AIMessageChunk> {
  const model = new OfflineChatModel().bindTools([planTool]);
  return model.invoke([catalogue, ...conversation, goalMessage(goal)]);
}

function stepsOf(message: AIMessageChunk): { tool: string; args: Record<string, unknown> }[] {
  const schema = z.array(z.object({ tool: z.string(), args: z.record(z.string(), z.unknown()) }));
  return schema.parse(message.tool_calls?.[0]?.args.steps);
}

describe("the offline model as planner", () => {
  it("calls the plan tool with steps in the public form", async () => {
    const message = await plan("Calculate 17*23 and 19*29, then add the two results");
    expect(message.tool_calls?.[0]).toMatchObject({
      name: "plan",
      args: {
        answer: "3",
        steps: [
          {
            id: "1",
            description: "17*23",
            tool: "calculator",
            args: { expression: "17 * 23" },
            dependsOn: [],
          },
          { id: "2", description: "19*29" },
          { id: "3", args: { expression: "{{1}} + {{2}}" } },
        ],
      },
    });
  });

  it("says what it does not understand, and what to set for a real model", async () => {
    const message = await plan("Calculate 3*4 and write a poem about it");
    expect(message.tool_calls).toEqual([]);
    expect(message.text).toMatch(/write a poem about it.*OPENAI_API_KEY.*PLAN_EXECUTE_MODEL/s);
  });

  it("answers a greeting without a plan", async () => {
    const message = await plan("Hello there!");
    expect(message.tool_calls).toEqual([]);
    expect(message.text).toContain("Hello");
  });

  it("plans a request that begins with a greeting", async () => {
    expect(stepsOf(await plan("Help me add 3 and 4"))).toMatchObject([{ args: { expression: "3 + 4" } }]);
    expect(stepsOf(await plan("Hello, what is 2 + 2?"))).toMatchObject([{ args: { expression: "2 + 2" } }]);
  });

  it.each([
    ["and twice that?", "2 * 942"],
    ["now add 10 to it", "942 + 10"],
    ["half of that", "942 / 2"],
    ["and what about 20% of it?", "(20 / 100) * 942"],
    ["Divide the result by 3", "942 / 3"],
    ["square it", "942 ^ 2"],
    ["multiply by 3", "942 * 3"],
  ])("understands the follow-up %j", async (goal, expression) => {
    const before = [
      new HumanMessage("Calculate 17*23 and 19*29, then add them"),
      new AIMessage("**Plan**\n1. 17*23"),
      new AIMessage("Add them: 942\n\nWorked out from: 17*23: 391; 19*29: 551."),
    ];
    const message = await plan(goal, before);
    expect(stepsOf(message)).toMatchObject([{ tool: "calculator", args: { expression } }]);
  });

  it("takes both results of an earlier answer, and refuses to guess which one “it” is", async () => {
    const before = [new HumanMessage("3*4 and 5*6"), new AIMessage("- 3*4: 12\n- 5*6: 30")];
    expect(stepsOf(await plan("add them", before))).toMatchObject([{ args: { expression: "12 + 30" } }]);
    expect((await plan("double it", before)).tool_calls).toEqual([]);
  });

  it("counts in the file of an earlier turn", async () => {
    const before = [new HumanMessage("How many words are in notes.txt?"), new AIMessage("12")];
    expect(stepsOf(await plan("And how many lines does it have?", before))[0]).toMatchObject({
      args: { path: "notes.txt" },
    });
  });

  it.each([
    ["What's the weather in Paris?", [{ tool: "get_weather", args: { city: "Paris" } }]],
    ["Get the weather for New York", [{ tool: "get_weather", args: { city: "New York" } }]],
    ["What is the weather in Paris and in Rome?", [{ args: { city: "Paris" } }, { args: { city: "Rome" } }]],
    [
      "Search the web for LangGraph tutorials",
      [{ tool: "web_search", args: { query: "LangGraph tutorials" } }],
    ],
    [
      "Send an email to bob@example.com with subject 'Hi' and body 'See you soon'",
      [{ tool: "send_email", args: { to: "bob@example.com", subject: "Hi", body: "See you soon" } }],
    ],
    [
      "Calculate 6*7, then send an email to bob@example.com with subject 'Answer' and body the result",
      [
        { tool: "calculator" },
        { tool: "send_email", args: { to: "bob@example.com", subject: "Answer", body: "{{1}}" } },
      ],
    ],
  ])("finds a tool that it has no rules for: %j", async (goal, steps) => {
    expect(stepsOf(await plan(goal))).toMatchObject(steps);
  });

  it("does not send its plan again when it came back", async () => {
    const first = await plan("What is 2 + 2?");
    const call = first.tool_calls?.[0];
    const model = new OfflineChatModel().bindTools([planTool]);
    const back = new ToolMessage({
      content: "The plan cannot be used.",
      tool_call_id: call?.id ?? "",
      status: "error",
    });
    const second = await model.invoke([catalogue, goalMessage("What is 2 + 2?"), first, back]);
    expect(second.tool_calls).toEqual([]);
    expect(second.text).toContain("sent back");
  });

  it("corrects the plan of another model", async () => {
    const wrong = new AIMessage({
      content: "",
      tool_calls: [{ id: "1", name: "plan", args: { steps: [{ tool: "calc" }] } }],
    });
    const model = new OfflineChatModel().bindTools([planTool]);
    const back = new ToolMessage({ content: "Unknown tool calc.", tool_call_id: "1", status: "error" });
    const second = await model.invoke([catalogue, goalMessage("What is 2 + 2?"), wrong, back]);
    expect(stepsOf(second)).toMatchObject([{ tool: "calculator" }]);
  });

  it("gives the plan as JSON where no tool is bound", async () => {
    const message = await new OfflineChatModel().invoke([catalogue, goalMessage("What is 2 + 2?")]);
    expect(message.text).toMatch(/^```json\n\{.*"2 \+ 2".*\}\n```$/s);
  });
});

describe("the offline model as the one who answers", () => {
  async function answer(goal: string, steps: readonly object[]): Promise<string> {
    const lines = steps.map((step) => JSON.stringify(step)).join("\n");
    const human = new HumanMessage(`${toSection("goal", goal)}\n\n${toSection("past_steps", lines)}`);
    return (await new OfflineChatModel().bindTools([planTool]).invoke([catalogue, human])).text;
  }

  it("puts the final value first, and what it came from after it", async () => {
    const text = await answer("…", [
      {
        id: "1",
        description: "17*23",
        tool: "calculator",
        args: { expression: "17 * 23" },
        status: "done",
        output: 391,
      },
      {
        id: "2",
        description: "19*29",
        tool: "calculator",
        args: { expression: "19 * 29" },
        status: "done",
        output: 551,
      },
      {
        id: "3",
        description: "add the two results",
        tool: "calculator",
        args: { expression: "391 + 551" },
        status: "done",
        output: 942,
      },
    ]);
    expect(text).toBe("Add the two results: 942\n\nWorked out from: 17*23: 391; 19*29: 551.");
  });

  it("lists results side by side, says what was written, and prints rows", async () => {
    const text = await answer("…", [
      {
        id: "1",
        description: "3*4",
        tool: "calculator",
        args: { expression: "3 * 4" },
        status: "done",
        output: 12,
      },
      {
        id: "2",
        description: "total by region",
        tool: "csv_query",
        args: { path: "s.csv" },
        status: "done",
        output: {
          rows: [
            { region: "North", total: 5 },
            { region: "South", total: 7 },
          ],
          count: 2,
        },
      },
      {
        id: "3",
        description: "Write 'x' to a.txt",
        tool: "write_file",
        args: { path: "a.txt", content: "x" },
        status: "done",
        output: { path: "a.txt", bytes: 1 },
      },
    ]);
    expect(text).toBe(
      "- 3*4: 12\n- Total by region:\n- region: North, total: 5\n- region: South, total: 7\n- Wrote x to a.txt.",
    );
  });

  it("says what failed and why, and what was achieved", async () => {
    const text = await answer("…", [
      { id: "1", description: "3*4", tool: "calculator", status: "done", output: 12 },
      {
        id: "2",
        description: "Read b.txt",
        tool: "read_file",
        status: "failed",
        error: { code: "TOOL_FAILED", message: "There is no file b.txt." },
      },
      {
        id: "3",
        description: "Count the words",
        tool: "text_stats",
        status: "skipped",
        error: { code: "DEPENDENCY_FAILED", message: "" },
      },
    ]);
    expect(text).toMatch(
      /^3\*4: 12\n\nNot done: Read b.txt. There is no file b.txt.\n\nLeft out: Count the words.\n\nThis is the offline model/,
    );
  });
});

describe("the offline model as the one who does a step", () => {
  const tools = [...world.tools, blocked];
  const task = (text: string, inputs: readonly object[] = []): HumanMessage =>
    new HumanMessage(
      `${toSection("task", text)}\n\n${toSection("inputs", inputs.map((input) => JSON.stringify(input)).join("\n"))}\n\n${toSection("goal_for_context", "…")}`,
    );

  it("calls tool after tool, then answers with what they gave", async () => {
    const model = new OfflineChatModel().bindTools(tools);
    const first = await model.invoke([task("Count the words in notes.txt")]);
    expect(first.tool_calls).toMatchObject([{ name: "read_file", args: { path: "notes.txt" } }]);
    const read = new ToolMessage({ content: "two words", tool_call_id: first.tool_calls?.[0]?.id ?? "" });
    const second = await model.invoke([task("Count the words in notes.txt"), first, read]);
    expect(second.tool_calls).toMatchObject([{ name: "text_stats", args: { text: "two words" } }]);
    const counted = new ToolMessage({
      content: '{"words":2,"lines":1}',
      tool_call_id: second.tool_calls?.[0]?.id ?? "",
    });
    const third = await model.invoke([task("Count the words in notes.txt"), first, read, second, counted]);
    expect(third.text).toContain("Count the words of notes.txt: 2");
    expect(new Set([first.tool_calls?.[0]?.id, second.tool_calls?.[0]?.id]).size).toBe(2);
  });

  it("takes “it” from the inputs", async () => {
    const message = await new OfflineChatModel()
      .bindTools(tools)
      .invoke([task("Double it", [{ id: "1", description: "3*4", output: 12 }])]);
    expect(message.tool_calls).toMatchObject([{ name: "calculator", args: { expression: "12 * 2" } }]);
  });

  it("composes from the inputs where that is the task", async () => {
    const message = await new OfflineChatModel().bindTools(tools).invoke([
      task("Summarize what was found", [
        { id: "1", description: "3*4", output: 12 },
        { id: "2", description: "name", output: "Ann" },
      ]),
    ]);
    expect(message.text).toBe("- 3*4: 12\n- name: Ann");
  });

  it("says that it is blocked where it does not understand", async () => {
    const message = await new OfflineChatModel().bindTools(tools).invoke([task("Negotiate a better price")]);
    expect(message.tool_calls).toMatchObject([
      { name: "blocked", args: { reason: expect.stringContaining("offline model") } },
    ]);
  });

  it.each(["get_weather", "any", { type: "function", function: { name: "get_weather" } }])(
    "makes the arguments of the tool that %j forces",
    async (choice) => {
      const model = new OfflineChatModel().bindTools([weather], { tool_choice: choice });
      const message = await model.invoke([task("Find the weather in Oslo")]);
      expect(message.tool_calls).toMatchObject([{ name: "get_weather", args: { city: "Oslo" } }]);
    },
  );

  it("makes a forced call out of the inputs", async () => {
    const calculator = world.tools.find(({ name }) => name === "calculator");
    if (calculator === undefined) {
      throw new Error("no calculator");
    }
    const model = new OfflineChatModel().bindTools([calculator], { tool_choice: "calculator" });
    const message = await model.invoke([
      task("Add both numbers", [
        { id: "1", description: "a", output: 3 },
        { id: "2", description: "b", output: 4 },
      ]),
    ]);
    expect(message.tool_calls).toMatchObject([{ name: "calculator", args: { expression: "3 + 4" } }]);
  });
});

describe("the offline model as a chat model", () => {
  it("streams text in words and calls in pieces, with the usage at the end", async () => {
    const texts: string[] = [];
    for await (const chunk of await new OfflineChatModel().stream("What are you?")) {
      texts.push(chunk.text);
    }
    expect(texts.length).toBeGreaterThan(5);
    expect(texts.join("")).toContain("offline model");

    const model = new OfflineChatModel().bindTools([planTool]);
    let whole: AIMessageChunk | undefined;
    for await (const chunk of await model.stream([catalogue, goalMessage("What is 2 + 2?")])) {
      whole = whole === undefined ? chunk : whole.concat(chunk);
    }
    const invoked = await plan("What is 2 + 2?");
    expect(whole?.tool_calls).toEqual(invoked.tool_calls);
    expect(whole?.usage_metadata).toMatchObject(invoked.usage_metadata ?? {});
    expect(whole?.usage_metadata?.output_tokens).toBeGreaterThan(5);
  });

  it("gives the same answer each time", async () => {
    expect((await plan("Add 3 and 4")).tool_calls).toEqual((await plan("Add 3 and 4")).tool_calls);
    expect(new OfflineChatModel()._llmType()).toBe("offline");
  });

  it("stops when it is aborted", async () => {
    await expect(new OfflineChatModel().invoke("hello", { signal: AbortSignal.abort() })).rejects.toThrow();
  });
});
