import { describe, expect, test } from "vitest";
import { type PlanStep, writeStepLine } from "../../../src/plan/index.js";
import { editPlanText } from "../../../src/runtime/approval/read-edited-steps.js";

const chain: PlanStep[] = [
  { id: "a", description: "look" },
  { id: "b", description: "think", dependsOn: ["a"] },
  { id: "c", description: "choose", dependsOn: ["b"] },
  { id: "d", description: "write", tool: "write_file", args: { content: "{{a}}" }, dependsOn: ["c", "a"] },
];
const [LOOK = "", THINK = "", CHOOSE = "", WRITE = ""] = chain.map(writeStepLine);
const isTool = (name: string) => name === "write_file" || name === "search";

function edit(text: string, steps: readonly PlanStep[] = chain, takenIds: readonly string[] = []) {
  return editPlanText(text, steps, { takenIds, isTool });
}

function stepsOf(...given: Parameters<typeof edit>): readonly PlanStep[] {
  const read = edit(...given);
  return read.ok ? read.steps : expect.fail(read.problems.join("\n"));
}

function problemsOf(...given: Parameters<typeof edit>): string {
  const read = edit(...given);
  return read.ok ? expect.fail("The text was understood.") : read.problems.join("\n");
}

describe("a step that is dropped", () => {
  test("leaves what came after it to come after what it came after", () => {
    expect(stepsOf(`${LOOK}\n${WRITE}`)).toEqual([chain[0], { ...chain[3], dependsOn: ["a"] }]);
  });

  test("and went in a circle with others holds nobody up", () => {
    const circle: PlanStep[] = [
      { id: "x", description: "x", dependsOn: ["y"] },
      { id: "y", description: "y", dependsOn: ["x"] },
      { id: "z", description: "z", dependsOn: ["x", "past"] },
    ];
    const line = '[z] agent: "z" | dependsOn: ["x","past"]';
    expect(stepsOf(line, circle, ["past"])).toEqual([{ ...circle[2], dependsOn: ["past"] }]);
  });

  test("is the one whose line is gone, though another reads alike", () => {
    const twins: PlanStep[] = [
      { id: "1", description: "pay", tool: "pay", args: { to: "ann" } },
      { id: "2", description: "pay", tool: "pay", args: { to: "ann" } },
      { id: "3", description: "pay", tool: "pay", args: { to: "bob" } },
    ];
    const [, second = "", third = ""] = twins.map(writeStepLine);
    expect(stepsOf(second, twins)).toEqual([twins[1]]);
    expect(stepsOf(`${third}\n${second}`, twins)).toEqual([twins[2], twins[1]]);
  });
});

describe("a line", () => {
  test("with words in place of its call is a step for an agent under its id, and one without an id is a new step", () => {
    expect(stepsOf(`${LOOK}\n[b] ponder\n${CHOOSE}\n${WRITE}\nrest`, chain, ["5"])).toEqual([
      chain[0],
      { id: "b", description: "ponder", dependsOn: ["a"] },
      chain[2],
      chain[3],
      { id: "6", description: "rest" },
    ]);
  });

  test("whose call is changed is the call as it stands there, and one whose words are changed keeps its call", () => {
    const changed = WRITE.replace("{{a}}", "all of it").replace('["c","a"]', "[]");
    expect(stepsOf(changed)).toEqual([{ ...chain[3], args: { content: "all of it" }, dependsOn: [] }]);
    expect(stepsOf(WRITE.replace('"write"', '"note"'))[0]).toMatchObject({
      description: "note",
      tool: "write_file",
      args: { content: "{{a}}" },
    });
  });

  test("without an id may be a call, which is a new step", () => {
    expect(stepsOf('search {"query":"x"}')).toEqual([
      { id: "5", description: 'search(query: "x")', tool: "search", args: { query: "x" } },
    ]);
  });

  test.each([
    ["Windows line ends", (text: string) => text.replaceAll("\n", "\r\n")],
    ["blanks around it", (text: string) => `\n\n  ${text.replaceAll("\n", "  \n\n  ")}  \n`],
    ["a numbered list", (text: string) => text.replaceAll(/^/gm, "7. ")],
    ["a list of code", (text: string) => text.replaceAll(/^(.*)$/gm, "- `$1`")],
  ])("is understood with %s, in any order", (_, change) => {
    const text = change([WRITE, LOOK, CHOOSE, THINK].join("\n"));
    expect(stepsOf(text)).toEqual([chain[3], chain[0], chain[2], chain[1]]);
  });
});

describe("a text is refused", () => {
  test.each([
    [
      "a call that is broken",
      WRITE.replace('"}', '"'),
      /^Line 1 \("\[d\] write_file .*"\) was not understood: it is neither/,
    ],
    ["an id that was not shown", WRITE.replace("[d]", "[e]"), /no step that was shown is \[e\]/],
    ["an id without anything", "[d]", /it says nothing/],
    [
      "the words of a call without its call",
      `${LOOK}\n2. write`,
      /Line 2 .* these are the words of step \[d\]/,
    ],
    ["the words of a call in its own line", "[d]  write ", /these are the words of step \[d\]/],
    ["the words of an agent's step without its id", "1. look", /these are the words of step \[a\]/],
  ])("that has %s", (_, text, problem) => {
    expect(problemsOf(text)).toMatch(problem);
    expect(problemsOf(text)).toContain('Write a call as [id] tool {"argument": "value"} on one line');
  });

  test("with what is wrong of its first lines, however many there are", () => {
    const problems = problemsOf("{\n".repeat(100_000));
    expect(problems).toContain("99995 more lines were not understood.");
    expect(problems.length).toBeLessThan(2_000);
  });
});
