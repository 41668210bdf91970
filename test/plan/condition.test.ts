import { describe, expect, it } from "vitest";
import type { JsonValue } from "../../src/base/index.js";
import {
  fillSavedPlan,
  judgeCondition,
  preparePlan,
  readPlan,
  resolveDependencies,
  rewireSplitSteps,
  savedPlanOf,
  validatePlan,
} from "../../src/plan/index.js";

/** What a condition says of an output of step 1 (and of step 2): true, false, or the code of its error. */
function judge(condition: string, one: JsonValue = null, two: JsonValue = null): boolean | string {
  const judged = judgeCondition(
    condition,
    new Map([
      ["1", one],
      ["2", two],
    ]),
  );
  return judged.ok ? judged.isMet : judged.error.code;
}

function messageOf(condition: string, output: JsonValue): string {
  const judged = judgeCondition(condition, new Map([["1", output]]));
  return judged.ok ? "" : judged.error.message;
}

describe("an output as a condition", () => {
  it.each<[JsonValue]>([
    [false],
    [null],
    [0],
    [""],
    [" \n"],
    [[]],
    [{}],
    [{ rows: [], count: 0 }],
    ["no"],
    ["No."],
    [" FALSE "],
    ["False ."],
    ["0"],
    ["0.0"],
  ])("is false: %j", (output) => {
    expect(judge("{{1}}", output)).toBe(false);
    expect(judge("!{{1}}", output)).toBe(true);
  });

  it.each<[JsonValue]>([
    [true],
    [1],
    [-2.5],
    [[0]],
    [{ rows: [], count: 2 }],
    [{ found: false }],
    ["yes"],
    ["Yes."],
    [" TRUE\n"],
    ["42"],
  ])("is true: %j", (output) => {
    expect(judge("{{1}}", output)).toBe(true);
    expect(judge("not {{1}}", output)).toBe(false);
  });

  it.each(["No, the stock of widgets is 42.", "It is true", "no no", "maybe", "null"])(
    "is neither in prose, and says what it got and what would do: %j",
    (output) => {
      expect(judge("{{1}}", output)).toBe("UNEXPECTED_OUTPUT");
      expect(judge("!{{1}}", output)).toBe("UNEXPECTED_OUTPUT");
      expect(messageOf("{{1}}", output)).toBe(
        `The condition "{{1}}" cannot be judged: {{1}}, which is ${JSON.stringify(output)}, is neither true nor ` +
          "false. True or false, yes or no, a number, a list or an object would do, or a comparison such as " +
          "{{1}} == 'open'.",
      );
    },
  );
});

