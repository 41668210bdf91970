// Security of dependencies. The agent matches a project's lock file with advisories, patches a copy of its package.json
// and lock file, verifies the copy, and tells what was done. The project itself is never changed.
//
//   Who waits for a person:      every apply_patch, one decision a patch. See `approval` in createGraph.
//   What makes the plan change:  a copy in which something is wrong that was right before. See `checkOutput` there.
//   Who judges the patches:      `problemsOf`. It reads the lock file with a library, and shares no code with `change`.
//
// The data folder holds projects/<name>/, advisories.json, and registry.json, which stands for npm's registry. Lock
// files of version 3 are understood, without workspaces, aliases and overrides.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type ToolRunnableConfig, tool } from "@langchain/core/tools";
import {
  createPlanExecuteAgent,
  type PlanExecuteAgent,
  type PlanExecuteOptions,
  requesterOf,
  type SavedPlan,
} from "langgraph-plan-execute";
import { type ParsedDependency, parse } from "lockparse";
import semver from "semver";
import { z } from "zod";
import * as folders from "./shared/folders.js";
import { mergeOptions } from "./shared/merge-options.js";
import { makePrivateFolder, replaceFile } from "./shared/private-files.js";

const SEVERITIES = ["low", "moderate", "high", "critical"] as const;
const severity = z.enum(SEVERITIES);
type Severity = z.infer<typeof severity>;

/** What a run's context may set. */
const contextFields = z.object({
  minSeverity: severity
    .default("low")
    .meta({ title: "Least severity", description: "Advisories below it do not count." }),
});

/** What the security graph takes besides an agent's options. */
export type SecurityOptions = folders.FieldGraphOptions<folders.Workspace>;

/** Goals to begin with. */
export const examples: readonly string[] = [
  "Audit the dependencies of web-shop",
  "Audit the dependencies of web-shop and patch what is vulnerable",
  "Patch what is at least high in web-shop",
];

const INSTRUCTIONS = `To audit: find_vulnerabilities; its summary is the answer.
To patch: copy_project; propose_patches; apply_patch with forEach over the patches; verify_copy; write_report, whose output is the answer. Never make up a patch.
If verify_copy finds problems: propose_patches again, which mends them too, and then the same steps. What a person rejected is not proposed again: name its package in "except". Always end with write_report.`;

const project = z.string().regex(/^@?\w[\w.-]*(\/\w[\w.-]*)?$/);
const parameters = z.object({ project, severity: severity.default("low") });
const COPY = "{{copy.copy}}";
const ITEM = {
  package: "{{item.package}}",
  from: "{{item.from}}",
  to: "{{item.to}}",
  together: "{{item.together}}",
};

/** Plans that need no planner. A person names them, or says a goal like one of their examples. */
const PLANS: readonly SavedPlan[] = [
  {
    name: "audit",
    description: "Find the vulnerable dependencies of a project.",
    parameters,
    examples: ["Audit the dependencies of {project}", "Which dependencies of {project} are vulnerable?"],
    steps: [
      {
        id: "found",
        tool: "find_vulnerabilities",
        args: { project: "{{with.project}}", minSeverity: "{{with.severity}}" },
      },
    ],
    answer: "In {{with.project}}, {{found.summary}}",
  },
  {
    name: "patch",
    description: "Patch the vulnerable dependencies of a project on a copy, verify it, and report.",
    parameters,
    examples: [
      "Audit the dependencies of {project} and patch what is vulnerable",
      "Patch {project}",
      "Patch what is at least {severity} in {project}",
    ],
    steps: [
      { id: "copy", tool: "copy_project", args: { project: "{{with.project}}" } },
      { id: "proposed", tool: "propose_patches", args: { copy: COPY, minSeverity: "{{with.severity}}" } },
      { id: "patches", tool: "apply_patch", forEach: "{{proposed.patches}}", args: { copy: COPY, ...ITEM } },
      { id: "verified", tool: "verify_copy", args: { copy: COPY, applied: "{{patches}}" } },
      { id: "report", tool: "write_report", args: { copy: COPY } },
    ],
    answer: "report",
  },
];

