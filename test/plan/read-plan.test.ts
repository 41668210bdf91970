// biome-ignore-all lint/suspicious/noTemplateCurlyInString: models write such references in plain strings.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type PlanTool, planSchema, readPlan, validatePlan } from "../../src/plan/index.js";
import type { ReadPlanOptions } from "../../src/plan/read/read-plan.js";

const tools: PlanTool[] = [{ name: "web_search" }, { name: "fetch_market_data" }];

/** The plan that is understood; validated, since what is read must be in the public form. */
const read = (raw: unknown, options: ReadPlanOptions = { tools }) => {
  const result = readPlan(raw, options);
  return result.found ? result.plan : result.reason;
};
const steps = (raw: unknown, options?: ReadPlanOptions): Record<string, unknown>[] => {
  const plan = planSchema.parse(read(raw, options));
  return plan.steps;
};
/** One step after two others, as it is understood. */
const third = (step: unknown) => steps({ steps: ["first", "second", step] })[2];

const two = [
  { id: "1", description: "one" },
  { id: "2", description: "two" },
];

describe("where a plan is", () => {
  it.each<[string, unknown]>([
    ["the public form", { steps: two }],
    ["a bare list", two],
    ["plain strings", ["one", "two"]],
    ["numbered strings", ["1. one", "2) two"]],
    ["strings with Step", ["Step 1: one", "step 2. two"]],
    ["a goal with steps", { goal: "x", steps: two }],
    ["a plan in a plan", { plan: { steps: two } }],
    ["a list in plan", { plan: two }],
    ["tasks", { tasks: two }],
    ["calls", { calls: two }],
    ["steps as JSON text", { steps: JSON.stringify(two) }],
    ["a whole plan as JSON text", { plan: JSON.stringify({ steps: two }) }],
    ["steps as lines", { steps: "1. one\n\n2. two\n" }],
    ["steps by id", { steps: { 1: { description: "one" }, 2: { description: "two" } } }],
    ["steps as JSON text each", { steps: two.map((step) => JSON.stringify(step)) }],
    ["JSON in text", JSON.stringify({ steps: two })],
    ["a bare list in text", `  ${JSON.stringify(two)}\n`],
    ["a list of strings in text", '["one", "two"]'],
    ["JSON in fences", `\`\`\`json\n${JSON.stringify({ steps: two }, null, 2)}\n\`\`\``],
    ["JSON in bare fences", `\`\`\`${JSON.stringify(["one", "two"])}\`\`\``],
    [
      "fences in prose",
      `Sure, here it is:\n\`\`\`json\n${JSON.stringify({ plan: two })}\n\`\`\`\nGood luck!`,
    ],
    [
      "the second of two fences",
      `\`\`\`js\nlet a = 1;\n\`\`\`\n\`\`\`json\n${JSON.stringify({ steps: two })}\n\`\`\``,
    ],
    ["JSON in prose", `I {would} "do this: ${JSON.stringify({ steps: two })} and [then] stop.`],
    ["a list in prose", `Plan: ${JSON.stringify(two)}.`],
    ["JSON after other JSON", `Given {"a": "}"} and ["x"]: ${JSON.stringify({ steps: ["one", "two"] })}`],
  ])("does not matter: %s", (_, raw) => {
    expect(read(raw)).toEqual({ steps: two });
  });

  it("may be one step by itself, unless in text", () => {
    const step = { tool: "web_search", args: { query: "tea" } };
    expect(steps(step)).toMatchObject([{ id: "1", tool: "web_search" }]);
    expect(steps({ steps: step })).toMatchObject([{ id: "1", tool: "web_search" }]);
    expect(read(JSON.stringify(step))).toBe("There is no plan in this text.");
  });

  it.each([
    "Paris is the capital of France.",
    "",
    "{",
    "[1, 2",
    "1. one\n2. two",
    '{"answer": 42}',
    '{"plan": "premium", "price": 5}',
    'The cities are ["Paris", "Rome"].',
    '[{"name": "Paris"}, {"name": "Rome"}]',
    "[]",
    '"steps"',
    'The config is {"input": "x"}.',
    '```json\n{"a": 1}\n```',
  ])("is nowhere in a text that has none: %j", (text) => {
    expect(readPlan(text)).toEqual({ found: false, reason: "There is no plan in this text." });
  });

  it.each([
    [undefined],
    [null],
    [42],
    [{}],
    [{ goal: "x" }],
    [{ steps: 7 }],
    [{ steps: " \n " }],
    [{ steps: {} }],
  ])("is nowhere in a value that has none: %j", (raw) => {
    expect(readPlan(raw)).toEqual({ found: false, reason: "There is no list of steps in it." });
  });

  it("is not looked for in what cannot be read", () => {
    const cyclic: unknown[] = [];
    cyclic.push(cyclic);
    expect(readPlan(cyclic)).toEqual({
      found: false,
      reason: "The plan cannot be read: it is nested deeper than 100 levels.",
    });
    expect(readPlan("[".repeat(5_000) + "]".repeat(5_000)).found).toBe(false);
  });

  it("is an empty list when the list is empty, for the check to complain about", () => {
    expect(read({ steps: [] })).toEqual({ steps: [] });
    expect(read('{"steps": []}')).toBe("There is no plan in this text.");
  });

  it("keeps what is no step, for the check to complain about", () => {
    expect(read({ steps: ["one", 7, null, [1]] })).toEqual({
      steps: [{ id: "1", description: "one" }, 7, null, [1]],
    });
  });
});

