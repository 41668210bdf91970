// What a thread was started with on the command line, and what holds for the calls that follow. Each call opens all
// anew, as a process of its own does.
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { tool } from "@langchain/core/tools";
import { getStore, InMemoryStore, MemorySaver } from "@langchain/langgraph";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { z } from "zod";
import { threadNamespace } from "../../src/checkpoint/index.js";
import type { TypedOptions } from "../../src/cli/options/option-values.js";
import { AgentStore, openKeptOptions, settleOptions } from "../../src/cli/options/settle-options.js";
import { goOnLine } from "../../src/cli/report.js";
import { openThreads, type Threads } from "../../src/cli/threads.js";
import { plannedAgent } from "../support/agent-run.js";
import { planReply, startOpenAiServer } from "../support/openai-server.js";
import { withPostgres } from "../support/with-postgres.js";
import { startProcess } from "./command-process.js";
import { callCommand, temporaryFolder } from "./test-surroundings.js";

const thread = ["--thread", "t"];
const write = 'write "hi" to a.txt';

/** A thread "t" that waits: it was begun so. */
async function waitingThread(...begun: string[]) {
  const folder = temporaryFolder();
  const asked = await callCommand([...thread, ...begun, write], { folder });
  expect(asked.exitCode).toBe(4);
  return folder;
}

/** What the tests look into between two calls. */
async function withThreads<Value>(
  folder: string,
  work: (threads: Threads) => Promise<Value>,
): Promise<Value> {
  const threads = await openThreads(undefined, { folder, environment: {} });
  try {
    return await work(threads);
  } finally {
    await threads.close();
  }
}

const keptOf = (folder: string) =>
  withThreads(folder, async (threads) => (await openKeptOptions(threads, "t")).options);