/** The agent that audits and patches the dependencies of projects. */
export function createGraph(given: SecurityOptions = {}): PlanExecuteAgent {
  const { data, workspace, options } = folders.takeFolders("security", given);
  const own: PlanExecuteOptions = {
    tools: createTools({ data, workspace }),
    plans: PLANS,
    planner: { instructions: INSTRUCTIONS },
    replanner: { instructions: INSTRUCTIONS },
    contextFields,
    examples,
    // A patch changes what others will run, so each waits for a person, who may choose another version.
    approval: { tools: { apply_patch: { description: describePatch } } },
    // A problem that patches brought in is no error of the tool. Its step is "unexpected", and the replanner is asked.
    executor: { checkOutput: { verify_copy: whatIsWrong } },
  };
  return createPlanExecuteAgent(mergeOptions(own, options));
}

// ---- Tools ----

/** Where the data is, and where copies go. */
interface Desk {
  readonly data: string;
  readonly workspace: folders.Workspace;
}

const minSeverity = severity.default("low").describe("The least severity that counts.");
const except = z.array(z.string()).default([]).describe("Packages that get no patch.");
const copy = z.string().regex(/^@?\w[\w.-]*$/);
const changeSchema = z.object({ package: z.string(), from: z.string(), to: z.string() });
const patchSchema = changeSchema.extend({
  together: z.array(changeSchema).default([]).describe("Dependents that must be upgraded with it."),
});
const applied = z.array(z.object({ applied: z.string() })).describe("What apply_patch gave.");
const proposeSchema = z.object({ copy, minSeverity, except });
const auditSchema = z.object({ project, minSeverity });
type Patch = z.infer<typeof patchSchema>;

/** The audit is read-only, so it may run at any time. The others look at a copy that the steps before them change. */
function createTools(desk: Desk) {
  return [
    tool((args, config) => audit(desk, args, config), {
      name: "find_vulnerabilities",
      description: "Matches what a project uses with the advisories.",
      schema: auditSchema,
      metadata: { readOnly: true, outputExample: { vulnerabilities: [{}], summary: "" } },
    }),
    tool((args, config) => ({ copy: makeCopy(desk, args.project, config) }), {
      name: "copy_project",
      description: "Copies a project's package.json and lock file, to be patched there.",
      schema: z.object({ project }),
      metadata: { outputExample: { copy: "" } },
    }),
    tool(onCopy(desk, proposePatches), {
      name: "propose_patches",
      description: "Proposes patches for what is vulnerable in a copy, and for what is broken.",
      schema: proposeSchema,
      metadata: { outputExample: { patches: [{}] } },
    }),
    tool(onCopy(desk, applyPatch), {
      name: "apply_patch",
      description: "Makes one patch in a copy: its lock file, and package.json where that names the package.",
      schema: patchSchema.extend({ copy }),
      metadata: { outputExample: { applied: "" } },
    }),
    tool(onCopy(desk, verify), {
      name: "verify_copy",
      description: "Finds what is wrong in a copy after patches and was not wrong in the project.",
      schema: z.object({ copy, applied }),
      metadata: { outputExample: { problems: [{}] } },
    }),
    tool(onCopy(desk, writeReport), {
      name: "write_report",
      description: "Tells what was done to a copy, and what is left. Its output is the answer to the person.",
      schema: z.object({ copy }),
      metadata: { output: "text" },
    }),
  ];
}

async function audit(desk: Desk, asked: z.infer<typeof auditSchema>, config: ToolRunnableConfig) {
  const found = await findVulnerable(readProject(sourceOf(desk, asked.project)), readWorld(desk));
  const vulnerabilities = found.filter((one) => isGrave(one, asked.minSeverity, leastOf(config)));
  const lines = vulnerabilities.map((one) => `- ${describeVulnerable(one)}, by ${one.why}`);
  return { vulnerabilities, summary: [`${lines.length} vulnerabilities:`, ...lines].join("\n") };
}

