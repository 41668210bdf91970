import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type PlanIssue, type PlanIssueCode, validatePlan } from "../../src/plan/index.js";

const step = (id: string, extra: Record<string, unknown> = {}) => ({ id, description: `Do ${id}`, ...extra });
const validate = (...steps: unknown[]): PlanIssue[] => validatePlan({ steps });
const codes = (issues: PlanIssue[]): PlanIssueCode[] => issues.map((issue) => issue.code);

describe("a sound plan", () => {
  it("has no issues", () => {
    const steps = [
      step("1", { tool: "search", args: { query: "tea" } }),
      step("2", {
        forEach: "{{1.items}}",
        description: "Read {{item.url}}, number {{index}}",
        if: "{{1.found}}",
      }),
      step("1.1", { dependsOn: ["2"], args: { x: "{{1.1x}}{{1.title}}" }, expect: "x", pitfalls: "{{y}}" }),
    ];
    expect(validatePlan({ steps: steps.slice(0, 2), answer: "2" })).toEqual([]);
    expect(validate(steps[0], steps[1], step("1.1", { args: { x: "{{1.title}} \\{{nobody}}" } }))).toEqual(
      [],
    );
  });

  it("may be written in any order and name ids with dots and blanks", () => {
    expect(
      validate(step("b c", { dependsOn: ["1.1"] }), step("1.1"), step("1", { if: "{{b c.x}}" })),
    ).toEqual([]);
  });
});

describe("an answer in words", () => {
  const steps = [step("1"), step("2")];

  it("may refer to steps, their outputs' parts and past steps", () => {
    const past = { ...step("0"), status: "done", attempts: 1, endedAt: "2026-01-01T00:00:00Z" } as const;
    const plan = { steps, answer: "From {{0}}: {{1}} of {{2.total}}; \\{{ is a brace." };
    expect(validatePlan(plan, { pastSteps: [past] })).toEqual([]);
  });

  it("may not refer to what is no step, or to an item", () => {
    const issues = validatePlan({ steps, answer: "It is {{3}} and {{item}}." });
    expect(codes(issues)).toEqual(["unknown-answer", "unknown-answer"]);
    expect(issues[0]?.message).toContain('The answer refers to "{{3}}", which names no step.');
  });

  it("may not refer to a step that failed", () => {
    const failed = { ...step("0"), status: "failed", attempts: 1, endedAt: "2026-01-01T00:00:00Z" } as const;
    const [issue] = validatePlan({ steps, answer: "It is {{0}}." }, { pastSteps: [failed] });
    expect(issue?.message).toContain('refers to "{{0}}", which ended as failed and has no output');
  });
});

describe("a value that is no plan", () => {
  it.each([
    [null, 'A plan must be an object such as {"steps":[…]}.'],
    [undefined, 'A plan must be an object such as {"steps":[…]}.'],
    ["plan", 'A plan must be an object such as {"steps":[…]}.'],
    [[step("1")], 'A plan must be an object such as {"steps":[…]}.'],
    [{}, 'A plan must have "steps", a list of steps.'],
    [{ steps: { a: 1 } }, 'A plan must have "steps", a list of steps.'],
  ])("is malformed: %j", (plan, message) => {
    expect(validatePlan(plan)).toEqual([{ code: "malformed", message }]);
  });

  it("is malformed where it cannot be read, and nothing is thrown", () => {
    const cyclic: Record<string, unknown> = {};
    cyclic.steps = [cyclic];
    expect(validatePlan(cyclic)).toEqual([
      { code: "malformed", message: "The plan cannot be read: it is nested deeper than 100 levels." },
    ]);
    const throwing = {
      steps: [
        Object.defineProperty({}, "id", {
          enumerable: true,
          get: () => {
            throw null;
          },
        }),
      ],
    };
    expect(validatePlan(throwing)[0]?.message).toBe("The plan cannot be read: reading it failed.");
  });

  it("has no steps when its list is empty", () => {
    expect(validatePlan({ steps: [] })).toEqual([
      { code: "no-steps", message: "The plan has no steps: it needs one at least." },
    ]);
  });
});

