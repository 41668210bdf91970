import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { describe, expect, it, onTestFinished } from "vitest";
import { z } from "zod";
import { planReply, startOpenAiServer } from "../support/openai-server.js";
import {
  type CalledCommand,
  callCommand,
  KeptOutput,
  person,
  temporaryFolder,
  terminal,
} from "./test-surroundings.js";

const goal = "Calculate 17*23 and 19*29, then add the two results";
const resultSchema = z.strictObject({
  threadId: z.string(),
  status: z.string(),
  response: z.string(),
  plan: z.array(z.looseObject({ id: z.string() })),
  pastSteps: z.array(z.looseObject({ status: z.string() })),
  outcome: z.looseObject({ reason: z.string() }).nullable(),
  usage: z.looseObject({ calls: z.number() }),
  waiting: z.looseObject({ requestId: z.string() }).optional(),
});

describe("a goal", () => {
  it("becomes a plan, steps that run, and an answer; the thread goes on", async () => {
    const folder = temporaryFolder();
    const first = await callCommand([goal], { folder });
    expect(first.exitCode).toBe(0);
    expect(first.stdout).toMatch(/^942\n\nWorked out from: .*\n$/);
    expect(first.stderr.replaceAll(/\d+ ms/g, "<time>")).toBe(
      "Plan\n  ○ 1. 17*23 · calculator\n  ○ 2. 19*29 · calculator\n  ○ 3. add the two results · calculator · after 1, 2\n" +
        "  ✓ 1. 17*23 → 391 (<time>)\n  ✓ 2. 19*29 → 551 (<time>)\n  ✓ 3. add the two results → 942 (<time>)\n\n" +
        'Go on: plan-execute --thread thread-1 "<follow-up>"\n',
    );
    const second = await callCommand(["--thread", "thread-1", "--quiet", "and twice that?"], { folder });
    expect(second).toEqual({ exitCode: 0, stdout: "1884\n", stderr: "" });
  });

  it("comes from stdin where it is -", async () => {
    const stdin = Readable.from(["Calculate 2+3\n"]);
    expect(await callCommand(["-", "--quiet"], { stdin })).toMatchObject({ stdout: "5\n" });
    expect(await callCommand(["-"])).toMatchObject({ exitCode: 2, stdout: "" });
  });

  it("gives one JSON object where that is asked for, and each event on stderr", async () => {
    const { stdout, stderr } = await callCommand([goal, "--json", "--events"]);
    const result = resultSchema.parse(JSON.parse(stdout));
    expect(result).toMatchObject({
      threadId: "thread-1",
      status: "done",
      response: expect.stringMatching(/^942\n/),
    });
    expect(result.pastSteps).toHaveLength(3);
    const events = stderr.split("\n").filter((line) => line.startsWith("{"));
    const types = events.map((line) => z.looseObject({ type: z.string() }).parse(JSON.parse(line)).type);
    expect(types.filter((type) => type === "tool.called")).toHaveLength(3);
    expect(types.filter((type) => !type.startsWith("tool."))).toEqual([
      "agent.started",
      "plan.generated",
      ...["step.started", "step.started", "step.ended", "step.ended"],
      ...["step.started", "step.ended"],
      "agent.completed",
    ]);
  });

  it("that does not come out ends with 3 and says why", async () => {
    const { exitCode, stderr } = await callCommand(["read missing.txt, count its words"]);
    expect(exitCode).toBe(3);
    expect(stderr).toContain(
      '✗ 1. Read missing.txt failed: The tool "read_file" failed: "missing.txt" is not there.',
    );
    expect(stderr).toContain("The run is incomplete: ");
  });

  it("names the options of the command line where a limit ends it", async () => {
    const { exitCode, stderr } = await callCommand([goal, "--max-turn-steps", "1"]);
    expect(exitCode).toBe(3);
    expect(stderr).toContain("--max-turn-steps");
    expect(stderr).not.toContain("limits.max");
    expect(stderr).toContain("! A limit is reached: ");
  });

  it("works in the folder that --root names, and only there", async () => {
    const folder = temporaryFolder();
    const root = temporaryFolder();
    const { exitCode } = await callCommand(['write "hi" to a.txt', "--root", root], { folder });
    expect(exitCode).toBe(0);
    expect(readFileSync(join(root, "a.txt"), "utf8")).toBe("hi");
    expect(existsSync(join(folder, "a.txt"))).toBe(false);
  });

  it("is drawn in place, with colours unless they are unwanted, in a terminal", async () => {
    const run = async (environment: Record<string, string>) =>
      (await callCommand([goal], { stderr: new KeptOutput(true), environment })).stderr;
    expect(await run({})).toContain("\u001b[32m  ✓ \u001b[39m");
    expect(await run({ NO_COLOR: "1" })).not.toContain("\u001b[32m");
    expect(await run({ NO_COLOR: "1" })).toContain("\u001b[4A\r\u001b[J");
    expect(await run({ TERM: "dumb" })).not.toContain("\u001b");
  });
});

