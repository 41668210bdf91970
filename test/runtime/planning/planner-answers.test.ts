import { SimpleChatModel } from "@langchain/core/language_models/chat_models";
import { AIMessage } from "@langchain/core/messages";
import { expect, test } from "vitest";
import { createPlanExecuteAgent } from "../../../src/agent/index.js";
import { echo, plannedAgent } from "../../support/agent-run.js";
import { planCall, ScriptedModel, scriptedByRole } from "../../support/scripted-model.js";

/** A model that can do nothing but write. */
class Writer extends SimpleChatModel {
  readonly #text: string;

  constructor(text: string) {
    super({});
    this.#text = text;
  }

  override _llmType(): string {
    return "writer";
  }

  override async _call(): Promise<string> {
    return this.#text;
  }
}

const step = { tool: "echo", args: { value: "out" } };

test("a model that can call tools is given the plan tool, one that cannot is asked for text", async () => {
  const able = scriptedByRole({ planner: "Hello." });
  await createPlanExecuteAgent({ model: able }).invoke({ input: "hi" });
  expect(able.calls[0]?.tools).toEqual(["plan"]);

  const text = `\`\`\`json\n${JSON.stringify({ steps: [step], answer: "1" })}\n\`\`\``;
  const unable = new Writer(text);
  const run = await createPlanExecuteAgent({ model: unable, tools: [echo] }).invoke({ input: "go" });
  expect(run).toMatchObject({ status: "done", response: "out" });
});

test.each(["tool", "json", "text"] as const)(
  "by the method %s a plan comes in the shortest form",
  async (method) => {
    const plan = { steps: [{ echo: { value: "out" } }, { echo: { value: ["{{1}}"] } }], answer: "2" };
    const answers = {
      tool: planCall(plan.steps, plan.answer),
      json: JSON.stringify({ ...plan, reply: null }),
      text: `\`\`\`json\n${JSON.stringify(plan, null, 2)}\n\`\`\``,
    };
    const model = new ScriptedModel(() => answers[method]);
    const run = await createPlanExecuteAgent({ model, tools: [echo], planner: { method } }).invoke({
      input: "go",
    });
    expect(run).toMatchObject({ status: "done", pastSteps: [{ tool: "echo" }, { output: ["out"] }] });
    expect(model.count()).toBe(1);
  },
);

test("a model that cannot call tools, but is asked to, fails and says what to set", async () => {
  const model = new Writer("x");
  for (const method of ["tool", "json"] as const) {
    const run = await createPlanExecuteAgent({ model, planner: { method } }).invoke({ input: "go" });
    expect(run.status).toBe("failed");
    expect(run.outcome?.reason).toContain('set method to "text"');
  }
});

test("a reply beside the steps of a JSON plan is a remark, and the plan counts", async () => {
  const model = new ScriptedModel(() => JSON.stringify({ steps: [step], answer: "1", reply: "My plan." }));
  const agent = createPlanExecuteAgent({ model, tools: [echo], planner: { method: "json" } });
  expect((await agent.invoke({ input: "go" })).response).toBe("out");
});

test.each(['{"steps": [], "reply": "Hello."}', '```json\n{"steps": [], "reply": "Hello."}\n```', "Hello."])(
  "a reply in JSON is read out of %j",
  async (text) => {
    const model = new ScriptedModel(() => text);
    const run = await createPlanExecuteAgent({ model, planner: { method: "json" } }).invoke({ input: "hi" });
    expect(run.response).toBe("Hello.");
  },
);

test("words beside a plan are not the answer: the plan takes the message's place", async () => {
  const call = { name: "plan", args: { steps: [step], answer: "1" }, id: "c", type: "tool_call" as const };
  const model = scriptedByRole({
    planner: new AIMessage({ id: "m", content: "Let me think.", tool_calls: [call] }),
  });
  const run = await createPlanExecuteAgent({ model, tools: [echo] }).invoke({ input: "go" });
  const [, plan, answer] = run.messages;
  expect([plan?.id, plan?.text.startsWith("**Plan**")]).toEqual(["m", true]);
  expect(answer?.text).toBe("out");
  expect(JSON.stringify(run.messages)).not.toContain("Let me think.");
});

test("the planner's prompt holds the catalogue, the size of plans and what was asked for", async () => {
  const { agent, model } = plannedAgent([step], {
    tools: [echo],
    planner: { granularity: "coarse", maxSteps: 5, pitfalls: true, instructions: "Be quick." },
  });
  await agent.invoke({ input: "go" });
  const prompt = model.calls[0]?.prompt ?? "";
  for (const words of ["echo(value: any)", "gives back what it is given", "2 to 4 steps", "at most 5"]) {
    expect(prompt).toContain(words);
  }
  expect(prompt).toContain("`pitfalls`");
  expect(prompt).toContain("Be quick.");
});

test("over goals and turns the prompts share everything up to the conversation", async () => {
  const { agent, model } = plannedAgent([step], { tools: [echo] });
  await agent.invoke({ input: "one thing" });
  await agent.invoke({
    messages: [
      { role: "human", content: "hi" },
      { role: "ai", content: "yes?" },
      { role: "human", content: "two" },
    ],
  });
  const systems = model.calls
    .filter(({ role }) => role === "planner")
    .map(({ messages }) => messages[0]?.text);
  expect(systems[0]).toBe(systems[1]);
  expect(systems[0]).toContain("</tools>");
});

test("a fallback plan is recorded as made by rule", async () => {
  const model = scriptedByRole({ planner: planCall([]), agent: "done", replanner: "The answer." });
  const agent = createPlanExecuteAgent({ model });
  let versions: unknown;
  for await (const update of await agent.stream({ input: "go" }, { streamMode: "updates" })) {
    versions ??= update.planner?.planVersions;
  }
  expect(JSON.stringify(versions)).toContain('"by":"rule"');
});