describe("a malformed step", () => {
  it("is named by its place when it is no object", () => {
    const message = 'The step at position 2 must be an object such as {"id":"1","description":"…"}.';
    expect(validate(step("1"), "search")).toEqual([{ code: "malformed", message }]);
    expect(codes(validate(null, 3, []))).toEqual(["malformed", "malformed", "malformed"]);
  });

  it.each([
    ["id", 7, 'The step at position 1: "id" is 7, and must be a text of 1 to 64 characters.'],
    ["id", "", 'The step at position 1: "id" is "", and must be a text of 1 to 64 characters.'],
    ["id", undefined, 'The step at position 1: "id" must be a text of 1 to 64 characters.'],
    ["description", undefined, 'Step "1": it says nothing to do. Give it a call or a description.'],
    ["description", 7, 'Step "1": "description" is 7, and must be a text that says what the step does.'],
    ["tool", 7, 'Step "1": "tool" is 7, and must be the name of a tool.'],
    ["args", [1], 'Step "1": "args" is [1], and must be an object of arguments, such as {"query":"…"}.'],
    ["dependsOn", "1", 'Step "1": "dependsOn" is "1", and must be a list of step ids, such as ["1"].'],
    ["dependsOn", [2], 'Step "1": "dependsOn" is [2], and must be a list of step ids, such as ["1"].'],
    [
      "forEach",
      ["x"],
      'Step "1": "forEach" is ["x"], and must be one reference to a list, such as "{{1}}", or the list as JSON, such as "[1,2]".',
    ],
    [
      "if",
      true,
      `Step "1": "if" is true, and must be a condition, such as "{{1.found}}", "!{{1}}" or "{{1.count}} > 0 && {{2}} == 'open'".`,
    ],
    ["expect", 1, 'Step "1": "expect" is 1, and must be a text.'],
    ["pitfalls", 1, 'Step "1": "pitfalls" is 1, and must be a text.'],
  ])("says what is right for %s, not %j", (field, value, message) => {
    const issues = validate({ ...step("1"), [field]: value });
    expect(issues).toEqual([
      { code: "malformed", ...(field === "id" ? {} : { stepId: "1" }), message, path: [field] },
    ]);
  });

  it("is told of every field at once, and of all else that is wrong with it", () => {
    const issues = validatePlan(
      { steps: [{ id: "1", tool: "nope", args: 3, dependsOn: ["x"], if: "{{y}} and more" }], answer: 4 },
      { tools: [{ name: "search" }] },
    );
    expect(codes(issues)).toEqual([
      "malformed",
      "malformed",
      "malformed",
      "malformed",
      "unknown-tool",
      "unknown-dependency",
      "unknown-reference",
    ]);
    expect(issues.map((issue) => issue.path?.[0])).toEqual([
      "description",
      "args",
      "if",
      "answer",
      undefined,
      undefined,
      undefined,
    ]);
    expect(issues[3]?.message).toBe('"answer" must be the id of a step, or words.');
  });

  it("has something else than one reference in forEach", () => {
    const base = [step("1")];
    expect(validate(...base, step("2", { forEach: "{{1.a}}" }))).toEqual([]);
    expect(validate(...base, step("2", { forEach: " {{1}} " }))).toEqual([]);
    for (const forEach of ["1", "", "x {{1}}", "{{1}}{{1}}", "{{}}"]) {
      const [issue, ...others] = validate(...base, step("2", { forEach }));
      expect(issue).toMatchObject({ code: "malformed", stepId: "2", path: ["forEach"] });
      expect(issue?.message).toMatch(
        /^Step "2": "forEach" is ".*", and must be one reference.*, and nothing else\.$/,
      );
      expect(others).toEqual([]);
    }
  });

  it.each([
    ["the stock is low", '"the" cannot stand where it does'],
    ["", "something is missing at its end"],
    ["x {{1}}", '"x" cannot stand where it does'],
    ["{{1}}{{1}}", '"{{1}}" cannot stand where it does'],
    ["{{}}", '"{{}}" cannot stand where it does'],
    ["{{1}} <", "something is missing at its end"],
    ["1 < {{1}} < 3", '"<" cannot stand where it does'],
    ["{{1}} == open", '"open" cannot stand where it does'],
    ["{{1}} == 'open", '"\'open" cannot stand where it does'],
    ["{{1.a}} * 2 > 3", '"* 2 > 3" cannot stand where it does'],
    ["({{1}} || {{1.a}}", 'a "(" is not closed'],
    ["{{1}})", '")" cannot stand where it does'],
    ["!".repeat(300), "it has more than 200 parts"],
    ["'stock is low'", '"stock is low" is neither true nor false'],
    ["'a' < 1", '"a" and 1 cannot be compared by <'],
  ])("has no condition in if: %j, and says what stands in the way", (condition, reason) => {
    const [issue, ...others] = validate(step("1"), step("2", { if: condition }));
    expect(issue).toMatchObject({ code: "malformed", stepId: "2", path: ["if"] });
    expect(issue?.message).toMatch(/^Step "2": "if" must be a condition, such as "\{\{1\.found\}\}"/);
    expect(issue?.message).toContain(JSON.stringify(condition).slice(0, 80));
    expect(issue?.message).toContain(reason);
    expect(others).toEqual([]);
  });

  it("has an id that cannot be used, once, and can be depended on all the same", () => {
    const long = "a".repeat(65);
    const issues = validate(step(long), step("b", { dependsOn: [long] }));
    expect(issues).toHaveLength(1);
    expect(issues[0]).toMatchObject({ code: "malformed", stepId: long, path: ["id"] });
    expect(issues[0]?.message).toContain(
      "this id cannot be used, since it is longer than 64 characters. Use a short one",
    );
    expect(validate(step("a".repeat(64)))).toEqual([]);
    for (const id of ["item", "index", "a{b", "a[0]", " a"]) {
      expect(codes(validate(step(id)))).toEqual(["malformed"]);
    }
  });

  it("has nothing to do: no tool and an empty description", () => {
    expect(validate({ id: "1", description: " " })).toEqual([
      {
        code: "malformed",
        stepId: "1",
        message: 'Step "1": it has no tool, so its description must say what to do.',
        path: ["description"],
      },
    ]);
    expect(validate({ id: "1", description: "", tool: "x" })).toEqual([]);
  });
});

