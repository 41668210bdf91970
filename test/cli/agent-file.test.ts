import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { withoutSecrets } from "../../src/cli/write.js";
import { planReply, startOpenAiServer } from "../support/openai-server.js";
import { callCommand, KeptOutput, temporaryFolder } from "./test-surroundings.js";

const SECRET = "s3cr3t-value-77";

/** A folder with an agent's file, and what else it needs. */
function folderWithAgent(text: string): string {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "agent.yaml"), text);
  writeFileSync(
    join(folder, "tools.mjs"),
    `import { tool } from "@langchain/core/tools";
     import { z } from "zod";
     export const tell = tool(() => ({ token: "${SECRET}", path: "/srv" }), {
       name: "tell", description: "Tells what it was given.", schema: z.object({}), metadata: { readOnly: true } });
     export const fail = tool(() => { throw new Error("no access with ${SECRET}"); }, {
       name: "fail", description: "Fails.", schema: z.object({}), metadata: { readOnly: true } });\n`,
  );
  return folder;
}

it("runs an agent's file, and goes on with its threads", async () => {
  const folder = folderWithAgent("model: offline\ntools: [calculator]\n");
  const first = await callCommand(["run", "agent.yaml", "--quiet", "Calculate 6*7"], { folder });
  expect(first).toMatchObject({ exitCode: 0, stdout: "42\n" });
  const second = await callCommand(["--thread", "thread-1", "--quiet", "and twice that?"], { folder });
  expect(second).toMatchObject({ exitCode: 0, stdout: "84\n" });
  const other = await callCommand(["--graph", "agent.yaml", "--quiet", "Calculate 2*2"], { folder });
  expect(other).toMatchObject({ exitCode: 0, stdout: "4\n" });
});

it("lets wait what the file lets wait, whatever the flags say, and what they add", async () => {
  const folder = folderWithAgent(
    "model: offline\ntools: [calculator, text_stats]\napproval: { tools: { calculator: true } }\n",
  );
  const goal = "Calculate 6*7";
  expect(await callCommand(["run", "agent.yaml", goal], { folder })).toMatchObject({ exitCode: 4 });
  const resumed = await callCommand(["resume", "thread-1", "approve", "--quiet"], { folder });
  expect(resumed).toMatchObject({ exitCode: 0, stdout: "42\n" });
  const never = ["--approve-plan", "never", "--approve-tools", "text_stats"];
  const other = { folder, createId: () => "other" };
  expect(await callCommand(["run", "agent.yaml", ...never, goal], other)).toMatchObject({ exitCode: 4 });
  const plan = { folder, createId: () => "plan" };
  expect((await callCommand(["run", "agent.yaml", "--approve-plan", "once", goal], plan)).stderr).toContain(
    "[1] calculator",
  );
  const weaker = await callCommand(["--thread", "plan", "--graph", "general", "--resume", "approve"], plan);
  expect(weaker).toMatchObject({ exitCode: 2 });
});

it("keeps threads where the file says, and says how to go on with them there", async () => {
  const folder = folderWithAgent(
    "model: offline\ntools: [calculator]\napproval: { plan: true }\ncheckpointer: sqlite:./own/threads.db\n",
  );
  const { stderr } = await callCommand(["run", "agent.yaml", "Calculate 6*7"], { folder });
  const file = join(folder, "agent.yaml");
  expect(stderr).toContain(`--thread thread-1 --graph ${file}`);
  expect([existsSync(join(folder, "own/threads.db")), existsSync(join(folder, ".plan-execute"))]).toEqual([
    true,
    false,
  ]);
  const words = ["--thread", "thread-1", "--graph", file, "--resume", "approve", "--quiet"];
  expect(await callCommand(words, { folder })).toMatchObject({ exitCode: 0, stdout: "42\n" });
});

