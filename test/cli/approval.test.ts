import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { callCommand, fakeEditor, person, temporaryFolder } from "./test-surroundings.js";

const goal = "Calculate 17*23 and 19*29, then add the two results";
const writing = ["--approve-tools", "write_file", "--thread", "t"];
const three = 'write "1" to a.txt, write "2" to b.txt, write "3" to c.txt';

/** What is at the folder, by name. */
function filesOf(folder: string): Record<string, string> {
  const names = readdirSync(folder).filter((name) => name.endsWith(".txt"));
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(folder, name), "utf8")]));
}

describe("a plan that waits, in a terminal", () => {
  const words = ["--approve-plan", "once", goal];

  it("is shown with tools, arguments and dependencies, and runs when it is approved", async () => {
    const { exitCode, stdout, stderr } = await callCommand(words, person("a"));
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^942\n/);
    expect(stderr).toContain(
      '  [2] calculator\n      expression: 19*29\n      described as: "19*29"\n' +
        "  [3] calculator · after 1, 2\n      expression: sum({{1}}, {{2}})\n" +
        '      described as: "add the two results"\n',
    );
  });

  it("is edited in the person's editor, confirmed, and runs as it was edited", async () => {
    const editor = fakeEditor((text) => text.replace(/^\[3\].*\n/m, ""));
    const environment = { EDITOR: "vi", VISUAL: "'my editor' --wait" };
    const temporary = temporaryFolder();
    const asked = person("e", "y");
    const { runProgram } = editor;
    const called = await callCommand(words, {
      ...asked,
      environment,
      runProgram,
      temporaryFolder: temporary,
    });
    expect(called.exitCode).toBe(0);
    expect(called.stderr).toMatch(
      / {2}edit {4}the plan\n {6}plan:\n {8}\[1\] calculator .*\n {8}\[2\] calculator .*"19\*29"\n[^ ]/,
    );
    expect(called.stderr).toContain("2. 19*29 → 551");
    expect(called.stderr).not.toContain("3. add the two results →");
    const [seen] = editor.seen;
    expect(seen).toMatchObject({ program: "my editor", mode: 0o600, folderMode: 0o700 });
    expect(seen?.words).toEqual(["--wait", expect.stringMatching(/plan\.txt$/)]);
    expect(seen?.text).toMatch(
      /^\[1\] calculator .*"17\*23"\n\[2\] calculator .*\n\[3\] .*"add the two results"\n\n# The steps that are still/,
    );
    expect(readdirSync(temporary)).toEqual([]);
  });

  it("is asked about again where the editor changed nothing, emptied it, or failed", async () => {
    const editor = fakeEditor(
      (text) => text,
      () => "# nothing\n",
    );
    const { exitCode, stderr } = await callCommand(words, { ...person("e", "e", "e", "a"), ...editor });
    expect(exitCode).toBe(0);
    expect(stderr.match(/Nothing was changed\./g)).toHaveLength(2);
    expect(stderr).toContain("The editor vi ended with 1.\n");
    const missing = Object.assign(new Error("spawn nano ENOENT"), { code: "ENOENT", syscall: "spawn nano" });
    const without = await callCommand(words, {
      ...person("e", "a"),
      environment: { EDITOR: "nano" },
      runProgram: () => Promise.reject(missing),
    });
    expect(without.exitCode).toBe(0);
    expect(without.stderr).toContain("The editor nano did not work: spawn nano ENOENT. Set EDITOR");
  });

  it("that was edited to something broken comes back with all its issues and what was typed", async () => {
    const many = Array.from({ length: 13 }, (_, index) => `${index + 1}. think ${index + 1}`).join("\n");
    const editor = fakeEditor(
      () => many,
      (text) => text.replace(/\n13\. think 13/, "").replace(/\n12\. think 12/, ""),
    );
    const { stderr } = await callCommand([...words, "--max-replans", "0"], {
      ...person("e", "y", "e", "b", "q"),
      ...editor,
    });
    expect(stderr).toContain("The answer was not taken: The edited plan cannot be used:");
    expect(editor.seen[1]?.text).toContain("13. think 13\n");
    expect(editor.seen[1]?.text).toContain("# NOT TAKEN:\n#   The edited plan cannot be used:");
  });

  it("is rejected with words, in the same line or when asked why", async () => {
    const one = await callCommand(words, person("r leave out the first step"));
    const two = await callCommand(words, person("r", "b", "reject", "leave out the first step"));
    expect(two.stderr.match(/Why\? Your words go to the model/g)).toHaveLength(2);
    for (const { stdout, stderr } of [one, two]) {
      expect(stderr).not.toContain("✓");
      expect(stdout).toContain("I have no other plan for this. It was rejected: leave out the first step");
    }
  });

  it("goes on waiting where the person leaves it for later, and the command says how to go on", async () => {
    const { exitCode, stderr } = await callCommand(
      [...words, "--thread", "t"],
      person("?", "s", "what", "q"),
    );
    expect(exitCode).toBe(4);
    expect(stderr).toContain("  e  edit: in your editor (vi; EDITOR names another)\n");
    expect(stderr).toContain("\nGo on: plan-execute --thread t\n");
  });
});

