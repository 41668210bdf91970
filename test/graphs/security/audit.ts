import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Command, MemorySaver } from "@langchain/langgraph";
import { z } from "zod";
import { type ProjectFiles, parseProject } from "../../../graphs/security/project-files.js";
import { openTrail } from "../../../graphs/security/trail.js";
import { createGraph, type SecurityGraphOptions } from "../../../graphs/security.js";
import { isWaiting, requestOf, type ShownRequest } from "../../support/approval.js";

/** The data that comes with the graph. */
export const exampleData = fileURLToPath(new URL("../../../graphs/security/data", import.meta.url));

/** The goal of README. */
export const GOAL = "Audit the dependencies of web-shop and patch what is vulnerable";

/** Packages by their paths in the lock file, as far as a test says. */
export type Installed = Readonly<Record<string, Record<string, unknown>>>;

/** The texts of a project whose package.json says what the lock file's entry of the project says. */
export function projectTexts(root: Readonly<Record<string, unknown>>, installed: Installed, version = 3) {
  const lock = { lockfileVersion: version, packages: { "": root, ...installed } };
  return { "package.json": JSON.stringify(root), "package-lock.json": JSON.stringify(lock, null, 2) };
}

/** The same, read. */
export function project(
  root: Readonly<Record<string, unknown>>,
  installed: Installed,
  version = 3,
): ProjectFiles {
  const texts = projectTexts(root, installed, version);
  return parseProject(texts["package.json"], texts["package-lock.json"], "test");
}

/** A folder for one test, with data and a workspace in it. */
export class AuditFolder {
  readonly root = mkdtempSync(join(tmpdir(), "plan-execute-security-"));
  readonly data = join(this.root, "data");
  readonly workspace = join(this.root, "workspace");

  /** The data of the example. */
  useExample(): this {
    cpSync(exampleData, this.data, { recursive: true });
    return this;
  }

  /** Writes a file of the data: text as it is, all else as JSON. */
  write(file: string, content: unknown): this {
    const path = join(this.data, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
    return this;
  }

  /** A project with its advisories and its registry. */
  useProject(
    name: string,
    root: Readonly<Record<string, unknown>>,
    installed: Installed,
    advisories: readonly unknown[],
    registry: Readonly<Record<string, unknown>>,
    version = 3,
  ): this {
    const texts = projectTexts({ name, ...root }, installed, version);
    for (const [file, text] of Object.entries(texts)) {
      this.write(`projects/${name}/${file}`, text);
    }
    return this.write("advisories.json", { advisories }).write("registry.json", { packages: registry });
  }

  agent(options: SecurityGraphOptions = {}) {
    const { data, workspace } = this;
    return createGraph({ model: "offline", checkpointer: new MemorySaver(), data, workspace, ...options });
  }

  /** The names of the copies. */
  copies(): string[] {
    return readdirSync(this.workspace).sort();
  }

  /** What is in the trail of the only copy, or of the one that is named. */
  facts(copy = this.copies()[0] ?? "") {
    const file = join(this.workspace, copy, "trail.jsonl");
    return openTrail(file, () => new Date())
      .entries()
      .map(({ fact }) => fact);
  }

  /** The report of the only copy. */
  report(): string {
    return readFileSync(join(this.workspace, this.copies()[0] ?? "", "report.md"), "utf8");
  }

  /** What is installed at the end, by path, and the project's own package.json. */
  patched() {
    const verified = this.facts().flatMap((fact) => (fact.kind === "verified" ? [fact.revision] : []));
    const folder = join(this.workspace, this.copies()[0] ?? "", "revisions", String(verified.at(-1) ?? 0));
    const lock = lockSchema.parse(JSON.parse(readFileSync(join(folder, "package-lock.json"), "utf8")));
    const versions = Object.entries(lock.packages).map(([path, entry]) => [path, entry.version]);
    const manifest: unknown = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    return { folder, manifest, versions: Object.fromEntries(versions), lock };
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}

const lockSchema = z.looseObject({
  packages: z.record(z.string(), z.looseObject({ version: z.string().optional() })),
});

type Agent = ReturnType<AuditFolder["agent"]>;
type Action = ShownRequest["actionRequests"][number];

/** Runs a goal to its end, each action decided by the test; `asked` has the actions of each request. */
export async function runAudit(
  agent: Agent,
  goal: string,
  decide: (action: Action) => object = () => ({ type: "approve" }),
  thread = "1",
) {
  const config = { configurable: { thread_id: thread } };
  const asked: Action[][] = [];
  let output = await agent.invoke({ input: goal }, config);
  while (isWaiting(output)) {
    const { actionRequests } = requestOf(output);
    asked.push(actionRequests);
    const answer = { decidedBy: "olga", decisions: actionRequests.map(decide) };
    output = await agent.invoke(new Command({ resume: answer }), config);
  }
  return { ...output, asked };
}

/** A patch as it was asked for, short: "package from to". */
export function shortly({ args }: Action): string {
  return `${String(args.package)} ${String(args.from)} ${String(args.to)}`;
}
