import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { callCommand, temporaryFolder } from "./test-surroundings.js";

const YAML = `
name: double
description: Doubles {{with.number}}
parameters:
  number: { type: integer }
  unit: { type: string, default: euros }
steps:
  - calculator: { expression: "2*{{with.number}}" }
answer: "{{1}} {{with.unit}}"
`;

function folderWithPlans(): string {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "plans.yaml"), YAML);
  return folder;
}

describe("--plan", () => {
  it("runs a saved plan with its values, without a goal", async () => {
    const words = ["--plans", "plans.yaml", "--plan", "double", "--with", "number=21", "--quiet"];
    const run = await callCommand(words, { folder: folderWithPlans() });
    expect(run).toEqual({ exitCode: 0, stdout: "42 euros\n", stderr: "" });
  });

  it("begins a turn of a thread, which keeps where the plans are", async () => {
    const folder = folderWithPlans();
    await callCommand(["--plans", "plans.yaml", "--plan", "double", "--with", "number=1"], { folder });
    const words = [
      "--thread",
      "thread-1",
      "--plan",
      "double",
      "--with",
      "number=4",
      "--with",
      "unit=a=b",
      "--json",
    ];
    const { exitCode, stdout } = await callCommand(words, { folder });
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ response: "8 a=b", usage: { calls: 0 } });
  });

  it.each([
    [["--plans", "plans.yaml", "--plan", "double"], 'The parameter "number" is not right'],
    [
      ["--plans", "plans.yaml", "--plan", "doubel"],
      'There is no saved plan "doubel". Did you mean "double"?',
    ],
    [["--plan", "double"], "There are none."],
    [["--plans", "other.yaml", "--plan", "double"], "other.yaml cannot be used"],
    [["--with", "number=1", "x"], "name the plan with --plan <name>"],
    [["--plan", "double", "--with", "number"], '--with must look like month=2026-11, not "number"'],
    [["--thread", "t", "--plan", "double", "--resume", "approve"], "a saved plan begins a new turn"],
    [["--thread", "t", "--plan", "double", "--skip", "1"], "a saved plan begins a new turn"],
    [["--plans", "plans.yaml", "--graph", "general", "x"], "--plans is for the built-in tools"],
  ])("%j is refused with 2", async (words, message) => {
    const { exitCode, stderr } = await callCommand(words, { folder: folderWithPlans() });
    expect(exitCode).toBe(2);
    expect(stderr).toContain(message);
  });
});

describe("a run that is refused", () => {
  it("ends with an exit code of its own, and offers what was understood", async () => {
    const graph = fileURLToPath(new URL("./refusing-graph.ts", import.meta.url));
    const { exitCode, stdout, stderr } = await callCommand(["--graph", graph, "send it"]);
    expect(exitCode).toBe(6);
    expect(stdout).toContain("I do not do this.\n\nI understood this much: say hello\n");
    expect(stderr).toContain("The run was refused: I do not do this.");
  });
});