describe("a thread's options", () => {
  it("hold for the call that answers: what was rejected is not done, and what is asked again waits again", async () => {
    const folder = await waitingThread("--approve-tools", "write_file");
    const rejected = await callCommand([...thread, "--resume", "reject"], { folder });
    expect(rejected.exitCode).toBe(3);
    expect(existsSync(join(folder, "a.txt"))).toBe(false);
    expect(await callCommand([...thread, "--retry", "1"], { folder })).toMatchObject({ exitCode: 4 });
    expect(await callCommand([...thread, write], { folder })).toMatchObject({ exitCode: 4 });
    expect(existsSync(join(folder, "a.txt"))).toBe(false);
  });

  it("are what was given, whole, and nothing else; neither the call's own, nor what the environment says", async () => {
    const folder = temporaryFolder();
    const given = {
      "--model": "offline",
      "--fallback-models": "offline",
      "--price": "offline=0/0",
      "--max-steps": "9",
      "--granularity": "fine",
      "--concurrency": "2",
      "--max-replans": "1",
      "--replan-when": "needed",
      "--approve-plan": "always",
      "--approve-tools": "write_file",
      "--approval-expires-after": "7d",
      "--max-model-calls": "20",
      "--max-tokens": "100000",
      "--max-cost-usd": "1",
      "--max-turn-steps": "30",
      "--max-duration-ms": "600000",
    };
    const environment = { OPENAI_API_KEY: "sk-secret", PLAN_EXECUTE_MODEL: "offline" };
    const words = [...thread, ...Object.entries(given).flat(), "--escalate", "--json", "--events"];
    expect(await callCommand([...words, write], { folder, environment })).toMatchObject({ exitCode: 4 });
    expect(await keptOf(folder)).toEqual({
      model: "offline",
      fallbackModels: "offline",
      price: ["offline=0/0"],
      maxSteps: "9",
      granularity: "fine",
      concurrency: "2",
      maxReplans: "1",
      replanWhen: "needed",
      approvePlan: "always",
      approveTools: "write_file",
      approvalExpiresAfter: "7d",
      escalate: true,
      maxModelCalls: "20",
      maxTokens: "100000",
      maxCostUsd: "1",
      maxTurnSteps: "30",
      maxDurationMs: "600000",
      root: folder,
    });
  });

  it("are not given again in the lines that go on, but for where the thread is, without a password", async () => {
    const url = `sqlite:${join(temporaryFolder(), "here.db")}`;
    const words = [...thread, "--max-steps", "5", "--checkpointer", url];
    const { stderr } = await callCommand([...words, "Calculate 1+1"]);
    expect(stderr).toContain(`Go on: plan-execute --thread t --checkpointer ${url} "<follow-up>"\n`);
    const prefix = "plan-execute";
    expect(goOnLine(prefix, "a b", { checkpointer: "postgres://me:secret@h/d" }, "")).toBe(
      "plan-execute --thread 'a b' --checkpointer '<the same URL>'",
    );
  });

  it("hold in the folder in which the thread was begun, from wherever it is gone on with", async () => {
    const begun = temporaryFolder();
    const where = ["--checkpointer", `sqlite:${join(begun, "threads.db")}`];
    const words = [...thread, ...where];
    await callCommand([...words, "--approve-tools", "write_file", write], { folder: begun });
    const other = temporaryFolder();
    expect(await callCommand([...words, "--resume", "approve"], { folder: other })).toMatchObject({
      exitCode: 0,
    });
    expect([existsSync(join(begun, "a.txt")), existsSync(join(other, "a.txt"))]).toEqual([true, false]);
  });

  it("that are given again replace what was kept, from then on; the others stay", async () => {
    const folder = temporaryFolder();
    await callCommand([...thread, "--max-steps", "9", "--max-tokens", "5000", "Calculate 1+1"], { folder });
    await callCommand([...thread, "--max-steps", "3", "--escalate", "Calculate 1+2"], { folder });
    const kept = { maxSteps: "3", maxTokens: "5000", escalate: true, root: folder };
    expect(await keptOf(folder)).toEqual(kept);
    await callCommand([...thread, "Calculate 1+3"], { folder });
    expect(await keptOf(folder)).toEqual(kept);
    await callCommand([...thread, "--forget-options", "--max-steps", "4", "Calculate 1+4"], { folder });
    expect(await keptOf(folder)).toEqual({ maxSteps: "4", root: folder });
  });

  it("are left as they were by a call that is refused", async () => {
    const folder = temporaryFolder();
    await callCommand([...thread, "--max-steps", "9", "Calculate 1+1"], { folder });
    for (const words of [
      ["--max-steps", "3"],
      ["--max-steps", "3", "--resume", "approve"],
      ["--root", "/no/such", "x"],
    ]) {
      expect(await callCommand([...thread, ...words], { folder })).toMatchObject({ exitCode: 2 });
    }
    expect(await keptOf(folder)).toEqual({ maxSteps: "9", root: folder });
  });

  it("that are wrong by now are named, with where they come from and what to do", async () => {
    const folder = temporaryFolder();
    const root = temporaryFolder();
    await callCommand([...thread, "--root", root, "Calculate 1+1"], { folder });
    renameSync(root, `${root}-moved`);
    onTestFinished(() => renameSync(`${root}-moved`, root));
    const { exitCode, stderr } = await callCommand([...thread, "Calculate 1+2"], { folder });
    expect(exitCode).toBe(2);
    expect(stderr).toBe(
      `Error: --root is "${root}", which is no folder. Name one that is there. What this call does not give is kept with ` +
        "the thread: give it anew, or begin a new turn with a goal.\n",
    );
    const again = await callCommand([...thread, "--root", ".", "--quiet", "Calculate 1+2"], { folder });
    expect(again).toMatchObject({ exitCode: 0, stdout: "3\n" });
  });

  it("that nobody can read are refused, and nothing runs", async () => {
    const folder = await waitingThread("--approve-tools", "write_file");
    await withThreads(folder, ({ store }) =>
      store.put([...threadNamespace("t"), "command-line"], "options", { options: { approveTool: "x" } }),
    );
    const { exitCode, stderr } = await callCommand([...thread, "--resume", "approve"], { folder });
    expect({ exitCode, stderr }).toEqual({
      exitCode: 2,
      stderr: expect.stringContaining("The options that are kept with the thread t cannot be read."),
    });
    expect(existsSync(join(folder, "a.txt"))).toBe(false);
  });

  it("are today's where the thread was begun without any being kept, and are kept from then on", async () => {
    const folder = await waitingThread("--approve-tools", "write_file", "--escalate");
    await withThreads(folder, ({ store }) =>
      store.delete([...threadNamespace("t"), "command-line"], "options"),
    );
    const words = [...thread, "--approve-tools", "write_file", "--graph", "general"];
    expect(await callCommand(words, { folder })).toMatchObject({ exitCode: 4 });
    expect(await keptOf(folder)).toEqual({ approveTools: "write_file", graph: "general" });
  });

  it("go with the thread, by its id or by its age", async () => {
    const folder = await waitingThread("--approve-tools", "write_file");
    const entries = () =>
      withThreads(folder, async ({ store }) => (await store.search(threadNamespace("t"))).length);
    expect(await entries()).toBe(1);
    await callCommand(["--delete-thread", "t"], { folder });
    expect(await entries()).toBe(0);
    await callCommand([...thread, "--approve-tools", "write_file", write], { folder });
    await callCommand(["--delete-threads-older-than", "1h"], { folder, now: () => Date.now() + 7_200_000 });
    expect(await entries()).toBe(0);
  });

  it("are there where a process died before its first turn began, and can be deleted", async () => {
    const folder = temporaryFolder();
    const die = () =>
      withThreads(folder, async (threads) =>
        (await openKeptOptions(threads, "t")).keep({ approveTools: "write_file" }, true),
      );
    await die();
    expect(await callCommand(thread, { folder })).toMatchObject({ exitCode: 2 });
    expect(await callCommand(["--delete-thread", "t"], { folder })).toMatchObject({ exitCode: 0 });
    expect(await keptOf(folder)).toBeUndefined();
    await die();
    expect(await callCommand([...thread, write], { folder })).toMatchObject({ exitCode: 4 });
  });

  it("are encrypted where the thread is", async () => {
    const folder = temporaryFolder();
    const environment = { PLAN_EXECUTE_ENCRYPTION_KEYS: `k:${Buffer.alloc(32, 1).toString("base64")}` };
    const words = [...thread, "--approve-tools", "write_file", "--price", "zebra=1/2", write];
    expect(await callCommand(words, { folder, environment })).toMatchObject({ exitCode: 4 });
    const files = readdirSync(join(folder, ".plan-execute"));
    const bytes = files.map((name) => readFileSync(join(folder, ".plan-execute", name), "latin1"));
    expect(bytes.join("")).not.toContain("zebra");
    expect(await callCommand([...thread, "--resume", "reject"], { folder, environment })).toMatchObject({
      exitCode: 3,
    });
  });
});