describe("a comparison", () => {
  it.each<[string, JsonValue, boolean]>([
    ["{{1.rows.0.stock}} < 10", { rows: [{ stock: 9 }] }, true],
    ["{{1.rows.0.stock}} < 10", { rows: [{ stock: 10 }] }, false],
    ["{{1}} <= 10", 10, true],
    ["{{1}}>=10", 9.5, false],
    ["{{1}} > -1.5e1", -14, true],
    ["10 < {{1}}", " 9 ", false],
    ["{{1}} < '10'", "9", true],
    ["{{1}} == 42", "42.", true],
    ["{{1}} === 1.0", 1, true],
    ["{{1}} !== 1", "1", false],
    ["{{1}} != 1", 2, true],
    ['{{1}} == "open"', "open", true],
    ["{{1}} = 'open'", " Open.", true],
    ["{{1}} != 'open'", "opened", true],
    ["'{{1}}' == 'open'", "open", true],
    ["'{{1}} Inc' == 'Acme Inc'", "Acme", true],
    [String.raw`{{1}} == 'it\'s "so"'`, `it's "so"`, true],
    [String.raw`{{1}} == "\{{2}}"`, "{{2}}", true],
    ["{{1}} == true", "Yes", true],
    ["{{1}} == FALSE", "no", true],
    ["{{1}} == null", null, true],
    ["{{1}} != null", { a: 1 }, true],
    ["{{1}} == 'open'", null, false],
    ["{{1}} == '12345678901234567890'", "12345678901234567891", false],
    ["{{1}} < '2031-05-17'", "2031-05-16", true],
    ["{{1}} >= '2031-05-17'", "2031-05-16", false],
  ])("%s of %j is %j", (condition, output, expected) => {
    expect(judge(condition, output)).toBe(expected);
  });

  it.each<[string, JsonValue, string]>([
    ["{{1}} < 10", "The stock is 4.", '{{1}}, which is "The stock is 4.", and 10 cannot be compared by <.'],
    ["{{1}} < 10", null, "{{1}}, which is null, and 10 cannot be compared by <."],
    ["{{1}} > 'a'", "b", '{{1}}, which is "b", and "a" cannot be compared by >.'],
    ["{{1}} != 10", "none", '{{1}}, which is "none", and 10 cannot be compared by !=.'],
    ["{{1}} == 'open'", ["open"], '{{1}}, which is ["open"], and "open" cannot be compared by ==.'],
    ["{{1}} == true", 1, "{{1}}, which is 1, and true cannot be compared by ==."],
    ["{{1}} < '2031-05-17'", 3, '{{1}}, which is 3, and "2031-05-17" cannot be compared by <.'],
  ])("%s of %j is unexpected, and says so", (condition, output, said) => {
    expect(judge(condition, output)).toBe("UNEXPECTED_OUTPUT");
    expect(messageOf(condition, output)).toContain(said);
    expect(messageOf(condition, output)).toContain(" would do");
  });
});

describe("parts of a condition", () => {
  it.each<[string, boolean]>([
    ["{{1}} && {{2}}", false],
    ["{{1}} and not {{2}}", true],
    ["{{1}} || {{2}}", true],
    ["{{2}} or {{2}} OR {{1}}", true],
    ["{{2}} && {{2}} || {{1}}", true],
    ["{{2}} && ({{2}} || {{1}})", false],
    ["!{{1}} == 'no'", true],
    ["!!({{1}} == 'yes')", true],
    ["({{1}} == 'yes') == true", true],
    ["true", true],
    ["not false and 1", true],
  ])("%s is %j where 1 is yes and 2 is no", (condition, expected) => {
    expect(judge(condition, "yes", "no")).toBe(expected);
  });

  it("are not looked at if the others settle it", () => {
    expect(judge("{{1.count}} > 0 && {{1.rows.0.stock}} < 10", { count: 0, rows: [] })).toBe(false);
    expect(judge("{{1.count}} == 0 || {{1.rows.0.stock}} < 10", { count: 0, rows: [] })).toBe(true);
    expect(judge("{{1.rows.0.stock}} < 10", { count: 0, rows: [] })).toBe("REFERENCE_FAILED");
  });

  it("come from the plan alone: an output that reads like one is text", () => {
    expect(judge("{{1}} == 'open'", "x' || true || '")).toBe(false);
    expect(judge("'{{1}}' == 'open'", "open' || 'a' == 'a")).toBe(false);
    expect(judge("{{1}}", "1 < 2")).toBe("UNEXPECTED_OUTPUT");
    expect(judge("{{1}} == {{2}}", "{{2}}", "open")).toBe(false);
  });

  it("may be many, and deep, within bounds", () => {
    expect(judge(`${"(".repeat(90)}true${")".repeat(90)}`)).toBe(true);
    expect(judge(`${"!".repeat(199)}true`)).toBe(false);
  });
});

