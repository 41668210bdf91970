// The commands, which stand for flags.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { PROJECT_VERSIONS } from "../../src/cli/init/project-files.js";
import { completionScript } from "../../src/cli/options/index.js";
import { parseArguments } from "../../src/cli/options/parse-arguments.js";
import { callCommand, temporaryFolder } from "./test-surroundings.js";

const parse = (...words: string[]) => parseArguments(words, "1.2.3");

describe("a command", () => {
  it.each([
    [
      ["run", "add 1 and 2", "--max-steps", "3"],
      ["add 1 and 2", "--max-steps", "3"],
    ],
    [
      ["run", "add", "1", "--thread", "t"],
      ["add", "1", "--thread", "t"],
    ],
    [["run", "-"], ["-"]],
    [
      ["resume", "t"],
      ["--thread", "t"],
    ],
    [
      ["resume", "t", "approve", "--json"],
      ["--thread", "t", "--resume", "approve", "--json"],
    ],
    [
      ["--json", "resume", "t", "false"],
      ["--json", "--thread", "t", "--resume", "false"],
    ],
    [
      ["threads", "--json"],
      ["--threads", "--json"],
    ],
    [
      ["steer", "t", "not", "that"],
      ["--thread", "t", "--steer", "not that"],
    ],
    [
      ["steer", "t", "--skip", "2"],
      ["--thread", "t", "--skip", "2"],
    ],
    [
      ["steer", "t", "--give-up"],
      ["--thread", "t", "--give-up"],
    ],
  ])("%j is the same as flags", (words, flags) => {
    expect(parse(...words)).toEqual(parse(...flags));
    expect(parse(...words).kind).toBe("run");
  });

  it.each([
    [["show"], "If it is a goal, put it in quotes after run."],
    [["show", "me", "the", "files"], "If it is a goal, put it in quotes after run."],
    [["run"], "There is no goal."],
    [["resume", "t", "--thread", "u"], "The command sets --thread already"],
    [["resume", "t", "perhaps"], "--resume must be approve, reject, or JSON"],
    [["completion", "tcsh"], "must be one of bash, zsh, fish"],
    [["threads", "--print"], "--print belongs to migrate."],
    [["show", "t", "--threads"], "give it alone"],
  ])("%j is refused, and it is said why", (words, message) => {
    expect(parse(...words)).toEqual({ kind: "wrong", message: expect.stringContaining(message) });
  });

  it("may be a word of a goal after run", () => {
    expect(parse("run", "threads")).toMatchObject({ options: { goal: "threads", threads: false } });
  });

  it("has a help of its own, with the flags that belong to it", () => {
    const run = parse("run", "--help");
    expect(run).toMatchObject({ kind: "shown", text: expect.stringContaining("--max-steps") });
    const threads = parse("threads", "--help");
    expect(threads).toMatchObject({ kind: "shown", text: expect.not.stringContaining("--max-steps") });
  });
});

describe("show", () => {
  it("tells goal, options, plan, what waits, answer and usage of a thread", async () => {
    const folder = temporaryFolder();
    const words = ["run", "--thread", "t", "--approve-tools", "write_file", 'write "hi" to a.txt'];
    await callCommand(words, { folder });
    const waiting = await callCommand(["show", "t"], { folder });
    expect(waiting).toMatchObject({ exitCode: 0, stderr: "" });
    const steady = waiting.stdout.replace(/\d{4}-\d\d-\d\d \d\d:\d\d/, "<time>");
    expect(steady.replaceAll(/[\d,]+(?= tokens)/g, "<n>")).toBe(
      `Thread t: waiting, changed <time> UTC\nGoal: write "hi" to a.txt\nStarted with:\n  --approve-tools write_file\n` +
        `  --root ${folder}\nPlan:\n  ○ 1. Write "hi" to a.txt · write_file\nWaits for you:\n` +
        "  write_file(path: a.txt, content: hi)\nUsed: no model call\n",
    );
    await callCommand(["resume", "t", "approve"], { folder });
    const done = await callCommand(["show", "t"], { folder });
    expect(done.stdout).toMatch(/^Thread t: done, .*\n/);
    expect(done.stdout).toMatch(/✓ 1\. .*\nAnswer:\n.*a\.txt/);
    const { stdout } = await callCommand(["show", "t", "--json"], { folder });
    expect(JSON.parse(stdout)).toMatchObject({ threadId: "t", status: "done", options: { root: folder } });
    expect(await callCommand(["show", "u"], { folder })).toMatchObject({ exitCode: 2 });
  });
});