describe("the answer of a plan", () => {
  it.each([
    ["2", "2"],
    [2, "2"],
    ["{{2}}", "2"],
    [" step 2 ", "2"],
    ["$2", "2"],
    ["{{2.items}}", "{{2.items}}"],
    ["$2.items", "2"],
    ["2.items", "2.items"],
    [" It is {{ step 2 }} at $2. ", "It is {{2}} at $2."],
    ["{{1}} and {{nobody}}", "{{1}} and {{nobody}}"],
    [" nobody ", "nobody"],
    [{ a: 1 }, { a: 1 }],
  ])("is read from %j", (answer, expected) => {
    expect(read({ steps: two, answer })).toEqual({ steps: two, answer: expected });
  });

  it.each([null, undefined, "", "none", "null"])("is left out for %j", (answer) => {
    expect(read({ steps: two, answer })).toEqual({ steps: two });
  });

  it("is found in the inner plan, or else in the outer one", () => {
    expect(read({ plan: { steps: two, answer: 1 }, answer: 2 })).toEqual({ steps: two, answer: "1" });
    expect(read({ plan: { steps: two }, answer: 2 })).toEqual({ steps: two, answer: "2" });
  });

  it("may be a step that is called none", () => {
    expect(read({ steps: [{ id: "none", description: "x" }], answer: "none" })).toMatchObject({
      answer: "none",
    });
  });
});

describe("ids", () => {
  const ids = (list: unknown[], options: ReadPlanOptions = {}) =>
    steps({ steps: list }, options).map(({ id }) => id);

  it("that are left out are the steps' places, from the first id on", () => {
    expect(ids(["a", "b", "c"])).toEqual(["1", "2", "3"]);
    expect(ids(["a", "b"], { firstId: 4 })).toEqual(["4", "5"]);
    expect(ids(["a", { id: "x", task: "b" }, "c"])).toEqual(["1", "x", "3"]);
  });

  it("that are left out avoid those that are there", () => {
    expect(ids(["a", { id: "1", task: "b" }, "c"])).toEqual(["4", "1", "3"]);
    expect(ids(["a", { id: "1", task: "b" }, "c", { id: "5", task: "d" }])).toEqual(["6", "1", "3", "5"]);
    expect(ids(["a", "b", { id: "1", task: "c" }, { id: "2", task: "d" }], { firstId: 1 })).toEqual([
      "5",
      "6",
      "1",
      "2",
    ]);
  });

  it("may be numbers, have blanks around them, or another name", () => {
    expect(ids([{ id: 7, task: "a" }])).toEqual(["7"]);
    expect(ids([{ id: " a ", task: "a" }])).toEqual(["a"]);
    expect(
      ids([
        { id: " ", task: "a" },
        { id: null, task: "a" },
      ]),
    ).toEqual(["1", "2"]);
    for (const name of ["label", "step_id", "stepId", "task_id", "plan_id"]) {
      expect(ids([{ [name]: "x", task: "a" }])).toEqual(["x"]);
    }
    expect(
      ids([
        { step: 3, task: "a" },
        { step: "4", task: "b" },
        { step: "5.1", task: "c" },
      ]),
    ).toEqual(["3", "4", "5.1"]);
    expect(ids([{ step: "prices", description: "Fetch" }])).toEqual(["prices"]);
  });

  it("of another kind are kept, for the check to complain about", () => {
    expect(read([{ id: [1], task: "a" }])).toEqual({ steps: [{ id: [1], description: "a" }] });
  });
});