describe("an action that waits, in a terminal", () => {
  const words = [...writing, 'write "hi" to a.txt'];

  it("is edited as JSON with comments that explain it", async () => {
    const folder = temporaryFolder();
    const editor = fakeEditor((text) => text.replace('"a.txt"', '"b.txt"'));
    const called = await callCommand(words, { folder, ...person("e", "y"), ...editor });
    expect(called.exitCode).toBe(0);
    expect(filesOf(folder)).toEqual({ "b.txt": "hi" });
    expect(editor.seen[0]?.text).toContain(
      "// What write_file is called with, as JSON.\n// Writes a text file,",
    );
    expect(editor.seen[0]?.text).toContain("//   path (string): Path of the file, from the root folder");
    expect(called.stderr).toContain(
      "  edit    write_file: Write file a.txt, content hi\n      path: b.txt\n",
    );
  });

  it("that was edited to what is no JSON, or to wrong arguments, can be edited again from there", async () => {
    const folder = temporaryFolder();
    const editor = fakeEditor(
      (text) => text.replace('"content": "hi"', '"content": hi'),
      (text) => text.replace('"content": hi', '"content": "ho", "path": 5'),
      (text) => text.replace(', "path": 5', ""),
    );
    const called = await callCommand(words, { folder, ...person("e", "", "b", "e", "y"), ...editor });
    expect(called.exitCode).toBe(0);
    expect(called.stderr).toMatch(/It cannot be used so:\n {2}This is no JSON: Unexpected token 'h'/);
    expect(called.stderr).toMatch(/It cannot be used so:\n {2}path: /);
    expect(editor.seen[1]?.text).toMatch(/"content": hi\n\}\n\n\/\/ NOT TAKEN:\n\/\/ {3}This is no JSON/);
    expect(editor.seen[2]?.text).toMatch(/"path": 5\n\}\n\n\/\/ NOT TAKEN:\n\/\/ {3}path: /);
    expect(filesOf(folder)).toEqual({ "a.txt": "ho" });
  });
});

describe("several actions that wait, in a terminal", () => {
  it("are decided one by one, can be changed, and are sent when the person confirms", async () => {
    const folder = temporaryFolder();
    const editor = fakeEditor((text) => text.replace('"2"', '"two"'));
    // The second is edited, the third rejected, the first approved after a step back; then the third is changed.
    const answers = ["a", "b", "r no", "e", "r wrong", "1", "a", "3", "a", "y"];
    const called = await callCommand([...writing, three], { folder, ...person(...answers), ...editor });
    expect(called.stderr).toContain(
      "3 actions wait for you. Nothing is sent before you have decided about each.",
    );
    expect(called.exitCode).toBe(0);
    expect(filesOf(folder)).toEqual({ "a.txt": "1", "b.txt": "two", "c.txt": "3" });
  });

  it("can all be approved or rejected at once, where they are not decided yet", async () => {
    const folder = temporaryFolder();
    const called = await callCommand([...writing, three], {
      folder,
      ...person("r no", "all", "b", "all", "a", "y"),
    });
    expect(called.stderr).toContain(
      "This is what you decided:\n" +
        "  1. reject  write_file: Write file a.txt, content 1 (1 of 3) – no\n" +
        "  2. approve write_file: Write file b.txt, content 2 (2 of 3)\n" +
        "  3. approve write_file: Write file c.txt, content 3 (3 of 3)\n",
    );
    expect(filesOf(folder)).toEqual({ "b.txt": "2", "c.txt": "3" });
    const none = temporaryFolder();
    await callCommand([...writing, three], { folder: none, ...person("all", "r not today", "y") });
    expect(filesOf(none)).toEqual({});
  });

  it("are not sent at all before the last word", async () => {
    const folder = temporaryFolder();
    const { exitCode } = await callCommand([...writing, three], { folder, ...person("a", "a", "a") });
    expect(exitCode).toBe(4);
    expect(filesOf(folder)).toEqual({});
  });
});

