// The package as a stranger gets it: packed, checked, installed into an empty folder without a flag, and used there.

import { spawnSync } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { z } from "zod";
import { firstExample } from "./first-example.js";
import { repositoryRoot } from "./source-files.js";

/** What README tells to install beside the package. */
const beside = ["@langchain/langgraph@1.7.3", "@langchain/core@1.4.0", "langchain@1.5.14", "zod@4"];
const graphsSchema = z.object({ graphs: z.record(z.string(), z.string()) });
const maxInstallSeconds = 60;
const tools = join(repositoryRoot, "node_modules", ".bin");

class PackageProblem extends Error {}

const work = mkdtempSync(join(tmpdir(), "plan-execute-package-"));
try {
  const tarball = pack();
  checkWithTools(tarball);
  const consumer = install(tarball);
  checkCommand(consumer);
  checkTypes(consumer);
  runGraphs(consumer);
  runFirstExample(consumer);
} catch (cause) {
  console.error(cause instanceof PackageProblem ? cause.message : cause);
  process.exitCode = 1;
} finally {
  rmSync(work, { recursive: true, force: true });
}

function pack(): string {
  run("npm", ["run", "--silent", "build"], repositoryRoot);
  const { stdout } = run(
    "npm",
    ["pack", "--json", "--ignore-scripts", "--pack-destination", work],
    repositoryRoot,
  );
  const file = /"filename":\s*"([^"]+)"/.exec(stdout)?.[1];
  if (file === undefined) {
    fail(`npm pack names no file:\n${stdout}`);
  }
  console.log(`packed ${file}`);
  return join(work, file);
}

function checkWithTools(tarball: string): void {
  run(join(tools, "publint"), ["run", tarball, "--strict"], repositoryRoot);
  console.log("publint: clean");
  run(join(tools, "attw"), [tarball, "--profile", "esm-only"], repositoryRoot);
  console.log("attw: clean");
}

function install(tarball: string): string {
  const folder = join(work, "consumer");
  mkdirSync(folder);
  writeFileSync(join(folder, "package.json"), '{ "private": true, "type": "module" }\n');
  const startedAt = performance.now();
  const { stderr } = run("npm", ["install", tarball, ...beside], folder);
  const seconds = (performance.now() - startedAt) / 1_000;
  if (seconds > maxInstallSeconds) {
    fail(`npm install took ${seconds.toFixed(0)} s`);
  }
  const warnings = stderr.split("\n").filter((line) => line !== "" && !isAboutTheMachine(line));
  if (warnings.length > 0) {
    fail(`npm install warns:\n${warnings.join("\n")}`);
  }
  const modules = join(folder, "node_modules");
  const uninvited = ["better-sqlite3", "@langchain/community"].filter((name) =>
    existsSync(join(modules, name)),
  );
  if (uninvited.length > 0) {
    fail(`npm install brought ${uninvited.join(", ")}`);
  }
  console.log(`npm install: ${seconds.toFixed(1)} s, no warning`);
  return folder;
}

function checkCommand(consumer: string): void {
  const { stdout } = run(join(consumer, "node_modules", ".bin", "plan-execute"), ["--help"], consumer);
  if (!stdout.includes("plan-execute")) {
    fail(`plan-execute --help says:\n${stdout}`);
  }
  console.log("plan-execute --help: answers");
}

/** Each graph out of the package, without its optional packages: it loads, and the general one answers. */
function runGraphs(consumer: string): void {
  const { graphs } = graphsSchema.parse(
    JSON.parse(readFileSync(join(repositoryRoot, "langgraph.json"), "utf8")),
  );
  const names = Object.values(graphs).map((path) => basename(path, ".ts:graph"));
  writeFileSync(
    join(consumer, "graphs.mjs"),
    `for (const name of ${JSON.stringify(names)}) {
      const { graph, createGraph } = await import(\`langgraph-plan-execute/graphs/\${name}\`);
      if (typeof graph.invoke !== "function" || graph.checkpointer) throw new Error(name);
      if (typeof createGraph({ checkpointer: true }).invoke !== "function") throw new Error(name);
    }
    const { graph } = await import("langgraph-plan-execute/graphs/general");
    console.log((await graph.invoke({ input: "Calculate 6*7" })).response);`,
  );
  const { stdout, stderr } = run(process.execPath, ["graphs.mjs"], consumer);
  if (stderr !== "" || stdout.trim() !== "42") {
    fail(`the graphs of the package say:\n${stdout}${stderr}`);
  }
  console.log(`langgraph-plan-execute/graphs: ${names.join(", ")}`);
}

function runFirstExample(consumer: string): void {
  const example = firstExample(readFileSync(join(repositoryRoot, "README.md"), "utf8"));
  if (example === undefined) {
    fail("README.md has no example in TypeScript or JavaScript");
  }
  const file = `example.${example.extension}`;
  writeFileSync(join(consumer, file), example.text);
  const program = example.extension === "mts" ? join(tools, "tsx") : process.execPath;
  const { stdout, stderr } = run(program, [file], consumer);
  if (stderr !== "") {
    fail(`the first example writes to stderr:\n${stderr}`);
  }
  if (stdout.trim() === "") {
    fail("the first example prints nothing");
  }
  console.log(`the first example of README.md says: ${stdout.trim().split("\n").at(-1)}`);
}

/** A strict consumer's compiler looks into our declarations too; what others' declarations say wrong is theirs. */
function checkTypes(consumer: string): void {
  const file = "types.mts";
  copyFileSync(join(repositoryRoot, "test/repository/fixtures/consumer.mts"), join(consumer, file));
  const options =
    "--noEmit --strict --target es2023 --module nodenext --types node --skipLibCheck false --pretty false";
  const typeRoots = join(repositoryRoot, "node_modules", "@types");
  const command = [...options.split(" "), "--typeRoots", typeRoots, file];
  const { stdout } = run(join(tools, "tsc"), command, consumer, [0, 1, 2]);
  const errors = stdout
    .split("\n")
    .filter((line) => line.startsWith(file) || line.includes("langgraph-plan-execute/"));
  if (errors.length > 0) {
    fail(`what a consumer writes does not compile:\n${errors.join("\n")}`);
  }
  console.log("tsc --strict: clean");
}

/** The machine's own npm settings may be older than its npm. */
function isAboutTheMachine(line: string): boolean {
  return /^npm (warn|notice) (Unknown (user|global|env) config|New (major|minor|patch) version)/i.test(line);
}

/** Runs a command as a stranger would: none of npm's settings in this repository, no key, no colours. */
function run(
  command: string,
  args: readonly string[],
  folder: string,
  expected: readonly number[] = [0],
): { stdout: string; stderr: string } {
  const kept = Object.entries(process.env).filter(
    ([name]) =>
      !/^(npm_|INIT_CWD$|NODE_OPTIONS$|OPENAI_|PLAN_EXECUTE_|LANGCHAIN_|LANGSMITH_|FORCE_COLOR$)/i.test(name),
  );
  const env = { ...Object.fromEntries(kept), NO_COLOR: "1" };
  const { status, error, stdout, stderr } = spawnSync(command, args, {
    cwd: folder,
    env,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
    timeout: 240_000,
  });
  if (status === null || !expected.includes(status)) {
    const ended = `${command} ${args.join(" ")} ended with ${status ?? error?.message}`;
    fail(`${ended}\n${stdout}${stderr}`);
  }
  return { stdout, stderr };
}

function fail(reason: string): never {
  throw new PackageProblem(reason);
}