describe("the description of a step", () => {
  it.each(["description", "task", "title", "instruction", "objective", "action", "name"])(
    "may be called %s",
    (name) => {
      expect(third({ [name]: "Do it" })).toEqual({ id: "3", description: "Do it" });
    },
  );

  it("may stand in step", () => {
    expect(third({ step: "Do it" })).toEqual({ id: "3", description: "Do it" });
    expect(third({ step: "Do it now", dependsOn: [] })).toEqual({
      id: "3",
      description: "Do it now",
      dependsOn: [],
    });
  });

  it("is made of the call when it is left out", () => {
    const call = { tool: "web_search", args: { query: "tea", limit: 3, in: ["a"] } };
    expect(third(call)).toMatchObject({ description: 'web_search(query: "tea", limit: 3, in: ["a"])' });
    expect(third({ ...call, description: "" })).toMatchObject({
      description: 'web_search(query: "tea", limit: 3, in: ["a"])',
    });
    expect(third({ tool: "web_search" })).toMatchObject({ description: "web_search" });
    expect(third({ tool: "web_search", args: {} })).toMatchObject({ description: "web_search" });
  });

  it("that is made is 80 characters long at most", () => {
    const made = (length: number) =>
      String(third({ tool: "t", args: { a: "x".repeat(length) } })?.description);
    expect(made(72)).toBe(`t(a: "${"x".repeat(72)}")`);
    expect(made(72)).toHaveLength(80);
    expect(made(73)).toHaveLength(80);
    expect(made(73).endsWith("…")).toBe(true);
  });

  it("that is made never refers to what the arguments do not", () => {
    expect(third({ tool: "t", args: { a: "{{1.x}}" } })?.description).toBe('t(a: "{{1.x}}")');
    expect(third({ tool: "t", args: { a: '{{1["x"]}}' } })?.description).toBe("t");
  });

  it("is left out where there is nothing to make it of", () => {
    expect(read([{ id: "1", dependsOn: [] }])).toEqual({ steps: [{ id: "1", dependsOn: [] }] });
  });
});

