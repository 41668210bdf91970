import { createHash } from "node:crypto";
import { createUsageMeter } from "../models/index.js";
import { type JsonValue, stableStringify } from "../plan/index.js";
import type { Part, PartEnvironment } from "./part.js";
import { runPart } from "./run-part.js";
import { hashStep, type PartOutcome } from "./step-outcome.js";

/** Carries out a part, unless the journal knows that it came out right before. */
export async function runJournaledPart(part: Part, environment: PartEnvironment): Promise<PartOutcome> {
  const { journal, meter } = environment;
  if (journal === undefined) return runPart(part, environment);
  const key = journalKey(part, environment);
  const kept = await journal.find(key);
  if (kept !== undefined) {
    meter.add(kept.usage);
    environment.steps.count(kept.result);
    return { kind: "ended", result: kept.result };
  }
  const own = createUsageMeter();
  try {
    const outcome = await runPart(part, { ...environment, meter: own });
    if (outcome.kind === "ended" && outcome.result.status === "done") {
      await journal.keep(key, { result: outcome.result, usage: own.total() });
    }
    return outcome;
  } finally {
    meter.add(own.total());
  }
}

/**
 * Names a part by all that made it what it was: its step, what it depends on, and what people decided about it. A part
 * that differs in any of these is done anew.
 */
function journalKey({ id, step, inputs }: Part, { decisionsOn }: PartEnvironment): string {
  const made: JsonValue = [
    hashStep(step),
    inputs.map((input) => [input.id, input.output ?? null]),
    decisionsOn(id).map(({ type, tool, args, message }) => [
      type,
      tool ?? null,
      args ?? null,
      message ?? null,
    ]),
  ];
  const hash = createHash("sha256").update(stableStringify(made)).digest("hex");
  return `${id}:${hash.slice(0, 32)}`;
}