async function verify({ source, folder, world }: Copy) {
  return { problems: await newProblems(readProject(source), readProject(folder), world) };
}

const problemsSchema = z.object({ problems: z.array(z.json()) });

function whatIsWrong(output: unknown): string | undefined {
  const { problems } = problemsSchema.parse(output);
  return problems.length === 0 ? undefined : `The patches brought problems in: ${JSON.stringify(problems)}`;
}

/** Whether an advisory counts for the call and for the run. */
function isGrave({ advisory }: Vulnerable, ...least: readonly Severity[]): boolean {
  return least.every((one) => SEVERITIES.indexOf(advisory.severity) >= SEVERITIES.indexOf(one));
}

function leastOf({ context }: ToolRunnableConfig): Severity {
  return contextFields.parse(context ?? {}).minSeverity;
}

// ---- What is read ----

const ranges = z.record(z.string(), z.string());
const range = z.string().refine((text) => semver.validRange(text) !== null, "is no range of versions");
const advisorySchema = z.object({
  id: z.string(),
  package: z.string(),
  title: z.string(),
  severity,
  vulnerable: z.array(range),
  patched: z.array(range),
  withdrawn: z.string().optional(),
});
type Advisory = z.infer<typeof advisorySchema>;
const text = z.string().optional();

const releaseSchema = z.object({ resolved: text, integrity: text, dependencies: ranges.optional() });
const registrySchema = z.object({ packages: z.record(z.string(), z.record(z.string(), releaseSchema)) });
const manifestSchema = z.looseObject({ dependencies: ranges.optional(), devDependencies: ranges.optional() });

// The keys are in npm's order, so that a patched file differs in what was patched.
const entrySchema = z.looseObject({
  ...{ name: text, version: text, resolved: text, integrity: text, dev: z.boolean().optional() },
  ...manifestSchema.shape,
});
const lockSchema = z.looseObject({
  lockfileVersion: z.literal(3),
  packages: z.record(z.string(), entrySchema),
});

interface Project {
  readonly manifest: z.infer<typeof manifestSchema>;
  readonly lock: z.infer<typeof lockSchema>;
}

/** What is known of packages: the advisories that hold, and each release by name and version. */
interface World {
  readonly advisories: readonly Advisory[];
  readonly releases: z.infer<typeof registrySchema>["packages"];
}

function readJson<Schema extends z.ZodObject>(folder: string, name: string, schema: Schema): z.infer<Schema> {
  const value: object = JSON.parse(readFileSync(join(folder, name), "utf8"));
  const parsed = schema.safeParse(value);
  if (!parsed.success) {
    throw new Error(`${join(folder, name)} cannot be used:\n${z.prettifyError(parsed.error)}`);
  }
  return Object.assign(value, parsed.data);
}

function readProject(folder: string): Project {
  const manifest = readJson(folder, "package.json", manifestSchema);
  return { manifest, lock: readJson(folder, "package-lock.json", lockSchema) };
}

function readWorld({ data }: Desk): World {
  const { advisories } = readJson(data, "advisories.json", z.object({ advisories: z.array(advisorySchema) }));
  const { packages } = readJson(data, "registry.json", registrySchema);
  return { advisories: advisories.filter(({ withdrawn }) => withdrawn === undefined), releases: packages };
}

// ---- What is wrong with a project ----

type Problem = { readonly package: string; readonly version: string } & (
  | { readonly kind: "vulnerable"; readonly advisory: Advisory; readonly why: string }
  /** It does not get what it needs: it gets another version, or none. */
  | { readonly kind: "unmet"; readonly needs: string; readonly range: string; readonly gets?: string }
);
type Vulnerable = Extract<Problem, { kind: "vulnerable" }>;