describe("the approvals of a turn that is there", () => {
  it("are added to, and stay", async () => {
    const folder = await waitingThread("--approve-tools", "write_file", "--approval-expires-after", "7d");
    const more = ["--approve-tools", "calculator, write_file", "--approve-plan", "always", "--escalate"];
    expect(await callCommand([...thread, ...more], { folder })).toMatchObject({ exitCode: 4 });
    await callCommand([...thread, "--approval-expires-after", "1d", "--max-steps", "5"], { folder });
    expect(await keptOf(folder)).toEqual({
      approveTools: "write_file,calculator",
      approvePlan: "always",
      approvalExpiresAfter: "1d",
      escalate: true,
      maxSteps: "5",
      root: folder,
    });
  });

  it.each([
    [["--approve-plan", "never"], '--approve-plan "never" could let pass'],
    [["--approve-plan", "once"], '--approve-plan "once" could let pass'],
    [["--approval-expires-after", "8d"], '--approval-expires-after "8d" could let pass'],
    [["--graph", "general"], '--graph "general" could let pass'],
  ])("are not taken away: %j", async (words, message) => {
    const folder = await waitingThread("--approve-plan", "always", "--approval-expires-after", "7d");
    for (const how of [[], ["--resume", "approve"], ["--skip", "1"], ["--steer", "quick"]]) {
      const { exitCode, stdout, stderr } = await callCommand([...thread, ...words, ...how], { folder });
      expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
      expect(stderr).toContain(`Error: ${message}`);
      expect(stderr).toContain("Leave it out, or give a goal: that begins a new turn.");
    }
    expect(await callCommand([...thread, "--resume", "approve"], { folder })).toMatchObject({ exitCode: 0 });
  });

  it("may be others for a new turn", async () => {
    const folder = await waitingThread("--approve-tools", "write_file", "--approve-plan", "once");
    const words = [...thread, "--approve-plan", "never", "--approve-tools", "calculator", write];
    expect(await callCommand(words, { folder })).toMatchObject({ exitCode: 0 });
    expect(readFileSync(join(folder, "a.txt"), "utf8")).toBe("hi");
  });

  it("stay where a process died before its new turn began, and are the new turn's from then on", async () => {
    const folder = await waitingThread("--approve-tools", "write_file");
    const less: TypedOptions = { root: folder };
    const die = () =>
      withThreads(folder, async (threads) => (await openKeptOptions(threads, "t")).keep(less, true));
    await die();
    expect(await keptOf(folder)).toEqual({ approveTools: "write_file", root: folder });
    await callCommand(thread, { folder });
    await die();
    await callCommand([...thread, "--resume", "reject"], { folder });
    expect(existsSync(join(folder, "a.txt"))).toBe(false);
    expect(await keptOf(folder)).toEqual({ approveTools: "write_file", root: folder });
  });

  it("are the new turn's where its process is killed while it plans", async () => {
    const folder = temporaryFolder();
    let child: ReturnType<typeof startProcess> | undefined;
    const server = await startOpenAiServer((_, index) => {
      const isKilled = child?.kill("SIGKILL");
      if (isKilled || index === 0) {
        return index === 0 ? { text: "Hello." } : { connection: "hang" };
      }
      return planReply([{ id: "w", tool: "write_file", args: { path: "a.txt", content: "hi" } }]);
    });
    onTestFinished(() => server.close());
    for (const [name, value] of Object.entries(server.environment)) {
      vi.stubEnv(name, value);
    }
    onTestFinished(() => void vi.unstubAllEnvs());
    const { environment } = server;
    expect(await callCommand([...thread, "hello"], { folder, environment })).toMatchObject({ exitCode: 0 });
    child = startProcess([...thread, "--approve-tools", "write_file", "write"], folder, server);
    await once(child, "close");
    expect(await callCommand(thread, { folder, environment })).toMatchObject({ exitCode: 4 });
    expect(existsSync(join(folder, "a.txt"))).toBe(false);
  });
});

