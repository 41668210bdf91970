import { readFileSync } from "node:fs";
import { tool } from "@langchain/core/tools";
import { z } from "zod";
import { createCalculatorTool } from "../../../src/index.js";
import { compareText } from "../score/compare-text.js";
import { createScene, type Suite } from "../task.js";

const dataSchema = z.object({
  source: z.string(),
  articles: z.record(z.string(), z.string()),
  questions: z.array(
    z.object({
      id: z.string(),
      question: z.string(),
      answer: z.string(),
      accept: z.array(z.string()).optional(),
      others: z.array(z.string()).optional(),
    }),
  ),
});

/**
 * Makes a suite of questions over a small encyclopedia, from a file in data/. Its tools are a search and, for questions
 * that need it, a calculator.
 */
export function createLookUpSuite(name: string, about: string, form: string): Suite {
  const { source, articles, questions } = dataSchema.parse(
    JSON.parse(readFileSync(new URL(`data/${name}.json`, import.meta.url), "utf8")),
  );
  const tools = [createSearch(articles), createCalculatorTool()];
  return {
    name,
    about,
    source,
    tasks: questions.map(({ id, question, ...gold }) => ({
      id,
      question: `${question.trim()}\n${form}`,
      open: async () => createScene(tools, (answer) => compareText(answer, gold)),
    })),
  };
}

function createSearch(articles: Readonly<Record<string, string>>) {
  const wordsOf = (text: string) => text.toLowerCase().match(/[\p{L}\d]+/gu) ?? [];
  return tool(
    ({ entity }) => {
      const wanted = new Set(wordsOf(entity));
      // The title that has most of the words, and fewest others.
      const best = Object.entries(articles)
        .map(([title, text]) => {
          const words = wordsOf(title);
          const shared = words.filter((word) => wanted.has(word)).length;
          return { title, text, share: shared / (words.length + wanted.size - shared) };
        })
        .reduce((one, other) => (other.share > one.share ? other : one));
      if (best.share < 0.3) {
        throw new Error(`There is no article about "${entity}".`);
      }
      return { title: best.title, text: best.text };
    },
    {
      name: "search",
      description:
        "Finds the article about one person, place or thing in an encyclopedia, and gives its beginning",
      schema: z.object({ entity: z.string().describe("The name of what the article is about") }),
      metadata: { readOnly: true },
    },
  );
}
