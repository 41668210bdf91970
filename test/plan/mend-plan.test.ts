import { describe, expect, it } from "vitest";
import { z } from "zod";
import {
  echoesGoal,
  filesOfGoal,
  leaveToExecutor,
  mendPlan,
  type Plan,
  type PlanStep,
  type PlanTool,
  shapeOfValue,
  validatePlan,
} from "../../src/plan/index.js";

const tools: readonly PlanTool[] = [
  { name: "calculator", readOnly: true, schema: z.object({ expression: z.string() }) },
  {
    name: "clock",
    readOnly: true,
    schema: z.object({ zone: z.string().optional() }),
    output: shapeOfValue({ date: "", time: "" }),
  },
  {
    name: "weather",
    readOnly: true,
    schema: z.object({ city: z.string() }),
    output: shapeOfValue({ city: "", celsius: 0 }),
  },
  {
    name: "search",
    readOnly: true,
    schema: z.object({ query: z.string() }),
    output: shapeOfValue([{ title: "" }]),
  },
  { name: "days", readOnly: true, schema: z.object({ from: z.string(), to: z.string().max(10) }) },
  { name: "mail", schema: z.object({ to: z.string(), body: z.string() }) },
];
const options = { tools, pastIds: [] };
const step = (id: string, tool: string, args: PlanStep["args"], more: Partial<PlanStep> = {}): PlanStep => ({
  id,
  description: `do ${id}`,
  tool,
  args,
  ...more,
});
const mended = (...steps: PlanStep[]) => mendPlan({ steps }, options).steps;
const mail = (more: Partial<PlanStep> = {}) => step("3", "mail", { to: "ann", body: "cold" }, more);
const celsius = step("1", "weather", { city: "Bern" });

describe("a reference that nothing can fill", () => {
  it("to a call that reads is one to a step that makes it", () => {
    const days = step("1", "days", { from: "{{clock().date}}", to: "2031-01-01" });
    expect(mended(days)).toEqual([
      { id: "1-0", description: "clock", tool: "clock", args: {} },
      { ...days, args: { from: "{{1-0.date}}", to: "2031-01-01" } },
    ]);
  });

  it.each([
    ['weather("Rome").celsius', { city: "Rome" }],
    ["weather('Rome').celsius", { city: "Rome" }],
    ["weather(city=Rome).celsius", { city: "Rome" }],
    ['weather(city: "Rome").celsius', { city: "Rome" }],
  ])("reads the arguments of %s", (call, args) => {
    const [added, sum] = mended(step("1", "calculator", { expression: `{{${call}}} * 2` }));
    expect(added).toMatchObject({ tool: "weather", args });
    expect(sum?.args).toEqual({ expression: `{{${added?.id}.celsius}} * 2` });
  });

  it("to a call that a step makes already is one to that step", () => {
    const twice = step("2", "calculator", { expression: '{{weather("Bern").celsius}} * 2' });
    expect(mended(celsius, twice)).toEqual([
      celsius,
      { ...twice, args: { expression: "{{1.celsius}} * 2" } },
    ]);
  });

  it.each(["weather.celsius", "celsius", "2.celsius"])("as {{%s}} is one to the step that has it", (name) => {
    const found = step("2", "search", { query: "Bern" });
    const sum = step("3", "calculator", { expression: `{{${name}}} * 2` }, { if: `{{${name}}} > 3` });
    expect(mended(celsius, found, sum)[2]).toEqual({
      ...sum,
      args: { expression: "{{1.celsius}} * 2" },
      if: "{{1.celsius}} > 3",
    });
  });

  it("stays where two steps have it, where a call does more than read, and where it is right", () => {
    const two = [celsius, step("2", "weather", { city: "Rome" })];
    const steps = [
      ...two,
      step("3", "calculator", { expression: "{{celsius}} + {{weather.celsius}}" }),
      step("4", "search", { query: '{{mail("ann")}} {{1.celsius}} {{item.celsius}}' }),
    ];
    expect(mended(...steps)).toEqual(steps);
  });

  it("stays where it names a step that has ended", () => {
    const steps = [celsius, step("2", "calculator", { expression: "{{0.celsius}}" })];
    expect(mendPlan({ steps }, { tools, pastIds: ["0"] }).steps).toEqual(steps);
  });
});