describe("threads", () => {
  it("are kept in memory where SQLite cannot be loaded, and one line says so", async () => {
    const loadPackage = () =>
      Promise.reject(Object.assign(new Error("no"), { code: "ERR_MODULE_NOT_FOUND" }));
    const { exitCode, stderr } = await callCommand([goal], { loadPackage });
    expect(exitCode).toBe(0);
    expect(stderr.split("\n").filter((line) => line.includes("SQLite cannot be loaded"))).toHaveLength(1);
    expect(stderr).toContain("The thread thread-1 was kept in memory: it ends here.");
    const asked = await callCommand([goal, "--checkpointer", "sqlite:x.db"], { loadPackage });
    expect(asked).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("is not installed") });
  });

  it.each([
    [["--thread", "nope"], "There is no thread nope."],
    [["x", "--approve-tools", "rm"], '--approve-tools names "rm", which is no tool. There are: calculator,'],
    [["x", "--root", "/no/such"], '--root is "/no/such", which is no folder.'],
    [["x", "--allow-http", "a/b"], '--allow-http: "a/b" in the hosts of http_get is no host.'],
    [["x", "--checkpointer", "redis://h"], "Nothing opens this URL"],
    [["x".repeat(100_001)], "The goal has 100,001 characters"],
  ])("and goals that cannot be are refused with 2: %j", async (words, message) => {
    const { exitCode, stdout, stderr } = await callCommand(words);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).toContain(`Error: ${message}`);
    expect(stderr).not.toContain("    at ");
  });

  it("are held while they are worked on: another command ends with 5 and says who has it", async () => {
    const folder = temporaryFolder();
    const others: Promise<CalledCommand>[] = [];
    const { stdin, stderr } = person("a");
    const answer = stderr.onWrite;
    const callOther = async () => {
      others.push(callCommand(["--thread", "t", "Calculate 1+1"], { folder }));
      await others[0];
      answer("for more: ");
    };
    stderr.onWrite = (text) => {
      if (text.endsWith("for more: ")) {
        void callOther();
      }
    };
    const words = ["--thread", "t", "--approve-plan", "once", goal];
    expect(await callCommand(words, { folder, stdin, stderr })).toMatchObject({ exitCode: 0 });
    expect(await others[0]).toMatchObject({
      exitCode: 5,
      stdout: "",
      stderr: expect.stringMatching(/Error: Somebody is at work on the thread "t": process \d+/),
    });
    const next = ["--thread", "t", "--approve-plan", "never", "Calculate 1+1"];
    expect(await callCommand(next, { folder })).toMatchObject({ exitCode: 0 });
  });

  it("are encrypted where there are keys, refused with others, and leave nothing in the clear", async () => {
    const folder = temporaryFolder();
    const keyOf = (byte: number) => `k:${Buffer.alloc(32, byte).toString("base64")}`;
    const call = (words: string[], PLAN_EXECUTE_ENCRYPTION_KEYS: string) =>
      callCommand(["--thread", "t", "--quiet", ...words], {
        folder,
        environment: { PLAN_EXECUTE_ENCRYPTION_KEYS },
      });
    expect(await call(['write "quite secret" to a.txt'], keyOf(1))).toMatchObject({ exitCode: 0 });
    const kept = readdirSync(join(folder, ".plan-execute")).map((name) =>
      readFileSync(join(folder, ".plan-execute", name), "latin1"),
    );
    expect(kept.join()).not.toContain("quite secret");
    expect(await call(["read a.txt"], keyOf(1))).toMatchObject({ exitCode: 0, stdout: "quite secret\n" });
    expect(await call(["read a.txt"], keyOf(2))).toMatchObject({ exitCode: 1, stdout: "" });
    expect(await call(["read a.txt"], "")).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining("Error: The encryption keys are wrong"),
    });
  });

  it("that are finished need a goal", async () => {
    const folder = temporaryFolder();
    await callCommand(["Calculate 1+1", "--thread", "t"], { folder });
    expect(await callCommand(["--thread", "t"], { folder })).toMatchObject({ exitCode: 2 });
    const resumed = await callCommand(["--thread", "t", "--resume", "approve"], { folder });
    expect(resumed).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("Nothing waits") });
  });

  it("name PLAN_EXECUTE_MODEL where it names no model, and the missing key of a server", async () => {
    const wrong = await callCommand(["x"], { environment: { PLAN_EXECUTE_MODEL: "gpt" } });
    expect(wrong).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('PLAN_EXECUTE_MODEL is "gpt"'),
    });
    const keyless = await callCommand(["Calculate 1+1"], { environment: { OPENAI_BASE_URL: "http://h" } });
    expect(keyless.stderr).toContain("OPENAI_BASE_URL is set and OPENAI_API_KEY is not");
  });
});

