import { describe, expect, it } from "vitest";
import { type PlanIssue, type PlanTool, type StepResult, validatePlan } from "../../src/plan/index.js";

const past = (id: string, extra: Partial<StepResult> = {}): StepResult => ({
  id,
  description: `Do ${id}`,
  status: "done",
  attempts: 1,
  endedAt: "2026-01-01T00:00:00Z",
  ...extra,
});
const error = { code: "TOOL_FAILED", message: "x" } as const;
const tools: PlanTool[] = [{ name: "read", readOnly: true }, { name: "write" }];
const check = (pastSteps: StepResult[], ...steps: unknown[]): PlanIssue[] =>
  validatePlan({ steps }, { tools, pastSteps });
const codes = (issues: PlanIssue[]) => issues.map((issue) => issue.code);
const step = (id: string, extra: Record<string, unknown> = {}) => ({
  id,
  description: `Now ${id}`,
  ...extra,
});

describe("an id that a past step has", () => {
  it("is taken, also where only case or blanks differ", () => {
    expect(check([past("a")], step("A"))).toEqual([
      {
        code: "id-taken",
        stepId: "A",
        message:
          'Step "A": the id belongs to a step that has already ended (done). If this is that step, refer to its output as {{a}}; otherwise take another id.',
      },
    ]);
    expect(check([past("a", { status: "failed", error })], step("A"))[0]?.message).toContain(
      '(failed). If this is that step, write its id as "a"; otherwise',
    );
  });

  it.each(["failed", "blocked", "unexpected", "rejected", "skipped"] as const)(
    "is free where that step ended as %s, and then means the new step",
    (status) => {
      const plan = { steps: [step("a"), step("b", { dependsOn: ["a"], if: "{{a.x}}" })], answer: "{{a}}!" };
      const pastSteps = [past("a", { status, output: { y: 1 }, ...(status === "skipped" ? {} : { error }) })];
      expect(validatePlan(plan, { tools, pastSteps })).toEqual([]);
      expect(codes(check(pastSteps, step("a"), step("a")))).toEqual(["duplicate-id"]);
    },
  );

  it("is free where that step never ran, since one before it failed", () => {
    expect(check([past("a", { status: "skipped", error, attempts: 0 })], step("a"))).toEqual([]);
  });
});

describe("a past step", () => {
  it.each<Partial<StepResult>>([{ status: "done", output: 1 }, { status: "skipped" }])(
    "may be named when it can be passed: %j",
    (extra) => {
      const plan = { steps: [step("2", { dependsOn: ["1"], args: { x: "{{1}}" } })], answer: "1" };
      expect(validatePlan(plan, { pastSteps: [past("1", extra)] })).toEqual([]);
    },
  );

  it.each(["failed", "blocked", "unexpected", "rejected"] as const)(
    "may not be named when it ended as %s",
    (status) => {
      const plan = { steps: [step("2", { dependsOn: ["1"], args: { x: "{{1.y}}" } })], answer: "1" };
      expect(validatePlan(plan, { pastSteps: [past("1", { status, error, output: { y: 1 } })] })).toEqual([
        {
          code: "unknown-dependency",
          stepId: "2",
          message: `Step "2" depends on "1", which ended as ${status} and has no output.`,
        },
        {
          code: "unknown-reference",
          stepId: "2",
          message: `Step "2" refers to "{{1.y}}", which ended as ${status} and has no output.`,
        },
        {
          code: "unknown-answer",
          message: `The answer, "1", ended as ${status} and has no output. Name another step, or leave "answer" out.`,
        },
      ]);
    },
  );

  it("is offered where a name is wrong, unless it has no output", () => {
    const issues = check(
      [past("prices"), past("price", { status: "failed" })],
      step("2", { dependsOn: ["prics"] }),
    );
    expect(issues[0]?.message).toContain('Did you mean "prices"? The steps are "prices".');
  });

  it("that never ran is not known any more", () => {
    const skipped = past("1", { status: "skipped", error });
    expect(codes(check([skipped], step("2", { dependsOn: ["1"], if: "{{1}}" })))).toEqual([
      "unknown-dependency",
      "unknown-reference",
    ]);
  });

  it("must have what is referred to", () => {
    const done = past("1", { output: { items: [{ a: 1 }] } });
    expect(check([done], step("2", { args: { x: "{{1.items[0].a}} {{1}}" } }))).toEqual([]);
    expect(check([done], step("2", { args: { x: "{{1.items[0].b}}" } }))).toEqual([
      {
        code: "unknown-reference",
        stepId: "2",
        message:
          'Step "2" refers to "{{1.items[0].b}}", but the output of "1" does not have that: at "1.items.0" it has no "b": it has "a".',
      },
    ]);
    expect(check([past("1", { status: "skipped" })], step("2", { args: { x: "{{1.any}}" } }))).toEqual([]);
  });

  it("is meant where its id is the longer one", () => {
    const done = past("1.1", { tool: "read", args: { a: 5 }, output: 5 });
    expect(check([done], step("1", { args: { x: "{{1.1}}" } }))).toEqual([]);
    const plan = [step("1", { if: "{{2}}" }), step("2", { args: { x: "{{1.1}}" } })];
    expect(check([done], ...plan)).toEqual([]);
    const again = step("2", { tool: "read", args: { a: "{{1.1}}" } });
    expect(codes(check([done], step("1", { tool: "read" }), again))).toEqual(["repeated-step"]);
  });

  it("gives way to a step of the plan that has its id again", () => {
    const issues = check(
      [past("1", { status: "failed", error })],
      step("1"),
      step("2", { dependsOn: ["1"], if: "{{1.x}}" }),
    );
    expect(issues).toEqual([]);
  });
});

