// Plans that a server holds to the tools' schemas, with LangChain's own class for OpenAI at a server on loopback.
import { tool } from "@langchain/core/tools";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { echo } from "../support/agent-run.js";
import type { ModelRequest } from "../support/openai-server.js";
import { held, schemaAgent, schemaOf, waysOf } from "./schema-agent.js";

const say = (value: string) => ({ description: `say ${value}`, tool: "echo", args: { value } });
const halves = (metadata: Record<string, unknown>) =>
  tool(({ of: whole, by }) => whole / (by ?? 2), {
    name: "half",
    description: "Divides a number",
    schema: z.object({ of: z.number().max(100), by: z.number().optional() }),
    metadata,
  });
const half = halves({ readOnly: true });
/** What acts has its wrong arguments sent back. */
const actingHalf = halves({});
const promptOf = ({ messages }: ModelRequest) => messages.map(({ content }) => String(content)).join("\n");
const textOf = (request: ModelRequest) => JSON.stringify(schemaOf(request));

describe("a plan by schema", () => {
  it("is asked for with one alternative a tool, and carried out", async () => {
    const { agent, server } = await schemaAgent((request) =>
      schemaOf(request) === undefined ? { text: "It is out." } : held(say("out")),
    );
    const { status, response, pastSteps } = await agent.invoke({ input: "go" });
    expect({ status, response }).toEqual({ status: "done", response: "It is out." });
    expect(pastSteps).toMatchObject([{ id: "1", tool: "echo", output: "out" }]);
    expect(waysOf(server.requests)).toEqual(["schema", "text"]);
    expect(
      textOf(server.requests[0] ?? server.requests[1] ?? { model: "", stream: false, messages: [] }),
    ).toContain('"tool":{"type":"string","enum":["echo"]}');
    expect(promptOf(server.requests[1] ?? { model: "", stream: false, messages: [] })).toContain(
      "say out: out",
    );
  });

  it("without a step is an answer in words, asked for without the schema", async () => {
    const { agent, server } = await schemaAgent((request) =>
      schemaOf(request) === undefined ? { text: "Hello!" } : held(),
    );
    const { status, response, plan } = await agent.invoke({ input: "hi" });
    expect({ status, response, plan }).toEqual({ status: "done", response: "Hello!", plan: [] });
    expect(waysOf(server.requests)).toEqual(["schema", "text"]);
  });

  it("may write null for what it does not give, as strict servers want it", async () => {
    const { agent } = await schemaAgent(
      (request) =>
        schemaOf(request) === undefined
          ? { text: "It is 21." }
          : held({ description: "halve", forEach: null, if: null, tool: "half", args: { of: 42, by: null } }),
      { tools: [half] },
    );
    expect((await agent.invoke({ input: "halve 42" })).pastSteps).toMatchObject([
      { args: { of: 42 }, output: 21 },
    ]);
  });

  it("may have references where numbers are wanted, conditions, and a step for each item", async () => {
    const { agent, events } = await schemaAgent(
      (request) =>
        schemaOf(request) === undefined
          ? { text: "done" }
          : held(
              { description: "list", tool: "echo", args: { value: [8, 6] } },
              { description: "halve each", forEach: "{{1}}", tool: "half", args: { of: "{{item}}" } },
              { description: "never", if: "{{2.0}} > 5", tool: "half", args: { of: "{{2.0}}" } },
            ),
      { tools: [echo, half] },
    );
    const { pastSteps } = await agent.invoke({ input: "go" });
    expect(pastSteps.map(({ status, output }) => [status, output])).toEqual([
      ["done", [8, 6]],
      ["done", [4, 3]],
      ["skipped", undefined],
    ]);
    expect(events.filter(({ type }) => type === "plan.invalid")).toEqual([]);
  });

  it("has its wrong step written again, alone, told what is wrong and how the tool is called", async () => {
    let tries = 0;
    const { agent, server, events } = await schemaAgent(
      (request) => {
        if (schemaOf(request) === undefined) {
          return { text: "It is 4." };
        }
        tries += 1;
        const wrong = { description: "halve", tool: "half", args: { of: 800 } };
        return tries === 1 ? held(say("out"), wrong) : held({ ...wrong, args: { of: 8 } });
      },
      { tools: [echo, actingHalf] },
    );
    const { pastSteps, status } = await agent.invoke({ input: "go" });
    expect(status).toBe("done");
    expect(pastSteps.map(({ output }) => output)).toEqual(["out", 4]);
    expect(events.filter(({ type }) => type === "plan.invalid")).toHaveLength(1);
    const again = server.requests[1];
    expect(again && textOf(again)).toContain('"maxItems":1');
    // What it writes can only be a call of that tool, or words.
    expect(again && textOf(again)).toContain('["half"]');
    expect(again && textOf(again)).not.toContain('["echo"]');
    expect(again && promptOf(again)).toMatch(
      /Step "2".*half.*\nThe tool is called so:\n- half\(of: number, by\?: number\)/,
    );
  });

  it("has wrong arguments of a call that only reads written at the step, from what they named", async () => {
    const first = { description: "list", tool: "echo", args: { value: [8] } };
    const answers = [
      held(first, { description: "halve it", tool: "half", args: { of: 800, by: "{{1.0}}" } }),
      { text: JSON.stringify({ tool: "half", args: { of: 8 } }) },
    ];
    const { agent, server, events } = await schemaAgent(
      (request) => (schemaOf(request) === undefined ? { text: "It is 4." } : (answers.shift() ?? held())),
      { tools: [echo, half], executor: { method: "schema" } },
    );
    const { pastSteps, status } = await agent.invoke({ input: "go" });
    expect(status).toBe("done");
    expect(pastSteps.map(({ output }) => output)).toEqual([[8], 4]);
    expect(events.filter(({ type }) => type === "plan.invalid")).toEqual([]);
    const written = server.requests[1];
    expect(written && promptOf(written)).toContain('<inputs>\n{"id":"1","description":"list","output":[8]}');
  });

  describe("of which a call failed", () => {
    const stations = (metadata: Record<string, unknown>) =>
      tool(
        ({ city }) => {
          if (city !== "Rome") {
            throw new Error(`no station in ${city}`);
          }
          return 21;
        },
        { name: "look", description: "Looks", schema: z.object({ city: z.string() }), metadata },
      );
    const look = (city: string) => ({ description: "look there", tool: "look", args: { city } });

    it("has it made again, if it only reads, with arguments that a model writes and that sees why", async () => {
      const answers = [
        held(look("Roma")),
        { text: JSON.stringify({ tool: "look", args: { city: "Rome" } }) },
      ];
      const { agent, server, events } = await schemaAgent(
        (request) => (schemaOf(request) === undefined ? { text: "It is 21." } : (answers.shift() ?? held())),
        { tools: [stations({ readOnly: true })], executor: { method: "schema" } },
      );
      const { status, response } = await agent.invoke({ input: "how warm is it in Roma?" });
      expect({ status, response }).toEqual({ status: "done", response: "It is 21." });
      expect(waysOf(server.requests)).toEqual(["schema", "schema", "text"]);
      expect(
        promptOf(server.requests[1] ?? server.requests[0] ?? { model: "", stream: false, messages: [] }),
      ).toContain(
        '<pitfalls>\nCalled with {"city":"Roma"} it failed: The tool "look" failed: no station in Roma Write other arguments.',
      );
      const plans = events.filter((event) => event.type === "plan.generated");
      expect(plans.map(({ by }) => by)).toEqual(["planner", "rule"]);
    });

    it("is planned anew if it fails the same way with what the model wrote", async () => {
      const same = { text: JSON.stringify({ tool: "look", args: { city: "Roma" } }) };
      const answers = [held(look("Roma")), same, held(look("Rome"))];
      const { agent, events } = await schemaAgent(
        (request) => (schemaOf(request) === undefined ? { text: "It is 21." } : (answers.shift() ?? held())),
        { tools: [stations({ readOnly: true })], executor: { method: "schema" } },
      );
      const { status } = await agent.invoke({ input: "how warm is it in Roma?" });
      expect(status).toBe("done");
      const plans = events.filter((event) => event.type === "plan.generated");
      expect(plans.map(({ by }) => by)).toEqual(["planner", "rule", "replanner"]);
    });

    it("is not planned a third time if it comes out the same when it was asked for afresh", async () => {
      const { agent, server } = await schemaAgent(
        (request, index) =>
          schemaOf(request) === undefined
            ? { text: "It is 21." }
            : held({ ...look("Roma"), description: `look ${index}` }),
        { tools: [stations({})] },
      );
      expect((await agent.invoke({ input: "how warm is it in Roma?" })).status).toBe("incomplete");
      expect(waysOf(server.requests)).toEqual(["schema", "schema", "schema"]);
    });

    it("is made anew if the call may act, from facts that show the call, and counts its own steps", async () => {
      const answers = [
        held(say("out"), look("Roma")),
        held(look("Rome"), { description: "say it", tool: "echo", args: { value: "{{1}}" } }),
      ];
      const { agent, server } = await schemaAgent(
        (request) => (schemaOf(request) === undefined ? { text: "It is 21." } : (answers.shift() ?? held())),
        { tools: [echo, stations({})] },
      );
      const { status, pastSteps } = await agent.invoke({ input: "how warm is it in Roma?" });
      expect(status).toBe("done");
      expect(pastSteps.map(({ id, output }) => [id, output])).toEqual([
        ["1", "out"],
        ["2", undefined],
        ["3", 21],
        ["4", 21],
      ]);
      const again = server.requests[1];
      expect(again && promptOf(again)).toContain(
        '- say out: out\n- look there: failed (look {"city":"Roma"}): The tool "look" failed: no station in Roma',
      );
      expect(again && textOf(again)).toContain('"minItems":1');
    });
  });

  it("is asked for afresh if its wrong step stays wrong: for variety, without what was written", async () => {
    const temperatures: unknown[] = [];
    const wrong = held({ description: "halve", tool: "half", args: { of: 800 } });
    const answers = [wrong, wrong, held(say("out"))];
    const { agent, server } = await schemaAgent(
      (request) => {
        if (schemaOf(request) === undefined) {
          return { text: "out" };
        }
        temperatures.push(Reflect.get(request, "temperature"));
        return answers.shift() ?? held();
      },
      { tools: [echo, actingHalf] },
      { temperature: 0 },
    );
    expect((await agent.invoke({ input: "go" })).status).toBe("done");
    expect(temperatures).toEqual([0, 0, 0.7]);
    expect(server.requests[2]?.messages).toEqual(server.requests[0]?.messages);
  });

  it("without anything but the goal's own words, in a place that it does not name, is an answer in words", async () => {
    const note = tool(({ place }) => place, {
      name: "note",
      description: "Writes a text somewhere",
      schema: z.object({ place: z.string(), text: z.string() }),
    });
    const { agent } = await schemaAgent(
      (request) =>
        schemaOf(request) === undefined
          ? { text: "Hello to you." }
          : held({ description: "write", tool: "note", args: { place: "a.txt", text: "Hello, my friend!" } }),
      { tools: [note] },
    );
    const { status, response, pastSteps } = await agent.invoke({ input: "Hello my friend" });
    expect({ status, response, pastSteps }).toEqual({
      status: "done",
      response: "Hello to you.",
      pastSteps: [],
    });
  });

  it("may name a saved plan", async () => {
    const plans = [
      {
        name: "greet",
        description: "Greets somebody",
        parameters: z.object({ who: z.string() }),
        steps: [{ id: "1", description: "greet", tool: "echo", args: { value: "Hello {{with.who}}" } }],
      },
    ];
    const { agent } = await schemaAgent(
      (request) =>
        schemaOf(request) === undefined
          ? { text: "Greeted." }
          : { text: JSON.stringify({ steps: [], saved: { use: "greet", with: { who: "Ann" } } }) },
      { plans },
    );
    expect((await agent.invoke({ input: "greet Ann" })).pastSteps).toMatchObject([{ output: "Hello Ann" }]);
  });
});

