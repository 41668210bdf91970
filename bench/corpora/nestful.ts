import { planSchema, readPlan, referencedIds, validatePlan } from "../../src/plan/index.js";
import { stepReferences } from "../../src/plan/references.js";
import { type CorpusReport, readCorpus } from "./corpus.js";

interface Call {
  name: string;
  arguments: Record<string, unknown>;
  label?: string;
}
interface Entry {
  input: string;
  calls: Call[];
}

const foreignReference = /\$(var\d+)[^$]*\$/g;

/** Tool calls that refer to earlier results by path. Each reference must resolve or be reported. */
export function checkNestful(): CorpusReport {
  const entries = readCorpus<Entry>("nestful");
  const misses: string[] = [];
  let references = 0;
  let reported = 0;
  for (const [line, { calls }] of entries.entries()) {
    const read = readPlan({ steps: calls });
    const parsed = planSchema.safeParse(read.found ? read.plan : undefined);
    if (!parsed.success) {
      misses.push(`nestful ${line}: it was not read`);
      continue;
    }
    const { steps } = parsed.data;
    const ids = new Set(steps.map((step) => step.id));
    const issues = validatePlan(parsed.data);
    const reports = [...issues.map((issue) => issue.message), ...(read.found ? read.notes : [])];
    reported += reports.filter((report) => report.includes("var")).length;
    for (const [index, call] of calls.entries()) {
      const step = steps[index] ?? { description: "" };
      const wanted = namedLabels(call);
      const found = referencedIds(step, ids);
      references += stepReferences(step).length;
      for (const label of wanted) {
        const isReported = reports.some((report) => report.includes(label));
        if (!found.includes(label) && !isReported) {
          misses.push(`nestful ${line}: ${label} was lost`);
        }
      }
    }
  }
  return { summary: `${entries.length} plans, ${references} references, ${reported} reports`, misses };
}

function namedLabels(call: Call): Set<string> {
  const matches = JSON.stringify(call.arguments).matchAll(foreignReference);
  return new Set([...matches].map((match) => match[1] ?? ""));
}
