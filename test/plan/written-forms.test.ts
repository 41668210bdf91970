// The forms in which models wrote plans when they were tried against our prompts, and what each becomes: the steps as
// they are understood, or the words with which it is refused.
import { describe, expect, it } from "vitest";
import { z } from "zod";
import {
  type PlanTool,
  planSchema,
  readPlan,
  validatePlan,
  withoutEarlyAnswer,
} from "../../src/plan/index.js";
import { createBuiltinTools } from "../../src/tools/index.js";

const tools: PlanTool[] = [
  ...createBuiltinTools({ root: "." }).map(({ name, schema }) => ({ name, schema, readOnly: true })),
  { name: "search_documents", schema: z.object({ query: z.string() }), readOnly: true },
  { name: "get_weather", schema: z.object({ city: z.string() }), readOnly: true },
  { name: "create_task", schema: z.object({ title: z.string(), note: z.string().optional() }) },
  { name: "ping", schema: z.object({}), readOnly: true },
  { name: "exchange_rate", schema: z.object({ from: z.string(), to: z.string() }), readOnly: true },
  { name: "send_email", schema: z.object({ to: z.string(), subject: z.string(), body: z.string() }) },
];

/** The calls and words of the steps, their other fields, and the answer; or the messages of what is wrong. */
function become(raw: unknown): unknown {
  const read = readPlan(raw, { tools });
  if (!read.found) {
    return [read.reason];
  }
  const plan = withoutEarlyAnswer(read.plan, []);
  const issues = [...read.issues, ...validatePlan(plan, { tools })];
  if (issues.length > 0) {
    return issues.map(({ message }) => message);
  }
  const { steps, answer } = planSchema.parse(plan);
  const shown = steps.map(({ id, description, tool, args, ...others }, index) => ({
    ...(id === String(index + 1) ? {} : { id }),
    ...(tool === undefined ? { description } : args === undefined ? { tool, description } : { [tool]: args }),
    ...others,
  }));
  return answer === undefined ? shown : { steps: shown, answer };
}

const porto = { get_weather: { city: "Porto" } };
const weather = { get_weather: "Porto" };
const squared = (expression: string) => [weather, { calculator: expression }];
const square = (expression: string) => [porto, { calculator: { expression } }];
const mail = { to: "ida.holm@example.com", subject: "Weather", body: "{{1.sky}}" };

