import { readFileSync } from "node:fs";
import { join } from "node:path";
import { tool } from "@langchain/core/tools";
import type { AgentTool } from "langgraph-plan-execute";
import { z } from "zod";
import { listDependencies } from "./dependency-tree.js";
import { readProject } from "./project-files.js";
import { compareSeverity, SEVERITIES } from "./severity.js";
import { ADVISORY_FILE, type Sources } from "./sources.js";
import { sha256 } from "./trail.js";
import { atLeast, findVulnerabilities } from "./vulnerabilities.js";

/** The most that a list shows, so that a model sees all of the output. */
const MOST = 20;

const project = z
  .string()
  .optional()
  .describe("Name of the project; may be left out where there is only one");
const advisories = z.string().default(ADVISORY_FILE).describe("Name of the file of advisories");
const minSeverity = z.enum(SEVERITIES).default("low").describe("The least severity that counts");

/** Tools that look at projects and advisories, and change nothing. */
export function createReadTools(sources: Sources): AgentTool[] {
  return [readAdvisories(sources), listProject(sources), findInProject(sources)];
}

function readAdvisories(sources: Sources) {
  return tool(
    ({ advisories: file }) => {
      const all = sources.advisories(file);
      const bySeverity = SEVERITIES.map((severity): [string, number] => [
        severity,
        all.filter((advisory) => advisory.severity === severity).length,
      ]);
      return { file, count: all.length, bySeverity: Object.fromEntries(bySeverity) };
    },
    {
      name: "read_advisories",
      description:
        "Reads and checks the file of security advisories; fails where one of them is broken. Gives { file, count, bySeverity }.",
      schema: z.object({ advisories }),
      metadata: { readOnly: true },
    },
  );
}

function listProject(sources: Sources) {
  return tool(
    ({ project: name, package: only }) => {
      const found = sources.findProject(name);
      const all = listDependencies(readProject(found.folder).lock);
      const versions = new Map<string, string[]>();
      for (const { name, version } of all) {
        versions.set(name, [...(versions.get(name) ?? []), version]);
      }
      const shown = all.filter((dependency) =>
        only === undefined ? dependency.direct : dependency.name === only,
      );
      if (only !== undefined && shown.length === 0) {
        throw new Error(`${found.name} does not use a package "${only}".`);
      }
      return {
        project: found.name,
        lockFileSha256: sha256(readFileSync(join(found.folder, "package-lock.json"), "utf8")),
        count: all.length,
        direct: all.filter(({ direct }) => direct).length,
        transitive: all.filter(({ direct }) => !direct).length,
        severalVersions: Object.fromEntries(
          [...versions].filter(([, list]) => list.length > 1).slice(0, MOST),
        ),
        packages: shown.slice(0, MOST).map(({ name, version, direct, dev, why }) => ({
          name,
          version,
          direct,
          dev,
          why: why.join(" > "),
        })),
      };
    },
    {
      name: "list_dependencies",
      description:
        "Lists what a project uses, from its lock file, direct and transitive: { project, lockFileSha256, count, direct, transitive, severalVersions, packages }. packages are the direct ones, or all versions of the one package that is named, each with why it is there.",
      schema: z.object({
        project,
        package: z.string().optional().describe("Only this package, wherever it is in the tree"),
      }),
      metadata: { readOnly: true },
    },
  );
}

function findInProject(sources: Sources) {
  return tool(
    ({ project: name, advisories: file, minSeverity: least }) => {
      const found = sources.findProject(name);
      const all = findVulnerabilities(readProject(found.folder).lock, sources.advisories(file));
      const counted = atLeast(all, least);
      return {
        project: found.name,
        count: counted.length,
        lessGrave: all.length - counted.length,
        gravest:
          counted
            .map(({ advisory }) => advisory.severity)
            .sort(compareSeverity)
            .at(-1) ?? "none",
        vulnerabilities: counted.slice(0, MOST).map(({ advisory, dependency }) => ({
          advisory: advisory.id,
          severity: advisory.severity,
          ...(advisory.score === undefined ? {} : { cvss: advisory.score }),
          title: advisory.title,
          package: dependency.name,
          version: dependency.version,
          why: dependency.why.join(" > "),
          patched: advisory.patched.join(" || ") || "none",
        })),
      };
    },
    {
      name: "find_vulnerabilities",
      description: `Matches what a project uses with the advisories: { project, count, lessGrave, gravest, vulnerabilities }, the gravest first, at most ${MOST}, each with why the package is there and which versions are patched.`,
      schema: z.object({ project, advisories, minSeverity }),
      metadata: { readOnly: true },
    },
  );
}
