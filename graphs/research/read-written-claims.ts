import { z } from "zod";
import { type Claim, type Finding, ResearchError } from "./finding.js";
import { isInstruction } from "./is-instruction.js";

/** Claims in a model's own words: lines of text, each with the id of its finding in square brackets at its end. */
export const writtenClaimsSchema = z.union([
  z.string(),
  z.array(z.object({ text: z.string().min(1), source: z.string().min(1) })),
]);

/** The claims that a model wrote; throws, naming all of them, where any rests on nothing that was found. */
export function readWrittenClaims(
  written: z.infer<typeof writtenClaimsSchema>,
  topics: readonly { readonly question: string; readonly findings: readonly Finding[] }[],
): Claim[] {
  const rows = typeof written === "string" ? readLines(written) : written;
  const placed = rows.map(({ text, source }) => {
    const topic = topics.find(({ findings }) => findings.some(({ id }) => id === source));
    return { text, source, topic, saidIn: topic?.findings.find(({ id }) => id === source) };
  });
  const groundless = placed.filter(({ saidIn }) => saidIn === undefined);
  if (rows.length === 0 || groundless.length > 0) {
    const named = groundless.map(({ text, source }) => `“${text}” [${source}]`).join("; ");
    const what =
      rows.length === 0 ? "No claim was written" : `No finding has the id that is named by: ${named}`;
    throw new ResearchError(
      `${what}. Write a claim a line and the id of its finding at the end: text [file.md#L3].`,
    );
  }
  return placed.flatMap(({ text, source, topic, saidIn }): Claim[] =>
    saidIn === undefined || topic === undefined || isInstruction(text)
      ? []
      : [{ id: "", text, question: topic.question, source, saidIn }],
  );
}

function readLines(text: string): { text: string; source: string }[] {
  return text.split("\n").flatMap((line) => {
    const match = /^\s*(?:[-*]|\d+[.)])?\s*(.+?)\s*\[([^[\]]+)\]\s*[.;]?\s*$/.exec(line);
    return match === null ? [] : [{ text: match[1] ?? "", source: match[2] ?? "" }];
  });
}
