import type { JsonValue } from "../../base/index.js";
import type { Plan } from "../plan.js";

/**
 * Whether all that a plan does is to put the goal's own words into a place that the goal does not name. A small model
 * plans so for a greeting: it had nothing to do, and wrote it to a file.
 */
export function echoesGoal({ steps }: Plan, goal: string, isReadOnly: (tool: string) => boolean): boolean {
  const [step, ...others] = steps;
  if (step?.tool === undefined || others.length > 0 || isReadOnly(step.tool)) {
    return false;
  }
  const texts = Object.values(step.args ?? {})
    .filter(isText)
    .map(toWords);
  const words = toWords(goal);
  return texts.includes(words) && texts.some((text) => !words.includes(text));
}

function isText(value: JsonValue): value is string {
  return typeof value === "string";
}

/** A text without what small models change when they copy it. */
function toWords(text: string): string {
  return (text.toLowerCase().match(/[\p{L}\d]+/gu) ?? []).join(" ");
}
