import { describe, expect, it } from "vitest";
import { z } from "zod";
import { stepCosts } from "../../bench/wire-form/count-tokens.js";
import { keyedForm, type WireForm } from "../../bench/wire-form/forms.js";
import { toJsonText } from "../../bench/wire-form/json-text.js";
import { createStepScanner, type PlanTool, readPlan, validatePlan } from "../../src/plan/index.js";
import { toPlannerMessages, toPlanTool, toWireSchema } from "../../src/prompts/index.js";

const query = z.object({ query: z.string() });
const search: PlanTool = { name: "web_search", schema: query };
const add: PlanTool = { name: "add", schema: z.object({ a: z.any(), b: z.any() }) };
const tools = [search, add];

const read = (raw: unknown, known: readonly PlanTool[] = tools) => {
  const result = readPlan(raw, { tools: known });
  return result.found ? result.plan : result.reason;
};
const one = (step: unknown, known?: readonly PlanTool[]) => read({ steps: [step] }, known);

/** What is told of a step that cannot be understood. */
const problems = (step: unknown, known: readonly PlanTool[] = tools) => {
  const result = readPlan({ steps: [step] }, { tools: known });
  return result.found ? result.issues.map(({ message }) => message) : [result.reason];
};

function rulesFor(method: "tool" | "json" | "text"): string {
  const given = {
    tools: [
      {
        name: "web_search",
        description: "searches",
        readOnly: true,
        parameters: { type: "object", properties: { query: { type: "string" } } },
      },
    ],
    plans: [],
    granularity: "fine",
    maxSteps: 9,
    today: "Tuesday, 2025-06-10, Europe/Berlin",
    attachments: [],
    pitfalls: false,
    conversation: [],
    goal: "go",
  } as const;
  return toPlannerMessages({ ...given, method })[0]?.text ?? "";
}

describe("what a direct step with one short argument costs beside the argument", () => {
  const calls = [
    { tool: "web_search", args: { query: "height of Mont Blanc" } },
    { tool: "calculator", args: { expression: "17*23" } },
    { tool: "read_file", args: { path: "notes.txt" } },
    { tool: "get_order_history", args: { customer_id: "C-1042" } },
    { tool: "TripadvisorSearchLocation", args: { query: "Rome" } },
    { tool: "summarize", args: { text: "{{1}}" } },
    { tool: "search_hotels", args: { place: "{{2.id}}" } },
    { tool: "fetch_page", args: { url: "{{3.0}}" } },
  ];
  const withIds: WireForm = {
    name: "with an id",
    write: (call, spacing, position) =>
      toJsonText({ id: `s${position}`, ...JSON.parse(keyedForm.write(call, "tight", position)) }, spacing),
  };

  it.each(["tight", "blanks"] as const)(
    "is 12 tokens at most, references included, written %s",
    (spacing) => {
      expect(Math.max(...stepCosts(calls, keyedForm, spacing))).toBeLessThanOrEqual(12);
    },
  );

  it("is 16 tokens at most with an id and a reference to a whole output as well", () => {
    expect(Math.max(...stepCosts(calls.slice(0, 6), withIds))).toBeLessThanOrEqual(16);
  });

  it("is that of the form that models are told, and that the plan tool's schema allows", () => {
    const written = keyedForm.write({ tool: "web_search", args: { query: "{{1}}" } }, "tight", 1);
    for (const method of ["tool", "json", "text"] as const) {
      expect(rulesFor(method)).toContain(`${written} calls`);
    }
    expect(written).toBe('{"web_search":"{{1}}"}');
    const plan: unknown = JSON.parse(
      `{"steps":[{"web_search":{"query":"tea"}},${written},{"id":"b","add":{"a":1,"b":"{{1}}"}}],"answer":"b"}`,
    );
    for (const wire of [toPlanTool().schema, toWireSchema(false, { pitfalls: true, strongModel: true })]) {
      const schema = z.fromJSONSchema(JSON.parse(JSON.stringify(wire)));
      expect(schema.safeParse(plan).success).toBe(true);
    }
    const understood = read(plan);
    expect(validatePlan(understood, { tools })).toEqual([]);
    expect(understood).toMatchObject({
      steps: [
        { id: "1", tool: "web_search", args: { query: "tea" } },
        { id: "2", tool: "web_search", args: { query: "{{1}}" } },
        { id: "b", tool: "add", args: { a: 1, b: "{{1}}" } },
      ],
      answer: "b",
    });
  });
});