const understood: Record<string, [raw: unknown, steps: unknown]> = {
  "a tool's name and arguments (w1)": [
    [{ name: "search_documents", arguments: { query: "bridge" } }],
    [{ search_documents: { query: "bridge" } }],
  ],
  "a function call (w1b)": [
    [{ type: "function", function: { name: "search_documents", arguments: '{"query":"bridge"}' } }],
    [{ search_documents: { query: "bridge" } }],
  ],
  "thought, action and input (w1c)": [
    [{ thought: "First", action: "search_documents", action_input: { query: "bridge" } }],
    [{ search_documents: { query: "bridge" } }],
  ],
  "texts (w2)": [["Get the weather"], [{ description: "Get the weather" }]],
  "numbered steps with depends_on (w3)": [
    [
      { id: 1, tool: "get_weather", args: { city: "Porto" } },
      { id: 2, task: "Tell", depends_on: [1] },
    ],
    [porto, { description: "Tell", dependsOn: ["1"] }],
  ],
  "a block in words (w4)": [
    `Here is my plan:\n\n\`\`\`json\n${JSON.stringify({ steps: [weather] })}\n\`\`\`\n\nShall I go on?`,
    [porto],
  ],
  "an output by name (w6)": [
    [
      { id: "step1", ...weather },
      { id: "step2", calculator: "{{step1.output.temperature_c}} ^ 2" },
    ],
    [
      { id: "step1", ...porto },
      { id: "step2", calculator: { expression: "{{step1.output.temperature_c}} ^ 2" } },
    ],
  ],
  "#E1 (w6e)": [squared("#E1 ^ 2"), square("{{1}} ^ 2")],
  "an output by name, of a number (v01)": [
    squared("{{1.output.temperature_c}} ^ 2"),
    square("{{1.output.temperature_c}} ^ 2"),
  ],
  "a list in forEach (v04)": [
    [{ forEach: ["Porto", "Lisbon"], get_weather: "{{item}}" }],
    [{ get_weather: { city: "{{item}}" }, forEach: '["Porto","Lisbon"]' }],
  ],
  "a list of references in forEach": [
    [weather, { forEach: ["$1.city", "{{ step 1.sky }}", 3], get_weather: "{{item}}" }],
    [porto, { get_weather: { city: "{{item}}" }, forEach: '["{{1.city}}","{{1.sky}}",3]' }],
  ],
  "arguments beside the tool (v08)": [
    [{ tool: "write_file", path: "hello.txt", content: "hello" }],
    [{ write_file: { path: "hello.txt", content: "hello" } }],
  ],
  "arguments beside the tool, with references (v08b)": [
    [weather, { tool: "send_email", ...mail, if: "{{1}}" }],
    [porto, { send_email: mail, if: "{{1}}" }],
  ],
  "arguments beside a name": [
    [{ name: "send_email", to: "a", subject: "b", body: "c", description: "Tell" }],
    [{ send_email: { to: "a", subject: "b", body: "c" } }],
  ],
  "some arguments beside the others": [
    [{ send_email: { to: "a", subject: "b" }, body: "c" }],
    [{ send_email: { to: "a", subject: "b", body: "c" } }],
  ],
  "the argument that is left under the tool's name (v09)": [
    { steps: [{ write_file: "hello.txt", content: "hello" }], answer: "Done." },
    [{ write_file: { path: "hello.txt", content: "hello" } }],
  ],
  "steps in JSON text (v11)": [{ steps: '[{"get_weather":"Porto"}]' }, [porto]],
  "an answer that is a number (v15)": [
    { steps: [weather], answer: 1 },
    { steps: [porto], answer: "1" },
  ],
  "an answer that is a reference (v15b)": [
    { steps: [weather], answer: "{{1}}" },
    { steps: [porto], answer: "1" },
  ],
  "an answer that is a step (v15c)": [
    { steps: [weather], answer: "step 1" },
    { steps: [porto], answer: "1" },
  ],
  "an answer in words with outputs (v15d)": [
    { steps: [weather], answer: "It is {{1.temperature}} degrees." },
    { steps: [porto], answer: "It is {{1.temperature}} degrees." },
  ],
  "an answer before the work is done (v38)": [
    { steps: [weather, { send_email: mail }], answer: "I have sent the weather to Ida." },
    [porto, { send_email: mail }],
  ],
  "an answer that is a guess": [{ steps: [weather], answer: "The weather in Porto is sunny." }, [porto]],
  "an answer of one word": [{ steps: [weather], answer: "Done" }, [porto]],
  "dependencies in words (v16)": [
    [weather, { tool: "calculator", description: "Square it", dependsOn: ["step 1"] }],
    [porto, { tool: "calculator", description: "Square it", dependsOn: ["1"] }],
  ],
  "arguments in JSON text (v18)": [[{ tool: "get_weather", args: '{"city":"Porto"}' }], [porto]],
  "nothing under the tool's name (v19)": [
    [{ list_files: "" }, { json_query: "config.json" }, { current_time: "" }],
    [{ list_files: {} }, { json_query: { path: "config.json" } }, { current_time: {} }],
  ],
  "other words for nothing": [
    [{ list_files: null }, { list_files: [] }, { list_files: "none" }, { tool: "list_files", input: "" }],
    [{ list_files: {} }, { list_files: {} }, { list_files: {} }, { list_files: {} }],
  ],
  "nothing under the tool's name, and words for a model": [
    [{ list_files: null, description: "List the notes" }],
    [{ tool: "list_files", description: "List the notes" }],
  ],
  "brackets and blanks in a reference (v22)": [
    [{ csv_query: { path: "stock.csv" } }, { calculator: "{{ 1.rows[0].on_hand }} * 2" }],
    [{ csv_query: { path: "stock.csv" } }, { calculator: { expression: "{{ 1.rows[0].on_hand }} * 2" } }],
  ],
  "the length of a list (v26)": [squared("{{1.rows.length}} * 2"), square("{{1.rows.length}} * 2")],
  "a call in words (v27)": [
    [weather, { tool: "send_email", description: "Tell Ida what {{1}} says" }],
    [porto, { tool: "send_email", description: "Tell Ida what {{1}} says" }],
  ],
  "a step in words (v30, v31)": [
    [weather, { description: "Say what the weather found in step 1 means" }],
    [porto, { description: "Say what the weather found in step 1 means" }],
  ],
  "an agent (v33)": [
    [weather, { agent: "Recommend a time, from {{1}}" }],
    [porto, { description: "Recommend a time, from {{1}}" }],
  ],
  "input (v35)": [
    [{ step: 1, description: "Weather", tool: "get_weather", input: { city: "Porto" } }],
    [porto],
  ],
  "parameters (v35b)": [[{ tool: "get_weather", parameters: { city: "Porto" } }], [porto]],
  "a list in plan (v37)": [{ plan: [weather] }, [porto]],
  "ids and for each (v40)": [
    [{ id: "2b", forEach: '["a"]', read_file: "{{item}}" }],
    [{ id: "2b", read_file: { path: "{{item}}" }, forEach: '["a"]' }],
  ],
  "expect (v45)": [[{ ...weather, expect: "A temperature" }], [{ ...porto, expect: "A temperature" }]],
  "blanks and marks around keys": [
    {
      " steps": [
        { " tool": "get_weather", "args ": { "city ": "Porto" }, "if**: ": "true" },
        { "description ": "Think" },
      ],
    },
    [{ ...porto, if: "true" }, { description: "Think" }],
  ],
  "money and other dollars": [
    [
      weather,
      { send_email: { to: "a", subject: "It costs $1, or $1.50", body: "$1,000 and $HOME and step 1" } },
    ],
    [
      porto,
      { send_email: { to: "a", subject: "It costs $1, or $1.50", body: "$1,000 and $HOME and step 1" } },
    ],
  ],
  "a heading that names the step whose output follows": [
    [weather, { write_file: "a.md", content: "# Results of step 1\n{{1}}" }],
    [porto, { write_file: { path: "a.md", content: "# Results of step 1\n{{1}}" } }],
  ],
  "null beside the tool": [[{ tool: "list_files", path: null, args: {} }], [{ list_files: {} }]],
  "a field's name that is an argument": [
    [
      { tool: "create_task", title: "Buy milk", description: "Note it" },
      { tool: "create_task", args: { title: "Sell" }, title: "Sell milk" },
    ],
    [{ create_task: { title: "Buy milk" } }, { create_task: { title: "Sell" } }],
  ],
  "keys with signs, in brackets": [
    squared('{{1["a * b"].x}} + {{1.Exchange Rate}}'),
    square('{{1["a * b"].x}} + {{1.Exchange Rate}}'),
  ],
};

