import type { SearchProvider } from "langgraph-plan-execute";
import { z } from "zod";
import { type Finding, ResearchError } from "./finding.js";
import { shareIn, stemsOf } from "./words.js";

const PASSAGE_CHARACTERS = 1_500;

const resultSchema = z
  .object({
    title: z.string(),
    url: z.string(),
    summary: z.string().optional(),
    snippet: z.string().optional(),
    content: z.string().optional(),
  })
  .transform(({ title, url, summary, snippet, content }) => ({
    title,
    document: url,
    text: summary ?? snippet ?? content ?? "",
  }));
const resultsSchema = z.union([
  z.array(resultSchema),
  z.object({ results: z.array(resultSchema) }).transform(({ results }) => results),
]);

/** What a search service gave as passages to cite; an answer that names no page is none. */
export function toWebFindings(provider: SearchProvider, query: string, output: unknown): Finding[] {
  if (provider === "wikipedia") {
    return readPages(z.string().parse(output), query);
  }
  if (typeof output === "string") {
    return [];
  }
  const results = resultsSchema.safeParse(output);
  if (!results.success) {
    throw new ResearchError(
      `${provider} gave its results in another form than it should: ${results.error.message}`,
    );
  }
  return results.data
    .filter(({ text }) => text.trim() !== "")
    .map((result, at) => toFinding(provider, result, `${result.document}#${at + 1}`));
}

/** Wikipedia's tool gives pages as one text; of each page the paragraphs that have most of the query come first. */
function readPages(text: string, query: string): Finding[] {
  const wanted = stemsOf(query);
  const paragraphs = text.split(/(?:^|\n\n)Page: /).flatMap((page) => {
    const [title = "", ...lines] = page.split("\n");
    const body = lines.join("\n").replace(/^Summary: /, "");
    return body
      .split(/\n+/)
      .map((paragraph) => paragraph.trim())
      .filter((paragraph) => paragraph.length > 0 && !/^=+[^=]*=+$/.test(paragraph))
      .map((paragraph, at) => ({ title, text: paragraph, id: `wikipedia:${title}#${at + 1}` }));
  });
  return paragraphs
    .map((paragraph) => ({
      ...paragraph,
      share: shareIn(wanted, stemsOf(`${paragraph.title} ${paragraph.text}`)),
    }))
    .filter(({ share }) => share >= 0.5)
    .sort((one, other) => other.share - one.share)
    .map(({ id, title, text: paragraph }) =>
      toFinding("wikipedia", { title, document: `Wikipedia: ${title}`, text: paragraph }, id),
    );
}

function toFinding(
  provider: SearchProvider,
  { title, document, text }: { readonly title: string; readonly document: string; readonly text: string },
  id: string,
): Finding {
  const cut =
    text.length > PASSAGE_CHARACTERS ? text.slice(0, text.lastIndexOf(" ", PASSAGE_CHARACTERS)) : text;
  return { id, provider, document, title, text: cut };
}
