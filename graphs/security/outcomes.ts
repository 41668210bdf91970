import { type CopyState, rejectionOf } from "./copy-state.js";
import { changesOf, labelOf } from "./patch.js";
import { findVulnerabilities, keyOf, type Vulnerability } from "./vulnerabilities.js";
import { type ProjectCopy, readRevision } from "./workbench.js";

/** What became of one vulnerability that the project had. */
export interface Outcome {
  readonly vulnerability: Vulnerability;
  readonly isMended: boolean;
  /** By which patch it was mended, or why it was not. */
  readonly words: string;
}

/** What became of each vulnerability that the project had, the gravest first. */
export function findOutcomes(copy: ProjectCopy): Outcome[] {
  const { state, grounds } = copy;
  const still = new Set(
    findVulnerabilities(readRevision(copy, state.head).lock, grounds.advisories).map(keyOf),
  );
  return findVulnerabilities(readRevision(copy, 0).lock, grounds.advisories).map((vulnerability) => {
    const isMended = !still.has(keyOf(vulnerability));
    const { name, version } = vulnerability.dependency;
    const words = isMended ? whatMended(state, name, version) : whyLeft(state, name, version);
    return { vulnerability, isMended, words };
  });
}

function whatMended({ verified }: CopyState, name: string, version: string): string {
  const own = verified.find(({ patch }) =>
    changesOf(patch).some((change) => change.package === name && change.from === version),
  );
  return own === undefined ? "gone with another patch" : labelOf(own.patch);
}

function whyLeft(state: CopyState, name: string, version: string): string {
  const rejection = rejectionOf(state, { package: name, from: version });
  if (rejection !== undefined) {
    const words = rejection.words === undefined ? "" : `: ${rejection.words}`;
    return `Rejected by ${rejection.by ?? "a person who was not named"}${words}`;
  }
  const left = state.proposals
    .flatMap((proposed) => proposed.left)
    .filter((entry) => entry.package === name && entry.version === version)
    .at(-1);
  if (left !== undefined) {
    return left.reason;
  }
  const refused = state.refused
    .filter(({ patch }) => patch.package === name && patch.from === version)
    .at(-1);
  if (refused !== undefined) {
    return `Refused by the verification: ${labelOf(refused.patch)}: ${refused.problems.join("; ")}`;
  }
  return "Nothing was decided about it.";
}
