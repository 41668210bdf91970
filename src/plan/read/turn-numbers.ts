import { isRecord, type JsonValue, mapTexts } from "../../base/index.js";
import { rewriteReferences } from "../references.js";

const OWN_NUMBER = /^[1-9]\d*(?=$|[.[])/;

/**
 * Takes the references of a plan for the positions of its own steps, and turns them into the ids that those steps get. A
 * plan whose steps have ids stays as it is.
 */
export function toTurnNumbers(plan: JsonValue, firstId: number): JsonValue {
  const steps = isRecord(plan) && Array.isArray(plan.steps) ? plan.steps : [];
  if (steps.some((step) => isRecord(step) && "id" in step)) {
    return plan;
  }
  const toId = (position: string) => `${Number(position) + firstId - 1}`;
  return mapTexts(plan, (text) =>
    rewriteReferences(text, (expression) => expression.replace(OWN_NUMBER, toId)),
  );
}
