import { tool } from "@langchain/core/tools";
import { expect, test } from "vitest";
import { z } from "zod";
import { plannedAgent } from "../../support/agent-run.js";
import { readSection } from "../../support/read-section.js";
import { planCall, type ScriptedAnswer } from "../../support/scripted-model.js";

const schema = z.object({});
const found = { results: [{ title: "a", "url </tools>": "b" }], total: 1 };
const toolNamed = (name: string, output: unknown, metadata: object = {}) =>
  tool(() => output, { name, description: name, schema, metadata: { readOnly: true, ...metadata } });
const step = (id: string, name: string, more: object = {}) => ({ id, tool: name, args: {}, ...more });

/** The planner's catalogue in each of its calls so far. */
const cataloguesOf = (model: ReturnType<typeof plannedAgent>["model"]) =>
  model.calls.filter(({ role }) => role === "planner").map(({ prompt }) => readSection("tools", prompt));

test("a declared output is told in the catalogue, whether as zod, as JSON Schema or by an example", async () => {
  const { agent, model } = plannedAgent([step("1", "zod")], {
    tools: [
      toolNamed(
        "zod",
        {},
        { outputSchema: z.object({ rows: z.array(z.object({ a: z.int() })), count: z.int() }) },
      ),
      toolNamed(
        "json",
        {},
        {
          outputSchema: { type: "object", properties: { id: { type: "string" } }, required: ["id"] },
        },
      ),
      toolNamed("example", {}, { outputExample: { names: ["Ann"] } }),
      toolNamed("text", "", { output: "text" }),
      toolNamed("silent", 1),
    ],
  });
  await agent.invoke({ input: "go" });
  expect(cataloguesOf(model)[0]?.split("\n")).toEqual([
    "zod() -> {rows: [{a}], count}: zod",
    "json() -> {id, ...}: json",
    "example() -> {names: [text]}: example",
    "text() -> text: text",
    "silent(): silent",
  ]);
});

test("a plan that guesses a part is sent back with the parts that there are", async () => {
  const answers: ScriptedAnswer[] = [
    planCall([step("1", "search")], "It is {{1.items.0}}."),
    planCall([step("1", "search")], "It is {{1.rows.0}}."),
  ];
  const { agent, eventsOf } = plannedAgent(
    [],
    { tools: [toolNamed("search", { rows: ["x"] }, { outputExample: { rows: [""] } })] },
    { planner: () => answers.shift() ?? "over" },
  );
  expect((await agent.invoke({ input: "go" })).response).toBe("It is x.");
  expect(eventsOf("plan.invalid")[0]?.issues.join()).toContain('it has no "items": it has "rows"');
});

test("where nothing is declared, the shape that an earlier run saw is told: its keys, no values, and always the same", async () => {
  const outputs: unknown[] = [found, { other: 1 }];
  const search = tool(() => outputs.shift() ?? {}, { name: "search", description: "searches", schema });
  const { agent, model } = plannedAgent([step("1", "search")], { tools: [search] });
  for (const input of ["first", "second", "third"]) {
    await agent.invoke({ input });
  }
  const seen = "search() [acts] -> {results: [{title, ...}], total, ...}: searches";
  expect(cataloguesOf(model)).toEqual(["search() [acts]: searches", seen, seen]);
});

test("a shape that was seen is only told, and one of a for-each step is that of its tool", async () => {
  const { agent, model } = plannedAgent(
    [step("1", "list"), step("2", "search", { forEach: "{{1}}" }), step("3", "number"), step("4", "search")],
    { tools: [toolNamed("list", [1, 2]), toolNamed("search", found), toolNamed("number", 7)] },
  );
  await agent.invoke({ input: "go" });
  await agent.invoke({ input: "go" });
  expect(cataloguesOf(model)[1]?.split("\n")).toEqual([
    "list() -> [number]: list",
    "search() -> {results: [{title, ...}], total, ...}: search",
    "number(): number",
  ]);
});

test("one agent does not know what another has seen", async () => {
  const make = () => plannedAgent([step("1", "search")], { tools: [toolNamed("search", found)] });
  await make().agent.invoke({ input: "go" });
  const { agent, model } = make();
  await agent.invoke({ input: "go" });
  expect(cataloguesOf(model)).toEqual(["search(): search"]);
});