describe("a server that takes no schema", () => {
  it("is asked in another way at once, and from the first request on in the next run", async () => {
    const { agent, server } = await schemaAgent(
      (request) => {
        if (schemaOf(request) !== undefined) {
          return { status: 400, text: "response_format is not supported by this model" };
        }
        return request.tools === undefined
          ? { text: "It is out." }
          : { text: JSON.stringify({ steps: [say("out")] }) };
      },
      { planner: { method: "auto" } },
    );
    expect((await agent.invoke({ input: "go" })).response).toBe("It is out.");
    await agent.invoke({ input: "go" });
    // Its model writes its plan as text, so a schema would be the better way; but the server does not take any.
    expect(waysOf(server.requests)).toEqual(["tool", "text", "schema", "schema", "schema", "tool", "text"]);
  });

  it("fails with a word on what to set, if the method is set to schema", async () => {
    const { agent } = await schemaAgent(() => ({ status: 400, text: "unknown field response_format" }));
    const { status, outcome } = await agent.invoke({ input: "go" });
    expect(status).toBe("failed");
    expect(outcome?.reason).toMatch(/takes no JSON schema.*planner\.method to "auto"/);
  });

  it("is found out where it takes the schema and does not heed it", async () => {
    let asked = 0;
    const { agent, server } = await schemaAgent(
      (request) => {
        asked += schemaOf(request) === undefined ? 0 : 1;
        return asked === 1 && schemaOf(request) !== undefined
          ? { text: "I would say hello." }
          : { text: "Hello!" };
      },
      { planner: { method: "schema" } },
    );
    expect((await agent.invoke({ input: "hi" })).response).toBe("I would say hello.");
    expect(waysOf(server.requests)).toEqual(["schema"]);
    expect((await agent.invoke({ input: "hi" })).outcome?.reason).toMatch(/does not heed it/);
  });
});

describe("auto", () => {
  it("offers the tool first where nothing is known, and a schema from the first plan in text on", async () => {
    const { agent, server } = await schemaAgent(
      (request) =>
        schemaOf(request) !== undefined
          ? held(say("out"))
          : request.tools === undefined
            ? { text: "It is out." }
            : { text: JSON.stringify({ steps: [say("out")] }) },
      { planner: { method: "auto" } },
    );
    await agent.invoke({ input: "go" });
    await agent.invoke({ input: "go" });
    expect(waysOf(server.requests)).toEqual(["tool", "text", "schema", "text"]);
  });

  it("keeps to the tool with a model that calls it", async () => {
    const { agent, server } = await schemaAgent(
      (request) =>
        request.tools === undefined
          ? { text: "It is out." }
          : { calls: [{ name: "plan", args: { steps: [say("out")] } }] },
      { planner: { method: "auto" } },
    );
    await agent.invoke({ input: "go" });
    await agent.invoke({ input: "go" });
    expect(waysOf(server.requests)).toEqual(["tool", "text", "tool", "text"]);
  });
});
