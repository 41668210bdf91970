import { AIMessage } from "@langchain/core/messages";
import { describe, expect, test } from "vitest";
import { createPlanExecuteAgent, type PlanExecuteOptions } from "../../../src/agent/index.js";
import type { AgentEvent } from "../../../src/events/index.js";
import { echo } from "../../support/agent-run.js";
import { planCall, type ScriptedAnswer, ScriptedModel } from "../../support/scripted-model.js";

type Method = "tool" | "json" | "text";

/** How a model hands in a plan, and an answer without one, by each method. */
const methods: Readonly<
  Record<
    Method,
    { plan(steps: readonly unknown[], answer?: string): ScriptedAnswer; words(text: string): ScriptedAnswer }
  >
> = {
  tool: { plan: planCall, words: (text) => text },
  // Where a model has no JSON mode of its own, LangChain asks for the JSON by a tool of the same name.
  json: {
    plan: (steps, answer) => JSON.stringify({ steps, answer, reply: null }),
    words: (text) => [{ name: "plan", args: { steps: [], reply: text } }],
  },
  text: {
    plan: (steps, answer) => `Here it is:\n\`\`\`json\n${JSON.stringify({ steps, answer })}\n\`\`\``,
    words: (text) => text,
  },
};

const step = { tool: "echo", args: { value: "out" } };
const cycle = [
  { id: "a", description: "a", dependsOn: ["b"] },
  { id: "b", description: "b", dependsOn: ["a"] },
  { id: "c", tool: "nothing", args: {} },
];

describe.each(Object.entries(methods))("a planner by %s", (method, { plan, words }) => {
  /** Answers of the planner in turn; after them, any step of an agent answers “by agent”. */
  function agentFor(answers: readonly ScriptedAnswer[], options: PlanExecuteOptions = {}) {
    const events: AgentEvent[] = [];
    const left = [...answers];
    const model = new ScriptedModel((_, tools) =>
      tools.includes("blocked") ? "by agent" : (left.shift() ?? new TypeError("The script is over.")),
    );
    const agent = createPlanExecuteAgent({
      model,
      tools: [echo],
      onEvent: (event) => events.push(event),
      executor: { retry: { baseMs: 0, maxMs: 0 } },
      ...options,
      planner: {
        method: method === "tool" || method === "json" || method === "text" ? method : "auto",
        ...options.planner,
      },
    });
    const invalid = () => events.flatMap((event) => (event.type === "plan.invalid" ? [event] : []));
    const generated = () => events.flatMap((event) => (event.type === "plan.generated" ? [event] : []));
    return { agent, model, invalid, generated };
  }

  test("makes a plan", async () => {
    const steps = [{ id: "x", ...step }];
    const { agent, model, generated } = agentFor([plan(steps, "x")]);
    const run = await agent.invoke({ input: "go" });
    expect(run).toMatchObject({ status: "done", response: "out", plan: [{ id: "x", tool: "echo" }] });
    expect(generated()).toMatchObject([{ version: 1, reason: "planned", answer: "x" }]);
    expect(model.count()).toBe(1);
  });

  test("makes a plan whose steps have no ids", async () => {
    const { agent } = agentFor([plan([step, { tool: "echo", args: { value: "{{1}}!" } }], "2")]);
    const run = await agent.invoke({ input: "go" });
    expect(run.response).toBe("out!");
    expect(run.plan.map(({ id }) => id)).toEqual(["1", "2"]);
  });

  test("answers without a plan, with one call", async () => {
    const { agent, model } = agentFor([words("Hello there.")]);
    const run = await agent.invoke({ input: "hi" });
    expect(run).toMatchObject({ status: "done", response: "Hello there.", plan: [], pastSteps: [] });
    expect(run.outcome?.reason).toBe("The goal needed no plan.");
    expect(model.count()).toBe(1);
  });

  test("repairs a plan once it is told everything that is wrong with it", async () => {
    const { agent, model, invalid } = agentFor([plan(cycle), plan([step], "1")]);
    const run = await agent.invoke({ input: "go" });
    expect(run.response).toBe("out");
    const [first, ...others] = invalid();
    expect(others).toEqual([]);
    expect(first?.attempt).toBe(1);
    expect(first?.issues.join(" ")).toMatch(/cycle|a.*b.*a/);
    expect(first?.issues.join(" ")).toContain("nothing");
    for (const issue of first?.issues ?? []) {
      expect(model.calls[1]?.prompt).toContain(issue);
    }
  });

  test("a plan that stays invalid becomes one agent step, and the run says so", async () => {
    const { agent, model, invalid, generated } = agentFor([
      plan(cycle),
      plan([...cycle, step]),
      plan(cycle),
      "The answer.",
    ]);
    const run = await agent.invoke({ input: "use {{this}}" });
    expect(invalid().map(({ attempt }) => attempt)).toEqual([1, 2, 3]);
    expect(generated()[0]).toMatchObject({
      by: "rule",
      reason: expect.stringMatching(/^no valid plan came/),
    });
    expect(run.pastSteps).toMatchObject([{ id: "1", status: "done", output: "by agent" }]);
    expect(model.calls[3]?.prompt).toContain("use {{this}}");
    expect(run).toMatchObject({ status: "done", response: "The answer." });
  });

  test("more steps than maxSteps are sent back", async () => {
    const many = [step, step, step].map((one, index) => ({ ...one, args: { value: index } }));
    const { agent, invalid } = agentFor([plan(many), plan([step], "1")], { planner: { maxSteps: 2 } });
    expect((await agent.invoke({ input: "go" })).response).toBe("out");
    expect(invalid()[0]?.issues.join()).toContain("3 steps, and 2 are allowed");
  });

  test("an empty answer is asked for again", async () => {
    const { agent, model } = agentFor(["", words("Hello.")]);
    expect((await agent.invoke({ input: "hi" })).response).toBe("Hello.");
    expect(model.count()).toBe(2);
  });

  test("a refusal ends the run as refused", async () => {
    const refusal = new AIMessage({ content: "", additional_kwargs: { refusal: "I will not." } });
    const run = await agentFor([refusal]).agent.invoke({ input: "go" });
    expect(run).toMatchObject({ status: "refused", outcome: { reason: "I will not." } });
  });

  test("another tool than the plan's is sent back", async () => {
    const { agent, invalid } = agentFor([[{ name: "echo", args: { value: 1 } }], plan([step], "1")]);
    expect((await agent.invoke({ input: "go" })).response).toBe("out");
    expect(invalid()[0]?.issues.join()).toContain('"echo" cannot be called here');
  });

  test("a call whose arguments are cut off is sent back", async () => {
    const broken = new AIMessage({
      content: "",
      invalid_tool_calls: [{ id: "c", name: "plan", args: '{"steps": [' }],
    });
    const { agent, invalid } = agentFor([broken, plan([step], "1")]);
    expect((await agent.invoke({ input: "go" })).response).toBe("out");
    expect(invalid()).toHaveLength(1);
  });

  test("thoughts beside the answer are no part of it", async () => {
    const thinking = [
      { type: "reasoning", reasoning: "secret" },
      { type: "text", text: "Hello." },
    ];
    const { agent } = agentFor([new AIMessage({ content: thinking })]);
    const run = await agent.invoke({ input: "hi" });
    expect(run.response).toBe("Hello.");
    expect(JSON.stringify(run.messages)).not.toContain("secret");
  });
});
