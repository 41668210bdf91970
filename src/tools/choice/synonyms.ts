// People and the authors of tools have different words for the same: a person kicks off a build and asks who wrote a
// text, a tool triggers a workflow and lists contributors. These are words of office and software work in general, and
// not of one product. Embeddings, where the options give some, know more of them, and in other languages.
import { toTerm } from "./tool-words.js";

const GROUPS = [
  "get show list read see view fetch retrieve tell give what which",
  "find search look where lookup query",
  "create add make new open write put set insert register",
  "delete remove clear drop erase revoke cancel away kick take",
  "update change edit modify set replace adjust",
  "rename name move transfer hand",
  "send post deliver submit publish push",
  "run start trigger kick launch dispatch execute fire begin again rerun",
  "stop cancel end abort halt kill",
  "close finish done resolve complete",
  "dismiss ignore reject decline close",
  "who user person people member account everybody somebody anybody",
  "who write wrote author contributor owner",
  "assign assignee responsible care owner",
  "invite invitation join add",
  "message inbox notification mail unread",
  "comment note remark reply answer say discussion",
  "file document text content folder directory path attachment",
  "secret password credential token key",
  "protect lock restrict block limit forbid allow permission access",
  "cost spend price bill billing invoice usage money pay",
  "log output trace",
  "error fail failure broken broke wrong",
  "team group organization company",
  "approve approval accept agree review",
  "label tag category topic",
  "like thumb reaction emoji star favourite",
  "release version publish ship",
  "change diff compare difference",
  "hook webhook callback",
  "statistic stat count number many often view traffic visit metric",
  "image container package",
  "seat licence license subscription",
  "machine runner server host",
  "part sub child parent",
  "code function source",
  "deploy deployment environment production",
  "build ci workflow pipeline job",
  "repository repo project",
  "bug issue ticket task problem",
  "customer client contact",
  "calendar date event appointment meeting schedule",
  "buy order purchase",
] as const;

const SYNONYMS: ReadonlyMap<string, ReadonlySet<string>> = readGroups(GROUPS);

function readGroups(groups: readonly string[]): Map<string, Set<string>> {
  const synonyms = new Map<string, Set<string>>();
  for (const group of groups) {
    const terms = group.split(" ").map((word) => toTerm(word));
    for (const term of terms) {
      synonyms.set(term, new Set([...(synonyms.get(term) ?? []), ...terms]));
    }
  }
  return synonyms;
}

/** The terms that may stand for this one, itself not among them. */
export function synonymsOf(term: string): string[] {
  return [...(SYNONYMS.get(term) ?? [])].filter((other) => other !== term);
}
