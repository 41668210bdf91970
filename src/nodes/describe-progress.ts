import type { JsonValue } from "../plan/index.js";
import { type AgentState, leftSteps, unresolvedTrouble } from "../state/index.js";
import { cutText } from "../tools/index.js";

const MAX_OUTPUT_BYTES = 1_000;

/** What a run that ends early has achieved, written by rule: no model is asked any more. */
export function describeProgress(state: AgentState, reason: string): string {
  const done = state.pastSteps.filter(({ status }) => status === "done");
  const sections = [
    `This is not finished: ${reason}.`.replace(/\.\.$/, "."),
    list("Done:", done, ({ description, output }) => `${description}: ${toLine(output ?? null)}`),
    list("Not right:", unresolvedTrouble(state), ({ description, status, error }) => {
      return `${description} (${status}): ${error?.message ?? "no reason was given"}`;
    }),
    list("Left:", leftSteps(state), ({ description }) => description),
  ];
  return sections.filter((section) => section !== "").join("\n\n");
}

function list<T>(title: string, items: readonly T[], toLineOf: (item: T) => string): string {
  return items.length === 0 ? "" : [title, ...items.map((item) => `- ${toLineOf(item)}`)].join("\n");
}

function toLine(output: JsonValue): string {
  return cutText(typeof output === "string" ? output : JSON.stringify(output), MAX_OUTPUT_BYTES);
}