describe("a comparison that is given to the calculator", () => {
  const compare = (more: Partial<PlanStep> = {}) =>
    step("2", "calculator", { expression: "{{1.celsius}} < 6" }, more);

  it("is the condition of the step that acts after it, if nothing refers to it", () => {
    expect(mended(celsius, compare(), mail())).toEqual([celsius, mail({ if: "{{1.celsius}} < 6" })]);
  });

  it("is the condition of the step whose condition refers to it", () => {
    expect(mended(celsius, compare(), mail({ if: "!{{2}}", dependsOn: ["1", "2"] }))).toEqual([
      celsius,
      mail({ if: "!({{1.celsius}} < 6)", dependsOn: ["1"] }),
    ]);
  });

  it("is joined with its own condition and with the other step's", () => {
    expect(mended(celsius, compare({ if: "{{1}}" }), mail({ if: "{{1.city}} == 'Bern'" }))[1]?.if).toBe(
      "({{1.city}} == 'Bern') and (({{1}}) and ({{1.celsius}} < 6))",
    );
  });

  it.each<[string, PlanStep[]]>([
    ["nothing acts after it", [celsius, compare()]],
    ["two steps act after it", [celsius, compare(), mail(), { ...mail(), id: "4" }]],
    ["its output is used as a value", [celsius, compare(), mail({ args: { to: "ann", body: "{{2}}" } })]],
    ["it is arithmetic", [celsius, step("2", "calculator", { expression: "{{1.celsius}} - 6" }), mail()]],
  ])("stays where %s", (_, steps) => {
    expect(mended(...steps)).toEqual(steps);
  });

  it("stays where it is the answer", () => {
    const plan = { steps: [celsius, compare(), mail()], answer: "{{2}}" };
    expect(mendPlan(plan, options)).toEqual(plan);
  });
});

describe("what is wrong with a call that reads", () => {
  const left = (...steps: PlanStep[]) => {
    const plan: Plan = { steps };
    return leaveToExecutor(plan, validatePlan(plan, { tools }), options)?.steps;
  };
  const found = step("1", "search", { query: "Bern" });

  it("is left to the one who writes its arguments, who sees what they named", () => {
    const days = step("2", "days", { from: "{{1.founded}}", to: "{{2}}" });
    const { args: _, ...call } = days;
    expect(left(found, days)).toEqual([found, { ...call, dependsOn: ["1"] }]);
  });

  it("may be an argument that its schema refuses", () => {
    const [call] = left(step("1", "days", { from: "2031-01-01", to: "the day after tomorrow" })) ?? [];
    expect(call).toEqual({
      id: "1",
      description: "do 1",
      tool: "days",
      dependsOn: [],
      pitfalls: 'Use these arguments as they are: {"from":"2031-01-01"}.',
    });
  });

  it("may be a condition that nothing can judge, which it does without", () => {
    const again = step("2", "search", { query: "{{1.0.title}}" }, { if: "{{1.lines}} > 0" });
    const { if: _, ...call } = again;
    expect(left(found, again)).toEqual([found, call]);
  });

  it("is not left where the call acts, or where the plan itself is wrong", () => {
    expect(left(found, step("2", "mail", { to: "{{1.mail}}", body: "" }))).toBeUndefined();
    expect(left(found, step("1", "days", { from: "{{1.x}}", to: "" }))).toBeUndefined();
    expect(
      left(found, step("2", "days", { from: "{{item.x}}", to: "" }, { forEach: "{{1}}" })),
    ).toBeUndefined();
  });
});

describe("a plan that only echoes its goal", () => {
  const isReadOnly = (name: string) => name !== "mail";
  const echoes = (goal: string, ...steps: PlanStep[]) => echoesGoal({ steps }, goal, isReadOnly);
  const say = (to: string, body: string) => step("1", "mail", { to, body });

  it("puts all of its words into a place that it does not name", () => {
    expect(echoes("Hello! How are you?", say("hello.txt", "hello, how are you"))).toBe(true);
  });

  it.each<[string, PlanStep[]]>([
    ["the goal names the place", [say("Hello", "Hello! How are you?")]],
    ["it says something else", [say("hello.txt", "Hello!")]],
    ["it does something else as well", [say("hello.txt", "Hello! How are you?"), celsius]],
    ["it only reads", [step("1", "days", { from: "Hello! How are you?", to: "x" })]],
    ["the words are all that the tool takes", [step("1", "mail", { body: "Hello! How are you?" })]],
  ])("is none where %s", (_, steps) => {
    expect(echoes("Hello! How are you?", ...steps)).toBe(false);
  });
});

describe("a file that the goal names", () => {
  const isReadOnly = (name: string) => name !== "mail";
  const placed = (goal: string, path: string, tool = "mail") =>
    filesOfGoal({ steps: [step("1", tool, { to: path, body: "21" })] }, goal, isReadOnly).steps[0]?.args?.to;

  it("is written where the goal names it", () => {
    expect(placed("Write the sum to sum.txt.", "notes/sum.txt")).toBe("sum.txt");
  });

  it.each([
    ["Write it to sum.txt in the folder notes", "notes/sum.txt"],
    ["Write it to notes/sum.txt", "notes/sum.txt"],
    ["Write the sum down", "notes/sum.txt"],
    ["Write it to sum.txt", "sum.txt"],
    ["Write it to sum.txt", "see notes/sum.txt"],
  ])("stays where it is: %s, %s", (goal, path) => {
    expect(placed(goal, path)).toBe(path);
  });

  it("is read wherever the plan looks for it", () => {
    expect(placed("Read sum.txt", "notes/sum.txt", "search")).toBe("notes/sum.txt");
  });
});