describe("a call under its tool's name", () => {
  it("is read with whatever stands beside it", () => {
    const step = {
      add: { a: "$1", b: "{{item}}" },
      id: "sum",
      description: "Sum up",
      depends_on: [1],
      forEach: "1.items",
      if: "{{1.found}}",
      expect: "a number",
      pitfalls: "none are known yet",
    };
    expect(read({ steps: ["first", step] })).toEqual({
      steps: [
        { id: "1", description: "first" },
        {
          id: "sum",
          description: "Sum up",
          tool: "add",
          args: { a: "{{1}}", b: "{{item}}" },
          dependsOn: ["1"],
          forEach: "{{1.items}}",
          if: "{{1.found}}",
          expect: "a number",
          pitfalls: "none are known yet",
        },
      ],
    });
  });

  it("may have no arguments in it, or none at all: then a model makes them", () => {
    expect(one({ web_search: {} })).toMatchObject({ steps: [{ tool: "web_search", args: {} }] });
    expect(one({ web_search: null, description: "Look" })).toEqual({
      steps: [{ id: "1", tool: "web_search", description: "Look" }],
    });
  });

  it("may have the only argument by itself, as JSON text, or beside it", () => {
    const call = { steps: [{ tool: "web_search", args: { query: "tea" } }] };
    expect(one({ web_search: "tea" })).toMatchObject(call);
    expect(one({ web_search: '{"query":"tea"}' })).toMatchObject(call);
    expect(one({ web_search: null, args: { query: "tea" } })).toMatchObject(call);
    expect(one({ tool: "web_search", input: "tea" })).toMatchObject(call);
  });

  it.each([
    ["text", "tea"],
    ["a reference", "{{1.items}}"],
    ["text that is JSON of something else", '{"a":1}'],
    ["text that is a list", "[1,2]"],
    ["a number", 5],
    ["false", false],
    ["a list", ["tea", { cup: 1 }]],
  ])("may have the value of its one argument alone, if that is %s", (_, value) => {
    const schema = z.object({ value: z.union([z.string(), z.number(), z.boolean(), z.array(z.any())]) });
    const alone = { name: "take", schema };
    const optional = {
      name: "take",
      schema: schema.extend({ limit: z.number().default(3), note: z.string().optional() }),
    };
    const inJson = { name: "take", schema: z.toJSONSchema(optional.schema, { io: "input" }) };
    for (const tool of [alone, optional, { ...inJson, schema: { ...inJson.schema, required: ["value"] } }]) {
      expect(one({ take: value }, [search, tool])).toMatchObject({
        steps: [{ tool: "take", args: { value } }],
      });
    }
  });

  it("is not guessed at where a value alone could be either of two arguments", () => {
    for (const value of [5, "5"]) {
      expect(problems({ add: value })).toEqual([
        `Step "1": "add" takes "a", "b", and which of them ${JSON.stringify(value)} is, is not said. Write {"add":{"a":…,"b":…}}.`,
      ]);
    }
  });

  it("is found in a text, and in steps by id", () => {
    const steps = [{ web_search: { query: "tea" } }, { add: { a: "{{1}}", b: 2 } }];
    const expected = read({ steps });
    expect(read(JSON.stringify({ steps }))).toEqual(expected);
    expect(read(`Here it is:\n\`\`\`json\n${JSON.stringify(steps, null, 2)}\n\`\`\``)).toEqual(expected);
    expect(read({ steps: { 1: steps[0], 2: steps[1] } })).toEqual(expected);
    expect(read(steps[0])).toMatchObject({ steps: [{ tool: "web_search" }] });
    const short = { steps: [{ web_search: "tea" }, { add: { a: "{{1}}", b: 2 } }] };
    expect(read(JSON.stringify(short))).toEqual(expected);
    expect(read(`Here it is:\n\`\`\`json\n${JSON.stringify(short, null, 2)}\n\`\`\``)).toEqual(expected);
    expect(read('The tools of the day: [{"web_search":"down"}]')).toBe("There is no plan in this text.");
    expect(read('Such as {"web_search": {"query": "tea"}}.')).toBe("There is no plan in this text.");
  });

  it("of a tool that is not there is found to be one, in a text too", () => {
    const plan = { steps: [{ websearch: { query: "tea" }, id: "a" }] };
    for (const raw of [plan, JSON.stringify(plan), { steps: [{ websearch: "tea", id: "a" }] }]) {
      const issues = validatePlan(read(raw), { tools });
      expect(issues).toMatchObject([{ code: "unknown-tool", stepId: "a" }]);
      expect(issues[0]?.message).toContain('"web_search"');
    }
    expect(one({ task: "Do it", metadata: { x: 1 } })).toEqual({
      steps: [{ id: "1", description: "Do it" }],
    });
  });

  it("is not taken where there are two of them: the check complains", () => {
    expect(problems({ web_search: { query: "tea" }, add: { a: 1, b: 2 } })).toEqual([
      'Step "1": it calls "web_search", "add". Make each call a step of its own.',
    ]);
  });

  it("comes after the field that names a tool", () => {
    expect(one({ tool: "add", args: { a: 1, b: 2 }, web_search: { query: "tea" } })).toMatchObject({
      steps: [{ tool: "add", args: { a: 1, b: 2 } }],
    });
    expect(one({ name: "prices", web_search: { query: "tea" } })).toMatchObject({
      steps: [{ description: "prices", tool: "web_search", args: { query: "tea" } }],
    });
  });
});

