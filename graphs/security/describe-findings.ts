import type { PastStep } from "langgraph-plan-execute";
import { z } from "zod";

const dependenciesSchema = z.object({
  project: z.string(),
  count: z.number(),
  direct: z.number(),
  transitive: z.number(),
  severalVersions: z.record(z.string(), z.array(z.string())),
  packages: z.array(z.object({ name: z.string(), version: z.string(), why: z.string() })),
});

const findingsSchema = z.object({
  project: z.string(),
  count: z.number(),
  lessGrave: z.number(),
  vulnerabilities: z.array(
    z.object({
      advisory: z.string(),
      severity: z.string(),
      title: z.string(),
      package: z.string(),
      version: z.string(),
      why: z.string(),
      patched: z.string(),
    }),
  ),
});

/** What was found without changing anything, in words; and what could not be found out, and why. */
export function describeFindings(pastSteps: readonly PastStep[]): string {
  const parts = pastSteps.map((step): string => {
    if (step.error !== undefined) {
      return step.error.message;
    }
    if (step.tool === "list_dependencies") {
      return describeDependencies(step);
    }
    return step.tool === "find_vulnerabilities" ? describeVulnerabilities(step) : "";
  });
  return [...new Set(parts.filter((part) => part !== ""))].join("\n\n");
}

function describeDependencies({ output, args }: PastStep): string {
  const read = dependenciesSchema.safeParse(output);
  if (!read.success) {
    return "";
  }
  const { project, count, direct, transitive, severalVersions, packages } = read.data;
  if (args?.package !== undefined) {
    return packages.map(({ why }) => `- ${why}`).join("\n");
  }
  const several = Object.entries(severalVersions).map(
    ([name, versions]) => `${name} (${versions.join(", ")})`,
  );
  const counts = `${project} uses ${count} packages: ${direct} directly, ${transitive} through others.`;
  return several.length === 0 ? counts : `${counts} In several versions: ${several.join(", ")}.`;
}

function describeVulnerabilities({ output }: PastStep): string {
  const read = findingsSchema.safeParse(output);
  if (!read.success) {
    return "";
  }
  const { count, lessGrave, vulnerabilities } = read.data;
  const less = lessGrave === 0 ? "" : ` ${lessGrave} that are less grave do not count.`;
  if (count === 0) {
    return `No advisory is about what it uses.${less}`;
  }
  const lines = vulnerabilities.map(
    (found) =>
      `- ${found.severity}: ${found.advisory} (${found.title}) in ${found.package}@${found.version}, patched: ${found.patched}; ${found.why}`,
  );
  const more = count > lines.length ? [`and ${count - lines.length} more`] : [];
  return [`${count} vulnerabilities, the gravest first:${less}`, ...lines, ...more].join("\n");
}
