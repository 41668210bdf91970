import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { planReply, startOpenAiServer } from "../support/openai-server.js";
import { callCommand, fakeEditor, person, temporaryFolder } from "./test-surroundings.js";

/** A thread "t" that ended: its second step found no file, so its third was never done. */
async function incompleteThread() {
  const folder = temporaryFolder();
  const goal = "Calculate 6*7 and count the words of missing.txt, then write the results to out.txt";
  const ended = await callCommand(["--thread", "t", "--max-replans", "0", goal], { folder });
  return { folder, ended };
}

/** A thread "t" whose plan waits for a person. */
async function waitingThread() {
  const folder = temporaryFolder();
  const words = ["--thread", "t"];
  await callCommand(
    [...words, "--approve-plan", "once", "Calculate 17*23 and 19*29, then add the two results"],
    { folder },
  );
  return { folder, words };
}

describe("a thread that stopped", () => {
  it("does a step again that did not come out right, and nothing that did", async () => {
    const { folder } = await incompleteThread();
    writeFileSync(join(folder, "missing.txt"), "one two three");
    const { exitCode, stderr } = await callCommand(["--thread", "t", "--retry", "2"], { folder });
    expect(exitCode).toBe(0);
    expect(stderr).toMatch(/^Plan\n {2}✓ 1\. 6\*7 → 42 .*\n {2}○ 2\. Read missing\.txt/);
    expect(stderr.match(/✓ 1\./g)).toHaveLength(1);
    expect(readFileSync(join(folder, "out.txt"), "utf8")).toContain("42");
  });

  it("does without a step, and goes on with the others once they are approved", async () => {
    const { folder } = await waitingThread();
    const skipped = await callCommand(["--thread", "t", "--skip", "3", "--skip", "1"], { folder });
    expect(skipped).toMatchObject({ exitCode: 4, stderr: expect.not.stringContaining("551") });
    const { exitCode, stderr } = await callCommand(["--thread", "t", "--resume", "approve"], { folder });
    expect(exitCode).toBe(0);
    expect(stderr).toContain(
      "– 1. 17*23 skipped\n  ○ 2. 19*29 · calculator\n  – 3. add the two results skipped\n",
    );
    expect(stderr).toContain("✓ 2. 19*29 → 551");
  });

  it("is given up, and what it did is undone", async () => {
    const folder = temporaryFolder();
    const graph = fileURLToPath(new URL("undoing-graph.ts", import.meta.url));
    const waits = await callCommand(["--thread", "t", "--graph", graph, "Fly to Oslo"], { folder });
    expect(waits.exitCode).toBe(4);
    const given = await callCommand(["steer", "t", "--give-up"], { folder });
    expect(given).toMatchObject({
      exitCode: 130,
      stdout: expect.stringContaining('- book {"flight":"LX 14"}'),
    });
    const report = await callCommand(["report", "t", "--out", "run.html"], { folder });
    expect(report.exitCode).toBe(0);
    expect(readFileSync(join(folder, "run.html"), "utf8")).toMatch(/✓ undone.*cancelled LX 14/);
    const again = await callCommand(["--thread", "t", "--give-up"], { folder });
    expect(again).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining("there is nothing to build on"),
    });
  });

  it("tells the replanner what is wanted, and who wants it", async () => {
    const server = await startOpenAiServer((_, index) =>
      index === 0
        ? planReply([{ id: "1", tool: "calculator", args: { expression: "6*7" } }])
        : { text: "As you wish." },
    );
    onTestFinished(() => server.close());
    for (const [name, value] of Object.entries(server.environment)) {
      vi.stubEnv(name, value);
    }
    onTestFinished(() => void vi.unstubAllEnvs());
    const folder = temporaryFolder();
    const { environment } = server;
    await callCommand(["--thread", "t", "--approve-plan", "once", "6*7"], { folder, environment });
    const words = ["--thread", "t", "--events", "--steer", "do not calculate"];
    const { exitCode, stdout, stderr } = await callCommand(words, { folder, environment, userName: "ann" });
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: "As you wish.\n" });
    expect(JSON.stringify(server.requests[1])).toContain("do not calculate");
    expect(stderr).toMatch(/"type":"agent\.steered","changes":\[\{"type":"message".*"by":"ann"/);
  });

  it("has what is left of its plan edited until it can be used, and then asks whether it may run", async () => {
    const { folder, words } = await waitingThread();
    const editor = fakeEditor(
      (text) => text.replace(/^\[2\].*$/m, "[2] {{9}} times two"),
      (text) => text.replace("[2] {{9}} times two", '[2] calculator {"expression":"2*2"}'),
    );
    const called = await callCommand([...words, "--edit-plan"], { folder, ...person("", "a"), ...editor });
    expect(called.exitCode).toBe(0);
    expect(called.stderr).toContain("It cannot be used so:\n  ");
    expect(editor.seen[0]?.text).toContain("\n#   [3] calculator · after 1, 2\n#       expression: ");
    expect(editor.seen[1]?.text).toMatch(/^\[1\].*\n\[2\] \{\{9\}\} times two\n\[3\].*\n\n# NOT TAKEN:\n/);
    expect(called.stdout).toBe("Add the two results: 395\n");
  });

  it("is left as it is where the editor changes nothing, or nobody is there to edit", async () => {
    const { folder, words } = await waitingThread();
    const editor = fakeEditor((text) => text);
    const same = await callCommand([...words, "--edit-plan"], { folder, ...person(), ...editor });
    expect(same).toMatchObject({ exitCode: 2, stdout: "" });
    expect(same.stderr).toContain("Error: The plan was not changed, and nothing was done.");
    const nobody = await callCommand([...words, "--edit-plan"], { folder });
    expect(nobody).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("call it in a terminal") });
    expect(await callCommand(words, { folder })).toMatchObject({ exitCode: 4 });
  });

  it.each([
    [["--thread", "t", "--retry", "1"], 'Step "1" ended done and cannot be done again.'],
    [["--thread", "t", "--skip", "9"], 'There is no step "9". The steps are: 1, 2, 3, 4.'],
    [["--thread", "u", "--skip", "1"], "There is no thread u."],
    [["--skip", "1"], "--skip changes a thread that stopped: name it with --thread <id>."],
    [["--thread", "t", "--steer", "x", "goal"], "and a goal begins a new turn: give one of them."],
    [
      ["--thread", "t", "--retry", "1", "--resume", "approve"],
      "--resume answers what waits: give one of them.",
    ],
    [["--thread", "t", "--retry", " "], '--retry must not be empty, not " ".'],
  ])("is refused what cannot be: %j", async (words, message) => {
    const { folder } = await incompleteThread();
    const { exitCode, stdout, stderr } = await callCommand(words, { folder });
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).toContain(message);
  });
});
