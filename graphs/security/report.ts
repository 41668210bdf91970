import { join } from "node:path";
import { replaceFile } from "../shared/private-files.js";
import { findLockProblems } from "./lock-problems.js";
import { findOutcomes, type Outcome } from "./outcomes.js";
import { labelOf } from "./patch.js";
import { readProject } from "./project-files.js";
import { describeFact, toTable } from "./report-tables.js";
import { hashFiles } from "./revisions.js";
import { sha256, type TrailEntry } from "./trail.js";
import { type ProjectCopy, readRevision, revisionFolder, type Workbench } from "./workbench.js";

/** Writes the report of a copy, records it in the trail, and gives its summary. */
export function writeReport(bench: Workbench, copy: ProjectCopy): string {
  const outcomes = findOutcomes(copy);
  const file = join(copy.folder, "report.md");
  const summary = toSummary(copy, outcomes);
  // Without earlier reports: the same report, written again after a kill, is the same text.
  const entries = copy.trail.entries().filter(({ fact }) => fact.kind !== "reported");
  const text = toReport(bench, copy, outcomes, entries);
  replaceFile(file, text);
  const hash = sha256(text);
  copy.trail.record(`reported:${hash}`, { kind: "reported", report: "report.md", sha256: hash });
  return `${summary}\n\nThe report is ${file}, the trail ${copy.trail.file}.`;
}

function toSummary(copy: ProjectCopy, outcomes: readonly Outcome[]): string {
  const { project } = copy.state.copied;
  const mended = outcomes.filter(({ isMended }) => isMended);
  const left = outcomes.filter(({ isMended }) => !isMended);
  if (outcomes.length === 0) {
    return `${project} has no package that an advisory is about.`;
  }
  const head = `Of ${outcomes.length} vulnerabilities in ${project}, ${mended.length} are mended in the copy; left: ${left.length}. The project itself was not changed.`;
  const sections = [
    head,
    toList("Mended:", mended),
    toList("Left:", left),
    toRefusals(copy),
    `The patched project is ${revisionFolder(copy, copy.state.head)}.`,
  ];
  return sections.filter((section) => section !== "").join("\n\n");
}

function toList(title: string, outcomes: readonly Outcome[]): string {
  const lines = outcomes.map(({ vulnerability: { advisory, dependency }, words }) => {
    const what = `${advisory.id} (${advisory.severity}) in ${dependency.name}@${dependency.version}`;
    return `- ${what}: ${words}`;
  });
  return lines.length === 0 ? "" : [title, ...lines].join("\n");
}

function toRefusals({ state }: ProjectCopy): string {
  const lines = state.refused.map(({ patch, problems }) => `- ${labelOf(patch)}: ${problems.join("; ")}`);
  return lines.length === 0 ? "" : ["Refused by the verification on the way:", ...lines].join("\n");
}

function toReport(
  { sources }: Workbench,
  copy: ProjectCopy,
  outcomes: readonly Outcome[],
  entries: readonly TrailEntry[],
): string {
  const { state, trail } = copy;
  const { copied } = state;
  const left = outcomes.filter(({ isMended }) => !isMended).length;
  const before = new Set(findLockProblems(readRevision(copy, 0)).map(({ message }) => message));
  const problems = findLockProblems(readRevision(copy, state.head)).filter(
    ({ message }) => !before.has(message),
  );
  return [
    `# Security report: ${copied.project}`,
    [
      `- Vulnerabilities: ${outcomes.length} before, ${left} after.`,
      `- Patched copy: \`${revisionFolder(copy, state.head)}\`; as it was copied: \`${revisionFolder(copy, 0)}\`.`,
      `- Lock file of the patched copy: ${problems.length === 0 ? "consistent" : problems.map(({ message }) => message).join("; ")}.`,
      `- Project: ${originalNow(sources.findProject(copied.project).folder, copied.hashes)}`,
      `- Advisories: ${copied.advisoryFile}. Registry: registry.json, a local file in the place of npm's registry.`,
    ].join("\n"),
    "## Vulnerabilities",
    toTable(
      ["severity", "advisory", "package", "why it is there", "outcome"],
      outcomes.map(({ vulnerability: { advisory, dependency }, isMended, words }) => [
        advisory.score === undefined ? advisory.severity : `${advisory.severity} (${advisory.score})`,
        `${advisory.id}: ${advisory.title}`,
        `${dependency.name}@${dependency.version}`,
        dependency.why.join(" > "),
        isMended ? `mended: ${words}` : `left: ${words}`,
      ]),
    ),
    "## Files",
    toTable(
      ["file", "SHA-256 before", "SHA-256 after"],
      Object.entries(hashFiles(revisionFolder(copy, state.head))).map(([file, hash]) => [
        file,
        copied.hashes[file] ?? "",
        hash,
      ]),
    ),
    "## Trail",
    `Each entry of \`${trail.file}\` names the hash of the one before it; that of entry ${entries.at(-1)?.n ?? 0} is \`${entries.at(-1)?.hash ?? ""}\`.`,
    toTable(
      ["", "when", "what"],
      entries.map(({ n, at, fact }) => [String(n), at, describeFact(fact)]),
    ),
    "",
  ].join("\n\n");
}

/** Whether the project is still what was copied: a person may have worked on it meanwhile. */
function originalNow(folder: string, hashes: Readonly<Record<string, string>>): string {
  readProject(folder);
  const now = hashFiles(folder);
  const changed = Object.keys(hashes).filter((file) => now[file] !== hashes[file]);
  return changed.length === 0
    ? `\`${folder}\`, unchanged.`
    : `\`${folder}\`; somebody has changed ${changed.join(" and ")} since it was copied.`;
}
