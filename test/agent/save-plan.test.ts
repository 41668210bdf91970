import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { tool } from "@langchain/core/tools";
import { MemorySaver } from "@langchain/langgraph";
import { describe, expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import { createPlanExecuteAgent, loadPlans, savePlan } from "../../src/index.js";
import { echo, noWait } from "../support/agent-run.js";
import { scriptedByRole } from "../support/scripted-model.js";

const sales = tool(({ month }) => ({ month, total: month.length }), {
  name: "sales",
  description: "Sums up a month.",
  schema: z.object({ month: z.string(), top: z.number().default(3) }),
  metadata: { readOnly: true },
});
const breaks = tool(() => Promise.reject(new Error("no network")), {
  name: "breaks",
  description: "fails",
  schema: z.object({}),
});
const PLAN = {
  steps: [
    { id: "sum", tool: "sales", args: { month: "2026-11", top: 5 } },
    { id: "say", tool: "echo", args: { value: ["2026-11-30", "not 52026-11", "{{sum.total}}", "5 of 15"] } },
  ],
  answer: "In 2026-11: {{say.2}}",
};

function setUp(plan: object = PLAN) {
  const agent = createPlanExecuteAgent({
    model: scriptedByRole({}),
    tools: [sales, echo, breaks],
    planner: { plan: () => plan },
    executor: { retry: noWait },
    replanner: {
      replan: () => ({ steps: [{ id: "b", tool: "sales", args: { month: "2026-11" } }], answer: "b" }),
    },
    checkpointer: new MemorySaver(),
  });
  return { agent, run: () => agent.invoke({ input: "report" }, { configurable: { thread_id: "1" } }) };
}

function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), "plans-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) {
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

describe("savePlan", () => {
  test("makes a plan whose values are parameters, and it runs with others", async () => {
    const { agent, run } = setUp();
    await run();
    const wanted = {
      name: "report",
      description: "Reports on a month",
      parameters: { month: "2026-11", top: 5 },
    };
    const saved = await savePlan(agent, "1", wanted);
    expect(saved).toMatchObject({
      name: "report",
      parameters: { month: { type: "string" }, top: { type: "integer" } },
      steps: [
        { id: "sum", tool: "sales", args: { month: "{{with.month}}", top: "{{with.top}}" } },
        {
          id: "say",
          args: { value: ["{{with.month}}-30", "not 52026-11", "{{sum.total}}", "{{with.top}} of 15"] },
        },
      ],
      answer: "In {{with.month}}: {{say.2}}",
    });
    const folder = folderWith({ "report.json": JSON.stringify(saved) });
    const other = createPlanExecuteAgent({
      model: scriptedByRole({}),
      tools: [sales, echo],
      plans: await loadPlans(folder),
    });
    const again = await other.invoke({ plan: { name: "report", with: { month: "May", top: 1 } } });
    expect(again.response).toBe("In May: 3");
  });

  test("leaves out a step that failed and was replaced", async () => {
    const { agent, run } = setUp({ steps: [{ id: "a", tool: "breaks", args: {} }] });
    expect((await run()).status).toBe("done");
    const saved = await savePlan(agent, "1", {
      name: "x",
      description: "x",
      parameters: { month: "2026-11" },
    });
    expect(saved.steps).toMatchObject([{ id: "b", args: { month: "{{with.month}}" } }]);
  });

  test("refuses a value that no step has", async () => {
    const { agent, run } = setUp();
    await run();
    const wanted = { name: "x", description: "x", parameters: { month: "2026-12" } };
    await expect(savePlan(agent, "1", wanted)).rejects.toThrow(
      "parameters.month: no step of the plan has this value",
    );
  });

  test("refuses a thread without a plan that worked", async () => {
    const { agent } = setUp();
    const wanted = { name: "x", description: "x" };
    await expect(savePlan(agent, "1", wanted)).rejects.toThrow(
      'The plan of the thread "1" cannot be used:\n- it has no plan',
    );
  });
});

describe("loadPlans", () => {
  const YAML = `
name: report
description: Reports on a month
parameters:
  month: { type: string, description: "YYYY-MM" }
  top: { type: integer, default: 2 }
examples: ["report on {month}"]
steps:
  - sales: { month: "{{with.month}}", top: "{{with.top}}" }
answer: "Total {{1.total}}"
`;

  test("reads one plan or a list, in YAML or JSON, from a file or a folder", async () => {
    const one = {
      name: "one",
      description: "One",
      steps: [{ tool: "echo", args: { value: 1 } }],
      answer: "1",
    };
    const folder = folderWith({ "b.yaml": YAML, "a.json": JSON.stringify([one]), "notes.txt": "no plan" });
    const plans = await loadPlans(folder);
    expect(plans.map(({ name }) => name)).toEqual(["one", "report"]);
    expect(await loadPlans(join(folder, "b.yaml"))).toEqual(plans.slice(1));
    const agent = createPlanExecuteAgent({ model: scriptedByRole({}), tools: [sales, echo], plans });
    expect((await agent.invoke({ plan: { name: "report", with: { month: "June" } } })).response).toBe(
      "Total 4",
    );
  });

  test.each([
    ["is no YAML", "a: [", "they cannot be read"],
    ["holds no plan", "name: x\n", "0.description: "],
    ["has a field that is not there", `${YAML}stepz: []\n`, "stepz: there is no such option"],
  ])("refuses a file that %s, by its name", async (_what, text, problem) => {
    const file = join(folderWith({ "x.yaml": text }), "x.yaml");
    const error = await loadPlans(file).catch((thrown: unknown) => thrown);
    expect(String(error)).toContain(`The plans in ${file} cannot be used:`);
    expect(String(error)).toContain(problem);
  });

  test("says where a file is missing", async () => {
    await expect(loadPlans("/nowhere/plans")).rejects.toThrow("The plans in /nowhere/plans cannot be used");
  });
});