describe("the number of steps", () => {
  it("is limited when a limit is given", () => {
    const plan = { steps: [step("1"), step("2"), step("3")] };
    expect(validatePlan(plan)).toEqual([]);
    expect(validatePlan(plan, { maxSteps: 3 })).toEqual([]);
    expect(validatePlan(plan, { maxSteps: 2 })).toEqual([
      {
        code: "too-many-steps",
        message: "The plan has 3 steps, and 2 are allowed. Join steps, or plan fewer.",
      },
    ]);
  });
});

describe("ids", () => {
  it("are duplicates also where only case or blanks differ, each later one being reported", () => {
    expect(validate(step("a"), step("b"), step("a"), step("a"))).toEqual([
      {
        code: "duplicate-id",
        stepId: "a",
        message: 'Steps 1 and 3 share the id "a". Give each step an id of its own.',
      },
      {
        code: "duplicate-id",
        stepId: "a",
        message: 'Steps 1 and 4 share the id "a". Give each step an id of its own.',
      },
    ]);
    expect(validate(step("Fetch data"), step("fetchData"))).toEqual([
      {
        code: "duplicate-id",
        stepId: "fetchData",
        message:
          'Steps 1 and 2 share the id "fetchData", and "Fetch data" differs only in case or blanks. Give each step an id of its own.',
      },
    ]);
    expect(validate(step("a_b"), step("a-b"), step("ab"))).toEqual([]);
  });
});

describe("dependencies", () => {
  it("must be steps of the plan", () => {
    expect(validate(step("search"), step("2", { dependsOn: ["serch", "search", "serch"] }))).toEqual([
      {
        code: "unknown-dependency",
        stepId: "2",
        message:
          'Step "2" depends on "serch", which is no step of the plan. Did you mean "search"? The steps are "search".',
      },
    ]);
    const [issue] = validate({ description: "x", dependsOn: ["zzz"], tool: "t" }).slice(1);
    expect(issue).toEqual({
      code: "unknown-dependency",
      message:
        'The step at position 1 depends on "zzz", which is no step of the plan. There is no other step.',
    });
  });

  it("must not be the step itself, by whatever way, and that is no cycle too", () => {
    const message = 'Step "1" depends on itself. Name only other steps.';
    const expected = [{ code: "self-dependency", stepId: "1", message }];
    expect(validate(step("1", { dependsOn: ["1"] }))).toEqual(expected);
    expect(validate(step("1", { args: { x: "{{1.y}}" } }))).toEqual(expected);
    expect(validate(step("1", { dependsOn: ["1", "1"], if: "{{1}}" }))).toEqual(expected);
  });

  it("must not go in a circle, and each circle is reported once, with its way", () => {
    const issues = validate(
      step("a", { dependsOn: ["b"] }),
      step("b", { args: { x: "{{c.y}}" } }),
      step("c", { if: "{{a}}" }),
      step("p", { dependsOn: ["q"] }),
      step("q", { dependsOn: ["p", "q"] }),
    );
    expect(issues).toEqual([
      { code: "self-dependency", stepId: "q", message: 'Step "q" depends on itself. Name only other steps.' },
      {
        code: "cycle",
        stepId: "a",
        message:
          'These steps wait for one another: "a" needs "b", "b" needs "c", "c" needs "a". Take one of these dependencies out.',
        path: ["a", "b", "c"],
      },
      {
        code: "cycle",
        stepId: "p",
        message:
          'These steps wait for one another: "p" needs "q", "q" needs "p". Take one of these dependencies out.',
        path: ["p", "q"],
      },
    ]);
  });

  it("shows ten links of a long circle", () => {
    const ring = (size: number) =>
      validate(
        ...Array.from({ length: size }, (_, at) => step(`s${at}`, { dependsOn: [`s${(at + 1) % size}`] })),
      );
    expect(ring(10)[0]?.message).not.toContain("more");
    expect(ring(11)[0]?.message).toContain('"s9" needs "s10" and 1 more. Take');
    expect(ring(11)[0]?.path).toHaveLength(11);
  });

  it("are no circle where only the order of the list would close one", () => {
    expect(validate(step("1", { dependsOn: ["2"] }), step("2"))).toEqual([]);
  });
});