/** Each package that a project uses, and the shortest chain of packages that leads to it. */
async function packagesOf({ lock }: Project): Promise<Map<ParsedDependency, readonly string[]>> {
  const { root } = await parse(JSON.stringify(lock), "npm");
  const chains = new Map<ParsedDependency, readonly string[]>([[root, [root.name]]]);
  // What is added to a map while it is walked through is walked through too.
  for (const [one, chain] of chains) {
    for (const next of neededBy(one)) {
      chains.set(next, chains.get(next) ?? [...chain, `${next.name}@${next.version}`]);
    }
  }
  return chains;
}

function neededBy(one: ParsedDependency): ParsedDependency[] {
  return [...one.dependencies, ...one.devDependencies, ...one.optionalDependencies];
}

/** The vulnerable packages, the gravest first, each with the shortest chain of packages that leads to it. */
async function findVulnerable(of: Project, { advisories }: World): Promise<Vulnerable[]> {
  const found = [...(await packagesOf(of))].flatMap(([{ name, version }, chain]) =>
    advisories
      .filter((advisory) => advisory.package === name && isIn(version, advisory.vulnerable))
      .map((advisory) => {
        return { kind: "vulnerable" as const, package: name, version, advisory, why: chain.join(" > ") };
      }),
  );
  const rank = ({ advisory }: Vulnerable) => SEVERITIES.indexOf(advisory.severity);
  return found.sort((one, other) => rank(other) - rank(one));
}

/** By the order of versions, as in npm's audit: 2.0.0-rc.1 is in <2.0.0. */
function isIn(version: string, ranges: readonly string[]): boolean {
  return ranges.some((range) => semver.satisfies(version, range, { includePrerelease: true }));
}

async function problemsOf(of: Project, world: World): Promise<Problem[]> {
  const own = { ...of.manifest.devDependencies, ...of.manifest.dependencies };
  const unmet = [...(await packagesOf(of))].flatMap(([one, chain]) => {
    const needs = chain.length === 1 ? own : world.releases[one.name]?.[one.version]?.dependencies;
    return Object.entries(needs ?? {}).flatMap(([name, range]): Problem[] => {
      const gets = neededBy(one).find((next) => next.name === name)?.version;
      const isMet = gets !== undefined && semver.satisfies(gets, range);
      return isMet
        ? []
        : [{ kind: "unmet", package: one.name, version: one.version, needs: name, range, gets }];
    });
  });
  return [...(await findVulnerable(of, world)), ...unmet];
}

/** What is wrong after a change and was not wrong before it. */
async function newProblems(before: Project, after: Project, world: World): Promise<Problem[]> {
  const known = new Set((await problemsOf(before, world)).map(labelOf));
  return (await problemsOf(after, world)).filter((problem) => !known.has(labelOf(problem)));
}

function labelOf(one: Problem): string {
  const what = one.kind === "unmet" ? `${one.needs}@${one.gets}` : one.advisory.id;
  return `${one.package}@${one.version} ${what}`;
}

// ---- What is proposed ----

/** The most dependents that are upgraded with a package. */
const MAX_TOGETHER = 3;

async function proposePatches({ folder, world, least }: Copy, asked: z.infer<typeof proposeSchema>) {
  const now = readProject(folder);
  const wrong = (await problemsOf(now, world))
    .filter((one) => one.kind === "unmet" || isGrave(one, asked.minSeverity, least))
    .filter((one) => !asked.except.includes(one.package));
  const byPackage = new Map(wrong.map((one) => [`${one.package}@${one.version}`, one]));
  const patches = await Promise.all([...byPackage.values()].map((one) => firstThatWorks(now, one, world)));
  return { patches: patches.filter((patch) => patch !== undefined) };
}

/** Tries the versions that mend a problem, each together with the dependents that would not accept it otherwise. */
async function firstThatWorks(now: Project, wrong: Problem, world: World): Promise<Patch | undefined> {
  for (const to of versionsThatMend(wrong, world)) {
    const patch: Patch = { package: wrong.package, from: wrong.version, to, together: [] };
    while (patch.together.length <= MAX_TOGETHER) {
      const [first] = await newProblems(now, change(now, patch, world), world);
      if (first === undefined) {
        return patch;
      }
      const upgrade = first.kind === "unmet" ? versionsThatMend(first, world)[0] : undefined;
      if (upgrade === undefined) {
        break;
      }
      patch.together.push({ package: first.package, from: first.version, to: upgrade });
    }
  }
  return undefined;
}

