import { z } from "zod";
import type { JsonValue } from "../base/index.js";
import type { WaitingAction } from "../state/index.js";
import { toJson } from "./to-json.js";
import { readOutputText } from "./tool-output.js";

const outcomeAnswerSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("done"), output: z.json().optional() }),
  z.strictObject({ kind: z.literal("not-done") }),
  z.strictObject({ kind: z.literal("give-up") }),
]);

/** What a person says of a call of which nobody knows whether it was carried out. */
export type OutcomeAnswer = z.infer<typeof outcomeAnswerSchema>;

/** The answers, as a person is told them. */
export const OUTCOME_ANSWERS =
  '"done" if it was carried out ("done: " and its output, if it gave one), "not done" to have it made now, or "give up" to leave it unknown';

/** Reads such an answer, in words or as JSON. Returns undefined if it is none: nothing is guessed here. */
export function readOutcomeAnswer(response: JsonValue): OutcomeAnswer | undefined {
  if (typeof response !== "string") {
    return outcomeAnswerSchema.safeParse(response).data;
  }
  const words = response.trim();
  const [, output] = /^done\s*:\s*(\S[\s\S]*)$/i.exec(words) ?? [];
  if (output !== undefined) {
    const read = toJson(readOutputText(output), { maxBytes: Number.POSITIVE_INFINITY });
    return { kind: "done", output: read.value };
  }
  switch (words.toLowerCase().replace(/[.!]$/, "")) {
    case "done":
      return { kind: "done" };
    case "not done":
      return { kind: "not-done" };
    case "give up":
      return { kind: "give-up" };
    default:
      return undefined;
  }
}

/** Says what is wrong with an answer, if it was asked whether a call was carried out and the answer does not say so. */
export function outcomeFault({ outcome, tool }: WaitingAction, response: JsonValue): string | undefined {
  return outcome === undefined || readOutcomeAnswer(response) !== undefined
    ? undefined
    : `The answer does not say whether the call of ${tool} was carried out. Answer ${OUTCOME_ANSWERS}.`;
}