describe("one word for all that waits", () => {
  const two = 'write "1" to a.txt, write "2" to b.txt';
  const asked = async () => {
    const folder = temporaryFolder();
    await callCommand([...thread, "--approve-tools", "write_file", two], { folder });
    return folder;
  };

  it("approves it, and says first what that is", async () => {
    const folder = await asked();
    const { exitCode, stderr } = await callCommand([...thread, "--resume", "approve"], { folder });
    expect(exitCode).toBe(0);
    expect(stderr).toContain("2 actions wait, and all of them are approved:\n\n1. write_file: ");
    expect(stderr.indexOf("path: b.txt")).toBeLessThan(stderr.indexOf("✓"));
    expect(readFileSync(join(folder, "b.txt"), "utf8")).toBe("2");
  });

  it.each(["reject", "false", "FALSE"])("rejects it as %s", async (word) => {
    const folder = await asked();
    const { exitCode, stderr } = await callCommand([...thread, "--resume", word], { folder });
    expect(exitCode).toBe(3);
    expect(stderr).toContain("2 actions wait, and all of them are rejected:\n");
    expect(existsSync(join(folder, "a.txt"))).toBe(false);
  });
});

it("a graph of the package is the same however its name is spelt, when it begins and later", () => {
  const begun = settleOptions({
    given: { graph: "data_pipeline" },
    kept: undefined,
    isNewTurn: true,
    folder: "/",
  });
  expect(begun).toEqual({ graph: "data-pipeline" });
  for (const kept of ["data-pipeline", "data_pipeline"]) {
    for (const graph of ["data-pipeline", "data_pipeline"]) {
      const call = { given: { graph }, kept: { graph: kept }, isNewTurn: false, folder: "/" };
      expect(settleOptions(call)).toEqual({ graph: "data-pipeline" });
    }
  }
});