describe("the tool of a step", () => {
  const args = { query: "tea" };
  const search = { tool: "web_search", args };

  it.each(["tool", "tool_name", "toolName", "function"])("may be called %s", (name) => {
    expect(third({ [name]: "web_search", args })).toMatchObject(search);
  });

  it.each([
    "args",
    "arguments",
    "parameters",
    "params",
    "tool_input",
    "toolInput",
    "action_input",
    "input",
    "inputs",
  ])("may have its arguments in %s, as JSON text too", (name) => {
    expect(third({ tool: "web_search", [name]: args })).toMatchObject(search);
    expect(third({ tool: "web_search", [name]: JSON.stringify(args) })).toMatchObject(search);
  });

  it("may be an object with its arguments inside", () => {
    const call = { name: "web_search", arguments: JSON.stringify(args) };
    expect(third({ id: "c", type: "function", function: call })).toMatchObject({ id: "c", ...search });
    expect(third({ tool: { name: "web_search" }, args })).toMatchObject(search);
    expect(third({ tool: { name: "web_search", args: { x: 1 } }, args })).toMatchObject(search);
    expect(read([{ task: "a", tool: { x: 1 } }])).toEqual({
      steps: [{ id: "1", description: "a", tool: { x: 1 } }],
    });
  });

  it("may be named in step, action or name when it is known", () => {
    for (const name of ["step", "action", "name"]) {
      expect(third({ [name]: "web_search" })).toEqual({
        id: "3",
        description: "web_search",
        tool: "web_search",
      });
      expect(third({ [name]: "web_search", description: "Look" })).toEqual({
        id: "3",
        description: "Look",
        tool: "web_search",
      });
    }
  });

  it("may be named there when there are arguments and nothing else that says what to do", () => {
    expect(third({ step: "fetch_prices", params: args })).toEqual({
      id: "3",
      description: 'fetch_prices(query: "tea")',
      tool: "fetch_prices",
      args,
    });
    expect(third({ action: "Search", action_input: args })).toMatchObject({ tool: "Search" });
    expect(third({ step: "Look it up", params: args })).not.toHaveProperty("tool");
    expect(third({ name: "fetch_prices", task: "Look", params: args })).not.toHaveProperty("tool");
    expect(third({ name: "fetch_prices", description: "Look", params: args })).not.toHaveProperty("tool");
    expect(third({ name: "fetch_prices" })).toEqual({ id: "3", description: "fetch_prices" });
    expect(third({ step: "3", params: args, task: "x" })).not.toHaveProperty("tool");
    expect(third({ step: "web_search", tool: "fetch_market_data", args })).toMatchObject({
      tool: "fetch_market_data",
      description: "web_search",
    });
  });

  it.each(["", "none", "None", " null ", "N/A", null])("is left out for %j", (tool) => {
    expect(third({ task: "think", tool })).toEqual({ id: "3", description: "think" });
  });

  it("may be one that is called none", () => {
    expect(steps([{ tool: "none" }], { tools: [{ name: "none" }] })[0]).toMatchObject({ tool: "none" });
  });

  it("may get one text in place of arguments", () => {
    expect(third({ tool: "web_search", input: "tea" })).toMatchObject({ args: { input: "tea" } });
    expect(third({ tool: "web_search", input: "none" })).not.toHaveProperty("args");
    expect(third({ tool: "web_search", input: "" })).not.toHaveProperty("args");
    expect(third({ tool: "web_search", args: null, input: args })).toMatchObject(search);
  });

  it("may get any other value in place of arguments, if it does not say what it takes", () => {
    for (const input of [[1], 3, "[1]"]) {
      expect(third({ tool: "t", args: input })).toMatchObject({ args: { input } });
    }
  });
});

describe("null", () => {
  it("is nothing, in every optional field", () => {
    const step = {
      description: "x",
      tool: null,
      args: null,
      dependsOn: null,
      forEach: null,
      if: null,
      expect: null,
      pitfalls: null,
    };
    expect(third(step)).toEqual({ id: "3", description: "x" });
  });
});

