import { expect, test } from "vitest";
import { createPlanExecuteAgent } from "../../src/index.js";
import { echo } from "../support/agent-run.js";
import { type Script, ScriptedModel, scriptedByRole } from "../support/scripted-model.js";
import { handOnTo } from "./hand-on-steps.js";
import { shorterOf } from "./shorter-plan.js";

const echoes = (count: number) => ({
  steps: Array.from({ length: count }, (_, index) => ({ tool: "echo", args: { value: index } })),
  answer: "1",
});

test("a planner asks two models and takes the shorter valid plan", async () => {
  const long = new ScriptedModel(() => JSON.stringify(echoes(3)));
  const short = new ScriptedModel(() => JSON.stringify(echoes(2)));
  const broken = new ScriptedModel(() => '{"steps":[{"tool":"nothing","args":{}}]}');
  const run = async (one: ScriptedModel, other: ScriptedModel) => {
    const agent = createPlanExecuteAgent({
      model: scriptedByRole({}),
      tools: [echo],
      planner: shorterOf(one, other),
    });
    return (await agent.invoke({ input: "go" })).plan.length;
  };
  expect(await run(long, short)).toBe(2);
  expect(await run(broken, long)).toBe(3);
});

test("a planner of two models hears what was wrong when neither plan is valid", async () => {
  const answers = ['{"steps":[{"tool":"nothing","args":{}}]}', JSON.stringify(echoes(1))];
  const script: Script = (_messages, _tools, call) => answers[call - 1] ?? "?";
  const [one, other] = [new ScriptedModel(script), new ScriptedModel(script)];
  const agent = createPlanExecuteAgent({
    model: scriptedByRole({}),
    tools: [echo],
    planner: shorterOf(one, other),
  });
  expect((await agent.invoke({ input: "go" })).status).toBe("done");
  expect(one.calls[1]?.prompt).toContain('Wrong in the last plan: Step "1": there is no tool "nothing"');
});

test("an executor hands its steps to another agent", async () => {
  const first = { tool: "echo", args: { value: 4 } };
  const other = createPlanExecuteAgent({
    model: scriptedByRole({}),
    planner: { plan: ({ goal }) => (goal.includes("double 4") ? "8" : { refused: "I only double." }) },
  });
  const run = async (description: string) => {
    const agent = createPlanExecuteAgent({
      model: scriptedByRole({}),
      tools: [echo],
      planner: { plan: () => ({ steps: [first, { description }], answer: "2" }) },
      executor: handOnTo(other),
      replanner: { replan: ({ causes }) => causes.map(({ kind }) => kind).join() },
    });
    return agent.invoke({ input: "go" });
  };
  expect(await run("double {{1}}")).toMatchObject({ status: "done", response: "8" });
  const refused = await run("halve {{1}}");
  expect(refused.response).toBe("trouble");
  expect(refused.pastSteps[1]).toMatchObject({ status: "blocked", error: { message: "I only double." } });
});