describe("what waits for a person", () => {
  const thread = ["--thread", "t"];
  const ask = async () => {
    const folder = temporaryFolder();
    return {
      folder,
      asked: await callCommand([...thread, "--approve-tools", "write_file", 'write "hi" to a.txt'], {
        folder,
      }),
    };
  };

  it("ends the command with 4 where nobody is there, whole and with the line that answers", async () => {
    const { folder, asked } = await ask();
    expect(asked.exitCode).toBe(4);
    expect(asked.stderr).toContain(
      "write_file: Write file a.txt, content hi\n  path: a.txt\n  content: hi\n",
    );
    expect(asked.stderr).toContain(
      "\nGo on: plan-execute --thread t\nApprove: plan-execute --thread t --resume '{",
    );
    expect(existsSync(join(folder, "a.txt"))).toBe(false);
    const again = await callCommand([...thread, "--json"], { folder });
    expect(again.exitCode).toBe(4);
    expect(resultSchema.parse(JSON.parse(again.stdout))).toMatchObject({ status: "waiting" });
  });

  it("is answered by --resume, and asked again where the answer cannot be taken", async () => {
    const { folder } = await ask();
    const wrong = await callCommand([...thread, "--resume", '{"decisions":[]}'], { folder });
    expect(wrong).toMatchObject({
      exitCode: 4,
      stderr: expect.stringContaining("The answer was not taken: "),
    });
    const right = await callCommand([...thread, "--resume", "approve"], { folder });
    expect(right.exitCode).toBe(0);
    expect(readFileSync(join(folder, "a.txt"), "utf8")).toBe("hi");
  });

  it("is asked in a terminal: yes runs it, no rejects it with the words that follow", async () => {
    const yes = await ask();
    expect(await callCommand(thread, { folder: yes.folder, ...terminal("y\n") })).toMatchObject({
      exitCode: 0,
    });
    expect(existsSync(join(yes.folder, "a.txt"))).toBe(true);
    const no = await ask();
    const rejected = await callCommand(thread, { folder: no.folder, ...terminal("no not that file\n") });
    expect(rejected.exitCode).toBe(3);
    expect(rejected.stdout).toContain("not that file");
    expect(existsSync(join(no.folder, "a.txt"))).toBe(false);
    const nothing = await ask();
    expect(await callCommand(thread, { folder: nothing.folder, ...terminal("") })).toMatchObject({
      exitCode: 4,
    });
  });
});

describe("a run that is interrupted", () => {
  it("says what was in flight, and goes on where it stopped", async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "in.txt"), "one two");
    const abort = new AbortController();
    const server = await startOpenAiServer((_, index) => {
      if (index === 0) {
        return planReply([
          { id: "a", tool: "text_stats", args: { text: "one two" } },
          { id: "b", description: "think about {{a}}" },
        ]);
      }
      if (index > 1) {
        return { text: "Two." };
      }
      abort.abort();
      return { connection: "hang" };
    });
    onTestFinished(() => server.close());
    for (const [name, value] of Object.entries(server.environment)) {
      process.env[name] = value;
    }
    onTestFinished(() => {
      for (const name of Object.keys(server.environment)) {
        delete process.env[name];
      }
    });
    const environment = server.environment;
    const cut = await callCommand(["think", "--json"], { folder, environment, signal: abort.signal });
    expect(cut.exitCode).toBe(130);
    expect(resultSchema.parse(JSON.parse(cut.stdout))).toMatchObject({ status: "cancelled", response: "" });
    expect(cut.stderr).toBe(
      "Interrupted. In flight: b. think about {{a}}.\nGo on: plan-execute --thread thread-1\n",
    );
    const gone = await callCommand(["--thread", "thread-1"], { folder, environment });
    expect(gone).toMatchObject({ exitCode: 0, stdout: "Two.\n" });
    expect(gone.stderr).toContain("✓ b. think about {{a}} → Two.");
  });
});
