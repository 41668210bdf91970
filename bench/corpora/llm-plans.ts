import { type PlanIssueCode, validatePlan } from "../../src/plan/index.js";
import { type CorpusReport, readCorpus, readCorpusFile } from "./corpus.js";

interface Link {
  source: string;
  target: string;
}
interface Entry {
  id: string;
  domain: string;
  nodes: (string | { task?: unknown })[];
  links: unknown[];
}

/** Plans that models wrote. Every defect must be found, and no sound plan may be called broken. */
export function checkLlmPlans(): CorpusReport {
  const toolNames = readCorpusFile<Record<string, string[]>>("llm-plans-tools.json");
  const entries = readCorpus<Entry>("llm-plans");
  const misses: string[] = [];
  let broken = 0;
  for (const entry of entries) {
    const known = toolNames[entry.domain] ?? [];
    const ids = entry.nodes.map((node) => String(typeof node === "string" ? node : node.task));
    const links = entry.links.filter(isLink);
    const steps = ids.map((id) => ({
      id,
      description: id,
      tool: id,
      dependsOn: [...new Set(links.filter((link) => link.target === id).map((link) => link.source))],
    }));
    const expected = expectedDefects(ids, links, known);
    const issues = validatePlan({ steps }, { tools: known.map((name) => ({ name })) });
    const found = new Set(issues.map((issue) => issue.code));
    if (expected.size > 0) {
      broken += 1;
    }
    for (const code of expected) {
      if (!found.has(code)) {
        misses.push(`llm-plans ${entry.id}: ${code} was missed`);
      }
    }
    for (const code of found) {
      if (!expected.has(code)) {
        misses.push(`llm-plans ${entry.id}: ${code} was reported and is not there`);
      }
    }
  }
  return { summary: `${entries.length} plans, ${broken} of them broken`, misses };
}

/** Finds the defects by a count of its own, which shares nothing with the validator. */
function expectedDefects(ids: readonly string[], links: readonly Link[], known: readonly string[]) {
  const expected = new Set<PlanIssueCode>();
  const present = links.filter((link) => ids.includes(link.target));
  const others = present.filter((link) => link.source !== link.target && ids.includes(link.source));
  if (ids.length === 0) {
    expected.add("no-steps");
  }
  if (ids.some((id) => !known.includes(id))) {
    expected.add("unknown-tool");
  }
  if (new Set(ids).size < ids.length) {
    expected.add("duplicate-id");
  }
  if (present.some((link) => !ids.includes(link.source))) {
    expected.add("unknown-dependency");
  }
  if (present.some((link) => link.source === link.target)) {
    expected.add("self-dependency");
  }
  if (hasCycle(new Set(ids), others)) {
    expected.add("cycle");
  }
  return expected;
}

function hasCycle(ids: ReadonlySet<string>, links: readonly Link[]): boolean {
  const left = new Set(ids);
  for (let removed = true; removed; ) {
    const free = [...left].filter((id) => !links.some((link) => link.target === id && left.has(link.source)));
    for (const id of free) {
      left.delete(id);
    }
    removed = free.length > 0;
  }
  return left.size > 0;
}

function isLink(link: unknown): link is Link {
  return (
    typeof link === "object" &&
    link !== null &&
    "source" in link &&
    "target" in link &&
    typeof link.source === "string" &&
    typeof link.target === "string"
  );
}
