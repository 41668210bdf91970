// The command in processes of its own, as a person calls it.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { z } from "zod";
import { toShellWords } from "../../src/cli/write.js";
import { type ModelReply, planReply, startOpenAiServer } from "../support/openai-server.js";
import { callProcess, commandWords, finishProcess, startProcess } from "./command-process.js";
import { temporaryFolder } from "./test-surroundings.js";

/** The command in a terminal, with a person who types each answer when its question is there. */
async function callInTerminal(
  words: readonly string[],
  folder: string,
  {
    environment,
    answers,
  }: { environment: Readonly<Record<string, string>>; answers: readonly (readonly [RegExp, string])[] },
) {
  const command = toShellWords([process.execPath, ...commandWords, ...words]);
  const child = spawn("script", ["-qec", command, "/dev/null"], {
    cwd: folder,
    env: { PATH: process.env.PATH, SHELL: "/bin/sh", ...environment },
    stdio: ["pipe", "pipe", "pipe"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  const left = [...answers];
  let shown = "";
  let seen = 0;
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    shown += text;
    const [question, answer] = left[0] ?? [];
    if (question === undefined || !question.test(shown.slice(seen))) {
      return;
    }
    left.shift();
    seen = shown.length;
    child.stdin.write(`${answer}\r`);
  });
  await once(child, "close");
  return { exitCode: child.exitCode, shown, left };
}

async function serve(answer: (index: number) => ModelReply) {
  const server = await startOpenAiServer((_, index) => answer(index));
  onTestFinished(() => server.close());
  return server;
}

it("two turns on one thread, in two processes, without a key and without a warning", async () => {
  const folder = temporaryFolder();
  const first = await callProcess(["Calculate 17*23 and 19*29, then add the two results"], folder);
  expect(first.exitCode).toBe(0);
  expect(first.stdout).toMatch(/^942\n\nWorked out from: 17\*23: 391; 19\*29: 551\.\n$/);
  const [, threadId = ""] = /--thread (\S+) "<follow-up>"\n$/.exec(first.stderr) ?? [];
  // A model server may run on the machine, on a usual port.
  expect(first.stderr).toMatch(/^(?:A model server answers .*\n)*Plan\n/);
  const second = await callProcess(["--thread", threadId, "--quiet", "and twice that?"], folder);
  expect(second).toEqual({ exitCode: 0, stdout: "1884\n", stderr: "" });
});

it("a real model plans, tools write a file and read it back, and the answer streams", async () => {
  const folder = temporaryFolder();
  const server = await serve((index) =>
    index === 0
      ? planReply([
          { id: "w", tool: "write_file", args: { path: "a.txt", content: "one two three" } },
          { id: "r", tool: "read_file", args: { path: "a.txt" }, dependsOn: ["w"] },
        ])
      : { text: "It holds three words." },
  );
  const { exitCode, stdout, stderr } = await callProcess(["write and read"], folder, server);
  expect(exitCode).toBe(0);
  expect(readFileSync(join(folder, "a.txt"), "utf8")).toBe("one two three");
  expect(stdout).toBe("It holds three words.\n");
  expect(stderr).toMatch(
    /✓ r\. .* → one two three \(\d+ ms\)\n\nGo on: plan-execute --thread \S+ "<follow-up>"\n$/,
  );
  expect(server.requests.map(({ model, stream }) => [model, stream])).toEqual([
    ["gpt-4.1-mini", true],
    ["gpt-4.1-mini", true],
  ]);
});

it("each role may have a model of its own, and tokens and dollars are counted", async () => {
  const server = await serve((index) =>
    index === 0
      ? planReply([{ id: "1", tool: "calculator", args: { expression: "6*7" } }])
      : { text: "Forty-two." },
  );
  const words = ["--model", "openai:small", "--planner-model", "openai:big", "--json"];
  const prices = ["--price", "openai:big=1/1", "--price", "small=0/0", "--max-cost-usd", "1"];
  const called = await callProcess([...words, ...prices, "6*7"], temporaryFolder(), server);
  expect(called.exitCode).toBe(0);
  expect(server.requests.map(({ model }) => model)).toEqual(["big", "small"]);
  const result = z
    .looseObject({ response: z.string(), usage: z.looseObject({ calls: z.number(), costUsd: z.number() }) })
    .parse(JSON.parse(called.stdout));
  expect(result).toMatchObject({ response: "Forty-two.", usage: { calls: 2, costUsd: 0.000015 } });
});

it("a model that cannot be had fails the run with 1, and wrong words end it with 2", async () => {
  const folder = temporaryFolder();
  const server = await serve(() => ({ status: 401, text: "no such key" }));
  const failed = await callProcess(["x"], folder, server);
  expect(failed.exitCode).toBe(1);
  expect(failed.stderr).toMatch(/^The run failed: .*no such key/m);
  const wrong = await callProcess(["x", "--max-steps", "no"], folder);
  expect(wrong).toEqual({
    exitCode: 2,
    stdout: "",
    stderr: 'Error: --max-steps must be a whole number from 1, not "no".\n',
  });
});

it("Ctrl-C stops a run, which another process goes on with; finished steps are not done again", async () => {
  const folder = temporaryFolder();
  let child: ChildProcess | undefined;
  const server = await serve((index) => {
    if (index === 0) {
      return planReply([
        { id: "w", tool: "write_file", args: { path: "a.txt", content: "kept" } },
        { id: "t", description: "think about {{w}}" },
      ]);
    }
    if (index > 1) {
      return { text: "Thought." };
    }
    child?.kill("SIGINT");
    return { connection: "hang" };
  });
  child = startProcess(["think", "--thread", "t", "--events"], folder, server);
  const cut = await finishProcess(child);
  expect(cut.exitCode).toBe(130);
  expect(cut.stderr).toContain('"type":"agent.cancelled","inFlight":["t"]');
  expect(cut.stderr).toContain(
    "Interrupted. In flight: t. think about {{w}}.\nGo on: plan-execute --thread t\n",
  );
  const gone = await callProcess(["--thread", "t"], folder, server);
  expect(gone.exitCode).toBe(0);
  expect(gone.stdout).toBe("Thought.\n");
  expect(gone.stderr.match(/✓ w\./g)).toHaveLength(1);
  expect(gone.stderr).toMatch(/✓ t\. think about .* → Thought\. \(.*\)\n/);
});

it("in a terminal a plan is edited in $EDITOR, and an action is rejected with words", async () => {
  const folder = temporaryFolder();
  const editor = join(folder, "my editor.mjs");
  writeFileSync(
    editor,
    `import { readFileSync, writeFileSync } from "node:fs";
    const path = process.argv.at(-1);
    writeFileSync(path, readFileSync(path, "utf8").replace(/^.2\\] .*$/m, "[2] calculator {\\"expression\\":\\"2+2\\"}"));`,
  );
  const words = ["--approve-plan", "once", "--approve-tools", "write_file"];
  const { exitCode, shown, left } = await callInTerminal(
    [...words, 'Calculate 17*23 and 19*29, then write "hi" to a.txt'],
    folder,
    {
      environment: { EDITOR: `'${process.execPath}' '${editor}' --wait`, TERM: "xterm" },
      answers: [
        [/for more: /, "e"],
        [/Send it\? /, "y"],
        [/write_file: .*for more: /s, "r not that file"],
      ],
    },
  );
  expect(left).toEqual([]);
  expect(shown).toContain("→ 4");
  expect(shown).toContain("Plan, version 2");
  expect(shown).toContain("not that file");
  expect(existsSync(join(folder, "a.txt"))).toBe(false);
  expect(exitCode).toBe(3);
});
