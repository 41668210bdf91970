import { createUsageMeter } from "../models/index.js";
import type { Part, PartEnvironment } from "./part.js";
import { runPart } from "./run-part.js";
import type { PartOutcome } from "./step-outcome.js";

/** Carries out a part, unless the journal knows that it came out right before. */
export async function runJournaledPart(part: Part, environment: PartEnvironment): Promise<PartOutcome> {
  const { journal, meter } = environment;
  if (journal === undefined) return runPart(part, environment);
  const { id, step } = part;
  const inputs = part.inputs.map((input) => [input.id, input.output ?? null] as const);
  const made = { id, step, inputs, decisions: environment.decisionsOn(id) };
  const kept = await journal.find(made);
  if (kept !== undefined) {
    meter.add(kept.usage);
    environment.steps.count(kept.result);
    // Its calls were made: what let them pass lets no other pass.
    for (const { actionId, type } of environment.decisionsOn(id)) {
      if (type !== "reject") environment.spend(actionId);
    }
    return { kind: "ended", result: kept.result };
  }
  const own = createUsageMeter();
  try {
    const outcome = await runPart(part, { ...environment, meter: own });
    if (outcome.kind === "ended" && outcome.result.status === "done") {
      await journal.keep(made, { result: outcome.result, usage: own.total() });
    }
    return outcome;
  } finally {
    meter.add(own.total());
  }
}
