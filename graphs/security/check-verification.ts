import type { JsonValue } from "langgraph-plan-execute";
import { z } from "zod";

const verdictsSchema = z.looseObject({
  refused: z.array(z.object({ patch: z.string(), problems: z.array(z.string()) })),
});

/** What is wrong with the outcome of a verification: patches that were refused call for another plan. */
export function checkVerification(output: JsonValue): string | undefined {
  const { refused } = verdictsSchema.parse(output);
  if (refused.length === 0) {
    return undefined;
  }
  const named = refused.map(({ patch, problems }) => `${patch} (${problems.join("; ")})`);
  return `The verification refused ${named.join(". ")}. It took them back; the copy is without them.`;
}
