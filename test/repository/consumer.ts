// A stranger's project: a folder into which the packed package is installed, and the programs that use it there.
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { repositoryRoot } from "./source-files.js";

/** The package is not what a stranger needs. The message says where. */
export class PackageProblem extends Error {}

/** How a program may load the package: the file that does it, and the copy of LangChain that it uses itself. */
export const PROGRAMS = {
  esm: "run.mjs",
  commonjs: "run.cjs",
  mixed: "mixed.cjs",
  "two copies": "second/run.mjs",
} as const;
export type Program = keyof typeof PROGRAMS;

const said = z.object({
  passed: z.number(),
  of: z.number(),
  failed: z.array(z.object({ name: z.string(), reason: z.string() })),
});
export type Probes = z.infer<typeof said>;

/** Packs the package into a folder and returns the path of the tarball. */
export function pack(folder: string): string {
  const args = ["pack", "--json", "--ignore-scripts", "--pack-destination", folder];
  const { stdout } = run("npm", args, repositoryRoot);
  const file = /"filename":\s*"([^"]+)"/.exec(stdout)?.[1];
  if (file === undefined) {
    fail(`npm pack names no file:\n${stdout}`);
  }
  return join(folder, file);
}

/** Makes an empty project with the probes in it. */
export function makeProject(folder: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), '{ "private": true }\n');
  cpSync(join(repositoryRoot, "test/repository/consumer"), folder, { recursive: true });
}

/** Gives the folder `second` of a project a copy of LangChain of its own. */
export function copyLangChain(folder: string): void {
  const second = join(folder, "second");
  for (const name of [
    "@langchain/core",
    "@langchain/langgraph",
    "@langchain/langgraph-checkpoint",
    "langchain",
  ]) {
    const path = join(folder, "node_modules", name);
    if (existsSync(path)) {
      cpSync(realpathSync(path), join(second, "node_modules", name), { recursive: true });
    }
  }
  for (const file of ["run.mjs", "probes.cjs", "scripted.cjs"]) {
    cpSync(join(folder, file), join(second, file));
  }
}

/** Runs the probes in a project as one kind of program. A warning is a problem. */
export function runProbes(folder: string, program: Program, node = process.execPath): Probes {
  const { stdout, stderr } = run(node, [PROGRAMS[program]], folder);
  if (stderr !== "") {
    fail(`the probes warn (${program}):\n${stderr}`);
  }
  return said.parse(JSON.parse(stdout.trim().split("\n").at(-1) ?? ""));
}

/** The version of a package that a project has. */
export function installedVersion(folder: string, name: string): string {
  const text = readFileSync(join(folder, "node_modules", name, "package.json"), "utf8");
  return z.object({ version: z.string() }).parse(JSON.parse(text)).version;
}

/** The environment without what npm and this repository's user set in it. */
export function environmentWithoutOurs(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) =>
      !/^(npm_|INIT_CWD$|NODE_OPTIONS$|OPENAI_|PLAN_EXECUTE_|LANGCHAIN_|LANGSMITH_|FORCE_COLOR$)/i.test(name),
  );
  return { ...Object.fromEntries(kept), NO_COLOR: "1" };
}

/** Runs a command as a stranger would: none of npm's settings in this repository, no key, no colours. */
export function run(
  command: string,
  args: readonly string[],
  folder: string,
  expected: readonly number[] = [0],
  more: NodeJS.ProcessEnv = {},
): { stdout: string; stderr: string } {
  const env = { ...environmentWithoutOurs(), ...more };
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

export function fail(reason: string): never {
  throw new PackageProblem(reason);
}