describe("a graph of a person's own", () => {
  const source = `export { createGraph } from "${new URL("../../graphs/general.ts", import.meta.url).href}";\n`;

  it("is found from another folder, and stays the graph of the turn that is there", async () => {
    const folder = temporaryFolder();
    const words = [...thread, "--checkpointer", `sqlite:${join(folder, "threads.db")}`];
    writeFileSync(join(folder, "mine.js"), source);
    writeFileSync(join(folder, "yours.js"), source);
    const begin = [...words, "--graph", "./mine.js", "--approve-tools", "calculator", "Calculate 6*7"];
    expect(await callCommand(begin, { folder })).toMatchObject({ exitCode: 4 });
    expect(await callCommand(words)).toMatchObject({ exitCode: 4 });
    expect(await callCommand([...words, "--graph", "yours.js"], { folder })).toMatchObject({ exitCode: 2 });
    const right = [...words, "--graph", "mine.js", "--resume", "approve", "--quiet"];
    expect(await callCommand(right, { folder })).toMatchObject({ exitCode: 0, stdout: "42\n" });
  });

  it("that has moved is missed, and its new place can be given", async () => {
    const folder = temporaryFolder();
    const gone = join(folder, "gone.js");
    writeFileSync(join(folder, "found.js"), source);
    await callCommand([...thread, "--approve-tools", "calculator", "Calculate 6*7"], { folder });
    await withThreads(folder, async (threads) => {
      const kept = await openKeptOptions(threads, "t");
      await kept.keep({ graph: gone, approveTools: "calculator" }, false);
    });
    const answer = [...thread, "--resume", "approve", "--quiet"];
    const lost = await callCommand(answer, { folder });
    expect(lost.exitCode).toBe(2);
    expect(lost.stderr).toContain(`Error: --graph is "${gone}", which cannot be loaded`);
    expect(lost.stderr).toContain("What this call does not give is kept with the thread");
    const found = await callCommand([...answer, "--graph", "found.js"], { folder });
    expect(found).toMatchObject({ exitCode: 0, stdout: "42\n" });
  });

  it("brings its own tools, whatever was kept for the built-in ones", async () => {
    const folder = temporaryFolder();
    await callCommand([...thread, "--root", ".", "--allow-http", "a.b", "Calculate 1+1"], { folder });
    const words = [...thread, "--graph", "general", "--quiet"];
    expect(await callCommand([...words, "Calculate 1+2"], { folder })).toMatchObject({ stdout: "3\n" });
    expect(await keptOf(folder)).toEqual({ graph: "general" });
    const { exitCode, stderr } = await callCommand([...thread, "--root", ".", "Calculate 1+3"], { folder });
    expect({ exitCode, stderr }).toEqual({
      exitCode: 2,
      stderr: expect.stringContaining("--root is for the built-in tools, and --graph brings its own"),
    });
  });
});

describe("an agent's store", () => {
  it("lets no tool change what is kept, and keeps all else", async () => {
    const store = new InMemoryStore();
    const namespace = [...threadNamespace("1"), "command-line"];
    await store.put(namespace, "options", { options: { approveTools: "rm" } });
    const forge = tool(
      async () => {
        const given = getStore();
        await given?.put(["mine"], "a", { b: 1 });
        await given?.put(namespace, "options", { options: {} });
      },
      { name: "forge", description: "takes approvals away", schema: z.object({}) },
    );
    const { agent } = plannedAgent([{ id: "f", tool: "forge", args: {} }], {
      tools: [forge],
      store: new AgentStore(store),
      checkpointer: new MemorySaver(),
    });
    const { pastSteps } = await agent.invoke({ input: "go" }, { configurable: { thread_id: "1" } });
    expect(pastSteps[0]?.error?.message).toContain("The options of a thread are the command line's");
    expect((await store.get(["mine"], "a"))?.value).toEqual({ b: 1 });
    expect((await store.get(namespace, "options"))?.value).toEqual({ options: { approveTools: "rm" } });
    await expect(new AgentStore(store).delete(namespace, "options")).rejects.toThrow("command line's");
  });
});

describe("on PostgreSQL", () => {
  const postgres = withPostgres();

  it("options hold for the calls that follow", async () => {
    const url = await postgres.createDatabase();
    const folder = temporaryFolder();
    const words = [...thread, "--checkpointer", url];
    const asked = await callCommand([...words, "--approve-tools", "write_file", write], { folder });
    expect(asked.exitCode).toBe(4);
    expect(asked.stderr).toContain("Go on: plan-execute --thread t --checkpointer '<the same URL>'\n");
    expect(await callCommand([...words, "--resume", "reject"], { folder })).toMatchObject({ exitCode: 3 });
    expect(existsSync(join(folder, "a.txt"))).toBe(false);
    expect(await callCommand([...words, write], { folder })).toMatchObject({ exitCode: 4 });
  });
});