/** The later versions of a package without a problem, the lowest first. */
function versionsThatMend(wrong: Problem, { advisories, releases }: World): string[] {
  const { package: name, version } = wrong;
  const known = releases[name] ?? {};
  const later = semver.sort(Object.keys(known)).filter((one) => semver.gt(one, version));
  if (wrong.kind === "unmet") {
    const { gets = "", needs } = wrong;
    return later.filter((one) => semver.satisfies(gets, known[one]?.dependencies?.[needs] ?? "*"));
  }
  const held = advisories.filter((one) => one.package === name && isIn(version, one.vulnerable));
  return later.filter((one) => held.every(({ patched }) => isIn(one, patched)));
}

// ---- What is changed ----

/** A project after a patch. What is not installed any more is passed over, so the same patch may be made twice. */
function change(project: Project, patch: Patch, { releases }: World): Project {
  const { manifest, lock } = structuredClone({ manifest: project.manifest, lock: project.lock });
  const { packages } = lock;
  const declared = [manifest, packages[""] ?? {}].flatMap(({ dependencies = {}, devDependencies = {} }) => {
    return [dependencies, devDependencies];
  });
  for (const { package: name, from, to } of [patch, ...patch.together]) {
    const isInstalled = (path: string) => nameOf(path) === name && packages[path]?.version === from;
    const isAtTop = isInstalled(`node_modules/${name}`);
    for (const path of Object.keys(packages).filter(isInstalled)) {
      install(path, to);
    }
    for (const ranges of declared) {
      const range = ranges[name];
      if (isAtTop && range !== undefined && !semver.satisfies(to, range)) {
        ranges[name] = `${/^[~^]?/.exec(range)}${to}`;
      }
    }
  }
  const sorted = Object.entries(packages).sort(([one], [other]) => one.localeCompare(other, "en"));
  lock.packages = Object.fromEntries(sorted);
  return { manifest, lock };

  /** Puts a version at a path, and at the top what it needs and is not there. A conflict is left to `problemsOf`. */
  function install(path: string, version: string): void {
    const release = releases[nameOf(path)]?.[version];
    if (release === undefined) {
      throw new Error(`The registry has no ${nameOf(path)}@${version}.`);
    }
    packages[path] = entrySchema.parse({ version, dev: packages[path]?.dev, ...release });
    for (const [name, range] of Object.entries(release.dependencies ?? {})) {
      const best = semver.maxSatisfying(Object.keys(releases[name] ?? {}), range);
      if (best !== null && packages[`node_modules/${name}`] === undefined) {
        install(`node_modules/${name}`, best);
      }
    }
  }
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length);
}

// ---- The copy ----

/** The project that was copied, and the patches that were made, each under the key of its call. */
const copySchema = z.object({
  project: z.string(),
  patches: z.array(patchSchema.extend({ key: z.string() })),
});

/** What a call works with: the copy that it names, and what it is to know. */
interface Copy extends z.infer<typeof copySchema> {
  readonly folder: string;
  /** The folder of the project that it is a copy of. */
  readonly source: string;
  readonly world: World;
  /** The least severity that counts in this run. */
  readonly least: Severity;
  readonly key: string;
}

/** Lets a tool work on a copy of whoever asks. */
function onCopy<Args extends { copy: string }, Output>(desk: Desk, work: (copy: Copy, args: Args) => Output) {
  return (args: Args, config: ToolRunnableConfig): Output => {
    const folder = folderOf(desk, args.copy, config);
    if (!existsSync(join(folder, "copy.json"))) {
      throw new Error(`There is no copy "${args.copy}". copy_project makes one.`);
    }
    const copied = readJson(folder, "copy.json", copySchema);
    const source = sourceOf(desk, copied.project);
    const call = { world: readWorld(desk), least: leastOf(config), key: keyOf(config) };
    return work({ ...copied, folder, source, ...call }, args);
  };
}