describe("the references in a condition", () => {
  const steps = (condition: string) => [
    { id: "1", description: "one", tool: "read", args: {} },
    { id: "2", description: "two", tool: "read", args: {} },
    { id: "3", description: "three", tool: "read", args: {}, if: condition },
  ];

  it("are dependencies, in quotes too", () => {
    const nodes = resolveDependencies(steps("{{1.a}} < 3 && '{{2}}' == 'x'"), { isReadOnly: () => true });
    expect(nodes[2]?.dependsOn).toEqual(["1", "2"]);
  });

  it("are checked when the plan is made", () => {
    const [issue, ...others] = validatePlan({ steps: steps("{{1}} < 3 && !{{7}}") });
    expect(issue).toMatchObject({ code: "unknown-reference", stepId: "3" });
    expect(others).toEqual([]);
  });

  it("follow a step that was split", () => {
    const [rewired] = rewireSplitSteps(
      [
        { id: "4", description: "four", if: "{{1.a}} < 3 && !'{{1}}'" },
        { id: "1a", description: "a" },
        { id: "1b", description: "b" },
      ],
      ["1"],
    );
    expect(rewired?.if).toBe("{{1b.a}} < 3 && !'{{1b}}'");
  });

  it.each([
    ["{{step_1.count}} > 0 && !{{2}}", "{{1.count}} > 0 && !{{2}}"],
    [`\${1.count} == "$5"`, '{{1.count}} == "$5"'],
    ["1.count", "{{1.count}}"],
  ])("are understood as models write them: %s", (written, understood) => {
    const read = readPlan({ steps: steps(written) });
    expect(read).toMatchObject({ plan: { steps: [{}, {}, { if: understood }] } });
  });
});

describe("the condition of a saved plan", () => {
  const tools = [{ name: "read", readOnly: true }];
  const parameter = { min: {}, word: {}, list: {} };

  function filled(condition: string, given: Record<string, JsonValue>): string | undefined {
    const step = { id: "2", tool: "read", args: {}, description: "Read", if: condition };
    const steps = [{ id: "1", tool: "read", args: {}, description: "Look" }, step];
    const prepared = preparePlan({ name: "p", description: "d", parameters: parameter, steps }, tools);
    if (!prepared.ok) {
      throw new Error(prepared.problems.join(" "));
    }
    const plan = fillSavedPlan(
      { use: "p", with: { min: 1, word: "w", list: [], ...given } },
      [prepared.plan],
      tools,
    );
    return plan.ok ? plan.plan.steps[1]?.if : plan.issues.join(" ");
  }

  it.each<[string, Record<string, JsonValue>, string]>([
    ["{{1.n}} < {{with.min}}", { min: 7 }, "{{1.n}} < 7"],
    ["{{1.n}} < {{with.min}}", { min: -7 }, "{{1.n}} < -7"],
    ["!{{with.min}}", { min: true }, "!true"],
    ["{{with.list}} && !{{1}}", { list: ["a"] }, "true && !{{1}}"],
    ["{{with.list}}", { list: [] }, "false"],
    [
      "{{1}} == {{with.word}}",
      { word: `say "\\{{1}}" || true` },
      String.raw`{{1}} == "say \"\\\\{{1}}\" || true"`,
    ],
    ["'{{with.word}} Inc' == {{1}}", { word: "A" }, '"A Inc" == {{1}}'],
  ])("%s gets the values %j as values", (condition, given, expected) => {
    const condition2 = filled(condition, given);
    expect(condition2).toBe(expected);
  });

  it("compares with exactly the text that was given", () => {
    for (const word of [`it's "so"`, "{{1}}", String.raw`a\{{1}}\\"`, "x\ny", "' || true || '"]) {
      expect(judge(filled("{{1}} == {{with.word}}", { word }) ?? "", word)).toBe(true);
      expect(judge(filled("{{1}} == {{with.word}}", { word }) ?? "", `${word}!`)).toBe(false);
    }
  });

  it("is refused with values that make it neither true nor false", () => {
    expect(filled("{{with.word}}", { word: "perhaps" })).toContain('"perhaps" is neither true nor false');
  });

  it("refers to a parameter where a plan that ran has its value", () => {
    const step = {
      id: "2",
      description: "Read",
      tool: "read",
      args: {},
      if: "{{1.n}} < 10 && {{1}} != 'Open'",
    };
    const { saved } = savedPlanOf(
      { steps: [step] },
      { name: "p", description: "d", parameters: { min: 10, state: "Open" } },
    );
    expect(saved.steps).toMatchObject([{ if: "{{1.n}} < {{with.min}} && {{1}} != {{with.state}}" }]);
  });
});