describe("what a step depends on", () => {
  const dependsOn = (value: unknown) => third({ task: "x", dependsOn: value })?.dependsOn;

  it.each(["dependsOn", "depends_on", "dependencies", "deps", "dep", "after", "prerequisites"])(
    "may be called %s",
    (name) => {
      expect(third({ task: "x", [name]: ["1"] })).toMatchObject({ dependsOn: ["1"] });
    },
  );

  it.each<[unknown, string[] | undefined]>([
    [
      ["1", "2"],
      ["1", "2"],
    ],
    [
      [1, 2],
      ["1", "2"],
    ],
    [["1", 1, "step 1"], ["1"]],
    [1, ["1"]],
    ["1", ["1"]],
    ["1, 2", ["1", "2"]],
    ["1 and 2", ["1", "2"]],
    ["1,x", ["1,x"]],
    ["none", []],
    ["", []],
    [["none"], []],
    [[null], []],
    [[], []],
    [[-1], []],
    [["-1"], []],
    [-1, []],
    [null, undefined],
    [
      ["{{1}}", "$2"],
      ["1", "2"],
    ],
    [
      ["{{1.items}}", "$2.items"],
      ["1", "2"],
    ],
    [
      ["1.2", "step 2.1"],
      ["1.2", "step 2.1"],
    ],
    ["1.2", ["1.2"]],
    ["1, 1.2", ["1, 1.2"]],
    [
      ["step_1", "Task 2"],
      ["1", "2"],
    ],
    [
      ["#E1", "<node-1>"],
      ["1", "2"],
    ],
    [
      [{ id: 1 }, { step: "2" }],
      ["1", "2"],
    ],
    [
      ["x", " y "],
      ["x", "y"],
    ],
  ])("is read from %j", (value, expected) => {
    expect(dependsOn(value)).toEqual(expected);
  });

  it.each([[{ a: 1 }], [true], [[["1"]]], [[{ a: 1 }]]])(
    "stays as it was where it cannot be read: %j",
    (value) => {
      expect(read({ steps: [{ task: "x", dependsOn: value }] })).toEqual({
        steps: [{ id: "1", description: "x", dependsOn: value }],
      });
    },
  );
});

describe("forEach and if", () => {
  it.each([
    ["forEach", "forEach"],
    ["for_each", "forEach"],
    ["foreach", "forEach"],
    ["if", "if"],
    ["condition", "if"],
  ])("may be called %s", (name, field) => {
    expect(third({ task: "x", [name]: "{{1}}" })).toMatchObject({ [field]: "{{1}}" });
  });

  it.each([
    ["1", "{{1}}"],
    [1, "{{1}}"],
    [" 2.items ", "{{2.items}}"],
    ["{{2.items}}", "{{2.items}}"],
    ["$2.items", "{{2.items}}"],
    ["step 2", "{{2}}"],
    ["item.ok", "{{item.ok}}"],
    ["each one", "each one"],
    ["9", "9"],
  ])("get braces where they need them: %j", (value, expected) => {
    expect(third({ task: "x", forEach: value, if: value })).toMatchObject({
      forEach: expected,
      if: expected,
    });
  });

  it("are left out for a word that says nothing, and kept where they are no text", () => {
    expect(third({ task: "x", forEach: "none", if: "" })).toEqual({ id: "3", description: "x" });
    expect(read([{ task: "x", if: true }])).toEqual({ steps: [{ id: "1", description: "x", if: true }] });
  });
});

describe("the tools of an agent and its model", () => {
  it.each<[unknown, unknown]>([
    [
      ["search", "read"],
      ["search", "read"],
    ],
    [[], []],
    ["search", ["search"]],
    ["search, read", ["search", "read"]],
    ["none", []],
    [null, undefined],
  ])("are %j read as %j", (given, tools) => {
    expect(third({ task: "x", tools: given })?.tools).toEqual(tools);
  });

  it("are left out of a call, which has its one tool", () => {
    expect(third({ tool: "search", args: { query: "x" }, tools: ["search"] })).not.toHaveProperty("tools");
  });

  it.each([
    ["strong", "strong"],
    [" Strong", "strong"],
    ["gpt-4", undefined],
    [null, undefined],
  ])("the model %j is read as %j", (model, read) => {
    expect(third({ task: "x", model })?.model).toBe(read);
  });
});

describe("expect and pitfalls", () => {
  it("are kept as they are", () => {
    expect(third({ task: "x", expect: "$1", pitfalls: "{{1}}" })).toMatchObject({
      expect: "$1",
      pitfalls: "{{1}}",
    });
    expect(third({ task: "x", expected_output: "a list" })).toMatchObject({ expect: "a list" });
    expect(third({ task: "x", expectedOutput: "a list" })).toMatchObject({ expect: "a list" });
  });
});