const noReference = (text: string, meant = "1") =>
  `Step "2": ${JSON.stringify(text)} in an argument is no reference. Write {{${meant}}}, or {{${meant}.key}} for a part of it.`;
const workedOut = (expression: string) =>
  `Step "2" refers to ${JSON.stringify(`{{${expression}}}`)}, but a reference is a step's id and a path, such as {{1.items.0}}: nothing is worked out in it. Leave that to a tool, "{{1}} * 2", or to a step of its own. A key with such signs stands in brackets: {{1["a * b"]}}.`;

const refused: Record<string, [raw: unknown, messages: unknown]> = {
  "a tool that does not exist (w5)": [
    [{ web_search: "bridge" }, { add_days: 3 }],
    [
      expect.stringMatching(/^Step "1": there is no tool "web_search"\..* The tools are /),
      expect.stringMatching(/^Step "2": there is no tool "add_days"\..* The tools are /),
    ],
  ],
  "$step1.x in a formula (w6b)": [
    squared("$step1.temperature_c ^ 2"),
    [noReference("$step1.temperature_c", "1.temperature_c")],
  ],
  "the result of a step in words (w6c)": [
    squared("(result of step 1) ^ 2"),
    [noReference("(result of step 1)")],
  ],
  "$1 in a formula (w6d)": [squared("max($1, {{1.x}}) ^ 2"), [noReference("$1")]],
  "output of step 1": [squared("output of step 1"), [noReference("output of step 1")]],
  "<output of 1>": [squared("<output of 1>"), [noReference("<output of 1>")]],
  "step 1's output": [squared("step 1's output"), [noReference("step 1's output")]],
  "step_1.output": [squared("step_1.output * 2"), [noReference("step_1.output")]],
  "single braces": [squared("{1.temperature_c} * 2"), [noReference("{1.temperature_c}", "1.temperature_c")]],
  "{item}": [[weather, { forEach: "{{1}}", read_file: "notes/{item}" }], [noReference("{item}", "item")]],
  "two arguments in a list (v10)": [
    [{ exchange_rate: ["EUR", "USD"] }],
    [
      'Step "1": "exchange_rate" takes "from", "to", and which of them ["EUR","USD"] is, is not said. Write {"exchange_rate":{"from":…,"to":…}}.',
    ],
  ],
  "an argument where there are none": [
    [{ ping: "now" }],
    ['Step "1": "ping" takes no arguments, and "now" was written. Write {"ping":{}}.'],
  ],
  "a step that does not exist (v17)": [
    squared("{{0.temperature_c}} ^ 2"),
    [
      'Step "2" refers to "{{0.temperature_c}}", which names no step. The steps are "1". Write \\{{ where braces are meant as text.',
    ],
  ],
  "a formula in a reference (v25)": [
    squared("{{1.temperature_c * 9 / 5 + 32}}"),
    [workedOut("1.temperature_c * 9 / 5 + 32")],
  ],
  "a filter in a reference": [squared("{{1.rows | length}}"), [workedOut("1.rows | length")]],
  "a slice in a reference": [squared("{{1.rows[*].x}}"), [workedOut("1.rows[*].x")]],
  "a function in a reference": [squared("{{len(1.rows)}}"), [workedOut("len(1.rows)")]],
  "a path that is none": [
    squared("{{1.rows[].x}}"),
    ['Step "2" refers to "{{1.rows[].x}}", whose path cannot be read. Write it as in {{1.items.0.name}}.'],
  ],
  "another name for an argument (v36)": [
    [{ tool: "get_weather", args: { location: "Porto" } }],
    [expect.stringContaining('"get_weather" does not accept the argument "city", which is missing')],
  ],
  "an argument that the tool would never see": [
    [{ get_weather: { city: "Porto", unit: "F" } }],
    ['Step "1": "get_weather" has no argument "unit". It takes "city".'],
  ],
  "a field that is none, beside a call": [
    [weather, { send_email: mail, unless: "{{1}}" }],
    [
      'Step "2": "unless" is neither a field of a step nor an argument of "send_email". It takes "to", "subject", "body".',
    ],
  ],
  "a field that is none, in a step in words": [
    [{ description: "Compare the offers", criteria: ["price"] }],
    [
      'Step "1": "criteria" is no field of a step. Say what it means in the words of the step, or leave it out.',
    ],
  ],
  "two calls in one step": [
    [{ get_weather: "Porto", read_file: "a.txt" }],
    ['Step "1": it calls "get_weather", "read_file". Make each call a step of its own.'],
  ],
  "words in forEach": [
    [weather, { forEach: "each city", get_weather: "{{item}}" }],
    [
      'Step "2": "forEach" is "each city", and must be one reference to a list, such as "{{1}}", or the list as JSON, such as "[1,2]", and nothing else.',
    ],
  ],
  "a step that says nothing": [
    [{ id: "1", dependsOn: [] }],
    ['Step "1": it says nothing to do. Give it a call or a description.'],
  ],
  "an answer that is no step": [
    { steps: [weather], answer: "9" },
    ['The answer, "9", is no step of the plan. The steps are "1".'],
  ],
};

describe("a form that models write is understood", () => {
  it.each(Object.entries(understood))("%s", (_, [raw, steps]) => {
    expect(become(raw)).toEqual(steps);
  });
});

describe("what cannot be understood is refused when the plan is made", () => {
  it.each(Object.entries(refused))("%s", (_, [raw, messages]) => {
    expect(become(raw)).toEqual(messages);
  });
});