it("replaces no file unasked in the folder that the file gives its agent", async () => {
  const folder = folderWithAgent("model: offline\nroot: ./files\ntools: [write_file, calculator]\n");
  mkdirSync(join(folder, "files"));
  writeFileSync(join(folder, "files/out.txt"), "before");
  const words = ["run", "agent.yaml", "Calculate 6*7, then write the result to out.txt"];
  expect((await callCommand(words, { folder })).exitCode).not.toBe(0);
  expect(readFileSync(join(folder, "files/out.txt"), "utf8")).toBe("before");
  const yes = await callCommand([...words, "--yes"], { folder, createId: () => "yes" });
  expect([yes.exitCode, readFileSync(join(folder, "files/out.txt"), "utf8")]).toEqual([0, "42"]);
});

it("says with file, line and column what is wrong, and calls it wrong use", async () => {
  const folder = folderWithAgent("model: offline\ntols: [calculator]\n");
  const { exitCode, stderr, stdout } = await callCommand(["run", "agent.yaml", "go"], { folder });
  expect([exitCode, stdout]).toEqual([2, ""]);
  expect(stderr).toContain("agent.yaml:2:1: tols: there is no such option; did you mean tools?");
  const missing = await callCommand(["run", "none.yaml", "go"], { folder });
  expect([missing.exitCode, missing.stderr]).toEqual([2, expect.stringContaining("there is no such file")]);
  const without = await callCommand(["run", "agent.yaml"], { folder });
  expect([without.exitCode, without.stderr]).toEqual([2, expect.stringContaining("There is no goal")]);
});

it("tells what has no meaning here, once, and runs OPEA's variables", async () => {
  const server = await startOpenAiServer(() => ({ text: "Hello." }));
  const environment = {
    strategy: "plan_execute",
    llm_engine: "vllm",
    llm_endpoint_url: server.environment.OPENAI_BASE_URL,
    model: "some-model",
    recursion_limit: "15",
  };
  const { stdout, stderr } = await callCommand(["run", "--graph", "env:", "hello"], {
    folder: temporaryFolder(),
    environment,
  });
  await server.close();
  expect(stdout).toContain("Hello.");
  expect(stderr.match(/recursion_limit: has no meaning here/g)).toHaveLength(1);
});

it("prints no secret: not in help, not in errors, not in events, and not in JSON", async () => {
  const server = await startOpenAiServer((_, index) =>
    index % 2 === 0
      ? planReply([{ tool: "tell" }, { tool: "fail" }])
      : { text: `It is ${SECRET}, they say. And s`, cuts: /(?<=3cr)/ },
  );
  const folder = folderWithAgent(
    `models:\n  m: { model: openai:x, baseUrl: "${server.environment.OPENAI_BASE_URL}", apiKey: "\${DESK_TOKEN}" }\nmodel: m\ntools: [{ module: ./tools.mjs, export: [tell, fail] }]\nreplanner: { maxReplans: 0 }\n`,
  );
  const environment = { DESK_TOKEN: SECRET };
  const calls = [
    ["--help"],
    ["run", "--help"],
    ["run", "agent.yaml", "go"],
    ["run", "agent.yaml", "--json", "--events", "go"],
  ];
  const outputs: string[] = [];
  for (const [index, words] of calls.entries()) {
    const stdout = new KeptOutput(index === 2);
    const called = await callCommand(words, { folder, environment, createId: () => `t${index}`, stdout });
    outputs.push(called.stdout + called.stderr);
  }
  await server.close();
  expect(outputs.join("\n")).not.toContain(SECRET);
  expect(outputs[3]).toContain("${DESK_TOKEN}");
});

it("passes on all of an answer, though it may end like the beginning of a secret", () => {
  const out = new KeptOutput();
  const clean = withoutSecrets(out, new Map([[SECRET, "***"]]));
  for (const piece of ["a s3c", "r3t", "-value-7", "7 b s3cr", "!", "\n"]) {
    clean.write(piece);
  }
  expect(out.written).toBe("a *** b s3cr!\n");
});
