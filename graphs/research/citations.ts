import type { Finding } from "./finding.js";
import { withoutMarkup } from "./sentences.js";

/** Numbers for the passages that an answer cites, in the order in which they are first cited. */
export interface Citations {
  /** The marks of some passages: [1][3]. */
  mark(sources: readonly Finding[]): string;
  /** What was cited, by number. */
  list(): readonly { readonly number: number; readonly source: Finding }[];
}

/** Numbers passages as they are cited. */
export function numberCitations(): Citations {
  const cited = new Map<string, { readonly number: number; readonly source: Finding }>();
  const numberOf = (source: Finding) => {
    const known = cited.get(source.id) ?? { number: cited.size + 1, source };
    cited.set(source.id, known);
    return known.number;
  };
  return {
    mark: (sources) => [...new Set(sources.map(numberOf))].map((number) => `[${number}]`).join(""),
    list: () => [...cited.values()],
  };
}

/**
 * Text of a document as it may stand in an answer, on one line: no markup, no marks that look like citations, no quotation
 * marks that would end the quotation, and nothing that cannot be seen.
 */
export function quoteText(text: string): string {
  return withoutMarkup(text)
    .replace(/[\p{Cc}\p{Cf}\p{Co}\s]+/gu, " ")
    .replaceAll("[", "(")
    .replaceAll("]", ")")
    .replace(/[“”„"]/g, "'")
    .replace(/^#+\s*/, "")
    .replace(/[<>]/g, "")
    .trim();
}