describe("references", () => {
  it.each([
    [{ args: { q: ["{{serch.x}}"] } }],
    [{ description: "Read {{serch.x}}" }],
    [{ forEach: "{{serch.x}}" }],
    [{ if: "{{serch.x}}" }],
    [{ args: { q: "{{serch.x}} {{serch.x}}" }, description: "{{serch.x}}" }],
  ])("must name a step, wherever they stand: %j", (extra) => {
    expect(validate(step("search"), step("2", extra))).toEqual([
      {
        code: "unknown-reference",
        stepId: "2",
        message:
          'Step "2" refers to "{{serch.x}}", which names no step. Did you mean "search"? The steps are "search". Write \\{{ where braces are meant as text.',
      },
    ]);
  });

  it("must have a path that can be read", () => {
    expect(codes(validate(step("1"), step("2", { args: { q: "{{1[}}" } })))).toEqual(["unknown-reference"]);
  });

  it("may name the item only in a step with forEach, and not in forEach itself", () => {
    const each = { forEach: "{{1}}" };
    const uses = { args: { a: "{{item}}", b: "{{item.path[0]}}", c: "{{index}}" }, if: "{{item.ok}}" };
    expect(validate(step("1"), step("2", { ...each, ...uses }))).toEqual([]);
    const issues = validate(step("1"), step("2", uses));
    expect(codes(issues)).toEqual(Array(4).fill("unknown-reference"));
    expect(issues[0]?.message).toBe(
      'Step "2" refers to "{{item}}", which only a step with "forEach" can: give it one, or name a step.',
    );
    expect(validate(step("1"), step("2", { forEach: "{{item.list}}" }))).toEqual([
      {
        code: "unknown-reference",
        stepId: "2",
        message:
          'Step "2" refers to "{{item.list}}", but "forEach" says what the items are: name the step that gives the list.',
      },
    ]);
  });

  it("of a step without an id are reported by its place", () => {
    const issue = validate({ description: "{{x}}" }).find(({ code }) => code === "unknown-reference");
    expect(issue).not.toHaveProperty("stepId");
    expect(issue?.message).toMatch(/^The step at position 1 refers to/);
  });
});

describe("the answer", () => {
  it("must be a step of the plan", () => {
    expect(validatePlan({ steps: [step("search")], answer: "search" })).toEqual([]);
    expect(validatePlan({ steps: [step("search")], answer: "seach" })).toEqual([
      {
        code: "unknown-answer",
        message:
          'The answer, "seach", is no step of the plan. Did you mean "search"? The steps are "search".',
      },
    ]);
  });
});

describe("whatever it is given", () => {
  const names = fc.constantFrom(
    "id",
    "description",
    "tool",
    "args",
    "dependsOn",
    "forEach",
    "if",
    "steps",
    "answer",
    "__proto__",
  );
  const words = fc.constantFrom(
    "1",
    "2",
    "{{1}}",
    "{{2.x}}",
    "{{item}}",
    "item",
    "a".repeat(70),
    "",
    "{{{{",
    "__proto__",
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

  it("validation returns a list and never throws", () => {
    fc.assert(
      fc.property(anything.value, fc.array(anything.value, { maxLength: 5 }), (value, steps) => {
        for (const plan of [value, { steps: value }, { steps, answer: value }]) {
          for (const issue of validatePlan(plan, { tools: [{ name: "1" }], maxSteps: 2 })) {
            expect(issue.message.length).toBeGreaterThan(10);
          }
        }
      }),
      { numRuns: 100 },
    );
  });
});