describe("foreign references", () => {
  const filled = (text: string) => third({ task: "x", args: { a: { b: [text] } } })?.args;

  it.each([
    ["$1", "{{1}}"],
    [" $1 ", "{{1}}"],
    ["$1.title", "{{1.title}}"],
    ["$1[0].a", "{{1[0].a}}"],
    ["${1}", "{{1}}"],
    ["see ${1.title}!", "see {{1.title}}!"],
    ["#E1", "{{1}}"],
    ["Who wrote #E1? And #E2.", "Who wrote {{1}}? And {{2}}."],
    ["#E1.name", "{{1.name}}"],
    ["#E1[0]", "{{1[0]}}"],
    ["<node-0>", "{{1}}"],
    ["a <node-1> b", "a {{2}} b"],
    ["<node-0.url>", "{{1.url}}"],
    ["<step-1>", "{{1}}"],
    ["<task 2>", "{{2}}"],
    ["$1$", "{{1}}"],
    ["$var1.title$", "{{1.title}}"],
    ["$var2.Exchange Rate$", "{{2.Exchange Rate}}"],
    ["$1.a$ and $2.b$", "{{1.a}} and {{2.b}}"],
    ["{{step 1}}", "{{1}}"],
    ["{{ $1.a }}", "{{1.a}}"],
    ["{{#E2}}", "{{2}}"],
  ])("become ours: %j", (text, expected) => {
    expect(filled(text)).toEqual({ a: { b: [expected] } });
  });

  it.each([
    "{{1.a}}",
    "{{ 1.a }}",
    "{{item}}",
    "{{item.x}}",
    "{{index}}",
    "{{nobody}}",
    "\\{{1}}",
    "\\{{step 1}}",
    "$9",
    "${9}",
    "#E9",
    "<node-9>",
    "$nobody$",
    "It costs $1.",
    "costs $1 and $2 more",
    "x#E1",
    "#E12",
    "#E1a",
    "#1",
    "<div>",
    "${",
    "$$",
    "$3",
    "-1",
  ])("stay as they are where they name no other step: %j", (text) => {
    expect(filled(text)).toEqual({ a: { b: [text] } });
  });

  it("name steps by their own ids before anything else", () => {
    const list = [
      { id: "#E1", task: "a" },
      { id: "var1", task: "b" },
      { id: "node-0", task: "c" },
      { task: "d", args: { a: "#E1", b: "$var1.x$", c: "<node-0>", d: "{{#E1}}", e: "${var1}" } },
    ];
    expect(steps(list)[3]?.args).toEqual({
      a: "{{#E1}}",
      b: "{{var1.x}}",
      c: "{{node-0}}",
      d: "{{#E1}}",
      e: "{{var1}}",
    });
  });

  it("are understood in descriptions too, but not in keys", () => {
    expect(third({ task: "Use #E1", args: { "#E1": "x" } })).toMatchObject({
      description: "Use {{1}}",
      args: { "#E1": "x" },
    });
  });

  it("may name earlier steps that are not in the plan", () => {
    const [step] = steps([{ task: "Use #E1", dependsOn: [1] }], { firstId: 4, pastIds: ["1"] });
    expect(step).toEqual({ id: "4", description: "Use {{1}}", dependsOn: ["1"] });
    expect(steps([{ task: "Use <node-1>" }], { firstId: 4, pastIds: ["1"] })[0]?.description).toBe(
      "Use {{1}}",
    );
    expect(steps([{ task: "Use <node-2>" }], { pastIds: ["1", "5"] })[0]?.description).toBe("Use <node-2>");
  });
});

