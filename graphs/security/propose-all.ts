import type { CopyState } from "./copy-state.js";
import { rejectionOf } from "./copy-state.js";
import { proposePatch } from "./propose.js";
import { compareSeverity, type Severity } from "./severity.js";
import type { TrailFact } from "./trail.js";
import { findVulnerabilities, type Vulnerability } from "./vulnerabilities.js";
import { type ProjectCopy, readRevision } from "./workbench.js";

/** What proposals are made for. */
export interface ProposalScope {
  readonly minSeverity: Severity;
  /** Packages that are not to be patched. */
  readonly leaveOut: readonly string[];
}

type Proposed = Extract<TrailFact, { kind: "proposed" }>;

/** A patch for each vulnerable version of a package that still has none, the gravest first; and why others have none. */
export function proposeAll(
  copy: ProjectCopy,
  round: number,
  { minSeverity, leaveOut }: ProposalScope,
): Proposed {
  const { state, grounds } = copy;
  const project = readRevision(copy, state.head);
  const groups = groupByVersion(findVulnerabilities(project.lock, grounds.advisories));
  const patches: Proposed["patches"] = [];
  const left: Proposed["left"] = [];
  for (const group of groups) {
    const [{ advisory: gravest, dependency } = { advisory: undefined, dependency: undefined }] = group;
    if (gravest === undefined || dependency === undefined) {
      continue;
    }
    const { name, version } = dependency;
    const leave = (reason: string) =>
      left.push({ package: name, version, advisories: group.map(({ advisory }) => advisory.id), reason });
    const rejection = rejectionOf(state, { package: name, from: version });
    if (compareSeverity(gravest.severity, minSeverity) < 0) {
      leave(`It is ${gravest.severity}, and only ${minSeverity} and above was to be patched.`);
    } else if (leaveOut.includes(name)) {
      leave("It was to be left out.");
    } else if (rejection !== undefined) {
      leave(describeRejection(rejection));
    } else {
      const refused = refusedFor(state, name, version);
      const proposal = proposePatch(group, refused, project, grounds);
      if (proposal.kind === "patch") {
        patches.push(proposal.patch);
      } else {
        leave(`Cannot be patched: ${proposal.reason}`);
      }
    }
  }
  return { kind: "proposed", round, patches, left };
}

/** All advisories about one version are for one patch; the groups stay in the order of what is gravest in them. */
function groupByVersion(found: readonly Vulnerability[]): Vulnerability[][] {
  const groups = new Map<string, Vulnerability[]>();
  for (const vulnerability of found) {
    const { name, version } = vulnerability.dependency;
    const key = `${name}@${version}`;
    groups.set(key, [...(groups.get(key) ?? []), vulnerability]);
  }
  return [...groups.values()];
}

function refusedFor({ refused }: CopyState, name: string, from: string) {
  return refused.filter(({ patch }) => patch.package === name && patch.from === from);
}

function describeRejection({ by, words }: NonNullable<ReturnType<typeof rejectionOf>>): string {
  const who = by === undefined ? "A person" : by;
  return words === undefined ? `${who} rejected the patch.` : `${who} rejected the patch: ${words}`;
}
