import { type ToolRunnableConfig, tool } from "@langchain/core/tools";
import { type AgentTool, requesterOf } from "langgraph-plan-execute";
import { z } from "zod";
import { isAffected } from "./advisories.js";
import { recordDecisions } from "./decisions.js";
import { labelOf, type Patch, patchSchema } from "./patch.js";
import { makePatch, verifyPatch } from "./patch-copy.js";
import { proposeAll } from "./propose-all.js";
import { writeReport } from "./report.js";
import { SEVERITIES } from "./severity.js";
import { ADVISORY_FILE } from "./sources.js";
import type { TrailFact } from "./trail.js";
import {
  benchFor,
  makeCopy,
  openCopy,
  type ProjectCopy,
  revisionFolder,
  type SharedBench,
  type Workbench,
} from "./workbench.js";

const copyArgument = z.string().describe("Name of the copy, as copy_project gave it");
const round = z
  .int()
  .min(1)
  .describe("1 at first; one more each time after patches were refused, failed or rejected");

const callSchema = z.looseObject({
  configurable: z.looseObject({ idempotency_key: z.string().includes(":") }),
  state: z.unknown().optional(),
});

/** Tools that copy a project, patch and verify the copy, and report; what they do is in the copy's trail. */
export function createPatchTools(bench: SharedBench): AgentTool[] {
  return [copy(bench), propose(bench), apply(bench), verify(bench), report(bench)];
}

function copy(shared: SharedBench) {
  return tool(
    ({ project, advisories }, config: ToolRunnableConfig) => {
      const made = makeCopy(benchOf(shared, config), project, advisories, readCall(config).turn);
      return { copy: made.name, project: made.state.copied.project, folder: made.folder };
    },
    {
      name: "copy_project",
      description:
        "Copies a project to the workspace, where it is patched; the project itself is never changed. Gives { copy, project, folder }.",
      schema: z.object({
        project: z
          .string()
          .optional()
          .describe("Name of the project; may be left out where there is only one"),
        advisories: z.string().default(ADVISORY_FILE).describe("Name of the file of advisories"),
      }),
    },
  );
}

function propose(shared: SharedBench) {
  return tool(
    ({ copy: name, round, minSeverity, leaveOut }, config: ToolRunnableConfig) => {
      const opened = open(benchOf(shared, config), name, config);
      const proposed = proposeAll(opened, round, { minSeverity, leaveOut });
      const { fact } = opened.trail.record(`proposed:${round}`, proposed);
      const { patches, left } = fact.kind === "proposed" ? fact : proposed;
      return { copy: name, round, patches, left };
    },
    {
      name: "propose_patches",
      description:
        "Proposes a patch for each vulnerable version of a package in a copy, the gravest first: { copy, round, patches, left }. Knows what was verified, refused and rejected before, and then proposes another way; left says why something has no patch. Give patches to apply_patch, one each.",
      schema: z.object({
        copy: copyArgument,
        round,
        minSeverity: z.enum(SEVERITIES).default("low").describe("The least severity that is patched"),
        leaveOut: z.array(z.string()).default([]).describe("Names of packages that are not to be patched"),
      }),
    },
  );
}

function apply(shared: SharedBench) {
  return tool(
    ({ copy: name, ...patch }, config: ToolRunnableConfig) => {
      const opened = open(benchOf(shared, config), name, config);
      const refused = opened.state.refused.find((before) => labelOf(before.patch) === labelOf(patch));
      if (refused !== undefined) {
        throw new Error(`${labelOf(patch)} was refused by the verification: ${refused.problems.join("; ")}.`);
      }
      assertResolves(opened, patch);
      const fact = makePatch(opened, patch, readCall(config).step);
      return { patch: labelOf(patch), made: fact.kind === "patched" };
    },
    {
      name: "apply_patch",
      description:
        "Makes one patch in a copy: its package.json and lock file with another version of a package, and what that needs. It holds only when verify_patches has verified it. Gives { patch, made }; made is false where another patch took the package away.",
      schema: z.object({
        copy: copyArgument,
        ...patchSchema.shape,
        together: patchSchema.shape.together.default([]),
      }),
    },
  );
}

function verify(shared: SharedBench) {
  return tool(
    ({ copy: name, round }, config: ToolRunnableConfig) => {
      const bench = benchOf(shared, config);
      const facts = verifyOpen(bench, open(bench, name, config), round);
      const verified = facts.flatMap((fact) => (fact.kind === "verified" ? [labelOf(fact.patch)] : []));
      const refused = facts.flatMap((fact) =>
        fact.kind === "refused" ? [{ patch: labelOf(fact.patch), problems: fact.problems }] : [],
      );
      const { state, folder } = openCopy(bench, name);
      return { copy: name, round, verified, refused, project: revisionFolder({ folder }, state.head) };
    },
    {
      name: "verify_patches",
      description:
        "Verifies the patches that were made in a copy since the last time, one after the other: the lock file is consistent, the registry has the versions, all dependents accept them, what was to be mended is mended, nothing vulnerable came in. What is right holds; what is not is taken back. Gives { copy, round, verified, refused, project }.",
      schema: z.object({ copy: copyArgument, round }),
    },
  );
}

function report(shared: SharedBench) {
  const write = ({ copy: name }: { copy: string }, config: ToolRunnableConfig) => {
    const bench = benchOf(shared, config);
    return writeReport(bench, open(bench, name, config));
  };
  return tool(write, {
    name: "write_report",
    description:
      "Writes the compliance report of a copy (report.md beside its trail) and gives its summary as text, which is fit to be the answer.",
    schema: z.object({ copy: copyArgument }),
    metadata: { output: "text" },
  });
}

/** Each patch is verified on what the ones before it left; a kill in between loses none of their verdicts. */
function verifyOpen(bench: Workbench, opened: ProjectCopy, round: number): TrailFact[] {
  for (const { patch } of opened.state.open) {
    verifyPatch(openCopy(bench, opened.name), patch, round);
  }
  return opened.trail
    .entries()
    .map(({ fact }) => fact)
    .filter((fact) => (fact.kind === "verified" || fact.kind === "refused") && fact.round === round);
}

/** A person decides by what a patch says that it mends, so it must be true. */
function assertResolves({ grounds }: ProjectCopy, { package: name, from, resolves }: Patch): void {
  const about = grounds.advisories
    .filter((advisory) => advisory.package === name && isAffected(advisory, from))
    .map(({ id }) => id);
  const wrong = resolves.filter((id) => !about.includes(id));
  if (wrong.length === 0 && resolves.length > 0) {
    return;
  }
  const named =
    resolves.length === 0
      ? "The patch names no advisory"
      : `${wrong.join(", ")} is not about ${name}@${from}`;
  throw new Error(`${named}: those about it are ${about.join(", ") || "none"}.`);
}

function benchOf(shared: SharedBench, config: ToolRunnableConfig): Workbench {
  return benchFor(shared, requesterOf(config));
}

function open(bench: Workbench, name: string, config: ToolRunnableConfig): ProjectCopy {
  const opened = openCopy(bench, name);
  recordDecisions(opened.trail, opened.state.copied.turn, name, callSchema.parse(config).state);
  return openCopy(bench, name);
}

/** The turn and the step for which a tool is called, by its idempotency key. */
function readCall(config: ToolRunnableConfig): { readonly turn: string; readonly step: string } {
  const [turn = "", step = ""] = callSchema.parse(config).configurable.idempotency_key.split(":");
  return { turn, step };
}
