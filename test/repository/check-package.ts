// The package as a stranger gets it: what was built is packed, checked, installed into an empty folder without a flag,
// and used there.

import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { planReply, startOpenAiServer } from "../support/openai-server.js";
import {
  copyLangChain,
  environmentWithoutOurs,
  fail,
  makeProject,
  PackageProblem,
  PROGRAMS,
  type Program,
  pack,
  run,
  runProbes,
} from "./consumer.js";
import { firstExample } from "./first-example.js";
import { repositoryRoot } from "./source-files.js";

/** Far more than a machine at rest takes: what is looked for is an install that hangs. */
const maxInstallSeconds = 180;
/** Types that are inferred from the schemas instead of named take hundreds of kilobytes. */
const maxDeclarationBytes = 2_000;
const tools = join(repositoryRoot, "node_modules", ".bin");
/** `*` in package.json's exports names no file, so each is checked by its name. */
const entryPoints = [".", "queue", "graphs/general", "graphs/support"];

const work = mkdtempSync(join(tmpdir(), "plan-execute-package-"));
try {
  const tarball = pack(work);
  checkWithTools(tarball);
  const { folder: consumer, seconds } = install(tarball);
  checkCommand(consumer);
  checkTypes(consumer);
  checkPrograms(consumer);
  const answered = await runFirstExample(consumer);
  console.log(`from an empty folder to the first answer: ${(seconds + answered).toFixed(1)} s`);
} catch (cause) {
  console.error(cause instanceof PackageProblem ? cause.message : cause);
  process.exitCode = 1;
} finally {
  rmSync(work, { recursive: true, force: true });
}

function checkWithTools(tarball: string): void {
  run(join(tools, "publint"), ["run", tarball, "--strict"], repositoryRoot);
  console.log("publint: clean");
  run(join(tools, "attw"), [tarball, "--profile", "node16", "--entrypoints", ...entryPoints], repositoryRoot);
  console.log("attw: clean");
}

/** Installs README's command into an empty folder. */
function install(tarball: string): { readonly folder: string; readonly seconds: number } {
  const folder = join(work, "consumer");
  makeProject(folder);
  const startedAt = performance.now();
  // README's command: the package, and the provider of its first example's models.
  const { stderr } = run("npm", ["install", tarball, "@langchain/openai@1.5.8"], folder);
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
  return { folder, seconds };
}

/** The command, and the tokens of an agent that somebody made with the other build. */
function checkCommand(consumer: string): void {
  const command = join(consumer, "node_modules", ".bin", "plan-execute");
  const { stdout } = run(command, ["--help"], consumer);
  if (!stdout.includes("plan-execute")) {
    fail(`plan-execute --help says:\n${stdout}`);
  }
  const asked = run(
    command,
    ["--graph", "./graph.cjs", "--checkpointer", "memory:", "say something"],
    consumer,
  );
  if (asked.stdout.split("said in pieces").length !== 2) {
    fail(`plan-execute with a graph in CommonJS says:\n${asked.stdout}${asked.stderr}`);
  }
  console.log("plan-execute: answers, also with a graph in CommonJS");
}

/** The same probes in each kind of program. */
function checkPrograms(consumer: string): void {
  copyLangChain(consumer);
  for (const program of Object.keys(PROGRAMS) as Program[]) {
    const { passed, of, failed } = runProbes(consumer, program);
    if (failed.length > 0) {
      fail(failed.map(({ name, reason }) => `${program}: ${name}: ${reason}`).join("\n"));
    }
    console.log(`${program}: ${passed} of ${of} probes`);
  }
}

/** Runs the first example against a model on loopback. Returns how many seconds it took. */
async function runFirstExample(consumer: string): Promise<number> {
  const example = firstExample(readFileSync(join(repositoryRoot, "README.md"), "utf8"));
  if (example === undefined) {
    fail("README.md has no example in TypeScript or JavaScript");
  }
  const file = `example.${example.extension}`;
  writeFileSync(join(consumer, file), example.text);
  const program = example.extension === "mts" ? join(tools, "tsx") : process.execPath;
  const looked = ["widget", "gadget"].map((product) => ({ in_stock: { product } }));
  const server = await startOpenAiServer(() => planReply(looked, "{{1}} widgets and {{2}} gadgets"));
  const env = { ...environmentWithoutOurs(), ...server.environment };
  const startedAt = performance.now();
  const { stdout, stderr } = await promisify(execFile)(program, [file], {
    cwd: consumer,
    env,
    timeout: 60_000,
  });
  const seconds = (performance.now() - startedAt) / 1_000;
  await server.close();
  if (stderr !== "") {
    fail(`the first example writes to stderr:\n${stderr}`);
  }
  if (!stdout.includes("40 widgets and 25 gadgets")) {
    fail(`the first example prints:\n${stdout}`);
  }
  console.log(`the first example of README.md says: ${stdout.trim().split("\n").at(-1)}`);
  return seconds;
}

/** A strict consumer's compiler looks into our declarations too; what others' declarations say wrong is theirs. */
function checkTypes(consumer: string): void {
  const files = ["types.mts", "types.cts"];
  const options =
    "--declaration --emitDeclarationOnly --outDir declarations --strict --target es2023 --module node16 --types node --skipLibCheck false --pretty false";
  const typeRoots = join(repositoryRoot, "node_modules", "@types");
  const command = [...options.split(" "), "--typeRoots", typeRoots, ...files];
  const { stdout } = run(join(tools, "tsc"), command, consumer, [0, 1, 2]);
  const errors = stdout
    .split("\n")
    .filter((line) => line.startsWith("types.") || line.includes("langgraph-plan-execute/"));
  if (errors.length > 0) {
    fail(`what a consumer writes does not compile:\n${errors.join("\n")}`);
  }
  const { size } = statSync(join(consumer, "declarations/types.d.mts"));
  if (size > maxDeclarationBytes) {
    fail(`what a consumer exports has types of ${size} bytes, at most ${maxDeclarationBytes} were expected`);
  }
  console.log(`tsc --strict: clean in both module systems, declarations of ${size} bytes`);
}

/** The machine's own npm settings may be older than its npm. */
function isAboutTheMachine(line: string): boolean {
  return /^npm (warn|notice) (Unknown (user|global|env) config|New (major|minor|patch) version)/i.test(line);
}