describe("completion", () => {
  /** What bash offers for the words so far. */
  const offered = (...words: string[]) => {
    const { stdout, stderr } = spawnSync(
      "bash",
      [
        "--norc",
        "-c",
        `eval "$SCRIPT"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _plan_execute; echo "\${COMPREPLY[*]}"`,
        "-",
        "plan-execute",
        ...words,
      ],
      { encoding: "utf8", env: { PATH: process.env.PATH, SCRIPT: completionScript("bash") } },
    );
    expect(stderr).toBe("");
    return stdout.trim();
  };

  it("of bash offers commands, flags and their values", () => {
    expect(offered("re")).toBe("resume report");
    expect(offered("")).toContain(
      "run resume threads show report serve steer worker enqueue migrate audit init completion",
    );
    expect(offered("run", "--max-st")).toBe("--max-steps");
    expect(offered("run", "--granularity", "")).toBe("coarse balanced fine");
    expect(offered("resume", "t", "")).toBe("");
    expect(offered("completion", "f")).toBe("fish");
  });

  it.each(["zsh", "fish"] as const)(
    "of %s names every command and every flag, in quotes that end",
    (shell) => {
      const script = completionScript(shell);
      for (const word of ["steer", "init", "max-steps", "approve-plan", "langgraph-plan-execute"]) {
        expect(script).toContain(word);
      }
      for (const line of script.split("\n").filter((one) => !one.startsWith("#"))) {
        expect(line.match(/'/g)?.length ?? 0).toSatisfy((count: number) => count % 2 === 0);
      }
    },
  );
});

describe("init", () => {
  it("writes a project whose agent runs, and says what comes next", async () => {
    const folder = temporaryFolder();
    const { exitCode, stdout } = await callCommand(["init", "my agent"], { folder });
    expect(exitCode).toBe(0);
    expect(stdout).toContain("  cd 'my agent'\n  npm install\n");
    const project = join(folder, "my agent");
    const manifest = z
      .looseObject({ name: z.string(), dependencies: z.record(z.string(), z.string()) })
      .parse(JSON.parse(readFileSync(join(project, "package.json"), "utf8")));
    expect(manifest.name).toBe("my-agent");
    expect(manifest.dependencies["langgraph-plan-execute"]).toBe("^1.2.3");
    const words = ["--graph", "src/agent.ts", "--quiet", "Calculate 6*7"];
    expect(await callCommand(words, { folder: project })).toMatchObject({ exitCode: 0, stdout: "42\n" });
  });

  it("writes over nothing, and nothing at all where a file is there", async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "README.md"), "mine");
    const { exitCode, stderr } = await callCommand(["init"], { folder });
    expect(exitCode).toBe(2);
    expect(stderr).toContain("There is already README.md in ");
    expect(readdirSync(folder)).toEqual(["README.md"]);
    expect(existsSync(join(folder, "package.json"))).toBe(false);
  });

  it("ends where no folder can be made", async () => {
    const { exitCode, stderr } = await callCommand(["init", "/proc/x/agent"]);
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining("mkdir '/proc/x'")]);
  });

  it("names the versions that are tested here", () => {
    const { devDependencies } = z
      .object({ devDependencies: z.record(z.string(), z.string()) })
      .parse(JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")));
    const named = { ...PROJECT_VERSIONS.dependencies, ...PROJECT_VERSIONS.devDependencies };
    expect(devDependencies).toMatchObject(named);
  });
});