function sourceOf({ data }: Desk, project: string): string {
  return join(data, "projects", project);
}

function folderOf({ workspace }: Desk, name: string, config: ToolRunnableConfig): string {
  return join(folders.workspaceFor(workspace, requesterOf(config)), name);
}

/** Copies a project, once for a turn. */
function makeCopy(desk: Desk, project: string, config: ToolRunnableConfig): string {
  const name = `${project.replace("/", "-")}-${keyOf(config).slice(0, 8)}`;
  const folder = folderOf(desk, name, config);
  if (!existsSync(join(folder, "copy.json"))) {
    makePrivateFolder(folder);
    write(folder, readProject(sourceOf(desk, project)), { project, patches: [] });
  }
  return name;
}

/** Patches a copy once for the idempotency key: a call that is repeated changes nothing. */
function applyPatch(
  { folder, project, patches, world, key }: Copy,
  { copy: _, ...patch }: Patch & { copy: string },
) {
  if (!patches.some((made) => made.key === key)) {
    const made = [...patches, { ...patch, key }];
    write(folder, change(readProject(folder), patch, world), { project, patches: made });
  }
  return { applied: describeChanges(patch) };
}

/** In this order, because after a kill in between the same call has to find what it has not done yet. */
function write(folder: string, { lock, manifest }: Project, copied: z.infer<typeof copySchema>): void {
  for (const [name, value] of Object.entries({ package: manifest, "package-lock": lock, copy: copied })) {
    replaceFile(join(folder, `${name}.json`), `${JSON.stringify(value, null, 2)}\n`);
  }
}

/** The key of a call: the id of its turn, and of its step. */
function keyOf({ configurable }: ToolRunnableConfig): string {
  return z.string().parse(configurable?.idempotency_key);
}

// ---- Words ----

function describeChanges(patch: Patch): string {
  return [patch, ...patch.together]
    .map(
      ({ package: name, from, to }) => `${name} ${from} → ${to}${isBreaking(from, to) ? " (may break)" : ""}`,
    )
    .join(", together with ");
}

function isBreaking(from: string, to: string): boolean {
  return semver.parse(from)?.major !== semver.parse(to)?.major;
}

/** A patch as the person who decides on it reads it. */
function describePatch(args: unknown): string {
  return `Patch the copy: ${describeChanges(patchSchema.parse(args))}.`;
}

function describeVulnerable({ advisory, package: name, version }: Vulnerable): string {
  return `${advisory.id} (${advisory.severity}) in ${name}@${version}: ${advisory.title}`;
}

/** Looks at the copy as it is, and not at what the plan wanted, so it is right after a rejection or an edit. */
async function writeReport({ folder, source, project, patches, world }: Copy): Promise<string> {
  const [before, after] = [readProject(source), readProject(folder)];
  const [found, left] = [await findVulnerable(before, world), await findVulnerable(after, world)];
  const open = new Set(left.map(labelOf));
  const list = (lines: readonly string[]) => lines.map((line) => `- ${line}\n`).join("") || "None.\n";
  const gone = found.filter((one) => !open.has(labelOf(one)));
  const count = `Of ${found.length} vulnerabilities in ${project}, ${found.length - left.length} are mended in the copy`;
  const text = [
    `${count}; left: ${left.length}. The project itself was not changed.\n`,
    `## Mended\n\n${list(gone.map(describeVulnerable))}`,
    `## Left\n\n${list(left.map(describeVulnerable))}`,
    `## Patches\n\n${list(patches.map(describeChanges))}`,
    `The copy is ${folder}.`,
  ].join("\n");
  replaceFile(join(folder, "report.md"), text);
  return text;
}

/** What langgraph.json names. Each user has copies of their own. */
export const graph: PlanExecuteAgent = createGraph({ workspace: folders.servedWorkspace("security") });
