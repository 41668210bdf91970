// Steps that a worker does: how models write them, what is refused, and the line on which a person reads them.
import { describe, expect, test } from "vitest";
import { planSchema, readPlan, readStepLine, validatePlan, writeStepLine } from "../../src/plan/index.js";
import { createDeeds } from "../../src/policy/plan-deeds.js";

const tools = [
  { name: "search" },
  { name: "researcher", isWorker: true },
  { name: "writer", isWorker: true },
];

function read(step: object) {
  const found = readPlan({ steps: [step] }, { tools });
  return found.found ? planSchema.parse(found.plan).steps[0] : found.reason;
}

function issuesOf(step: object) {
  return validatePlan({ steps: [{ id: "1", description: "Find it", ...step }] }, { tools });
}

describe("a step for a worker is read", () => {
  test.each([
    ["as it is documented", { description: "Find it", worker: "researcher" }],
    ["where the worker stands as the tool", { description: "Find it", tool: "researcher" }],
    ["where its task is the tool's argument", { tool: "researcher", args: { task: "Find it" } }],
    ["where its task is all there is to the call", { tool: "researcher", args: "Find it" }],
    ["where its task is under its name", { researcher: "Find it" }],
    [
      "in strict mode, with null for what is missing",
      { description: "Find it", worker: "researcher", tool: null, args: null },
    ],
  ])("%s", (_how, step) => {
    expect(read(step)).toEqual({ id: "1", description: "Find it", worker: "researcher" });
  });

  test("without losing the task, if it is described too", () => {
    const step = { tool: "researcher", args: { query: "harbours of Riga" }, description: "Research" };
    expect(read(step)).toEqual({ id: "1", description: "Research\nharbours of Riga", worker: "researcher" });
  });

  test("as the call that it is, if it has arguments that say more than a task, and validation tells why not", () => {
    const step = { id: "1", tool: "researcher", args: { query: "a", depth: 2 }, description: "Find it" };
    expect(read(step)).toMatchObject({ tool: "researcher", args: { query: "a", depth: 2 } });
    expect(issuesOf(step)).toMatchObject([
      { code: "unknown-tool", message: expect.stringContaining('Write "worker": "researcher"') },
    ]);
  });
});

describe("a step for a worker is refused", () => {
  test("if there is no such worker, with the nearest name", () => {
    expect(issuesOf({ worker: "reseacher" })).toMatchObject([
      {
        code: "unknown-worker",
        stepId: "1",
        message:
          'Step "1": there is no worker "reseacher". Did you mean "researcher"? The workers are "researcher", "writer".',
      },
    ]);
    expect(issuesOf({ worker: "search" })).toMatchObject([{ code: "unknown-worker" }]);
    expect(
      validatePlan({ steps: [{ id: "1", description: "d", worker: "x" }] }, { tools: [] }),
    ).toMatchObject([{ message: expect.stringContaining("There are none") }]);
  });

  test.each([
    ["a tool", { tool: "search" }, ["tool"]],
    ["tools", { tools: ["search"] }, ["tools"]],
    ["arguments", { args: { task: "x" } }, ["args"]],
    ["a tool and arguments", { tool: "search", args: {} }, ["tool", "args"]],
  ])("if it names %s too", (_what, more, fields) => {
    const issues = issuesOf({ worker: "writer", ...more });
    expect(issues.map(({ code, path }) => [code, path])).toEqual(
      fields.map((field) => ["malformed", [field]]),
    );
  });

  test("only where it is known which workers there are", () => {
    expect(validatePlan({ steps: [{ id: "1", description: "d", worker: "anybody" }] })).toEqual([]);
  });
});

test("the line of the step names the worker, and reads back as the same step", () => {
  const step = { id: "1", description: "Find it", worker: "researcher", dependsOn: [] };
  const line = writeStepLine(step);
  expect(line).toBe('[1] agent: "Find it" | worker: "researcher" | dependsOn: []');
  const { id, ...rest } = step;
  expect(readStepLine(line, () => false)).toEqual({ kind: "step", id, step: rest });
});

test("the same task by another worker is another deed, which the approval of the first does not cover", () => {
  const deedOf = createDeeds(new Map(), new Map());
  const step = { id: "1", description: "Pay it" };
  const deeds = [{ ...step, worker: "writer" }, { ...step, worker: "researcher" }, step].map(deedOf);
  expect(new Set(deeds).size).toBe(3);
});
