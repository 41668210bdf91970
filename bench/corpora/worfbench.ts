import { planSchema, readPlan, topologicalOrder, validatePlan } from "../../src/plan/index.js";
import { type CorpusReport, readCorpus } from "./corpus.js";

interface Entry {
  set: string;
  steps: { id: string; task: string; dependsOn: string[] }[];
}

/** Gold workflows. Each must be readable, and be ordered or have its cycle reported. */
export function checkWorfBench(): CorpusReport {
  const entries = readCorpus<Entry>("worfbench");
  const misses: string[] = [];
  let valid = 0;
  for (const [line, entry] of entries.entries()) {
    const read = readPlan(entry);
    const parsed = planSchema.safeParse(read.found ? read.plan : undefined);
    if (!parsed.success || parsed.data.steps.length !== entry.steps.length) {
      misses.push(`worfbench ${line}: it was not read`);
      continue;
    }
    const issues = validatePlan(parsed.data);
    if (issues.length === 0) {
      valid += 1;
    }
    const nodes = parsed.data.steps.map(({ id, dependsOn = [] }) => ({ id, dependsOn }));
    const place = new Map(topologicalOrder(nodes).map((id, index) => [id, index]));
    if (place.size < nodes.length && issues.length === 0) {
      misses.push(`worfbench ${line}: steps have no place`);
    }
    for (const { id, dependsOn } of nodes) {
      const own = place.get(id) ?? Number.POSITIVE_INFINITY;
      for (const dependency of dependsOn) {
        if ((place.get(dependency) ?? -1) > own) {
          misses.push(`worfbench ${line}: ${id} is before ${dependency}`);
        }
      }
    }
  }
  return { summary: `${entries.length} plans, ${valid} of them valid`, misses };
}