describe("a run that cannot go on by itself, in a terminal", () => {
  const goal = "Calculate 6*7 and count the words of missing.txt";
  const words = ["--escalate", "--max-replans", "0", goal];

  it("shows why, and what failed or is left; a hint plans again, and giving up ends it", async () => {
    const { exitCode, stderr } = await callCommand(words, person("yes", "h", "", "h look closer"));
    expect(exitCode).toBe(3);
    expect(stderr).toContain("\nThe run cannot go on by itself: step 2 ended failed");
    expect(stderr).toContain("\nWhat failed or is left:\n  [2] read_file\n      path: missing.txt\n");
    expect(stderr).toContain(
      "accept what there is (a), edit what is left (e), hint and try again (h), give up (g), or ? for more: ",
    );
    expect(stderr.match(/Your hint \(Enter: back\): /g)).toHaveLength(1);
    expect(stderr).toContain("Replanning: A person says: look closer; step 2 ended failed");
    const given = await callCommand(words, person("g"));
    expect(given).toMatchObject({ exitCode: 3, stdout: expect.stringContaining("A person gave up: ") });
  });

  it("does what is left again where the person leaves it as it is, or ends with what there is", async () => {
    const folder = temporaryFolder();
    const editor = fakeEditor((text) => {
      writeFileSync(join(folder, "missing.txt"), "one two three");
      return text;
    });
    const again = await callCommand(words, { folder, ...person("e", "y"), ...editor });
    expect(again).toMatchObject({
      exitCode: 0,
      stderr: expect.stringContaining("2. Read missing.txt → one two three"),
    });
    const accepted = await callCommand(words, person("a"));
    expect(accepted).toMatchObject({
      exitCode: 3,
      stdout: expect.stringContaining("A person took what was"),
    });
  });

  it("without one prints a line for each of the four answers", async () => {
    const { exitCode, stderr } = await callCommand(words);
    expect(exitCode).toBe(4);
    expect(stderr).toMatch(/^Go on: plan-execute --thread thread-1$/m);
    const titles = [...stderr.matchAll(/^(.*): plan-execute --thread thread-1 --resume '(.*)'$/gm)].map(
      ([, title]) => title,
    );
    expect(titles).toEqual([
      "Accept what there is",
      "Do what is left, with your changes",
      "Try again with a hint, with your words",
      "Give up",
    ]);
    expect(stderr).toContain(`"decisions":[{"type":"reject"}]}'\n`);
  });
});

describe("without a terminal", () => {
  it("each printed line answers what waits when it is pasted", async () => {
    const folder = temporaryFolder();
    const { exitCode, stderr } = await callCommand([...writing, three], { folder });
    expect(exitCode).toBe(4);
    const resumeOf = (what: string) => {
      const [, resume = ""] =
        new RegExp(`^${what}: plan-execute --thread t --resume '(.*)'$`, "m").exec(stderr) ?? [];
      return z.looseObject({ requestId: z.string() }).parse(JSON.parse(resume));
    };
    expect(resumeOf("Reject all, with your words")).toMatchObject({
      decisions: [1, 2, 3].map(() => ({ type: "reject", message: "<why>" })),
    });
    const edit = resumeOf("Edit all, with your changes");
    expect(edit).toMatchObject({
      decisions: ["a", "b", "c"].map((name) => ({
        type: "edit",
        editedAction: { name: "write_file", args: { path: `${name}.txt` } },
      })),
    });
    const approve = JSON.stringify(resumeOf("Approve all"));
    expect(await callCommand(["--thread", "t", "--resume", approve], { folder })).toMatchObject({
      exitCode: 0,
    });
    expect(filesOf(folder)).toEqual({ "a.txt": "1", "b.txt": "2", "c.txt": "3" });
  });
});