describe("a step that does again what was done", () => {
  const call = (id: string, tool: string, args: Record<string, unknown>, extra = {}) =>
    step(id, { tool, args, ...extra });
  const search = past("1", { tool: "read", args: { q: "tea", n: 1 }, output: { id: 7 } });

  it("is reported when tool and arguments are the same, in any order of keys", () => {
    expect(check([search], call("2", "read", { n: 1, q: "tea" }))).toEqual([
      {
        code: "repeated-step",
        stepId: "2",
        repeats: "1",
        message: 'Step "2" does again what step "1" has done. Leave it out and use {{1}}.',
      },
    ]);
    expect(check([search], call("2", "read", { q: "tea", n: 2 }))).toEqual([]);
    expect(check([search], call("2", "write", { n: 1, q: "tea" }))).toEqual([]);
    expect(check([search], step("2", { tool: "read" }))).toEqual([]);
  });

  it("is reported when its references come to the same arguments", () => {
    const followUp = past("2", { tool: "read", args: { id: 7 } });
    expect(codes(check([search, followUp], call("3", "read", { id: "{{1.id}}" })))).toEqual([
      "repeated-step",
    ]);
    expect(check([search, followUp], call("3", "read", { id: "{{1.q}}" })).map(({ code }) => code)).toEqual([
      "unknown-reference",
    ]);
    const raw = past("2", { tool: "read", args: { id: "{{1.id}}" } });
    expect(codes(check([search, raw], call("3", "read", { id: "{{1.id}}" })))).toEqual(["repeated-step"]);
    const plan = [call("3", "read", { id: 1 }), call("4", "read", { id: "{{3.id}}" })];
    expect(check([search, followUp], ...plan)).toEqual([]);
  });

  it("takes no output for null", () => {
    const empty = past("2", { tool: "read", args: { id: 7 } });
    const second = past("3", { tool: "read", args: { id: null } });
    expect(codes(check([empty, second], call("4", "read", { id: "{{2}}" })))).toEqual(["repeated-step"]);
  });

  it("is reported when it has no tool and the same description", () => {
    const thought = past("1", { description: "Compare  the prices." });
    expect(
      codes(check([thought], step("2", { description: " compare the Prices!  ", dependsOn: [] }))),
    ).toEqual(["repeated-step"]);
    expect(check([thought], step("2", { description: "Compare the prices again" }))).toEqual([]);
    expect(check([thought], step("2", { description: "Compare the prices.", tool: "read" }))).toEqual([]);
    const called = past("1", { description: "Compare", tool: "read" });
    expect(check([called], step("2", { description: "Compare" }))).toEqual([]);
  });

  it("is fine where the past step did not succeed", () => {
    for (const status of ["failed", "blocked", "unexpected", "rejected", "skipped"] as const) {
      expect(check([past("1", { ...search, status })], call("2", "read", { q: "tea", n: 1 }))).toEqual([]);
    }
  });

  it("is fine after a step that may have changed something, at any distance", () => {
    const again = { q: "tea", n: 1 };
    const change = call("2", "write", { x: 1 }, { dependsOn: [] });
    expect(codes(check([search], change, call("3", "read", again)))).toEqual(["repeated-step"]);
    expect(check([search], change, call("3", "read", again, { dependsOn: ["2"] }))).toEqual([]);
    expect(check([search], change, call("3", "read", again, { if: "{{2}}" }))).toEqual([]);
    const between = call("3", "read", { other: 1 }, { dependsOn: ["2"] });
    expect(check([search], change, between, call("4", "read", again, { dependsOn: ["3"] }))).toEqual([]);
    const agent = step("2", { dependsOn: [] });
    expect(check([search], agent, call("3", "read", again, { dependsOn: ["2"] }))).toEqual([]);
    const reading = call("2", "read", { other: 1 });
    expect(codes(check([search], reading, call("3", "read", again, { dependsOn: ["2"] })))).toEqual([
      "repeated-step",
    ]);
    expect(codes(check([search], call("3", "read", again, { dependsOn: ["1"] })))).toEqual(["repeated-step"]);
  });

  it("is fine in a step that follows a change only by its place", () => {
    const sent = past("1", { tool: "write", args: { to: "Ann" } });
    expect(codes(check([sent], call("2", "write", { to: "Ann" })))).toEqual(["repeated-step"]);
    expect(check([sent], call("2", "write", { to: "Bob" }), call("3", "write", { to: "Ann" }))).toEqual([]);
    expect(
      codes(
        check(
          [sent],
          call("2", "write", { to: "Bob" }),
          call("3", "write", { to: "Ann" }, { dependsOn: [] }),
        ),
      ),
    ).toEqual(["repeated-step"]);
  });

  it("is not looked for in a step that is done for each item, nor in a circle", () => {
    const list = past("9", { output: [1] });
    expect(check([search, list], call("2", "read", { q: "tea", n: 1 }, { forEach: "{{9}}" }))).toEqual([]);
    const circle = [
      call("2", "read", { q: "tea", n: 1 }, { dependsOn: ["3"] }),
      call("3", "read", { q: 2 }, { dependsOn: ["2"] }),
    ];
    expect(codes(check([search], ...circle))).toEqual(["cycle"]);
  });

  it("is found among broken steps too", () => {
    const issues = check(
      [search, past("8")],
      { id: "2", tool: "read", args: { q: "tea", n: 1 } },
      { id: "3" },
    );
    expect(codes(issues)).toEqual(["malformed", "malformed", "repeated-step"]);
  });
});