describe("the notes", () => {
  const notes = (raw: unknown) => {
    const result = readPlan(raw);
    return result.found ? result.notes : [];
  };

  it("say what was guessed", () => {
    expect(notes({ steps: two })).toEqual([]);
    expect(notes(JSON.stringify({ steps: two }))).toEqual(["The plan was found in a text."]);
    expect(notes({ steps: ["a"] })).toEqual(["Steps without ids were numbered."]);
    expect(notes({ steps: [7] })).toEqual([]);
  });

  it("name what looks like a reference and is none", () => {
    const named = (text: string) => notes({ steps: [{ id: "1", description: text }] });
    for (const text of ["#E9", "<node-9>", "$var9.x$", "${nine}", "$nine$"]) {
      expect(named(text)).toEqual([`In step 1, "${text}" looks like a reference and names no step.`]);
    }
    for (const text of ["costs $5 and $6", "{{nine}}", "\\{{nine}}", "$9", "${a b}"]) {
      expect(named(text)).toEqual([]);
    }
    expect(notes({ steps: [{ id: "1", description: "x", forEach: "#E9" }] })).toHaveLength(1);
  });

  it("are twenty at most", () => {
    const text = (count: number) => Array.from({ length: count }, (_, index) => `#E${index + 10}`).join(" ");
    expect(notes({ steps: [{ id: "1", description: text(20) }] })).toHaveLength(20);
    expect(notes({ steps: [{ id: "1", description: text(30) }] })).toHaveLength(20);
  });
});

describe("whatever it is given", () => {
  const names = fc.constantFrom(
    "id",
    "step",
    "description",
    "tool",
    "name",
    "function",
    "args",
    "input",
    "dependsOn",
    "forEach",
    "if",
    "steps",
    "plan",
    "answer",
    "__proto__",
  );
  const words = fc.constantFrom(
    "1",
    "2",
    "$1",
    "#E2",
    "{{1}}",
    "${1}",
    "<node-0>",
    "none",
    "",
    '{"steps":[]}',
    "[",
    "{{{{",
    "```",
  );
  const anything = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 5 },
      words,
      fc.anything(),
      fc.array(tie("value"), { maxLength: 4 }),
      tie("object"),
    ),
    object: fc.dictionary(names, tie("value"), { maxKeys: 6 }),
  }));

  it("reading never throws, and what is read can be validated and read again", () => {
    fc.assert(
      fc.property(anything.value, fc.array(anything.value, { maxLength: 5 }), (value, list) => {
        for (const raw of [value, list, { steps: list, answer: value }, { steps: value }]) {
          const result = readPlan(raw, { tools });
          if (!result.found) {
            continue;
          }
          expect(Array.isArray(validatePlan(result.plan))).toBe(true);
          readPlan(result.plan, { tools });
        }
      }),
      { numRuns: 100 },
    );
  });

  it("text is read, or not, without throwing", () => {
    const text = fc.oneof(
      fc.string(),
      fc
        .array(fc.oneof(words, fc.constantFrom("{", "}", "[", "]", '"', "\\", ":", ",", "steps", "\n")), {
          maxLength: 30,
        })
        .map((parts) => parts.join("")),
    );
    fc.assert(
      fc.property(text, (raw) => {
        expect(typeof readPlan(raw).found).toBe("boolean");
      }),
      { numRuns: 100 },
    );
  });

  it("a sound plan in the public form is read as itself", () => {
    const step = fc.record(
      {
        description: fc.stringMatching(/^[a-z ]{1,20}[a-z]$/),
        tool: fc.constantFrom("web_search", "other"),
        args: fc.constantFrom({ query: "tea" }, { query: "{{1}}", n: [1, null] }),
        dependsOn: fc.constantFrom([], ["1"]),
        if: fc.constant("{{1.ok}}"),
      },
      { requiredKeys: ["description"] },
    );
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 5 }), (list) => {
        const plan = { steps: list.map((fields, index) => ({ id: `${index + 1}`, ...fields })), answer: "1" };
        expect(read(plan)).toEqual(plan);
        expect(read(JSON.stringify(plan))).toEqual(plan);
      }),
    );
  });
});

it("an id that cannot be made a text of is left to be found, and nothing is thrown", () => {
  const steps = [{ id: { toString: null }, description: "look at #E9", args: { of: ["#E9"] } }];
  expect(() => readPlan({ steps })).not.toThrow();
  expect(() => readPlan(JSON.stringify({ steps }))).not.toThrow();
});
