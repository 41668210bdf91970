import { describe, expect, test } from "vitest";
import { echo, plannedAgent } from "../../support/agent-run.js";
import { planCall, type ScriptByRole } from "../../support/scripted-model.js";

const call = (value: unknown) => ({ echo: { value } });
const planned = (script: ScriptByRole) => plannedAgent([], { tools: [echo] }, script);

describe("two plans in one answer", () => {
  test("are one plan: all steps, numbered through, and a model writes the answer", async () => {
    const planner = [
      ...planCall([call("a"), call("of {{1}}")], "1"),
      ...planCall([{ if: "{{2}} == 'of a'", ...call("b") }], "1"),
    ];
    const { agent, model } = planned({ planner });
    const run = await agent.invoke({ input: "go" });
    expect(run.pastSteps.map(({ id, output }) => [id, output])).toEqual([
      ["1", "a"],
      ["2", "of a"],
      ["3", "b"],
    ]);
    expect(run).toMatchObject({ status: "done", response: "the answer" });
    expect(model.count("planner")).toBe(1);
  });

  test("that are the same are one", async () => {
    const { agent } = planned({ planner: [...planCall([call("a")], "1"), ...planCall([call("a")], "1")] });
    const run = await agent.invoke({ input: "go" });
    expect(run).toMatchObject({ response: "a", pastSteps: [{ id: "1" }] });
    expect(run.pastSteps).toHaveLength(1);
  });

  test.each([
    ["a reference could mean a step of either", [call("b"), call("of {{1}}")]],
    ["dependsOn could", [call("b"), { ...call("c"), dependsOn: [1] }]],
    ["two steps have one id", [{ id: "1", ...call("b") }]],
  ])("are refused where %s", async (_, steps) => {
    const script = { planner: [...planCall([call("a")]), ...planCall(steps)] };
    const { agent, eventsOf, model } = planned({
      ...script,
      planner: (_messages, _tools, nth) => (nth === 1 ? script.planner : planCall([call("once")], "1")),
    });
    expect((await agent.invoke({ input: "go" })).response).toBe("once");
    expect(eventsOf("plan.invalid")[0]?.issues).toEqual([
      "2 plans came, and it is not said whose steps their ids mean. Hand in one plan with all the steps.",
    ]);
    expect(model.count("planner")).toBe(2);
  });
});

describe("a plan without steps", () => {
  test("that has an answer is the answer", async () => {
    const { agent, model } = planned({ planner: planCall([], "Hi! How can I help?") });
    const run = await agent.invoke({ input: "hi" });
    expect(run).toMatchObject({ status: "done", response: "Hi! How can I help?", pastSteps: [] });
    expect(model.count()).toBe(1);
  });

  test("is the answer as text too, and does not show its JSON", async () => {
    const { agent } = plannedAgent(
      [],
      { planner: { method: "text" } },
      { planner: '```json\n{"steps": [], "answer": "Hi!"}\n```' },
    );
    expect((await agent.invoke({ input: "hi" })).response).toBe("Hi!");
  });

  test.each([
    ["It has {{1.length}} letters: {{1}}.", "It has 3 letters: out."],
    ["1", "out"],
  ])("answers with the outputs of earlier steps: %j", async (answer, response) => {
    const { agent } = planned({
      planner: planCall([call("out"), call("{{1.nope}}")]),
      replanner: planCall([], answer),
    });
    const run = await agent.invoke({ input: "go" });
    expect(run.response).toBe(response);
  });

  test("and without an answer is no plan", async () => {
    const { agent, eventsOf } = planned({
      planner: (_messages, _tools, nth) => (nth === 1 ? planCall([]) : planCall([call("once")], "1")),
    });
    expect((await agent.invoke({ input: "go" })).response).toBe("once");
    expect(eventsOf("plan.invalid")[0]?.issues).toEqual(["The plan has no steps: it needs one at least."]);
  });
});

test("an answer that was written before the work was done is not told: a model writes it, without a repair", async () => {
  const { agent, model, eventsOf } = planned({ planner: planCall([call("a")], "I have sent the report.") });
  const run = await agent.invoke({ input: "go" });
  expect(run).toMatchObject({ status: "done", response: "the answer" });
  expect(eventsOf("plan.invalid")).toEqual([]);
  expect(model.calls.map(({ role }) => role)).toEqual(["planner", "answer"]);
});

test("a call of a tool in place of the plan is refused, and shown as the step that it would be", async () => {
  const { agent, eventsOf } = planned({
    planner: (_messages, _tools, nth) =>
      nth === 1 ? [{ name: "echo", args: { value: "x" } }] : planCall([call("once")], "1"),
  });
  expect((await agent.invoke({ input: "go" })).response).toBe("once");
  expect(eventsOf("plan.invalid")[0]?.issues).toEqual([
    '"echo" cannot be called here. Call "plan", with {"echo":{"value":"x"}} as a step of it.',
  ]);
});