const fieldNames = ["id", "if", "tool", "args", "dependsOn", "forEach", "description", "expect", "pitfalls"];
const wildNames = ["answer", "plan", "steps", "step", "task", "action", "name", "function", "input", "after"];

describe("a tool that is called like a field", () => {
  const known = (name: string): PlanTool[] => [{ name, schema: query }, ...tools];

  it.each([...fieldNames, ...wildNames])("is called by its name as the key, and in full: %s", (name) => {
    const expected = {
      steps: [
        { id: "1", tool: name, args: { query: "tea" } },
        { id: "2", tool: "add" },
      ],
    };
    const last = { add: { a: "{{1}}", b: 2 } };
    for (const step of [
      { [name]: { query: "tea" } },
      { tool: name, args: { query: "tea" } },
      { tool: { name, arguments: { query: "tea" } } },
    ]) {
      const plan = read({ steps: [step, last] }, known(name));
      expect(plan).toMatchObject(expected);
      expect(validatePlan(plan, { tools: known(name) })).toEqual([]);
    }
  });

  const saysMore = ["description", "tool", "function"];
  it.each([...fieldNames, ...wildNames].filter((name) => !saysMore.includes(name)))(
    "is called with a value alone by a step that says nothing else: %s",
    (name) => {
      const expected = { steps: [{ tool: name, args: { query: "tea" } }] };
      expect(one({ [name]: "tea" }, known(name))).toMatchObject(expected);
    },
  );

  it.each(fieldNames)("leaves the field its meaning in the other steps: %s", (name) => {
    const plan = {
      steps: [
        { web_search: { query: "tea" } },
        {
          id: "b",
          description: "Add",
          tool: "add",
          args: { a: "{{1}}", b: "{{item}}" },
          dependsOn: ["1"],
          forEach: "{{1.items}}",
          if: "{{1.found}}",
          expect: "a number",
          pitfalls: "commas",
        },
        { id: "c", add: { a: 1, b: 2 }, if: "{{1}}", dependsOn: [] },
      ],
      answer: "b",
    };
    expect(read(plan, known(name))).toEqual(read(plan));
  });

  it("does not take the arguments of a tool that is named in another manner", () => {
    const call = { steps: [{ tool: "add", args: { a: 1, b: 2 } }] };
    for (const name of ["args", "input", "tool", "function", "parameters"]) {
      expect(one({ tool: "add", args: { a: 1, b: 2 } }, known(name))).toMatchObject(call);
      expect(one({ name: "add", input: { a: 1, b: 2 } }, known(name))).toMatchObject(call);
      expect(one({ function: { name: "add", arguments: { a: 1, b: 2 } } }, known(name))).toMatchObject(call);
    }
  });
});

it("steps of calls under their tools' names come out of the stream one by one, and mean what they mean in the end", () => {
  const steps = [
    { web_search: { query: 'say "steps":[' } },
    { id: "b", add: { a: "{{1}}", b: [1, { steps: [2] }] } },
    { steps: { query: "tea" }, dependsOn: [] },
  ];
  const known = [...tools, { name: "steps", schema: query }];
  for (const indent of [0, 2]) {
    const scanner = createStepScanner();
    const text = JSON.stringify({ steps, answer: "b" }, null, indent);
    const seen = [...text].flatMap((character) => [...scanner.push(character)]);
    expect(seen).toEqual(steps);
    for (const count of [1, 2, 3]) {
      const whole = read({ steps }, known);
      const begun = read({ steps: seen.slice(0, count) }, known);
      expect(whole).toMatchObject({ steps: expect.arrayContaining(Reflect.get(Object(begun), "steps")) });
    }
  }
});
